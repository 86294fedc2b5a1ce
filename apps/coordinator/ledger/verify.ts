/** Proves that the disclosure ledger stands as it was written, or names the first row that does not. */
import type { ClientBase } from 'pg';
import { BEGINNING, breakOf } from '@retorno/service';
import { hashOfSeal, valuesOf, type LedgerHead } from './entry';
import { ENTRY_COLUMNS, entryOf, type EntryRow } from './ledger.store';

/** What was found; `wrong` names the first row that does not agree, and why. */
export interface LedgerReport {
  readonly entries: number;
  readonly cases: number;
  readonly seals: number;
  /** Entries since the last seal: their cases' heads vouch for them. */
  readonly unsealed: number;
  /** Hash of the last seal, hex: noted elsewhere, it shows later that the whole ledger was not written anew. */
  readonly lastSeal?: string;
  readonly wrong?: string;
}

const AT_ONCE = 5_000;

/**
 * Reads the ledger of a schema as of one moment. `known` is the hash of a seal that was noted before: it must still be
 * there.
 */
export async function verifyLedger(
  client: ClientBase,
  schema = 'coordinator',
  known?: string,
): Promise<LedgerReport> {
  await client.query('begin isolation level repeatable read read only');
  try {
    await client.query(`set local search_path to "${schema.replaceAll('"', '""')}"`);
    const chains = await verifyChains(client);
    const seals = await verifySeals(client, known);
    const wrong = chains.wrong ?? seals.wrong;
    const { entries, cases } = chains;
    return {
      entries,
      cases,
      seals: seals.seals,
      unsealed: seals.unsealed,
      ...(seals.last ? { lastSeal: seals.last } : {}),
      ...(wrong ? { wrong } : {}),
    };
  } finally {
    await client.query('rollback');
  }
}

interface Chains {
  entries: number;
  cases: number;
  wrong?: string;
}

/** Every case's entries from the first to the head that the case keeps. */
async function verifyChains(client: ClientBase): Promise<Chains> {
  const found: Chains = { entries: 0, cases: 0 };
  let at: { caseId: string; place: number; hash: string } | undefined;
  for (;;) {
    const { rows } = await client.query<EntryRow & LedgerHeadRow>(CHAIN, [
      at?.caseId ?? '00000000-0000-0000-0000-000000000000',
      at?.place ?? 0,
      AT_ONCE,
    ]);
    for (const row of rows) {
      const entry = entryOf(row);
      const isNext = at?.caseId === entry.caseId;
      const [place, previous] = isNext ? [at!.place + 1, at!.hash] : [1, BEGINNING];
      const name = `entry ${entry.place} of case ${entry.caseId}`;
      const wrong = breakOf(entry, valuesOf(entry), place, previous);
      if (wrong) return { ...found, wrong: `${name}: ${wrong}` };
      found.entries++;
      if (!isNext) found.cases++;
      at = { caseId: entry.caseId, place, hash: entry.hash };
      const head = headOf(row);
      if (row.last && !(head?.entries === place && head.hash === entry.hash)) {
        return { ...found, wrong: `${name}: ${headDiffers(head, place)}` };
      }
    }
    if (rows.length < AT_ONCE) break;
  }
  const { rows } = await client.query<{ key: string }>(
    `select key from case_file where body like '%"disclosed":{"entries":%'
       and not exists (select from disclosure where case_id = key::uuid) limit 1`,
  );
  if (rows[0]) return { ...found, wrong: `case ${rows[0].key}: all its entries are missing` };
  return found;
}

interface LedgerHeadRow {
  last: boolean;
  head: string | null;
}

/** The head stands with a chain's last entry only. */
const CHAIN = `
  with entry as (
    select ${ENTRY_COLUMNS},
      not exists (select from disclosure later where later.case_id = d.case_id and later.place > d.place) as last
    from disclosure d where (case_id, place) > ($1::uuid, $2) order by case_id, place limit $3)
  select entry.*, case when last then
    (select body::json ->> 'disclosed' from case_file where key = entry.case_id::text) end as head
  from entry order by case_id, place`;

function headOf({ head }: LedgerHeadRow): LedgerHead | undefined {
  return head === null ? undefined : (JSON.parse(head) as LedgerHead);
}

function headDiffers(head: LedgerHead | undefined, place: number): string {
  if (!head) return 'its case keeps no head of the chain';
  if (head.entries > place) return `its case knows of ${head.entries} entries: what followed is missing`;
  if (head.entries < place) return `its case knows of ${head.entries} entries only: it was put in`;
  return 'its case keeps another hash of it: the chain was written anew';
}

interface SealRow {
  number: number;
  at: Date;
  upto: string;
  entries: number;
  digest: string;
  hash: string;
  found: number;
  found_digest: string;
}

/** Every seal against the entries that it reaches over. */
async function verifySeals(
  client: ClientBase,
  known: string | undefined,
): Promise<{ seals: number; unsealed: number; last?: string; wrong?: string }> {
  let seals = 0;
  let upto = '0';
  let previous = BEGINNING;
  let isKnown = known === undefined;
  for (;;) {
    const { rows } = await client.query<SealRow>(SEAL, [seals, upto]);
    const [row] = rows;
    if (!row) break;
    const { at, hash, ...rest } = row;
    const seal = { ...rest, at: at.toISOString() };
    const wrong = sealWrong(row, seals + 1, hashOfSeal(seal, previous));
    if (wrong) return { seals, unsealed: 0, wrong };
    seals++;
    upto = row.upto;
    previous = hash;
    isKnown ||= hash === known;
  }
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from disclosure where id > $1',
    [upto],
  );
  const unsealed = rows[0]!.count;
  const last = seals > 0 ? { last: previous } : {};
  if (isKnown) return { seals, unsealed, ...last };
  return {
    seals,
    unsealed,
    ...last,
    wrong: 'no seal has the hash that was noted: the ledger was written anew',
  };
}

const SEAL = `
  select s.number, s.at, s.upto, s.entries, encode(s.digest, 'hex') as digest, encode(s.hash, 'hex') as hash,
    d.found, d.found_digest
  from (select * from disclosure_seal where number > $1 order by number limit 1) as s
  cross join lateral (
    select count(*)::int as found,
      encode(sha256(coalesce(string_agg(hash, ''::bytea order by id), ''::bytea)), 'hex') as found_digest
    from disclosure where id > $2 and id <= s.upto) as d`;

function sealWrong(row: SealRow, number: number, hash: string): string | undefined {
  const name = `seal ${row.number}`;
  if (row.number !== number) return `${name}: seal ${number} before it is missing`;
  if (row.hash !== hash) return `${name}: it does not follow from what it says and the seal before it`;
  if (row.found < row.entries) return `${name}: ${row.entries - row.found} of its entries are missing`;
  if (row.found > row.entries) return `${name}: ${row.found - row.entries} entries were put in under it`;
  if (row.found_digest !== row.digest) return `${name}: an entry under it is not the one that was sealed`;
  return undefined;
}
