import { createHash } from 'node:crypto';
import type { AgencyReferral, Policy, PolicyDecision } from '@retorno/agency';

/** Whoever travels below this age travels on a guardian's authorization, which takes its time. */
const MINOR = 18;

/**
 * People first who are behind bars, and minors without papers. Who is moved to another place of detention is not met
 * where the visit was arranged: that appointment falls, and the work goes on.
 */
export const policy: Policy = (referral, { now }) => {
  if (referral.service === 'travel-document') {
    const { dateOfBirth } = referral.returnee;
    return { priority: dateOfBirth && isBelow(MINOR, dateOfBirth, now) ? 'urgent' : 'routine' };
  }
  const place = referral.returnee.placeOfDetention;
  const priority = referral.service === 'detention-visit' || place ? 'urgent' : 'routine';
  if (place === undefined) return { priority };
  const mark = markOf(place);
  const isMoved = ![undefined, mark].includes(referral.memo?.['place'] as string | undefined);
  return { priority, memo: { place: mark }, ...(isMoved && withoutAppointment(referral)) };
};

/** Two answers, so that the appointment falls while the visit stays under way: nothing else takes one back. */
function withoutAppointment(referral: AgencyReferral): PolicyDecision {
  if (referral.businessStatus !== 'scheduled' || referral.cancellationRequested) return {};
  const note = 'Moved to another place of detention: the visit has to be arranged there.';
  if (referral.status === 'accepted') return { answers: [{ status: 'in-progress', note }] };
  if (referral.status !== 'in-progress') return {};
  return { answers: [{ status: 'on-hold', note }, { status: 'in-progress' }] };
}

/** What tells one place from another without saying which it is. */
function markOf(place: string): string {
  return createHash('sha256').update(place).digest('base64url').slice(0, 12);
}

function isBelow(age: number, birth: string, now: Date): boolean {
  const grown = `${Number(birth.slice(0, 4)) + age}${birth.slice(4)}`;
  return now.toISOString().slice(0, 10) < grown;
}
