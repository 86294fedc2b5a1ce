import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { openDatabase, provision } from '../database';
import { createLogger } from '../logger';
import { Audit } from './audit';
import type { AuditEntry } from './entry';
import { verifyAudits, type AuditReport } from './verify';

let database: TestDatabase;
let admin: Client;
let source: DataSource;

beforeAll(async () => {
  database = await startPostgres();
  admin = new Client({ connectionString: database.url });
  await admin.connect();
  const url = await provision(database.url, 'bakery', 'password of bakery');
  source = await openDatabase({ url, schema: 'bakery', migrations: [] });
}, 60_000);
afterAll(async () => {
  await source.destroy();
  await admin.end();
  await database.stop();
}, 60_000);

const logger = createLogger('bakery', 'silent');
const aProcess = () => new Audit({ dataSource: source, service: 'bakery', logger, retention: 3_653 });

function entry(name: string): AuditEntry {
  const who = {
    subject: `the "${name}"`,
    name,
    roles: ['operations', 'auditor'],
    agency: null,
    authority: null,
  };
  const what = { action: 'GET /cases/:id', about: ['case:RT-2026-000001'], status: 200, refused: null };
  return { id: uuidv7(), at: new Date().toISOString(), ...who, ...what, reason: 'él, ella\n', times: 1 };
}

/** Two processes at once, then one more after them. */
async function threeProcesses(): Promise<void> {
  await admin.query('truncate audit.bakery');
  const [one, two] = [aProcess(), aProcess()];
  await Promise.all([one.commit(entry('ana')), two.commit(entry('eva'))]);
  for (const name of ['b', 'c', 'd']) {
    one.note(entry(name));
    await two.commit(entry(`${name}2`));
  }
  await one.stop();
  await two.commit(entry('the last of all'));
  await two.stop();
  const later = aProcess();
  await later.commit(entry('later'));
  await later.commit(entry('newest'));
  await later.stop();
}

const verified = async (): Promise<AuditReport> => (await verifyAudits(admin))[0]!;

describe('the chains of the audit', () => {
  beforeEach(threeProcesses);

  it('agree, one for each process, whoever wrote when', async () => {
    expect(await verified()).toEqual({ service: 'bakery', rows: 11, chains: 3 });
  });

  it.each([
    ['says something else', `update audit.bakery set about = '{}' where name = 'c'`],
    ['was somebody else', `update audit.bakery set subject = 'u2' where name = 'b2'`],
    ['is dated back', `update audit.bakery set at = at - interval '1 day' where name = 'eva'`],
    ['went to another chain', `update audit.bakery set chain = '${uuidv7()}' where name = 'd'`],
  ])('break where a row %s', async (_what, sql) => {
    await admin.query(sql);
    expect((await verified()).wrong).toMatch(/does not follow|is missing/);
  });

  it.each(['ana', 'b', 'c2', 'later'])('break where a row was removed: %s', async (name) => {
    await admin.query('delete from audit.bakery where name = $1', [name]);
    expect((await verified()).wrong).toMatch(/is missing/);
  });

  it('break where the end of a chain was removed that a later process began after', async () => {
    await admin.query(`delete from audit.bakery where name = 'the last of all'`);
    expect((await verified()).wrong).toMatch(/the row that it begins after is missing/);
  });

  it('do not break where the first rows are gone by their age', async () => {
    await admin.query(`update audit.bakery set written_at = now() - interval '400 days'`);
    await admin.query(`delete from audit.bakery where name in ('ana', 'eva')`);
    expect((await verified()).wrong).toBeUndefined();
  });

  it('go on in another one after an answer of the database was lost, and nothing is written twice', async () => {
    const audit = aProcess();
    const first = entry('first');
    await audit.commit(first);
    // The same one again fails as a whole, and what comes then begins anew.
    await expect(audit.commit(first)).rejects.toThrow(/written down before/);
    await audit.commit(first);
    await audit.commit(entry('second'));
    expect(await verified()).toEqual({ service: 'bakery', rows: 13, chains: 5 });
  });
});
