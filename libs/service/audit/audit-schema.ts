/**
 * The tables of the audit: one for each service, in a schema that belongs to whoever provisions, since the owner of a schema
 * can remove and change everything in it. A service's role may add to its own table and read it, and nothing else.
 */
import type { DataSource } from 'typeorm';

/** Whatever runs SQL: several statements at once are one transaction. */
interface Runner {
  query(sql: string): Promise<unknown>;
}

/** What a service says of a row; the database notes by itself when it was written. */
export const COLUMNS =
  'id, at, subject, name, roles, agency, authority, action, about, status, refused, reason, times';

/** A row's place in its chain (audit-chain.ts). */
export const CHAIN_COLUMNS = 'chain, place, hash, begins_after';

/** The table of a service. */
export function tableOf(service: string): string {
  return `audit."${service}"`;
}

/** Makes the table of a service where it is not there yet. `role`: may add and read. Throws with what to do when it cannot. */
export async function installAudit(runner: Runner, service: string, role?: string): Promise<void> {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(service)) throw new Error(`${service} is no name of a service`);
  try {
    await runner.query(`${SCHEMA} ${tableSql(service)} ${role === undefined ? '' : grants(service, role)}`);
  } catch (error) {
    if (codeOf(error) === '42501') throw new Error(NOT_OURS, { cause: error });
    throw error;
  }
}

/**
 * Sees to it that this service can write its audit. Where its table is not there, a service that runs alone with a role that
 * may create schemas makes it. Throws with what to do when it cannot.
 */
export async function assertAudit(dataSource: DataSource, service: string): Promise<void> {
  const rows: { usable: boolean }[] = await dataSource.query(
    `select has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') as usable
     from pg_namespace n join pg_class c on c.relnamespace = n.oid where n.nspname = 'audit' and c.relname = $1`,
    [service],
  );
  if (rows[0]?.usable) return;
  try {
    await installAudit(dataSource, service);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `DATABASE_URL: this role cannot write the audit of ${service} (${why}). ` +
        'Provision the services first: node dist/apps/local/provision/main.js',
    );
  }
}

function codeOf(error: unknown): unknown {
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  return driverError?.code ?? code;
}

const NOT_OURS =
  'the schema audit cannot be made, or belongs to another role: provision as the role that owns it, ' +
  'or as one that may create schemas';

const SCHEMA = `
  select pg_advisory_xact_lock(hashtext('retorno-audit'));
  create schema if not exists audit;

  -- Removes what is older than so many days, by when the database says that it was written. Never what is younger than a
  -- year: a service that was taken over cannot use it to hide what it did.
  create or replace function audit.forget(service text, days int) returns int
  language plpgsql security definer set search_path = pg_catalog
  as $$
  declare removed int;
  begin
    if session_user <> 'retorno_' || replace(service, '-', '_') and not pg_has_role(session_user,
      (select nspowner from pg_namespace where nspname = 'audit'), 'member') then
      raise exception 'the audit of another service' using errcode = 'insufficient_privilege';
    end if;
    if days < 366 then
      raise exception 'the audit of a year is kept' using errcode = 'insufficient_privilege';
    end if;
    execute format('delete from audit.%I where written_at < now() - $1 * interval ''1 day''', service) using days;
    get diagnostics removed = row_count;
    return removed;
  end $$;`;

function tableSql(service: string): string {
  const table = tableOf(service);
  return `
  create table if not exists ${table} (
    id uuid primary key,
    at timestamptz not null,
    written_at timestamptz not null default now(),
    subject text, name text, roles text[] not null, agency text, authority text,
    action text not null, about text[] not null, status int not null,
    refused text, reason text, times int not null,
    chain uuid not null, place int not null, hash bytea not null, begins_after bytea
  );
  create index if not exists "${service}_at" on ${table} (at desc, id desc);
  create index if not exists "${service}_subject" on ${table} (subject, at desc);
  create index if not exists "${service}_name" on ${table} (lower(name) text_pattern_ops);
  create index if not exists "${service}_action" on ${table} (action, at desc);
  create index if not exists "${service}_about" on ${table} using gin (about);
  create index if not exists "${service}_age" on ${table} using brin (written_at);`;
}

function grants(service: string, role: string): string {
  return `
  grant usage on schema audit to "${role}";
  revoke all on ${tableOf(service)} from "${role}";
  grant select, insert (${COLUMNS}, ${CHAIN_COLUMNS}) on ${tableOf(service)} to "${role}";`;
}
