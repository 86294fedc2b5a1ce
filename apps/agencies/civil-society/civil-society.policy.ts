import { askFor, isUnreachable, urgentFromArrival, type Policy } from '@retorno/agency';

/** A bed for tonight comes first; a lawyer who gives hours wants to know how to reach the client. */
export const policy: Policy = (referral, { type, now }) => {
  if (referral.service === 'temporary-housing') return urgentFromArrival(referral, now);
  const missing = 'A telephone number or an email address is needed to arrange the consultation.';
  return askFor(referral, type, isUnreachable(referral) ? missing : undefined);
};
