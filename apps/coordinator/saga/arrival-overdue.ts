/** Somebody who was announced and of whom nothing is heard. */
import type { Calendar } from '@retorno/service';
import type { CaseState } from './case';
import { arrivesAt, hasDay, startOfDay } from './phase';
import type { Rules } from './plan/rules';

const DAY_MS = 86_400_000;

/** The one problem of an announced return, with when it begins; none when it is not ahead or comes by the calendar. */
export function arrivalOverdue(
  { ahead, profile, returnSince, reopenedAt = '' }: CaseState,
  { calendar, rules }: { readonly calendar: Calendar; readonly rules: Rules },
) {
  if (!ahead || profile.stage === undefined || arrivesAt(profile)) return [];
  const since = returnSince > reopenedAt ? returnSince : reopenedAt;
  const problem = { key: 'arrival-overdue|', reason: 'arrival-overdue', since } as const;
  if (!hasDay(profile)) {
    const from = calendar.add(new Date(since), rules.returnSilence);
    return [{ ...problem, detail: { stage: profile.stage }, from }];
  }
  const detail = { stage: profile.stage, expected: profile.arrivalDate };
  if (profile.onManifest === false) return [{ ...problem, detail: { ...detail, manifest: 'not-named' } }];
  const dayAfter = new Date(startOfDay(profile.arrivalDate).getTime() + DAY_MS);
  return [{ ...problem, detail, from: calendar.add(dayAfter, rules.arrivalGrace) }];
}
