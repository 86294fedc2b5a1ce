/**
 * What a person in operations must look at. Most escalations mirror something that is wrong with the case: they are raised
 * when it begins, resolve themselves when it is over, and are raised again when a person resolved one and it persists.
 */
import type { CaseEscalation } from '@retorno/contracts';
import { hasEnded, isNewest, type CaseState, type EscalationState } from './case';
import type { Decision, Said } from './decision';
import { idOf } from './ids';
import type { Context, Problem } from './problem';
import { problems } from './problems';

/** Resolution of a person, against those by rule. */
export const DECIDED = 'decided';

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

/** Commands of operations may be among the facts that were lost: a person looks. One group for all cases of a restore. */
export function factsLost(d: Decision, events: number): void {
  const group = 'records-differ:restored';
  const detail = { events: String(events) };
  raise(d, { key: `records-differ|${group}`, reason: 'records-differ', group, detail });
}

/** Brings the escalations in line with the case. Gives its problems, which no escalation changes. */
export function reconcile(d: Decision): Problem[] {
  const { now } = d.env;
  const all = problems(d.state, d.env);
  const current = all.filter((p) => !p.from || p.from <= now);
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
  return all;
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
  'records-differ',
  'moved',
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
  if (reason.endsWith('-overdue') || reason === 'info-requested' || reason === 'waitlisted')
    return 'answered';
  if (reason === 'consent-expiring')
    return state.profile.consent.status === 'granted' ? 'answered' : 'settled';
  if (reason === 'no-provider') return 'planned';
  const referral = state.referrals.find((r) => r.id === referralId);
  return referral && !isNewest(state, referral) ? 'rerouted' : 'settled';
}
