/** What is known of whether two cases are about one person. */
import type { CaseState, EscalationState } from './case';

/** Resolution of an escalation: two people after all. The pair is not suspected again. */
export const DIFFERENT = 'different';

/** True when an escalation of the case suspects one of the others and nobody has decided. */
export function isSuspected(state: CaseState, others: readonly string[]): boolean {
  return state.escalations.some((e) => !e.resolvedAt && isAbout(e, others));
}

/** The ids of the cases that a case's open escalations suspect. */
export function suspectedIn(state: CaseState): string[] {
  return state.escalations.flatMap(({ reason, resolvedAt, detail }) =>
    reason === 'duplicate-suspected' && !resolvedAt ? (detail['otherCaseId'] ?? []) : [],
  );
}

/** True when somebody decided that the two are different people, or they are one case by now. */
export function isDecided(state: CaseState, other: string): boolean {
  return (
    mergedIds(state).includes(other) ||
    state.escalations.some((e) => e.resolution === DIFFERENT && isAbout(e, [other]))
  );
}

/** The ids of the cases that were merged into this one. */
export function mergedIds(state: Pick<CaseState, 'mergedFrom'>): string[] {
  return (state.mergedFrom ?? []).map((merged) => merged.id);
}

/** True when an escalation suspects that one of the others is about the same person. */
export function isAbout({ reason, detail }: EscalationState, others: readonly string[]): boolean {
  return reason === 'duplicate-suspected' && others.includes(detail['otherCaseId'] ?? '');
}
