/** What agencies answer, and what follows from it. */
import type { AnswerBody, CaseReferral, ReferralAnswered, RejectCode } from '@retorno/contracts';
import { findReferral, isNewest, isTerminal, latestOf } from './case';
import { byRule, type Decision } from './decision';
import { raise } from './escalations';
import type { Restricted } from './facts';
import { ARRIVAL_UNKNOWN } from './arrival';
import { isEligible, offersOf, providersOf, type Offer } from './plan/offers';
import { draftOf } from './plan/plan';
import { offerOf, planningInput, replan, tryAgain } from './plan/planning';
import { dependentsOf, idSlot, verificationFailed } from './plan/prerequisites';
import { isPassedOver } from './plan/paused';
import { isPaused } from './standing';
import { settleNeeds } from './settling';
import { applyAnswer, isPossible } from './transitions';

/** An agency's answer. An impossible one is recorded and escalated; it never holds up the next. */
export function answered(d: Decision, agency: string, answer: ReferralAnswered): void {
  const referral = findReferral(d.state, answer.referralId);
  if (answer.restated) return restated(d, referral?.agency === agency ? referral : undefined, answer);
  if (!referral || referral.agency !== agency || !isPossible(referral, answer)) {
    return refuse(d, agency, referral, answer);
  }
  takeAnswer(d, referral, answer);
}

/** Both databases were restored: the answers on the way to where the agency stands are lost, so it is taken at its word. */
function restated(d: Decision, referral: CaseReferral | undefined, answer: ReferralAnswered): void {
  if (!referral || isTerminal(referral)) return;
  const isSame = referral.status === answer.status;
  if (!isSame || isPossible(referral, answer)) takeAnswer(d, referral, answer);
}

/** Records an answer that is possible and draws its consequences. */
export function takeAnswer(d: Decision, referral: CaseReferral, answer: AnswerBody, note?: Restricted): void {
  const followers = answer.status === 'completed' ? followersOf(d, referral) : [];
  const needs = [...new Set([referral, ...followers].flatMap((r) => r.needs))];
  const asked = needs.some((code) => d.isOpen(code));
  const next = applyAnswer({ ...referral, needs }, answer, d.env, asked && d.state.status === 'open');
  d.setReferral(next, { restricted: note ?? restrictedOf(answer) });
  for (const { id } of followers) d.recall(d.referral(id), 'done-already', byRule('settling'));
  if (!isTerminal(next)) return;
  if (next.status === 'completed') afterCompleted(d, next, referral.cancellation !== undefined);
  else if (d.state.status === 'open') afterEnd(d, next, answer.missing ?? []);
  const { id } = d.env.rules;
  if (d.state.status !== 'open' || latestOf(d.state.referrals, id.issue)) return;
  if (verificationFailed(d.state, d.env.rules)) replan(d, { needs: [] });
}

/** Attempts that were made in the place of one that was being recalled and is done all the same. */
function followersOf({ state }: Decision, referral: CaseReferral): CaseReferral[] {
  if (!referral.cancellation) return [];
  const behind = state.referrals.slice(state.referrals.findIndex((r) => r.id === referral.id) + 1);
  return behind.filter((r) => r.slot === referral.slot && !isTerminal(r));
}

/** Records that an answer, or its correction, was impossible. */
export function refuse(
  d: Decision,
  agency: string,
  referral: CaseReferral | undefined,
  answer: AnswerBody & { referralId: string },
  words: Restricted = restrictedOf(answer),
): void {
  const from = !referral ? 'unknown' : referral.agency === agency ? referral.status : 'another-agency';
  const { referralId, status: to } = answer;
  d.emit('answer-refused', { referralId, from, to }, { restricted: words });
  raise(d, {
    key: `refused-answer|${referralId}`,
    reason: 'refused-answer',
    referralId,
    detail: { agency, from, to },
  });
}

/** What of an answer may not be published. */
export function restrictedOf(answer: AnswerBody): Restricted {
  const outcome = typeof answer.outcome === 'object' ? answer.outcome : {};
  return {
    ...(answer.note ? { note: answer.note } : {}),
    ...(answer.by ? { by: answer.by } : {}),
    ...(answer.status === 'completed' && outcome.document ? { document: outcome.document } : {}),
    ...(answer.status === 'completed' && outcome.certificate ? { certificate: outcome.certificate } : {}),
  };
}

/** Done wins over a recall: what was given up meanwhile was delivered after all. */
function afterCompleted(d: Decision, referral: CaseReferral, recalled: boolean): void {
  if (referral.confirmBy || !recalled) return;
  for (const need of d.state.needs) {
    const givenUp = need.status === 'unmet' || need.reason === 'person-declined';
    if (referral.needs.includes(need.code) && givenUp) {
      d.settle(need.code, 'settled', 'delivered-unconfirmed', byRule('settling'));
    }
  }
}

const ELSEWHERE: readonly RejectCode[] = ['no-capacity', 'out-of-area', 'wrong-agency'];

/** What follows when a referral ended without serving. What nothing follows from escalates. */
function afterEnd(d: Decision, referral: CaseReferral, missing: readonly string[]): void {
  const { cancellation, code } = referral;
  // Another attempt took its place while it was being recalled: that one goes on.
  if (!isNewest(d.state, referral)) return settleNeeds(d, referral.needs);
  if (cancellation) {
    // Ended by the recall, whatever the word: it goes on only if it was to be sent on, or is needed again.
    const wanted =
      referral.needs.some((need) => d.isOpen(need)) ||
      dependentsOf(referral.slot, d.state, d.env.rules).length > 0;
    if (cancellation.reason === 'rerouted') sendOn(d, referral);
    else if (cancellation.reason !== 'operations' && wanted) {
      if (providersFor(d, referral).some((o) => isSame(o, referral))) sendAgain(d, referral);
      else sendOn(d, referral);
    }
  } else if (referral.status === 'rejected' && code) {
    if (ELSEWHERE.includes(code)) sendOn(d, referral);
    if (code === 'missing-documents') sendAfter(d, referral, missing);
  }
  settleNeeds(d, referral.needs);
}

function isSame(offer: Offer, referral: CaseReferral): boolean {
  return offer.agency === referral.agency && offer.code === referral.service;
}

/** What was turned down because it belongs elsewhere goes on where somebody new offers it. */
export function askElsewhere(d: Decision): void {
  for (const { id } of d.state.referrals) {
    const referral = d.referral(id);
    const { status, code, cancellation, needs, slot } = referral;
    if (status !== 'rejected' || !code || cancellation || !ELSEWHERE.includes(code)) continue;
    const isWanted =
      needs.some((need) => d.isOpen(need)) || dependentsOf(slot, d.state, d.env.rules).length > 0;
    if (isWanted && isNewest(d.state, referral)) sendOn(d, referral);
  }
}

/** The next provider of an equivalent service that has not been tried. */
function sendOn(d: Decision, referral: CaseReferral): void {
  const next = untried(d, referral)[0];
  if (next) tryAgain(d, referral, next);
}

/** The same provider again, as long as that makes sense. */
function sendAgain(d: Decision, referral: CaseReferral, alsoRequires: readonly string[] = []): void {
  const tries = d.state.referrals.filter(
    (r) =>
      r.slot === referral.slot &&
      r.agency === referral.agency &&
      r.service === referral.service &&
      // A flight that was put off is no failure of who was booked for it.
      r.cancellation?.reason !== ARRIVAL_UNKNOWN,
  );
  const offer = offerOf(d, referral);
  if (offer && tries.length < d.env.rules.maxAttempts) tryAgain(d, referral, offer, { alsoRequires });
}

/** Papers are missing: they become prerequisites, and the referral is sent again after them, unless they wait for it themselves. */
function sendAfter(d: Decision, referral: CaseReferral, missing: readonly string[]): void {
  if (missing.length === 0) return;
  const circular = missing.filter((code) => leadsTo(d, code, referral.slot));
  if (circular.length > 0) return d.setReferral({ ...referral, circular }, byRule('planning'));
  const earlier = referral.requires.filter((code) => !referral.waived.includes(code));
  sendAgain(d, referral, [...new Set([...earlier, ...missing])]);
}

/** True when a service waits, directly or through others, for the slot: it can then not be waited for. */
function leadsTo(d: Decision, code: string, slot: string): boolean {
  const { rules, catalogues } = d.env;
  const offers = offersOf(catalogues);
  const seen = new Set<string>();
  // Sent again, the verification is what meets `id` again.
  const meetsId = slot === rules.id.verify ? slot : idSlot(d.state, rules);
  const queue = [code === 'id' ? meetsId : code];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next === slot) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    const planned = d.state.referrals.findLast((r) => r.slot === next);
    const offer = providersOf(offers, next)[0];
    // What is not in the plan yet will wait for what its plan says, a child's for the gate.
    const requires = planned?.requires ?? (offer ? draftOf(planningInput(d), offer, next, []).requires : []);
    queue.push(...requires.map((c) => (c === 'id' ? meetsId : c)));
  }
  return false;
}

/** Providers of a referral's slot that this returnee is eligible for, in the order in which they are asked. */
export function providersFor(d: Decision, referral: CaseReferral): Offer[] {
  const { profile, rules, now, catalogues } = planningInput(d);
  return providersOf(offersOf(catalogues), referral.slot).filter((o) =>
    isEligible(o, profile, rules.home, now),
  );
}

/** Those of them that the slot was not tried with; those that are paused come last. */
export function untried(d: Decision, referral: CaseReferral): Offer[] {
  const tried = d.state.referrals.filter((r) => r.slot === referral.slot && !isPassedOver(r));
  const open = providersFor(d, referral).filter(
    (o) => !tried.some((r) => r.agency === o.agency && r.service === o.code),
  );
  const { standings } = d.env;
  return open.toSorted(
    (a, b) => Number(isPaused(standings, a.agency)) - Number(isPaused(standings, b.agency)),
  );
}
