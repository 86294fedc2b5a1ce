/** Least privilege in the database: a service's role owns its schema and can use nothing else. */
import { Client } from 'pg';
import { agencyService } from '@retorno/agency';
import { openDatabase, provision } from '@retorno/service';
import { agency, offer } from './support/fixtures';
import { coordinatorService } from '../apps/coordinator/service';
import { intakeService } from '../apps/intake/service';
import { startPostgres, type TestDatabase } from './support/postgres';

let database: TestDatabase;
const urls = new Map<string, string>();

beforeAll(async () => {
  database = await startPostgres();
  for (const service of ['alpha', 'beta']) {
    const url = await provision(database.url, service, `password of ${service}`);
    urls.set(service, url);
    await (await openDatabase({ url, schema: service, migrations: [] })).destroy();
  }
  for (const { name, migrations } of [coordinatorService, intakeService]) {
    const url = await provision(database.url, name, `password of ${name}`);
    urls.set(name, url);
    await (await openDatabase({ url, schema: name, migrations })).destroy();
  }
  for (const name of ['refuge', 'clinic']) {
    const { migrations } = agencyService(agency(name, offer('shelter', { for: ['shelter'] })));
    const url = await provision(database.url, name, `password of ${name}`);
    urls.set(name, url);
    await (await openDatabase({ url, schema: name, migrations })).destroy();
  }
}, 60_000);

afterAll(() => database.stop());

async function as(service: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: urls.get(service)! });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe("a service's role", () => {
  it('reads and writes its own schema', async () => {
    expect(await as('alpha', 'select * from alpha.outbox')).toEqual([]);
  });

  it("cannot read or write the rows of another agency's people, whatever it asks", async () => {
    for (const [mine, theirs] of [
      ['refuge', 'clinic'],
      ['clinic', 'refuge'],
    ] as const) {
      const [own] = (await as(mine, `select count(*)::int as n from ${mine}.referral`)) as { n: number }[];
      expect(own!.n).toBe(0);
      for (const sql of [
        `select * from ${theirs}.referral`,
        `select * from ${theirs}.event_log`,
        `update ${theirs}.referral set id = id`,
        `delete from ${theirs}.referral`,
        `set role retorno_${theirs}`,
        `grant select on ${theirs}.referral to public`,
      ]) {
        await expect(as(mine, sql)).rejects.toThrow(/permission denied/);
      }
    }
  });

  it("cannot read or write another service's tables", async () => {
    await expect(as('alpha', 'select * from beta.event_log')).rejects.toThrow(/permission denied/);
    await expect(as('alpha', 'insert into beta.outbox values (1)')).rejects.toThrow(/permission denied/);
  });

  it('can make nothing outside its schema, nor roles, nor databases', async () => {
    await expect(as('alpha', 'create table public.mine (id int)')).rejects.toThrow(/permission denied/);
    await expect(as('alpha', 'create schema gamma')).rejects.toThrow(/permission denied/);
    await expect(as('alpha', 'create role intruder')).rejects.toThrow(/permission denied/);
  });

  it('can be made by whoever may create roles and schemas, without being a superuser', async () => {
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    const role = `deployer_${process.pid}`;
    await admin.query(`create role ${role} login createrole password 'deploys'`);
    // Vault and audit belong to whoever provisions first; the next ones must be able to act for them.
    await admin.query('drop schema vault, audit cascade');
    await admin.query(`grant create on database ${new URL(database.url).pathname.slice(1)} to ${role}`);
    const deployer = new URL(database.url);
    deployer.username = role;
    deployer.password = 'deploys';
    urls.set('gamma', await provision(deployer.toString(), 'gamma', 'password of gamma'));
    await (await openDatabase({ url: urls.get('gamma')!, schema: 'gamma', migrations: [] })).destroy();
    await admin.end();
    expect(await as('gamma', 'select * from gamma.outbox')).toEqual([]);
  });

  it('keeps its schema and tables when it is provisioned again', async () => {
    await provision(database.url, 'alpha', 'another password');
    expect(await as('beta', 'select count(*)::int as n from beta.outbox')).toEqual([{ n: 0 }]);
  });
});

/** What rows the role may touch under which a service reads for one agency or one sending authority. */
interface Given {
  table: string;
  isView: boolean;
  privilege: string;
  /** A policy of this very role says of which rows, or the view does. */
  isLimited: boolean;
}

/** By the catalogue: tables, views and sequences of all schemas of ours, whichever way the right came about. */
const GIVEN = `
  with mine as (select oid from pg_roles where rolname = $1)
  select n.nspname || '.' || c.relname as "table", c.relkind in ('v', 'm') as "isView", p.privilege,
    case when c.relkind = 'v'
      then coalesce('security_barrier=true' = any(c.reloptions), false)
        and pg_get_viewdef(c.oid) like '%current_setting(''retorno.whose''%'
      else c.relrowsecurity and exists (
        select from pg_policy o, mine where o.polrelid = c.oid and o.polroles = array[mine.oid]
          and o.polpermissive and o.polcmd = case p.privilege when 'SELECT' then 'r' when 'INSERT' then 'a' else '?' end
          and coalesce(pg_get_expr(o.polqual, c.oid), pg_get_expr(o.polwithcheck, c.oid)) ~
            'retorno.whose|FROM (intake.)?(returnee|manifest) ') end as "isLimited"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace, mine,
    unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) as p(privilege)
  where n.nspname !~ '^(pg_|information_schema)' and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and (has_table_privilege(mine.oid, c.oid, p.privilege)
      or p.privilege in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') and has_any_column_privilege(mine.oid, c.oid, p.privilege))
  order by 1, 3`;

/** Tables of the schema that say whose a row is, and the columns by which they do. */
const OWNED = `
  select c.relname as "table", c.relrowsecurity as "isWalled" from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relkind in ('r', 'p') and exists (select from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and a.attname in ('agency', 'agencies', 'authority', 'returnee_id', 'manifest_id'))
  order by 1`;

/** Of these a login of one agency or authority is shown nothing at all: no right to them is ever given. */
const SHOWN_TO_NOBODY: Readonly<Record<string, readonly string[]>> = {
  coordinator: ['agency_fact', 'agency_heard', 'agency_pace', 'disclosure', 'open_case'],
  intake: ['manifest_chunk', 'manifest_flight', 'reference_lost', 'returnee_alias'],
};

describe('the role under which a service reads for one agency or sending authority', () => {
  const ownRows = (service: string) => `retorno_${service.replaceAll('-', '_')}_own_rows`;

  it.each(['intake', 'coordinator'])(
    'of %s has a right to nothing that no policy limits to whoever asks',
    async (service) => {
      const given = (await query(GIVEN, [ownRows(service)])) as Given[];
      expect(given.length).toBeGreaterThan(0);
      expect(given.filter(({ isLimited }) => !isLimited)).toEqual([]);
      expect(given.filter(({ table }) => !table.startsWith(`${service}.`))).toEqual([]);
    },
  );

  it.each(['intake', 'coordinator'])(
    'of %s: each table that says whose a row is has a policy, or is shown to nobody',
    async (service) => {
      const given = new Set(((await query(GIVEN, [ownRows(service)])) as Given[]).map(({ table }) => table));
      const owned = (await query(OWNED, [service])) as { table: string; isWalled: boolean }[];
      const unshown = owned.filter(({ table, isWalled }) => !isWalled && !given.has(`${service}.${table}`));
      expect(unshown.map(({ table }) => table)).toEqual(SHOWN_TO_NOBODY[service]);
    },
  );

  it.each(['alpha', 'refuge'])(
    'of %s, whose rows are all of one owner, has no rights at all',
    async (service) => {
      expect(await query(GIVEN, [ownRows(service)])).toEqual([]);
    },
  );

  it("cannot log in, goes around no policy, and is nobody else's", async () => {
    const roles = await query(
      `select r.rolname, rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as "mayMore",
         array(select m.member::regrole::text from pg_auth_members m where m.roleid = r.oid) as members
       from pg_roles r where rolname in ('retorno_intake_own_rows', 'retorno_coordinator_own_rows') order by 1`,
    );
    expect(roles).toEqual([
      { rolname: 'retorno_coordinator_own_rows', mayMore: false, members: ['retorno_coordinator'] },
      { rolname: 'retorno_intake_own_rows', mayMore: false, members: ['retorno_intake'] },
    ]);
    for (const sql of ['set role retorno_intake_own_rows', 'set role retorno_coordinator_own_rows']) {
      await expect(as('refuge', sql)).rejects.toThrow(/permission denied/);
    }
  });
});

/** As whoever administers the server. */
async function query(sql: string, params: unknown[] = []): Promise<unknown[]> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql, params)).rows;
  } finally {
    await client.end();
  }
}
