/** Who sees what is restricted in a case: the one place that decides it. Pure. */
import type { Caller } from '@retorno/service';
import type { RestrictedCodes } from '../saga/restricted';

/** How long a lead sees what they unmasked, ms. */
export const UNMASKED_FOR_MS = 15 * 60_000;

/** For the description of the interface. */
export const MASKED =
  'What is restricted (violence, trafficking, children alone, health) reads `restricted`, but for a lead who unmasked the case.';

/** Nothing is hidden. */
const NOTHING: RestrictedCodes = new Set();

/**
 * The codes that this caller is not shown: all restricted ones, but to the returnees' own pages, and to a lead as long as
 * their unmasking of this case lasts (`until`; undefined while there is none, and for what is of no one case).
 */
export function hiddenFrom(
  { roles }: Pick<Caller, 'roles'>,
  restricted: RestrictedCodes,
  now: Date,
  until?: Date,
): RestrictedCodes {
  if (roles.has('portal')) return NOTHING;
  const isUnmasked = roles.has('operations-lead') && until !== undefined && now < until;
  return isUnmasked ? NOTHING : restricted;
}
