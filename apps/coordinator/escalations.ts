/**
 * What a person in operations must look at. Most escalations mirror something that is wrong with the case: they are raised
 * when it begins, resolve themselves when it is over, and are raised again when a person resolved one and it persists.
 */
import type { CaseEscalation, CaseReferral } from '@retorno/contracts';
import { arrivalOverdue } from './arrival-overdue';
import {
  endedOtherwise,
  hasEnded,
  isNeedOpen,
  isNewest,
  isSent,
  isTerminal,
  latestOf,
  type CaseState,
  type EscalationState,
} from './case';
import { missingConsentReason, stopTerm } from './consent';
import type { Decision, Env, Said } from './decision';
import { followUpProblems } from './follow-up';
import { idOf } from './ids';
import { offersOf, providersOf } from './offers';
import { isAllowed } from './plan';
import { dependentsOf, slotOf, unmetOf } from './prerequisites';
import { isUnaccompaniedChild } from './profile';
import type { Rules } from './rules';
import { isForsaken, standingOf } from './settling';

const DAY_MS = 86_400_000;

/** Something that is wrong with a case, or will be from an instant on. */
export interface Problem extends Pick<CaseEscalation, 'reason' | 'detail' | 'referralId' | 'group'> {
  /** The same as long as it is the same problem. */
  readonly key: string;
  /** When it begins; absent when it is there already. */
  readonly from?: Date;
  /** RFC 3339: since when it is this problem; an escalation raised before was about an earlier one. */
  readonly since?: string;
  /** Stays resolved once a person resolved it. */
  readonly once?: boolean;
}

/** Resolution of a person, against those by rule. */
export const DECIDED = 'decided';

type Context = Pick<Env, 'calendar' | 'rules' | 'catalogues' | 'now'>;

/** Raises an escalation unless it is open already; `times` where it was raised before in another case. */
export function raise(
  d: Decision,
  problem: Problem,
  times: Pick<CaseEscalation, 'raisedAt' | 'dueAt'> = {
    raisedAt: d.at,
    dueAt: d.env.calendar.add(d.env.now, d.env.rules.escalationDue).toISOString(),
  },
  by: Said = {},
): void {
  const open = d.state.escalations.some((e) => !e.resolvedAt && keyOf(e) === problem.key);
  if (open) return;
  const { reason, detail, referralId, group } = problem;
  const escalation: CaseEscalation = {
    id: idOf(d.caseId, 'escalation', d.state.escalations.length + 1),
    reason,
    detail,
    ...(referralId ? { referralId } : {}),
    ...(group ? { group } : {}),
    ...times,
  };
  d.emit('escalation-raised', { escalation }, by);
}

/** Brings the escalations in line with the case. */
export function reconcile(d: Decision): void {
  const { now } = d.env;
  const current = problems(d.state, d.env).filter((p) => !p.from || p.from <= now);
  const keys = new Set(current.map((p) => p.key));
  for (const escalation of d.state.escalations) {
    if (escalation.resolvedAt || !isMirror(escalation) || keys.has(keyOf(escalation))) continue;
    const resolution = resolutionOf(d.state, escalation);
    d.emit('escalation-resolved', { id: escalation.id, resolution }, { actor: 'rule:escalations' });
  }
  for (const problem of current) {
    const due = raisedFrom(d.state, problem, d.env);
    if (due && due <= now) raise(d, problem);
  }
}

/** From when a problem is to be escalated; undefined when it is, or when a person settled it for good. */
export function raisedFrom(
  state: CaseState,
  problem: Problem,
  { calendar, rules }: Context,
): Date | undefined {
  const raised = state.escalations.filter((e) => keyOf(e) === problem.key);
  if (raised.some((e) => !e.resolvedAt)) return undefined;
  const decided = raised.findLast(
    (e) => e.resolution === DECIDED && (!problem.since || e.raisedAt >= problem.since),
  );
  const from = problem.from ?? new Date(0);
  if (!decided?.resolvedAt) return from;
  if (problem.once) return undefined;
  const again = calendar.add(new Date(decided.resolvedAt), rules.recheck);
  return again > from ? again : from;
}

/** Reasons of which the case's state shows nothing: they wait for a person. */
const FOR_A_PERSON: readonly CaseEscalation['reason'][] = [
  'refused-answer',
  'duplicate-suspected',
  'corrected',
  'complaint',
];

/** An escalation of this reason follows the case; the others wait for a person. */
function isMirror(escalation: EscalationState): boolean {
  return !forAPerson(escalation);
}

/** True when only a person can end it. */
export function forAPerson({ reason }: Pick<CaseEscalation, 'reason'>): boolean {
  return FOR_A_PERSON.includes(reason);
}

/** The key of the problem that an escalation is about. */
export function keyOf({ reason, referralId, group, detail }: EscalationState): string {
  const own = { 'duplicate-suspected': detail['otherCaseId'], complaint: detail['complaint'] };
  const subject = Object.hasOwn(own, reason) ? own[reason as keyof typeof own] : (referralId ?? group);
  return `${reason}|${subject ?? ''}`;
}

function resolutionOf(state: CaseState, { reason, referralId }: EscalationState): string {
  const isFollowUp = reason === 'follow-up-overdue' || reason === 'follow-up-concern';
  if (isFollowUp && state.status === 'completed') return 'answered';
  if (hasEnded(state) || state.status === 'closing') return `case-${state.status}`;
  if (reason === 'arrival-overdue') return state.ahead ? 'announced-anew' : 'arrived';
  if (reason.endsWith('-overdue') || reason === 'info-requested') return 'answered';
  if (reason === 'consent-expiring')
    return state.profile.consent.status === 'granted' ? 'answered' : 'settled';
  if (reason === 'no-provider') return 'planned';
  const referral = state.referrals.find((r) => r.id === referralId);
  return referral && !isNewest(state, referral) ? 'rerouted' : 'settled';
}

/** Everything that is wrong with the case, or will be if nothing happens. */
export function problems(state: CaseState, context: Context): Problem[] {
  if (state.status === 'closed') return [];
  const found = state.referrals.flatMap((r) => ofReferral(state, r, context));
  if (state.status === 'closing') return found;
  const missing = [
    ...missingProviders(state, context.rules),
    ...found,
    ...followUpProblems(state, context.rules),
  ];
  if (state.status === 'completed') return missing;
  const late = [
    ...consentOverdue(state, context),
    ...consentExpiring(state, context),
    ...arrivalOverdue(state, context),
  ];
  return [...missing, ...heldUp(state, context), ...late].filter(
    (problem, i, all) => all.findIndex((p) => p.key === problem.key) === i,
  );
}

function ofReferral(state: CaseState, r: CaseReferral, context: Context): Problem[] {
  if (isSent(r)) {
    return r.cancellation ? unansweredRecall(r, context) : [...silence(r, context), ...provisional(state, r)];
  }
  if (state.status === 'closing' || r.status === 'planned') return [];
  return [...unserved(state, r, context.rules), ...provisional(state, r)];
}

function about(r: CaseReferral): { referralId: string; detail: Record<string, string> } {
  return { referralId: r.id, detail: { agency: r.agency, service: r.service } };
}

/** An agency that should have answered, and was reminded. */
function silence(r: CaseReferral, { calendar }: Context): Problem[] {
  const found: Problem[] = [];
  const { ackDueAt, dueAt } = r;
  if (ackDueAt && !r.acknowledgedAt && isReminded(r.remindedAck, ackDueAt)) {
    const from = calendar.graceEnd(new Date(ackDueAt), r.ack);
    found.push({ ...about(r), key: `ack-overdue|${r.id}`, reason: 'ack-overdue', from, since: ackDueAt });
  }
  if (dueAt && isReminded(r.remindedDone, dueAt)) {
    const from = calendar.graceEnd(new Date(dueAt), r.done);
    found.push({ ...about(r), key: `done-overdue|${r.id}`, reason: 'done-overdue', from, since: dueAt });
  }
  if (r.businessStatus === 'info-requested') {
    const since = r.suspendedAt ? { since: r.suspendedAt } : {};
    found.push({ ...about(r), key: `info-requested|${r.id}`, reason: 'info-requested', ...since });
  }
  return found;
}

function unansweredRecall(r: CaseReferral, context: Context): Problem[] {
  if (!r.cancellation || !isReminded(r.remindedCancellation, r.cancellation.dueAt)) return [];
  const { dueAt } = r.cancellation;
  const term = stopTerm(r, r.cancellation, context);
  const from = context.calendar.graceEnd(new Date(dueAt), term);
  return [
    { ...about(r), key: `cancellation-overdue|${r.id}`, reason: 'cancellation-overdue', from, since: dueAt },
  ];
}

/** A reminder from before the deadline is none for it. */
export function isReminded(remindedAt: string | undefined, dueAt: string): boolean {
  return remindedAt !== undefined && remindedAt >= dueAt;
}

function provisional(state: CaseState, r: CaseReferral): Problem[] {
  if (!r.provisional || !r.provisionalUntil || endedOtherwise(r) || state.status === 'closing') return [];
  const from = new Date(r.provisionalUntil);
  return [{ ...about(r), key: `provisional-overdue|${r.id}`, reason: 'provisional-overdue', from }];
}

/** A referral that ended without serving, with nothing tried in its place. */
function unserved(state: CaseState, r: CaseReferral, rules: Rules): Problem[] {
  const standing = standingOf(r);
  if (standing !== 'disputed' && !endedOtherwise(r)) return [];
  if (!isNewest(state, r)) return [];
  const since = r.endedAt ? { since: r.endedAt } : {};
  const open = r.needs.some((code) => state.needs.some((n) => n.code === code && n.status === 'open'));
  if (standing === 'disputed') {
    return open ? [{ ...about(r), key: `disputed|${r.id}`, reason: 'disputed', ...since }] : [];
  }
  const code: Record<string, string> = r.code ? { code: r.code } : {};
  const missing: Record<string, string> = r.circular
    ? { missing: r.circular.join(','), circular: 'true' }
    : {};
  const dependents = state.status === 'open' ? dependentsOf(r.slot, state, rules) : [];
  if (dependents.length > 0) {
    const detail = {
      ...code,
      ...missing,
      service: r.slot,
      referral: r.id,
      dependents: dependents.map((x) => x.service).join(','),
    };
    return [
      { key: `prerequisite-unmet|${r.id}`, reason: 'prerequisite-unmet', referralId: r.id, detail, ...since },
    ];
  }
  if (standing !== 'broken' || (r.needs.length > 0 && !open)) return [];
  const reason = r.status === 'rejected' ? 'rejected' : 'failed';
  const detail = { ...about(r).detail, ...code, ...missing };
  const once = r.needs.length === 0;
  return [{ key: `${reason}|${r.id}`, reason, referralId: r.id, detail, ...since, once }];
}

/** Needs and services that nobody offers. One group for all cases that miss the same. */
function missingProviders(state: CaseState, rules: Rules): Problem[] {
  const found: Problem[] = [];
  const child = isUnaccompaniedChild(state.profile, rules);
  const add = (code: string, detail: Record<string, string>, once = false) => {
    const group = `no-provider:${code}`;
    found.push({ key: `no-provider|${group}`, reason: 'no-provider', group, detail, once });
  };
  const addGate = () => add(rules.child.gate, { service: rules.child.gate, need: rules.child.need });
  for (const need of state.needs) {
    if (need.status === 'unmet' && need.reason === 'no-provider') add(need.code, { need: need.code }, true);
    if (need.status !== 'open' || !isForsaken(state, need.code)) continue;
    if (child && need.code === rules.child.need) addGate();
    else add(need.code, { need: need.code });
  }
  if (child && isNeedOpen(state, rules.child.need)) {
    if (!latestOf(state.referrals, rules.child.gate)) addGate();
    for (const slot of [...rules.child.added, slotOf('id', state, rules)]) {
      if (slot !== rules.child.gate && !latestOf(state.referrals, slot)) add(slot, { service: slot });
    }
  }
  return found;
}

/** Planned referrals that wait for something which is not on its way. */
function heldUp(state: CaseState, context: Context): Problem[] {
  const { rules } = context;
  const planned = state.referrals.filter((r) => r.status === 'planned');
  if (planned.length === 0) return [];
  const found: Problem[] = [];
  const moving = new Set<string>();
  for (const r of planned) {
    const slots = unmetOf(r, state, rules).map((code) => slotOf(code, state, rules));
    if (slots.length === 0) moving.add(r.id);
    for (const slot of slots) {
      const latest = latestOf(state.referrals, slot);
      if (!latest) found.push(absent(state, r, slot, context));
      if (!latest || latest.status !== 'planned') moving.add(r.id);
    }
  }
  return [...found, ...circular(state, planned, moving, rules)];
}

/** A prerequisite that is not in the plan: nobody offers it, or consent to it was refused. */
function absent(
  state: CaseState,
  waiting: CaseReferral,
  slot: string,
  { catalogues, rules, now }: Context,
): Problem {
  const group = `no-provider:${slot}`;
  const { profile, referrals } = state;
  const input = { profile, referrals, catalogues, rules, now };
  const providers = providersOf(offersOf(catalogues), slot);
  if (!providers.some((offer) => !isAllowed(input, offer, slot))) {
    const detail = { service: slot, ...askedFor(state, waiting, slot) };
    return { key: `no-provider|${group}`, reason: 'no-provider', group, detail };
  }
  const refused = `prerequisite-unmet:${slot}`;
  return {
    key: `prerequisite-unmet|${refused}`,
    reason: 'prerequisite-unmet',
    group: refused,
    detail: { service: slot, code: missingConsentReason(profile.consent) },
  };
}

/** Which agency wants a service first that its offer does not require: a paper that it missed. */
function askedFor({ referrals }: CaseState, waiting: CaseReferral, slot: string): Record<string, string> {
  const missed = referrals.find((r) => r.slot === waiting.slot && r.code === 'missing-documents');
  return missed && !missed.requires.includes(slot)
    ? { agency: missed.agency, code: 'missing-documents' }
    : {};
}

/** Planned referrals that wait for each other: only a wrong catalogue makes such a plan. */
function circular(
  state: CaseState,
  planned: readonly CaseReferral[],
  moving: Set<string>,
  rules: Rules,
): Problem[] {
  for (let before = -1; before < moving.size;) {
    before = moving.size;
    for (const r of planned) {
      const awaited = unmetOf(r, state, rules).map(
        (c) => latestOf(state.referrals, slotOf(c, state, rules))?.id,
      );
      if (awaited.some((id) => id !== undefined && moving.has(id))) moving.add(r.id);
    }
  }
  return planned
    .filter((r) => !moving.has(r.id))
    .map((r) => ({
      key: `prerequisite-unmet|${r.id}`,
      reason: 'prerequisite-unmet' as const,
      referralId: r.id,
      detail: { service: r.service, circular: 'true' },
    }));
}

function consentOverdue(state: CaseState, { calendar, rules }: Context): Problem[] {
  if (state.profile.consent.status !== 'pending') return [];
  const waits = (r: CaseReferral) => r.status === 'planned' && r.businessStatus !== 'awaiting-arrival';
  if (!state.referrals.some((r) => waits(r) && r.basis === 'consent')) return [];
  const from = calendar.add(new Date(state.consentSince), rules.consentPending);
  return [
    { key: 'consent-overdue|', reason: 'consent-overdue', detail: {}, from, since: state.consentSince },
  ];
}

/** A consent that ends soon and that something still rests on: whoever is in touch with the returnee has it renewed. */
function consentExpiring(state: CaseState, { rules }: Context): Problem[] {
  const { status, until } = state.profile.consent;
  if (status !== 'granted' || until === undefined) return [];
  if (!state.referrals.some((r) => r.basis === 'consent' && !isTerminal(r))) return [];
  const from = new Date(Date.parse(until) - rules.consentWarningDays * DAY_MS);
  return [
    {
      key: 'consent-expiring|',
      reason: 'consent-expiring',
      detail: { until },
      from,
      since: from.toISOString(),
      once: true,
    },
  ];
}
