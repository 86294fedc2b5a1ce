import type { CataloguePublished } from '@retorno/contracts';
import { EmbeddedTransport, Messaging, systemClock } from '@retorno/messaging';
import { openDatabase } from '@retorno/service';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { CatchUpSweep } from './catch-up-sweep';
import type { Casework } from './casework';
import { CatalogueShelf } from './catalogues';
import { Cases1763800000000 } from '../migrations/1763800000000-cases';
import { Ledger1766000000000 } from '../migrations/1766000000000-ledger';
import { ledgerStore } from '../ledger/ledger.store';
import { fingerprintOf } from '../saga/plan/offers';
import { caseStore, personStore } from './stores';

let database: TestDatabase;
let messaging: Messaging;
let shelf: CatalogueShelf;
/** The cases that were decided about, in their order. */
let decided: string[];
/** Runs at each decision. */
let meanwhile: (caseId: string) => void;

beforeAll(async () => {
  database = await startPostgres();
  const dataSource = await openDatabase({
    url: database.url,
    schema: 'coordinator',
    migrations: [Cases1763800000000, Ledger1766000000000],
  });
  messaging = new Messaging({
    dataSource,
    transport: new EmbeddedTransport(),
    clock: systemClock,
    options: {
      service: 'coordinator',
      stores: [caseStore, personStore, ledgerStore],
      subscribes: [],
      loads: () => [],
    },
  });
}, 60_000);
afterAll(async () => {
  await messaging.dataSource.destroy();
  await database.stop();
}, 60_000);
beforeEach(async () => {
  await messaging.dataSource.query('truncate catalogue, case_file, open_case');
  shelf = new CatalogueShelf(messaging);
  decided = [];
  meanwhile = () => undefined;
  await publish('shelter');
});

/** What `decide` decides has its own tests; which cases it is asked about, and when, is the sweep's business. */
function sweepOf(): CatchUpSweep {
  const decide = (_unit: unknown, caseId: string): void => {
    meanwhile(caseId);
    decided.push(caseId);
  };
  return new CatchUpSweep(messaging, shelf, { decide } as unknown as Casework);
}

async function publish(...codes: string[]): Promise<void> {
  const services = codes.map((code) => ({ code, for: [code], requires: [], sees: [] }));
  const catalogue = { agency: 'refuge', name: 'Refuge', version: codes.length, services };
  await messaging.dataSource.query(
    `insert into catalogue (key, version, body) values ('refuge', 1, $1)
     on conflict (key) do update set body = excluded.body`,
    [JSON.stringify(catalogue as unknown as CataloguePublished)],
  );
}

async function cases(count: number, status: string, unoffered = '{}'): Promise<void> {
  await messaging.dataSource.query(
    `insert into case_file (key, version, body, number, status, opened_at, unoffered)
     select $2 || '-' || lpad(i::text, 5, '0'), 1, '{}', $2 || i, $2, now(), $3
     from generate_series(1, $1::int) as i`,
    [count, status, unoffered],
  );
  if (status !== 'open') return;
  await messaging.dataSource.query(
    `insert into open_case (key, number, status, opened_at, agencies, agencies_due, awaits, escalated, held_by, unread)
     select key, number, status, opened_at, '{}', '{}', '{}', false, '{}', '{}' from case_file where status = $1`,
    [status],
  );
}

async function behind(): Promise<number> {
  const [row]: { n: number }[] = await messaging.dataSource.query(
    'select count(*)::int as n from open_case where offers <> $1',
    [fingerprintOf(shelf.current())],
  );
  return row!.n;
}

describe('the sweep behind what agencies offer', () => {
  it('looks at every open case once, part by part, and again only when something else is offered', async () => {
    await cases(250, 'open');
    const sweep = sweepOf();
    await sweep.sweep();
    expect([decided.length, new Set(decided).size, await behind()]).toEqual([250, 250, 0]);
    await sweep.sweep();
    await sweepOf().sweep();
    expect(decided).toHaveLength(250);
    await publish('shelter', 'lodging');
    await sweep.sweep();
    expect([decided.length, await behind()]).toEqual([500, 0]);
  });

  it('that dies in the middle is gone on with, and nobody is looked at twice', async () => {
    await cases(250, 'open');
    const first = sweepOf();
    meanwhile = (caseId) => caseId === 'open-00150' && first.onModuleDestroy();
    await first.sweep();
    expect([decided.length, await behind()]).toEqual([200, 50]);
    await sweepOf().sweep();
    expect([decided.length, new Set(decided).size, await behind()]).toEqual([250, 250, 0]);
  });

  it('begins again when an agency publishes meanwhile', async () => {
    await cases(250, 'open');
    meanwhile = (caseId) => {
      if (caseId !== 'open-00150') return;
      const services = [{ code: 'lodging', for: [], requires: [], sees: [] }];
      shelf.put({ agency: 'hostel', name: 'Hostel', version: 1, services } as unknown as CataloguePublished);
      meanwhile = () => undefined;
    };
    await sweepOf().sweep();
    expect(await behind()).toBe(0);
    expect(new Set(decided.slice(-200)).size).toBe(200);
  });

  it('is not held up by a case that fails, which is tried again at the next look', async () => {
    await cases(120, 'open');
    meanwhile = (caseId) => {
      if (caseId === 'open-00007') throw new Error('a fault');
    };
    const sweep = sweepOf();
    await sweep.sweep();
    expect(await behind()).toBe(1);
    meanwhile = () => undefined;
    decided = [];
    await sweep.sweep();
    expect([decided, await behind()]).toEqual([['open-00007'], 0]);
  });

  it('leaves it to the instance that is at it', async () => {
    await cases(10, 'open');
    await messaging.dataSource.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('catch-up'), hashtext(current_schema()))`);
      await sweepOf().sweep();
    });
    expect([decided, await behind()]).toEqual([[], 10]);
  });

  it('looks at ended cases with a need that nobody offered and somebody does now, and at no others', async () => {
    await cases(150, 'completed', '{shelter}');
    await cases(3, 'closed', '{shelter}');
    await sweepOf().sweep();
    expect(new Set(decided).size).toBe(150);
    expect(decided.filter((key) => !key.startsWith('completed'))).toEqual([]);
    decided = [];
    await messaging.dataSource.query(`update case_file set unoffered = '{lodging}'`);
    await sweepOf().sweep();
    expect(decided).toEqual([]);
  });
});
