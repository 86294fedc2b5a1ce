/** Statistics' documents, and the rows that are kept beside them in the same transaction. */
import { documentStore, prepared, type Change } from '@retorno/messaging';
import type { EntityManager } from 'typeorm';
import { agenciesTouched, agencyRows, caseRow, followUpRows } from './rows';
import type { CaseTally } from './tally';

export const tallyStore = documentStore<CaseTally>({
  name: 'tally',
  table: 'case_tally',
  alsoWrite: writeRows,
});

/** Tables of everything that was made of cases.v1. */
export const PROJECTION = ['case_tally', 'case_row', 'agency_row', 'follow_up_row'] as const;

/** Forgets what was made of these cases. */
export async function forgetCases(tx: EntityManager, keys: readonly string[]): Promise<void> {
  for (const table of PROJECTION) await tx.query(`delete from ${table} where key = any($1)`, [keys]);
}

type Row = { key: string; id: string; row: object };

async function writeRows(tx: EntityManager, changes: readonly Change<CaseTally>[]): Promise<void> {
  const rows = (table: (tally: CaseTally, key: string) => readonly (readonly [string, object])[]) => ({
    before: changes.flatMap(({ key, before }) => (before ? placed(key, table(before, key)) : [])),
    after: changes.flatMap(({ key, after }) => placed(key, table(after, key))),
  });
  // Most changes concern one or two of a case's agencies.
  const touched = new Map(changes.map(({ key, before, after }) => [key, agenciesTouched(before, after)]));
  const cases = rows((tally) =>
    Object.entries({ '': caseRow(tally) ?? [] }).filter(([, r]) => !Array.isArray(r)),
  );
  const agencies = rows((tally, key) =>
    agencyRows(tally, touched.get(key)).map((row) => [row.provider, row]),
  );
  const followUps = rows((tally) => followUpRows(tally).map((row) => [String(row.wave), row]));
  await write(tx, 'case_row', [], cases.before, cases.after);
  await write(tx, 'agency_row', ['provider'], agencies.before, agencies.after);
  await write(tx, 'follow_up_row', ['wave'], followUps.before, followUps.after);
}

function placed(key: string, rows: readonly (readonly [string, object])[]): Row[] {
  return rows.map(([id, row]) => ({ key, id, row }));
}

/** Writes the rows that are new or read otherwise, and takes away those that are gone. */
async function write(
  tx: EntityManager,
  table: string,
  identity: readonly string[],
  before: readonly Row[],
  after: readonly Row[],
): Promise<void> {
  const known = new Map(before.map((row) => [`${row.key}\n${row.id}`, row]));
  const changed = after.filter((row) => {
    const place = `${row.key}\n${row.id}`;
    const old = known.get(place);
    known.delete(place);
    return !old || JSON.stringify(old.row) !== JSON.stringify(row.row);
  });
  const gone = [...known.values()];
  if (gone.length > 0) {
    const which = identity.length > 0 ? `and ${identity[0]}::text = x.id` : '';
    await prepared(
      tx,
      `delete from ${table} t using unnest($1::text[], $2::text[]) as x(key, id) where t.key = x.key ${which}`,
      [gone.map((row) => row.key), gone.map((row) => row.id)],
    );
  }
  if (changed.length === 0) return;
  const columns = Object.keys(changed[0]!.row);
  const sets = columns.filter((c) => !identity.includes(c)).map((c) => `${c} = excluded.${c}`);
  await prepared(
    tx,
    `insert into ${table} (key, ${columns.join(', ')})
     select key, ${columns.join(', ')} from jsonb_populate_recordset(null::${table}, $1::jsonb)
     on conflict (${['key', ...identity].join(', ')}) do update set ${sets.join(', ')}`,
    [JSON.stringify(changed.map(({ key, row }) => ({ key, ...row })))],
  );
}
