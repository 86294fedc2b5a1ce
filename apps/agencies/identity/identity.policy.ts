import type { Policy } from '@retorno/agency';

/** A DNI is eight digits; its check character is not part of the number. */
const DNI = /^[0-9]{8}$/;

/**
 * A number that cannot be a DNI is in no registry, so the verification is done: not-found (a new card follows from that).
 * Whether a well-formed one is this person's is looked up by the registry's staff.
 */
export const policy: Policy = (referral) => {
  if (referral.service !== 'dni-verify' || referral.status !== 'received') return [];
  if (referral.cancellationRequested) return [];
  const { documentType, documentNumber } = referral.returnee;
  if (documentType === 'dni' && DNI.test(documentNumber ?? '')) return [];
  return [{ status: 'accepted' }, { status: 'completed', outcome: 'not-found' }];
};
