/**
 * The second wall, by the catalogue of the database: a service that answers logins of one agency or one sending authority
 * reads for them under a role to which nobody else's rows are there (libs/service/own-rows.ts).
 */
import { OwnRows } from '@retorno/service';
import { Client } from 'pg';
import { System } from './support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
}, 60_000);
afterAll(() => system.stop(), 60_000);

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

const ownRows = (service: string) => `retorno_${service.replaceAll('-', '_')}_own_rows`;
const givenTo = (service: string) => query<Given>(GIVEN, [ownRows(service)]);
/** Services that answer logins of one agency, or of one sending authority, from tables with rows of several. */
const SEVERAL = ['coordinator', 'intake'];

describe('the role under which a service reads for one agency or sending authority', () => {
  it.each(SEVERAL)('of %s has a right to nothing that is not limited to whoever asks', async (service) => {
    const given = await givenTo(service);
    expect(given.length).toBeGreaterThan(0);
    expect(given.filter(({ isLimited }) => !isLimited)).toEqual([]);
    expect(given.filter(({ table }) => !table.startsWith(`${service}.`))).toEqual([]);
  });

  it.each(SEVERAL)(
    'of %s: each table that says whose a row is has a policy, or is shown to nobody',
    async (service) => {
      const given = new Set((await givenTo(service)).map(({ table }) => table));
      const owned = await query<{ table: string; isWalled: boolean }>(OWNED, [service]);
      const unshown = owned.filter(({ table, isWalled }) => !isWalled && !given.has(`${service}.${table}`));
      expect(unshown.map(({ table }) => table)).toEqual(SHOWN_TO_NOBODY[service]);
    },
  );

  it('of the others, whose rows are of one owner or of nobody, has no rights at all', async () => {
    const others = system.topology.services.map(({ name }) => name).filter((name) => !SEVERAL.includes(name));
    expect(others).toContain('health');
    for (const service of others) expect(await givenTo(service)).toEqual([]);
  });

  it("cannot log in, goes around no policy, and is no other service's", async () => {
    const roles = await query<{ role: string; mayMore: boolean; members: string[] }>(
      `select r.rolname as role, rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as "mayMore",
         array(select m.member::regrole::text from pg_auth_members m where m.roleid = r.oid) as members
       from pg_roles r where rolname = any($1)`,
      [system.topology.services.map(({ name }) => ownRows(name))],
    );
    expect(roles).toHaveLength(system.topology.services.length);
    for (const { role, mayMore, members } of roles) {
      expect([role, mayMore, members.filter((one) => one.startsWith('retorno_'))]).toEqual([
        role,
        false,
        [role.replace(/_own_rows$/, '')],
      ]);
    }
    await expect(sourceOf('health').query(`set role ${ownRows('coordinator')}`)).rejects.toThrow(
      /permission denied/,
    );
  });
});

describe("an agency's login, at the coordinator", () => {
  it('has the referrals that its agency holds, and no others, whatever is asked', async () => {
    const found = await system.arrive({ needs: ['health-care', 'identity-document'] });
    const held = (agency: string) =>
      found.referrals.filter((one) => one.agency === agency && one.requestedAt);
    const wall = new OwnRows(sourceOf('coordinator'), 'coordinator');
    for (const agency of ['health', 'identity']) {
      expect(held(agency)).not.toEqual([]);
      const rows: { referral_id: string; agency: string }[] = await wall
        .of(agency)
        .query('select * from holding');
      expect(rows.map(({ referral_id }) => referral_id).toSorted()).toEqual(
        held(agency)
          .map(({ id }) => id)
          .toSorted(),
      );
      expect(new Set(rows.map((row) => row.agency))).toEqual(new Set([agency]));
    }
    for (const nobody of ['', 'no-agency'])
      expect(await wall.of(nobody).query('select * from holding')).toEqual([]);
    expect(await sourceOf('coordinator').query('select * from holding')).toEqual([]);
  });

  it('has no table', async () => {
    const wall = new OwnRows(sourceOf('coordinator'), 'coordinator').of('health');
    for (const table of [
      'case_file',
      'open_case',
      'person',
      'escalation',
      'disclosure',
      'agency_fact',
      'event_log',
    ]) {
      await expect(wall.query(`select * from ${table}`)).rejects.toThrow(/permission denied/);
    }
    await expect(wall.query(`insert into holding values ('x', 'health', 'requested')`)).rejects.toThrow(
      /permission|view/,
    );
  });
});

/** What the coordinator answers the login of an agency's own system: the referrals that it holds, and what all may know. */
const ANSWERED = [
  'GET /agencies',
  'GET /agreement',
  'GET /holdings/:agency',
  'GET /holdings/:agency/:bucket',
];

describe('the addresses of the coordinator', () => {
  it("are shut to an agency's login but for these: one more must read through the wall", async () => {
    const { app } = system.topology.services.find(({ name }) => name === 'coordinator')!;
    const { router } = app.getHttpAdapter().getInstance() as { router: { stack: { route?: Route }[] } };
    const routes = router.stack.flatMap(({ route }) =>
      Object.keys(route?.methods ?? {}).map((method) => `${method.toUpperCase()} ${route!.path}`),
    );
    const authorization = await system.bearer({
      name: 'a system',
      roles: ['integration', 'agency-worker'],
      agency: 'health',
    });
    const answered: string[] = [];
    for (const route of routes.filter((one) => !/^GET \/(docs|livez|readyz|metrics)/.test(one))) {
      const [method, path] = route.replace(':agency', 'health').replace(/:\w+/g, '00').split(' ') as [
        string,
        string,
      ];
      const { status } = await fetch(`${system.topology.url}${path}`, { method, headers: { authorization } });
      if (status !== 401 && status !== 403) answered.push(route);
    }
    expect(answered.toSorted()).toEqual(ANSWERED);
  });
});

interface Route {
  path: string;
  methods: Record<string, boolean>;
}

function sourceOf(service: string) {
  return system.topology.services.find(({ name }) => name === service)!.messaging.dataSource;
}

/** As whoever administers the server. */
async function query<T>(sql: string, params: unknown[] = []): Promise<T[]> {
  const client = new Client({ connectionString: system.database.url });
  await client.connect();
  try {
    return (await client.query(sql, params)).rows;
  } finally {
    await client.end();
  }
}
