import { askFor, isUnreachable, type Policy } from '@retorno/agency';

const MISSING = 'A telephone number or an email address is needed to arrange the first session.';

/** Advice on a business is given by appointment: without telephone and email there is nobody to make it with. */
export const policy: Policy = (referral, { type }) =>
  askFor(referral, type, isUnreachable(referral) ? MISSING : undefined);
