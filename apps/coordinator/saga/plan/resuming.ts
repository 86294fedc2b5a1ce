/** Needs that were unmet and that something can be planned for now. */
import type { CaseNeed, UnmetReason } from '@retorno/contracts';
import { byRule, type Decision } from '../decision';
import { needsOf } from './plan';
import { plannable, planningInput } from './planning';

/** Reopens the needs that were unmet for one of these reasons and that something can be planned for. Gives their codes. */
export function reconsider(d: Decision, reasons: readonly UnmetReason[]): string[] {
  const possible = resumable(d, reasons);
  for (const code of possible) d.emit('need-reopened', { code }, byRule('planning'));
  return possible;
}

/** The needs that were unmet for one of these reasons and that something could be planned for now. */
export function resumable(d: Decision, reasons: readonly UnmetReason[]): string[] {
  const codes = unmetFor(d, reasons).map((need) => need.code);
  return codes.length === 0 ? [] : plannable(d, codes);
}

/** The needs that were unmet for one of these reasons. What concerns the returnee no more, like a detention that is over, stays as it ended. */
export function unmetFor(d: Decision, reasons: readonly UnmetReason[]): CaseNeed[] {
  const unmet = d.state.needs.filter(
    (n) => n.status === 'unmet' && reasons.some((reason) => reason === n.reason),
  );
  if (!unmet.some(({ reason }) => reason === 'not-eligible')) return unmet;
  const wanted = needsOf(planningInput(d)).map((need) => need.code);
  return unmet.filter((need) => need.reason !== 'not-eligible' || wanted.includes(need.code));
}
