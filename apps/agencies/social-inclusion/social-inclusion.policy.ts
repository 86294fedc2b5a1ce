import { askFor, type AgencyReferral, type Policy } from '@retorno/agency';

/**
 * A household is classified on request of a member whose identity is proven, by the municipality of the district where
 * it lives (Ley 30435): what lacks of the two is asked for when staff have accepted. Which programme suits whom is for
 * them, who have the classification before them.
 */
export const policy: Policy = (referral, { type }) =>
  referral.service === 'household-classification' ? askFor(referral, type, missing(referral)) : {};

function missing({ returnee }: AgencyReferral): string | undefined {
  const lacks = [
    ...(returnee.documentNumber ? [] : ['the number of an identity document']),
    ...(returnee.destinationUbigeo ? [] : ['the district where the household lives']),
  ];
  return lacks.length > 0 ? `A household cannot be classified without ${lacks.join(' and ')}.` : undefined;
}
