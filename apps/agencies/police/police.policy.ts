import { askFor, type Policy } from '@retorno/agency';

/**
 * Records are searched by document: a name alone is shared by too many to certify anything of one of them. A request
 * without a number that was accepted asks for it; what the search finds is judged by officers.
 */
export const policy: Policy = (referral, { type }) => {
  const { documentType, documentNumber } = referral.returnee;
  const isKnown = documentNumber && documentType !== 'none';
  return askFor(
    referral,
    type,
    isKnown ? undefined : 'The number of an identity document is needed for the search.',
  );
};
