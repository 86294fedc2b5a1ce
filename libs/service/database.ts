/** One schema and one role per service; a service reads no other's tables. */
import { installVault, Messaging1700000000000 } from '@retorno/messaging';
import type { Socket } from 'node:net';
import { Client, type ClientConfig, type Pool } from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { installAudit } from './audit/audit-schema';
import { ownRowsRole, roleOf } from './own-rows';

/** A TypeORM migration class. */
export type MigrationClass = new () => MigrationInterface;

export interface DatabaseOptions {
  url: string;
  /** Name of the service: its schema. */
  schema: string;
  migrations: readonly MigrationClass[];
  poolSize?: number;
  /** Longest silence while a query waits, ms; default a minute. */
  silenceMs?: number;
}

/** Longest silence of a server while a query waits, or of a client within a transaction; no work of a service takes so long, ms. */
const SILENCE_MS = 60_000;

/** A connection that may end at any moment: who uses it is told by its query; an 'error' event would end the process. */
class SteadyClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/**
 * From here on, ends connections of the pool on which a query waits and nothing is heard for `ms`: behind a router that
 * has forgotten it, the query would wait for ever, and everything behind it.
 */
function endSilent(pool: Pool, ms: number): void {
  const watched = new WeakSet<Socket>();
  pool.on('acquire', (client) => {
    const { connection } = client as unknown as { connection: { stream: Socket } };
    const { stream } = connection;
    if (watched.has(stream)) return;
    watched.add(stream);
    stream.setTimeout(ms);
    stream.on('timeout', () => {
      const isWaiting = !(client as unknown as { readyForQuery: boolean }).readyForQuery;
      const error = Object.assign(new Error('the database says nothing'), { code: 'ETIMEDOUT' });
      if (isWaiting) stream.destroy(error);
    });
  });
}

/** Opens a service's schema and brings its tables up to date; several instances may start at once. */
export async function openDatabase(options: DatabaseOptions): Promise<DataSource> {
  const silenceMs = options.silenceMs ?? SILENCE_MS;
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    schema: options.schema,
    applicationName: `retorno-${options.schema}`,
    poolSize: options.poolSize ?? 4,
    extra: {
      // The pool makes its connections of this class: each one is listened to from the start, in use or not.
      Client: SteadyClient,
      // A client that the server does not hear of any more must not keep its locks.
      options: `-c search_path=${quoted(options.schema)} -c idle_in_transaction_session_timeout=${silenceMs}`,
      connectionTimeoutMillis: 10_000,
    },
    poolErrorHandler: () => undefined,
    synchronize: false,
    migrationsTableName: 'migration',
    migrations: [Messaging1700000000000, ...options.migrations],
  });
  await underMigrationLock(options, async () => {
    await dataSource.initialize();
    await dataSource.runMigrations({ transaction: 'all' });
    // Only now: a migration may take its time.
    endSilent((dataSource.driver as unknown as { master: Pool }).master, silenceMs);
  });
  return dataSource;
}

/**
 * Sees to it that this service can get at the vault. Where it is not there yet, a service that runs alone with a role
 * that may create schemas makes it. Throws with what to do when it cannot.
 */
export async function assertVault(url: string): Promise<void> {
  const client = new SteadyClient({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ usable: boolean }>(
      `select has_schema_privilege(oid, 'usage') as usable from pg_namespace where nspname = 'vault'`,
    );
    if (rows.length === 0) await installVault(client);
    else if (!rows[0]!.usable) throw new Error('it has no right to use it');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `DATABASE_URL: this role cannot use the schema vault, where the keys of personal data are kept (${why}). ` +
        'Provision the services first: node dist/apps/local/provision/main.js',
    );
  } finally {
    await client.end();
  }
}

async function underMigrationLock(options: DatabaseOptions, work: () => Promise<void>): Promise<void> {
  const client = new SteadyClient({ connectionString: options.url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [`retorno-migrations-${options.schema}`]);
    const found = await client.query('select from pg_namespace where nspname = $1', [options.schema]);
    if (found.rowCount === 0) await client.query(`create schema if not exists ${quoted(options.schema)}`);
    // Who provisions has made it. A service that runs alone makes it where it may; else a migration that needs it names it.
    const [{ login }] = (await client.query('select current_user as login')).rows as [{ login: string }];
    await makeOwnRowsRole(client, options.schema, login).catch(() => undefined);
    await work();
  } finally {
    await client.end();
  }
}

/** Makes the role under which a service reads for one owner only, for the role that the service logs in with. */
async function makeOwnRowsRole(client: Client, service: string, login: string): Promise<void> {
  const role = ownRowsRole(service);
  const { rows } = await client.query<{ made: boolean }>(
    'select coalesce(pg_has_role($2, to_regrole($1)::oid, $3), false) as made',
    [quoted(role), login, 'member'],
  );
  if (rows[0]!.made) return;
  // Roles are those of the whole server: a service of this name may be starting on another of its databases.
  await client.query(`
    do $$ begin
      create role ${quoted(role)} nologin;
    exception when duplicate_object or unique_violation then null;
    end $$`);
  await client.query(`grant ${quoted(role)} to ${quoted(login)}`);
}

/**
 * Makes a service's role and schema in a database that we administer, and gives the address for that role. The role
 * owns its schema and may use nothing else, beside the role under which it reads for one owner only (OwnRows).
 */
export async function provision(adminUrl: string, service: string, password: string): Promise<string> {
  const role = roleOf(service);
  const client = new SteadyClient({ connectionString: adminUrl });
  await client.connect();
  try {
    const exists = await client.query('select from pg_roles where rolname = $1', [role]);
    // What the role for one owner's rows may, this one may by becoming it only.
    await client.query(
      `${exists.rowCount === 0 ? 'create' : 'alter'} role ${quoted(role)} login noinherit password ${literal(password)}`,
    );
    // Who may create roles may not yet act for them; giving away a schema needs that (PostgreSQL 16 and newer).
    await client.query(`grant ${quoted(role)} to current_user`);
    await makeOwnRowsRole(client, service, role);
    await client.query(`create schema if not exists ${quoted(service)} authorization ${quoted(role)}`);
    await assertOwner(client, service, role);
    await installVault(client, role);
    await installAudit(client, service, role);
    // Only the owner of the database may; where that is somebody else, it is theirs to decide.
    await client.query('revoke all on schema public from public').catch(() => undefined);
  } finally {
    await client.end();
  }
  const url = new URL(adminUrl);
  url.username = role;
  url.password = password;
  return url.toString();
}

/** A schema that another role made, by running the service alone, is named with what to do about it. */
async function assertOwner(client: Client, schema: string, role: string): Promise<void> {
  const { rows } = await client.query<{ owner: string }>(
    'select pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = $1',
    [schema],
  );
  const owner = rows[0]?.owner;
  if (owner === undefined || owner === role) return;
  throw new Error(
    `DATABASE_URL: schema ${schema} belongs to ${owner}, since the service was run alone on this database. ` +
      `Use another database, or hand the schema and its tables over to ${role}.`,
  );
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
