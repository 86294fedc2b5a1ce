/** What an arrival, or news of an announced return, does to what is under way. */
import type { CaseProfile, CaseReferral } from '@retorno/contracts';
import { attemptsAt, isSent, isTerminal } from './case';
import { byRule, type Decision } from './decision';
import { isEligible } from './plan/offers';
import { hasDay, isAnnounced, isBeforeArrival, startOfDay } from './phase';
import { plan } from './plan/plan';
import { offerOf, planningInput } from './plan/planning';
import { giveUp } from './settling';

/** Why a booking is recalled whose day nobody knows any more; it is made again for the next day. */
export const ARRIVAL_UNKNOWN = 'arrival-unknown';

/** The profile of somebody who was ahead and is here by now; from then on it says so, whatever a manifest leaves out. */
export function asArrived(d: Decision, profile: CaseProfile): CaseProfile {
  const { ahead, profile: before } = d.state;
  if ((!ahead && before.stage !== 'arrived') || isBeforeArrival(profile, d.env.now)) return profile;
  const { dateUnknown: _dateUnknown, onManifest: _onManifest, ...rest } = profile;
  return { ...rest, stage: 'arrived' };
}

/** True for an assessed need that the returnee did not take back: it ended with the detention or the journey. */
export function isOvertaken(d: Decision, code: string): boolean {
  return d.state.profile.vulnerabilities.some((vulnerability) => vulnerability === code);
}

/** Ends a need that there is no more, with everything that serves it alone. */
export function leaveBehind(d: Decision, code: string): void {
  const attempts = attemptsAt(d.state, code);
  giveUp(d, code, { status: 'unmet', reason: 'not-eligible' }, reasonOf(d), byRule('arrival'));
  for (const { id } of attempts) {
    const referral = d.referral(id);
    if (!referral.needs.some((other) => d.isOpen(other))) d.recall(referral, reasonOf(d), byRule('arrival'));
  }
}

/**
 * Recalls what does not serve any more somebody who has arrived, conditions and ages taken as they are now. Gives the
 * open needs that it served, for another to go on with.
 */
export function arrive(d: Decision): string[] {
  if (d.state.ahead) return [];
  const open = d.state.needs.filter((need) => need.status === 'open').map((need) => need.code);
  const settleable = (code: string) => !d.env.rules.restrictedNeeds.includes(code);
  const { notEligible } = plan({ ...planningInput(d), needs: open });
  for (const code of notEligible.filter(settleable)) leaveBehind(d, code);
  const left = d.state.referrals.filter((r) => !isTerminal(r) && !r.cancellation && !isServed(d, r));
  for (const { id } of left) d.recall(d.referral(id), reasonOf(d), byRule('arrival'));
  return [...new Set(left.flatMap((r) => r.needs))].filter((code) => d.isOpen(code));
}

function isServed(d: Decision, referral: CaseReferral): boolean {
  const offer = offerOf(d, referral);
  return !offer || isEligible(offer, d.state.profile, d.env.rules.home, d.env.now);
}

/** A code for the agency: what made its referral useless. */
function reasonOf({ state }: Decision): string {
  return state.profile.stage === 'released' ? 'released' : 'arrived';
}

/** Moves what is booked to the day that is expected now; a booking without a day is recalled. */
export function rebook(d: Decision): void {
  const { profile } = d.state;
  for (const { id } of d.state.referrals) {
    const referral = d.referral(id);
    const { notBefore, dueAt } = referral;
    if (!notBefore || !dueAt || !isSent(referral) || referral.cancellation) continue;
    if (isAnnounced(profile, d.env.now) && !hasDay(profile)) {
      d.recall(referral, ARRIVAL_UNKNOWN, byRule('arrival'));
    } else if (notBefore !== profile.arrivalDate) {
      const end = (day: string) => d.env.calendar.add(startOfDay(day), referral.done).getTime();
      const due = Date.parse(dueAt) + end(profile.arrivalDate) - end(notBefore);
      const moved = { notBefore: profile.arrivalDate, dueAt: new Date(due).toISOString() };
      d.setReferral({ ...referral, ...moved }, byRule('arrival'));
    }
  }
}
