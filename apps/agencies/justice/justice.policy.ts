import { askFor, isUnreachable, type Policy } from '@retorno/agency';

const MISSING = 'A telephone number or an email address is needed for the first interview.';

/** A defender who took a case speaks with the person before anything else; who left no way to is asked for one. */
export const policy: Policy = (referral, { type }) =>
  askFor(referral, type, isUnreachable(referral) ? MISSING : undefined);
