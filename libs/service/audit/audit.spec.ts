import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from '../../../tests/support/eventually';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { openDatabase, provision } from '../database';
import { createLogger } from '../logger';
import { scrape } from '../metrics';
import { Audit } from './audit';
import { auditPage } from './audit-query';
import { assertAudit } from './audit-schema';
import type { AuditEntry } from './entry';

let database: TestDatabase;
let admin: Client;
let source: DataSource;
let audit: Audit;

const logger = createLogger('bakery', 'silent');

function entry(changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: uuidv7(),
    at: '2026-11-23T15:00:00.000Z',
    subject: 'u1',
    name: 'Ana Ríos',
    roles: ['operations'],
    agency: null,
    authority: null,
    action: 'POST /cases/:id/close',
    about: ['case:RT-2026-000001'],
    status: 200,
    refused: null,
    reason: null,
    times: 1,
    ...changes,
  };
}

const auditOf = (service: string) => new Audit({ dataSource: source, service, logger, retention: 3_653 });

beforeAll(async () => {
  database = await startPostgres();
  admin = new Client({ connectionString: database.url });
  await admin.connect();
  await provision(database.url, 'mill', 'password of mill');
  const url = await provision(database.url, 'bakery', 'password of bakery');
  source = await openDatabase({ url, schema: 'bakery', migrations: [] });
  await assertAudit(source, 'bakery');
  audit = auditOf('bakery');
});
beforeEach(() => admin.query('truncate audit.bakery'));
afterAll(async () => {
  await source.destroy();
  await admin.end();
  await database.stop();
});

const rows = async (): Promise<AuditEntry[]> =>
  (await admin.query<AuditEntry>('select * from audit.bakery order by id')).rows;

const figure = async (name: string): Promise<number> => {
  const line = (await scrape([])).text.split('\n').find((one) => one.startsWith(`retorno_audit_${name}{`));
  return Number(line?.split(' ')[1]);
};

describe('the audit in the database', () => {
  it('is added to and read by its service, and nothing else can be done to it', async () => {
    await audit.commit(entry());
    // Answered with a warning, and grants nothing.
    await source.query('grant update, delete on audit.bakery to current_user');
    for (const sql of [
      'update audit.bakery set status = 200',
      'delete from audit.bakery',
      'truncate audit.bakery',
      'drop table audit.bakery',
      'alter table audit.bakery add column x int',
      'insert into audit.bakery (written_at) values (now())',
      'drop schema audit cascade',
      'select * from audit.mill',
      'insert into audit.mill select * from audit.bakery',
      `select audit.forget('mill', 3653)`,
      `select audit.forget('bakery', 1)`,
    ]) {
      await expect(source.query(sql)).rejects.toThrow(/permission denied|must be owner|of another|of a year/);
    }
    expect(await rows()).toHaveLength(1);
  });

  it('is there for a service whose role was not provisioned only when that may make it', async () => {
    await expect(assertAudit(source, 'butchery')).rejects.toThrow(/Provision the services first/);
    const owner = await openDatabase({ url: database.url, schema: 'butchery', migrations: [] });
    await assertAudit(owner, 'butchery');
    await owner.destroy();
    expect((await admin.query('select * from audit.butchery')).rows).toEqual([]);
  });

  it('loses what is older than its retention, by when the database wrote it, and nothing else', async () => {
    await audit.commit(entry({ at: '1999-01-01T00:00:00.000Z' }));
    await audit.commit(entry());
    await admin.query(
      `update audit.bakery set written_at = now() - interval '3654 days' where at > '2000-01-01'`,
    );
    expect(await audit.forget()).toBe(1);
    expect((await rows()).map((row) => row.at)).toEqual([new Date('1999-01-01T00:00:00Z')]);
  });
});

describe('writing it', () => {
  it('happens soon, whatever was done meanwhile, and in order', async () => {
    const given = Array.from({ length: 1_200 }, (_, i) => entry({ about: [`case:RT-2026-${i}`] }));
    given.forEach((one) => audit.note(one));
    await eventually(async () => (await rows()).length === given.length);
    expect((await rows()).map(({ about }) => about)).toEqual(given.map(({ about }) => about));
  });

  it('is finished before the service ends, counts included', async () => {
    const ending = auditOf('bakery');
    for (let i = 0; i < 50; i++) ending.note(entry({ status: 403, refused: 'not-allowed' }));
    await ending.stop();
    expect((await rows()).map(({ times }) => times)).toEqual([1, 49]);
  });

  it('goes on after the database was away, without a row twice, and says so meanwhile', async () => {
    const away = auditOf('bakery');
    await admin.query('alter table audit.bakery rename to bakery_away');
    away.note(entry());
    await eventually(() => Promise.resolve(away.trouble !== undefined));
    expect(away.trouble).toBe('cannot be written, 1 rows wait');
    expect(await figure('waiting')).toBe(1);
    await admin.query('alter table audit.bakery_away rename to bakery');
    await eventually(async () => (await rows()).length === 1);
    expect(away.trouble).toBeUndefined();
    await away.stop();
  });

  it('gives up what no database takes, and counts it, instead of all memory', async () => {
    const full = auditOf('bakery');
    const before = await figure('lost_total');
    await admin.query('alter table audit.bakery rename to bakery_away');
    for (let i = 0; i < 10_010; i++) full.note(entry());
    expect(await figure('lost_total')).toBe(before + 10);
    await admin.query('alter table audit.bakery_away rename to bakery');
    await full.stop();
    expect(await rows()).toHaveLength(10_000);
  });

  it('that must come first and cannot is a refusal', async () => {
    await admin.query('alter table audit.bakery rename to bakery_away');
    await expect(audit.commit(entry())).rejects.toMatchObject({ body: { status: 503 } });
    await admin.query('alter table audit.bakery_away rename to bakery');
  });
});

describe('reading it', () => {
  const at = (minute: number) => `2026-11-23T15:${String(minute).padStart(2, '0')}:00.000Z`;

  beforeEach(async () => {
    await audit.commit(entry({ at: at(1) }));
    await audit.commit(
      entry({ at: at(2), subject: 'u2', name: 'Luis', about: ['returnee:r1'], status: 409 }),
    );
    await audit.commit(entry({ at: at(3), action: 'GET /cases/:id', status: 403, refused: 'not-allowed' }));
    await audit.commit(
      entry({ at: at(3), subject: null, name: null, status: 401, refused: 'not-logged-in' }),
    );
  });

  it.each([
    [{ who: 'u1' }, 2],
    [{ who: 'ana r' }, 2],
    [{ who: 'An%' }, 0],
    [{ case: 'rt-2026-000001' }, 3],
    [{ case: 'RT-2026-000001,x', returnee: 'R1' }, 4],
    [{ action: 'GET /cases/:id' }, 1],
    [{ outcome: 'done' as const }, 1],
    [{ outcome: 'failed' as const }, 1],
    [{ outcome: 'refused' as const }, 2],
    [{ outcome: 'not-logged-in' as const }, 1],
    [{ from: at(2), to: at(3) }, 1],
  ])('by %j gives %i rows', async (query, count) => {
    expect((await auditPage([audit], query)).items).toHaveLength(count);
  });

  it('goes page by page, newest first, each row once', async () => {
    const all = (await auditPage([audit], {})).items;
    expect(all.map((row) => row.at)).toEqual([at(3), at(3), at(2), at(1)]);
    const seen: AuditEntry[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const found: { items: AuditEntry[]; next: string | null } = await auditPage([audit], {
        cursor,
        limit: '1',
      });
      seen.push(...found.items);
      cursor = found.next;
    }
    expect(seen).toEqual(all);
    await expect(auditPage([audit], { cursor: 'WyJ4IiwieSJd' })).rejects.toMatchObject({
      body: { status: 400 },
    });
  });
});
