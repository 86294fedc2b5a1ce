/** Needs that were unmet and that something can be planned for now. */
import type { UnmetReason } from '@retorno/contracts';
import { byRule, type Decision } from './decision';
import { plannable } from './planning';

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
  return plannable(
    d,
    unmet.map((need) => need.code),
  );
}
