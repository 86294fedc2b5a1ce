import type { Policy } from '@retorno/agency';

/** A reported trafficker may be looking for the witness: an officer reads each case, at once; a machine answers none. */
export const policy: Policy = (_referral, { type }) => (type === 'requested' ? { priority: 'urgent' } : {});
