/** Proves that the audit of a service stands as it was written, or names the first row that does not. */
import type { ClientBase } from 'pg';
import { breakOf } from '../chain';
import { valuesOf, type ChainedEntry } from './audit-chain';
import { COLUMNS, tableOf } from './audit-schema';

/** What was found; `wrong` names the first row that does not agree, and why. */
export interface AuditReport {
  readonly service: string;
  readonly rows: number;
  readonly chains: number;
  readonly wrong?: string;
}

const AT_ONCE = 5_000;
/** Rows that are older may have been removed by their age (audit.forget keeps at least as many). */
const KEPT_DAYS = 366;

/** Every audit that this role may read, as of one moment, by the name of its service. */
export async function verifyAudits(client: ClientBase): Promise<AuditReport[]> {
  await client.query('begin isolation level repeatable read read only');
  try {
    const { rows } = await client.query<{ service: string }>(
      `select c.relname as service from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'audit' and c.relkind = 'r' and has_schema_privilege(n.oid, 'usage')
         and has_table_privilege(c.oid, 'select') order by 1`,
    );
    const reports: AuditReport[] = [];
    for (const { service } of rows) reports.push(await verifyAudit(client, service));
    return reports;
  } finally {
    await client.query('rollback');
  }
}

interface Row extends Omit<ChainedEntry, 'at'> {
  readonly at: Date;
  readonly old: boolean;
}

/** Within a transaction. */
async function verifyAudit(client: ClientBase, service: string): Promise<AuditReport> {
  await client.query(
    `declare audited no scroll cursor for
     select ${COLUMNS}, chain, place, encode(hash, 'hex') as hash, encode(begins_after, 'hex') as begins_after,
       written_at < now() - interval '${KEPT_DAYS} days' as old
     from ${tableOf(service)} order by chain, place`,
  );
  let found = 0;
  let chains = 0;
  let at: Row | undefined;
  try {
    for (;;) {
      const { rows } = await client.query<Row>(`fetch ${AT_ONCE} from audited`);
      for (const row of rows) {
        const isNext = at?.chain === row.chain;
        if (!isNext) chains++;
        const wrong = wrongOf(row, isNext ? at : undefined);
        if (wrong)
          return {
            service,
            rows: found,
            chains,
            wrong: `entry ${row.place} (${row.id}) of chain ${row.chain}: ${wrong}`,
          };
        found++;
        at = row;
      }
      if (rows.length < AT_ONCE) break;
    }
  } finally {
    await client.query('close audited');
  }
  const wrong = await missingEnd(client, service);
  return { service, rows: found, chains, ...(wrong ? { wrong } : {}) };
}

function wrongOf(row: Row, before: Row | undefined): string | undefined {
  // The first ones of an old chain are gone by their age: what is left is taken at its word once.
  if (!before && row.place > 1 && row.old) return undefined;
  const values = valuesOf(row.chain, row.place, { ...row, at: row.at.toISOString() });
  return breakOf(row, values, (before?.place ?? 0) + 1, before?.hash ?? row.begins_after ?? '');
}

/** The row that a chain begins after is there, unless it is gone by its age. */
async function missingEnd(client: ClientBase, service: string): Promise<string | undefined> {
  const table = tableOf(service);
  const { rows } = await client.query<{ chain: string }>(
    `select chain from ${table} a where begins_after <> '' and written_at >= now() - interval '${KEPT_DAYS} days'
       and not exists (select from ${table} b where b.hash = a.begins_after) limit 1`,
  );
  return rows[0] && `chain ${rows[0].chain}: the row that it begins after is missing`;
}
