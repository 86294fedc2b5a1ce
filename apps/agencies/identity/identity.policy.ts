import type { Policy } from '@retorno/agency';
import { isDni } from './dni';

/** What staff, or the registry's own lookup, note when more than one person of the registry fits. */
export const SEVERAL = 'several-candidates';

/** Goes to operations, who ask the returnee. */
const QUESTION =
  'Varias personas del registro coinciden con estos datos. Indique los nombres de los padres y el lugar de nacimiento.';

/**
 * What the registry decides by itself about the verification of a DNI.
 *
 * A number that cannot be a DNI is in no registry, so the verification is done: not-found (a new card follows from that).
 * Whether a well-formed one is this person's is looked up by the registry's staff. When several persons fit nobody picks
 * one: the referral asks for what tells them apart, and goes on when that has come.
 */
export const policy: Policy = (referral, { type }) => {
  if (referral.service !== 'dni-verify' || referral.cancellationRequested) return [];
  const { status, outcome, memo } = referral;
  const result = typeof outcome === 'string' ? outcome : outcome?.result;
  if (type === 'answered' && status === 'in-progress' && result === SEVERAL) {
    return {
      answers: [{ status: 'on-hold', businessStatus: 'info-requested', note: QUESTION }],
      memo: { asked: SEVERAL },
    };
  }
  if (type === 'information-supplied' && status === 'on-hold' && memo?.['asked'] === SEVERAL) {
    return { answers: [{ status: 'in-progress' }], memo: {} };
  }
  if (status !== 'received') return [];
  const { documentType, documentNumber } = referral.returnee;
  if (documentType === 'dni' && isDni(documentNumber ?? '')) return [];
  return [{ status: 'accepted' }, { status: 'completed', outcome: 'not-found' }];
};
