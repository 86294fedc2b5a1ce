/**
 * How many cases have ended, kept in the transactions in which they end or are reopened: counting them took 0.2 s with
 * 1,000,000. Each adds lines of its own, because one line for all would have them wait for each other; whoever reads sums
 * up, and puts many lines together.
 */
import type { Change } from '@retorno/messaging';
import type { DataSource, EntityManager } from 'typeorm';
import type { CaseState } from '../saga/case';

const ENDED = ['completed', 'closed'] as const;
/** Lines that a reader leaves as they are. */
const MOST_LINES = 100;

/** In the transaction that saves the cases. */
export async function writeEnded(
  tx: EntityManager,
  changes: readonly Change<{ readonly state: CaseState }>[],
): Promise<void> {
  const lines = ENDED.map((status) => ({ status, cases: moreOf(status, changes) })).filter(
    ({ cases }) => cases !== 0,
  );
  if (lines.length === 0) return;
  await tx.query('insert into ended_cases (status, cases) select * from unnest($1::text[], $2::int[])', [
    lines.map(({ status }) => status),
    lines.map(({ cases }) => cases),
  ]);
}

/** How many cases stand at each of the last statuses; none is left out. */
export async function countEnded(database: DataSource): Promise<Record<string, number>> {
  const rows: { status: string; cases: number; lines: number }[] = await database.query(
    `select status, sum(cases)::int as cases, count(*)::int as lines from ended_cases group by status`,
  );
  if (rows.some(({ lines }) => lines > MOST_LINES)) await putTogether(database);
  return Object.fromEntries(
    rows.filter(({ cases }) => cases > 0).map(({ status, cases }) => [status, cases]),
  );
}

/** One statement, so that nobody sees a part of it; lines that somebody else puts together now are left to them. */
async function putTogether(database: DataSource): Promise<void> {
  await database.query(
    `with taken as (
       delete from ended_cases where ctid = any(array(select ctid from ended_cases for update skip locked))
       returning status, cases)
     insert into ended_cases (status, cases) select status, sum(cases) from taken group by status`,
  );
}

function moreOf(status: string, changes: readonly Change<{ readonly state: CaseState }>[]): number {
  return changes.reduce(
    (sum, { before, after }) =>
      sum + Number(after.state.status === status) - Number(before?.state.status === status),
    0,
  );
}
