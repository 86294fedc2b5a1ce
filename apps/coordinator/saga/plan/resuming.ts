/** Needs that were unmet and that something can be planned for now. */
import type { UnmetReason } from '@retorno/contracts';
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
  const unmet = d.state.needs.filter(
    (n) => n.status === 'unmet' && reasons.some((reason) => reason === n.reason),
  );
  if (unmet.length === 0) return [];
  const wanted = needsOf(planningInput(d)).map((need) => need.code);
  // What does not concern the returnee any more, like a detention that is over, stays as it ended.
  const concerning = unmet.filter((need) => need.reason !== 'not-eligible' || wanted.includes(need.code));
  return plannable(
    d,
    concerning.map((need) => need.code),
  );
}
