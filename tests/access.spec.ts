/** Least privilege in the database: a service's role owns its schema and can use nothing else. */
import { Client } from 'pg';
import { agencyService } from '@retorno/agency';
import { openDatabase, provision } from '@retorno/service';
import { agency, offer } from './support/fixtures';
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
  for (const name of ['refuge', 'clinic']) {
    const { migrations } = agencyService(agency(name, offer('shelter', { for: ['shelter'] })));
    const url = await provision(database.url, name, `password of ${name}`);
    urls.set(name, url);
    await (await openDatabase({ url, schema: name, migrations })).destroy();
  }
});

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
