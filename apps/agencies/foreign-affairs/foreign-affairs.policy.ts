import type { AgencyReferral, Policy } from '@retorno/agency';

const DAY_MS = 86_400_000;
/** Years abroad without a break that Ley 30001 asks for, and calendar days from the entry in which to apply. */
const YEARS_ABROAD = 3;
const APPLY_WITHIN_DAYS = 180;
/** Shortly before the end of that time an application that is not complete comes to the top of the list. */
const WARN_DAYS = 30;

/**
 * Years abroad are seen and decided on. The day of entry is not: it was no later than the referral (or the day that an
 * arrival was booked for), so the time to apply is over for certain 180 days after that. An application that came in time
 * stays in time however long we take; one that still lacks what the applicant was asked for then is late.
 */
export const policy: Policy = (referral, { now }) => {
  if (referral.status !== 'received' || referral.cancellationRequested) return { wakeAt: null };
  const { yearsAbroad } = referral.returnee;
  if (yearsAbroad !== undefined && yearsAbroad < YEARS_ABROAD) return tooLate('rejected');
  const end = endOfApplication(referral);
  const warn = new Date(end.getTime() - WARN_DAYS * DAY_MS);
  if (now < warn) return { wakeAt: warn };
  if (now < end) return { priority: 'urgent', wakeAt: end };
  return referral.businessStatus === 'info-requested' ? tooLate('rejected') : { wakeAt: null };
};

function tooLate(status: 'rejected') {
  return { answers: [{ status, code: 'not-eligible' as const }], wakeAt: null };
}

function endOfApplication({ requestedAt, notBefore }: AgencyReferral): Date {
  const entered = Math.max(Date.parse(requestedAt), notBefore === undefined ? 0 : Date.parse(notBefore));
  return new Date(entered + APPLY_WITHIN_DAYS * DAY_MS);
}
