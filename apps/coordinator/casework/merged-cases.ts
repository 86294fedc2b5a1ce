/** Cases of one person that became one: which of them goes on, and which it was before. */
import type { UnitOfWork } from '@retorno/messaging';
import type { CaseState } from '../saga/case';
import { caseStore } from './stores';
import { isDecided, mergedIds } from '../saga/suspicions';

/** The case and all that were merged into it, also through others. What has to be loaded for that is loaded. */
export async function caseLine(unit: UnitOfWork, caseId: string): Promise<CaseState[]> {
  await unit.load([{ store: caseStore, key: caseId }]);
  const state = unit.get(caseStore, caseId)?.state;
  if (!state) return [];
  const line = [state];
  for (const id of mergedIds(state)) line.push(...(await caseLine(unit, id)));
  return line;
}

/** True when somebody decided, on either side, that these cases are not one person's; or they are one case by now. */
export async function isPairDecided(unit: UnitOfWork, caseId: string, otherId: string): Promise<boolean> {
  const mine = await caseLine(unit, caseId);
  const theirs = await caseLine(unit, otherId);
  return (
    mine.some((state) => state.id === otherId) ||
    mine.some((one) => theirs.some((other) => isDecided(one, other.id) || isDecided(other, one.id)))
  );
}
