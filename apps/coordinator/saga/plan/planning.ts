/** Puts a plan into the case: new needs, new referrals, and what is ready goes out. */
import type { CaseNeed, CaseReferral } from '@retorno/contracts';
import { endedOtherwise, isTerminal, latestOf } from '../case';
import { covers, lacksConsent, missingConsentReason } from '../consent';
import { byRule, type Decision, type Said } from '../decision';
import type { Restricted } from '../facts';
import { idOf } from '../ids';
import { findOffer, type Offer } from './offers';
import { draftOf, plan, prerequisitesOf, type Draft, type Plan, type PlanInput } from './plan';
import { awaitsArrival, bookedFor, startOfDay } from '../phase';
import { idSlot, isMet, slotOf, unmetOf } from './prerequisites';
import { isPaused } from '../standing';

const DAY_MS = 86_400_000;

export interface PlanningScope {
  /** Codes of the open needs to look at. */
  readonly needs: readonly string[];
  /** Needs of the case that are new with this planning. */
  readonly added?: readonly Pick<CaseNeed, 'code' | 'origin'>[];
  /** Needs for which a slot that has ended is tried again. */
  readonly again?: readonly string[];
  /** Which other slots that have ended are tried again: none, those that were recalled, or all. */
  readonly retry?: 'cancelled' | 'all';
  /** What an agency was only asked to stop is tried again at once, without waiting for its acknowledgement. */
  readonly anew?: boolean;
  /** The words of who asked for it. */
  readonly restricted?: Restricted;
}

/** Plans for the needs in scope and records the result. */
export function replan(d: Decision, scope: PlanningScope): void {
  const added = scope.added ?? [];
  const result = plan({ ...planningInput(d), needs: scope.needs, slots: missingSlots(d) });
  const fresh = freshDrafts(d, result.drafts, scope);
  if (added.length > 0 || fresh.length > 0 || d.state.rules === 0) {
    const agencies = [...new Set(result.drafts.map((draft) => draft.agency))].sort();
    const planned = {
      rules: d.env.rules.version,
      catalogues: Object.fromEntries(agencies.map((a) => [a, d.env.catalogues.get(a)?.version ?? 0])),
      needs: added.map((need) => ({ ...need, status: 'open' as const })),
    };
    d.emit('case-planned', planned, scope.restricted ? { restricted: scope.restricted } : {});
  }
  settleUnplannable(d, result);
  for (const draft of result.drafts) {
    if (fresh.includes(draft)) create(d, draft);
    else mergeInto(d, draft);
  }
  sendReady(d);
}

/** Those of the needs that a referral could be planned for now. */
export function plannable(d: Decision, codes: readonly string[]): string[] {
  if (codes.length === 0) return [];
  const { drafts } = plan({ ...planningInput(d), needs: codes });
  return codes.filter((code) => drafts.some((draft) => draft.needs.includes(code)));
}

/** What planning needs of a decision. */
export function planningInput(d: Decision): Omit<PlanInput, 'needs'> {
  const { profile, referrals } = d.state;
  const { catalogues, rules, now } = d.env;
  return { profile, referrals, catalogues, rules, now };
}

/** Another attempt at the slot of a referral, with one provider; none when it would rest on a consent that is gone. */
export function tryAgain(
  d: Decision,
  referral: CaseReferral,
  offer: Offer,
  how: { alsoRequires?: readonly string[]; by?: Said } = {},
): void {
  const needs = referral.needs.filter((code) => d.isOpen(code));
  const draft = draftOf(planningInput(d), offer, referral.slot, needs);
  if (lacksConsent(draft, d.state.profile.consent)) return;
  const requires = [...new Set([...draft.requires, ...(how.alsoRequires ?? [])])];
  create(d, { ...draft, requires }, how.by);
  replan(d, { needs: [] });
}

/** Sends every planned referral that nothing holds back any more, and ends what was provisional once `id` is met. */
export function sendReady(d: Decision): void {
  if (d.state.status !== 'open') return;
  endProvisional(d);
  for (const referral of d.state.referrals) {
    if (referral.status !== 'planned') continue;
    const next = asReady(d, referral);
    if (next !== referral) d.setReferral(next, byRule('planning'));
  }
}

/** With `id` met nothing is provisional, what has ended neither: else it would depend on whether it ended before. */
function endProvisional(d: Decision): void {
  const provisional = d.state.referrals.filter((r) => r.provisional);
  if (provisional.length === 0 || !isMet('id', d.state, d.env.rules)) return;
  for (const referral of provisional) {
    const { provisionalUntil: _provisionalUntil, ...rest } = referral;
    d.setReferral({ ...rest, provisional: false }, byRule('identity-met'));
  }
}

/** Services that planned referrals wait for and that the case lacks altogether. */
function missingSlots(d: Decision): string[] {
  const { state, env } = d;
  const required = state.referrals
    .filter((r) => r.status === 'planned')
    .flatMap((r) => unmetOf(r, state, env.rules).map((code) => slotOf(code, state, env.rules)));
  const provisional = state.referrals.some((r) => r.provisional && !endedOtherwise(r));
  if (provisional) required.push(idSlot(state, env.rules));
  return [...new Set(required)].filter((slot) => !latestOf(state.referrals, slot));
}

/** The drafts that become a new attempt; the others are there already. */
function freshDrafts(d: Decision, drafts: readonly Draft[], scope: PlanningScope): Draft[] {
  const { referrals } = d.state;
  const again = new Set([...(scope.again ?? []), ...(scope.added ?? []).map((need) => need.code)]);
  const isFresh = (draft: Draft): boolean => {
    const latest = latestOf(referrals, draft.slot);
    if (!latest) return true;
    if (!isTerminal(latest)) return scope.anew === true && isToBeFollowed(latest);
    if (draft.needs.some((code) => again.has(code))) return true;
    if (latest.status === 'completed') return false;
    return scope.retry === 'all' || (scope.retry === 'cancelled' && latest.status === 'cancelled');
  };
  const fresh = new Set(drafts.filter(isFresh));
  // What was recalled because nothing needed it is made again for something new that needs it.
  for (let before = -1; before < fresh.size;) {
    before = fresh.size;
    const required = new Set(
      [...fresh].flatMap((draft) => prerequisitesOf(draft).map((code) => slotOf(code, d.state, d.env.rules))),
    );
    for (const draft of drafts) {
      if (required.has(draft.slot) && latestOf(referrals, draft.slot)?.status === 'cancelled')
        fresh.add(draft);
    }
  }
  return drafts.filter((draft) => fresh.has(draft));
}

/** True while an agency is asked to stop for a reason that is over; what a person took back or sent on stays theirs. */
function isToBeFollowed({ cancellation }: CaseReferral): boolean {
  return cancellation !== undefined && !['operations', 'rerouted'].includes(cancellation.reason);
}

function settleUnplannable(d: Decision, result: Plan): void {
  const restricted = d.env.rules.restrictedNeeds;
  const { consent } = d.state.profile;
  const settleable = (code: string) => !restricted.includes(code);
  for (const code of result.notEligible.filter(settleable)) unmet(d, code, 'not-eligible');
  for (const code of result.noProvider.filter(settleable)) unmet(d, code, 'no-provider');
  for (const code of result.consentMissing) unmet(d, code, missingConsentReason(consent));
}

function unmet(d: Decision, code: string, reason: NonNullable<CaseNeed['reason']>): void {
  const served = d.state.referrals.some((r) => r.needs.includes(code) && !isTerminal(r) && !r.cancellation);
  if (d.isOpen(code) && !served) d.settle(code, 'unmet', reason, byRule('planning'));
}

function create(d: Decision, draft: Draft, by: Said = byRule('planning')): void {
  const attempt = d.state.referrals.filter((r) => r.slot === draft.slot).length + 1;
  const planned: CaseReferral = {
    id: idOf(d.caseId, 'referral', draft.slot, attempt, draft.agency),
    agency: draft.agency,
    service: draft.service,
    slot: draft.slot,
    attempt,
    needs: [...draft.needs],
    status: 'planned',
    basis: draft.basis,
    ...(draft.purpose ? { purpose: draft.purpose } : {}),
    provisional: draft.provisional,
    requires: [...draft.requires],
    waived: [],
    ack: draft.ack,
    done: draft.done,
  };
  d.setReferral(asReady(d, planned), by);
}

/** A slot that is there already also serves what is new; while it is only planned it follows the plan in everything. */
function mergeInto(d: Decision, draft: Draft): void {
  const referral = latestOf(d.state.referrals, draft.slot);
  if (!referral || isTerminal(referral)) return;
  const needs = [...new Set([...referral.needs, ...draft.needs])];
  const follows =
    referral.status === 'planned' &&
    referral.attempt === 1 &&
    referral.agency === draft.agency &&
    referral.service === draft.service;
  const { requires, basis, purpose, provisional, ack, done } = draft;
  const { purpose: _purpose, ...others } = referral;
  const next: CaseReferral = follows
    ? {
        ...others,
        needs,
        requires: [...requires],
        basis,
        ...(purpose ? { purpose } : {}),
        provisional,
        ack,
        done,
      }
    : { ...referral, needs };
  if (!sameReferral(referral, next)) d.setReferral(next, byRule('planning'));
}

function sameReferral(a: CaseReferral, b: CaseReferral): boolean {
  const said = ({ needs, requires, basis, purpose, provisional, ack, done }: CaseReferral) =>
    JSON.stringify([needs, requires, basis, purpose, provisional, ack, done]);
  return said(a) === said(b);
}

/** A planned referral as requested when nothing holds it back, else with what it waits for; itself when nothing changes. */
function asReady(d: Decision, referral: CaseReferral): CaseReferral {
  const { state, env } = d;
  const waitsFor = holdUp(d, referral);
  const { businessStatus, pausedSince, ...rest } = referral;
  if (waitsFor) {
    const isSame = businessStatus === waitsFor && pausedSince === undefined;
    return isSame ? referral : { ...rest, businessStatus: waitsFor };
  }
  if (isPaused(env.standings, referral.agency)) {
    return pausedSince === undefined ? { ...rest, pausedSince: d.at } : referral;
  }
  const until = new Date(env.now.getTime() + env.rules.provisionalDays * DAY_MS).toISOString();
  const booked = bookedFor(offerOf(d, referral), state.profile, env.now);
  return {
    ...rest,
    status: 'requested',
    requestedAt: d.at,
    ackDueAt: env.calendar.add(env.now, referral.ack).toISOString(),
    dueAt: env.calendar.add(booked ? startOfDay(booked) : env.now, referral.done).toISOString(),
    ...(booked ? { notBefore: booked } : {}),
    ...(referral.provisional ? { provisionalUntil: until } : {}),
  };
}

function holdUp(
  d: Decision,
  referral: CaseReferral,
): 'awaiting-arrival' | 'awaiting-prerequisite' | 'awaiting-consent' | undefined {
  const { state, env } = d;
  if (awaitsArrival(offerOf(d, referral), state.profile, env.now)) return 'awaiting-arrival';
  if (unmetOf(referral, state, env.rules).length > 0) return 'awaiting-prerequisite';
  const consented = referral.basis !== 'consent' || covers(state.profile.consent, referral.purpose);
  return consented && state.status === 'open' ? undefined : 'awaiting-consent';
}

/** The offer that a referral was made from, as it is published now. */
export function offerOf(d: Decision, referral: CaseReferral): Offer | undefined {
  return findOffer(d.env.catalogues, referral.agency, referral.service);
}
