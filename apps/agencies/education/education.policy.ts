import type { Policy } from '@retorno/agency';

/**
 * School is for 3 to 17 at arrival, which this agency does not see. The limits here are two years wider than that, so
 * that nobody is turned away who arrived in time and was referred late, or who is announced before the flight.
 */
const YOUNGEST = 1;
const OLDEST = 19;

/** Turns away an adult or a baby referred by mistake; all else is for the school district's staff. */
export const policy: Policy = (referral, { now }) => {
  const { dateOfBirth } = referral.returnee;
  if (referral.service !== 'school-enrolment' || referral.status !== 'received') return [];
  if (referral.cancellationRequested || !dateOfBirth) return [];
  const age = completedYears(dateOfBirth, now);
  if (age >= YOUNGEST && age <= OLDEST) return [];
  return [{ status: 'rejected', code: 'not-eligible' }];
};

/** Age in completed years; `birth` is a calendar date. */
function completedYears(birth: string, now: Date): number {
  const today = now.toISOString().slice(0, 10);
  const years = Number(today.slice(0, 4)) - Number(birth.slice(0, 4));
  return today.slice(5) < birth.slice(5) ? years - 1 : years;
}
