import { urgentFromArrival, type AgencyReferral, type Policy, type PolicyDecision } from '@retorno/agency';
import type { Calendar } from '@retorno/service';

/** Who is seen first: domain rules give them 4 hours to an answer and 48 to care. */
const URGENT = ['pregnant', 'chronic-illness', 'tb-or-hiv'];
/** New dates that are given by rule after somebody did not come. */
const MOST_DATES = 3;
/** Appointments are given from 8 to 16 in Lima, on the hour. */
const FIRST_HOUR = 8;
const LAST_HOUR = 16;
const HOUR_MS = 3_600_000;
const LIMA_OFFSET_MS = -5 * HOUR_MS;

/**
 * Triage, and new dates for who did not come. It accepts nothing: a referral accepted by a machine is one that nobody has
 * looked at.
 */
export const policy: Policy = (referral, { type, now, calendar }) => {
  if (type === 'requested' || type === 'updated' || type === 'woken') return triage(referral, now);
  if (type === 'answered' && referral.businessStatus === 'no-show') return missed(referral, now, calendar);
  return [];
};

function triage(referral: AgencyReferral, now: Date): PolicyDecision {
  return isUrgent(referral) ? urgentFromArrival(referral, now) : { priority: 'routine', wakeAt: null };
}

function isUrgent({ service, returnee }: AgencyReferral): boolean {
  return service === 'medical-care' && Boolean(returnee.healthFacts?.some((fact) => URGENT.includes(fact)));
}

/** The first three times another date, urgent ones the next working day; then operations is asked to reach the person. */
function missed(referral: AgencyReferral, now: Date, calendar: Calendar): PolicyDecision {
  const { status, memo = {} } = referral;
  const dates = Number(memo['datesGiven'] ?? 0);
  if (dates < MOST_DATES) {
    const scheduledFor = appointment(now, isUrgent(referral) ? '1 d' : '3 d', calendar).toISOString();
    return {
      answers: [{ status, businessStatus: 'scheduled', scheduledFor }],
      memo: { ...memo, datesGiven: dates + 1 },
    };
  }
  // Nobody has accepted it yet, or it is on hold already: staff see the no-show.
  if (status !== 'accepted' && status !== 'in-progress') return {};
  const note = `No se presentó a ${dates + 1} citas. Por favor, ubicar a la persona y acordar una fecha.`;
  return { answers: [{ status: 'on-hold', businessStatus: 'info-requested', note }] };
}

/** The next whole hour within consulting hours of Lima, so many working days from now. */
function appointment(now: Date, within: string, calendar: Calendar): Date {
  const lima = calendar.add(now, within).getTime() + LIMA_OFFSET_MS;
  const midnight = Math.floor(lima / (24 * HOUR_MS)) * 24 * HOUR_MS;
  const hour = Math.ceil((lima - midnight) / HOUR_MS);
  return new Date(midnight + Math.min(LAST_HOUR, Math.max(FIRST_HOUR, hour)) * HOUR_MS - LIMA_OFFSET_MS);
}
