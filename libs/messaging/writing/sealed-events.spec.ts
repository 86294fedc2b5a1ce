import { Client } from 'pg';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { ManualClock } from '../clock';
import { documentStore } from '../reading/document-store';
import {
  closeBakery,
  count,
  cursorOf,
  digestOf,
  GiftOrdered,
  Hatch,
  NOON,
  openSchema,
  openShop,
  ORDERS,
  OrderPlaced,
  tallyOrder,
  written,
  type Shop,
} from '../testing/bakery';
import type { TransportRecord } from '../transport';
import { Keyring } from '../vault/key-vault';
import { configuredWrapper } from '../vault/key-wrapper';
import { PostgresVault } from '../vault/postgres-vault';
import { installVault } from '../vault/vault-schema';

const MARKER = 'Rosa Quispe';

let postgres: TestDatabase;
let hatch: Hatch;
let counter: Shop;
let oven: Shop;
let vault: PostgresVault;
/** What the oven's handlers were given. */
let told: unknown[];
let burning: boolean;

beforeAll(async () => {
  postgres = await startPostgres();
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await installVault(client);
  await client.end();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  hatch = new Hatch();
  told = [];
  burning = false;
  vault = new PostgresVault(configuredWrapper('ab'.repeat(32)), 0);
  const shop = async (service: 'counter' | 'oven'): Promise<Shop> =>
    openShop({
      dataSource: await openSchema(postgres.url, service),
      service,
      transport: hatch,
      vault,
      clock: new ManualClock(NOON),
      handlers: {
        [OrderPlaced.type]: (data, ctx) => {
          if (burning) throw new Error('burnt');
          told.push(data);
          tallyOrder(data, ctx);
        },
        [GiftOrdered.type]: (data, ctx) => {
          told.push(data);
          tallyOrder(data, ctx);
        },
      },
    });
  counter = await shop('counter');
  oven = await shop('oven');
});
afterEach(() => closeBakery());

/** Keys are another test's as well: each test has a customer of its own. */
let customers = 0;
const customer = (): string => `customer-${++customers}`;

async function order(key: string, n: number, note = MARKER): Promise<void> {
  await counter.messaging.command([], (unit) =>
    unit.publish({ topic: ORDERS, key, contract: OrderPlaced, data: { n, note } }),
  );
}

async function gift(key: string, n: number): Promise<void> {
  await counter.messaging.command([], (unit) =>
    unit.publish({ topic: ORDERS, key, contract: GiftOrdered, data: { n, recipient: MARKER } }),
  );
}

async function erase(key: string): Promise<void> {
  await oven.dataSource.transaction((tx) => vault.erase(tx, [`customer/${key}`]));
}

/** As they come from elsewhere: nothing of this process's memory clings to them. */
async function sent(key: string): Promise<TransportRecord[]> {
  return JSON.parse(JSON.stringify(await written(counter, key))) as TransportRecord[];
}

async function everything(shop: Shop): Promise<string> {
  const tables = ['event', 'outbox', 'held', 'parked', 'skipped', 'stream_head', 'stream_cursor'];
  const kept = await Promise.all(
    tables.map((table) => shop.dataSource.query(`select t::text from ${table} t`)),
  );
  return JSON.stringify(kept);
}

it('is open for the handler, and sealed wherever it is written, held, parked or sent', async () => {
  const key = customer();
  await order(key, 1);
  await order(key, 2);
  await order(key, 3);
  const [first, second, third] = await sent(key);
  expect(JSON.stringify([first, second, third])).not.toContain('Quispe');
  await hatch.deliver([third!]);
  expect(await count(oven, 'held')).toBe(1);
  burning = true;
  await hatch.deliver([first!]);
  await hatch.deliver([second!]);
  expect(await count(oven, 'parked')).toBe(3);
  expect(await everything(oven)).not.toContain('Quispe');
  expect(await everything(counter)).not.toContain('Quispe');
  burning = false;
  const [standing] = await oven.messaging.parked();
  expect(await oven.messaging.redrive(standing!.id)).toEqual({ handled: 3, failed: null });
  expect(told).toEqual([1, 2, 3].map((n) => ({ n, note: MARKER })));
});

it('handed over in the same process is the sealed one as well', async () => {
  const key = customer();
  counter.messaging.start();
  await order(key, 1);
  while (hatch.published.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(JSON.stringify(hatch.published)).not.toContain('Quispe');
});

it('delivered again is handled once', async () => {
  const key = customer();
  await order(key, 1);
  const records = await sent(key);
  await hatch.deliver(records);
  await hatch.deliver(records);
  expect(told).toEqual([{ n: 1, note: MARKER }]);
});

it('with nothing personal in it is not sealed, and needs no key', async () => {
  const key = customer();
  await counter.messaging.command([], (unit) =>
    unit.publish({ topic: ORDERS, key, contract: OrderPlaced, data: { n: 1 } }),
  );
  expect((await sent(key))[0]!.envelope.data).toEqual({ n: 1 });
});

it('moved into another event, or changed, is parked and never handled', async () => {
  const [mine, yours] = [customer(), customer()];
  await order(mine, 1);
  await order(mine, 2);
  await order(yours, 1, 'for somebody else');
  const [first, second] = await sent(mine);
  const [other] = await sent(yours);
  const swapped = { ...first!, envelope: { ...first!.envelope, data: second!.envelope.data } };
  const foreign = { ...other!, envelope: { ...other!.envelope, data: first!.envelope.data } };
  await hatch.deliver([swapped]);
  await hatch.deliver([foreign]);
  expect(told).toEqual([]);
  expect((await oven.messaging.parked()).map(({ cause }) => cause)).toEqual([
    expect.stringContaining('sealed data cannot be opened'),
    expect.stringContaining('sealed data cannot be opened'),
  ]);
});

describe('of a subject that was erased', () => {
  it('is handled without what was personal, where its contract can do without', async () => {
    const key = customer();
    await order(key, 1);
    const records = await sent(key);
    await erase(key);
    await hatch.deliver(records);
    expect(told).toEqual([{ n: 1 }]);
    expect(await oven.messaging.parked()).toEqual([]);
  });

  it('is passed over where it can not; those behind it go on, and the reader stands where it should', async () => {
    const key = customer();
    await gift(key, 1);
    await order(key, 2);
    const records = await sent(key);
    await erase(key);
    await hatch.deliver(records);
    expect(told).toEqual([{ n: 2 }]);
    expect(await oven.messaging.parked()).toEqual([]);
    expect(await cursorOf(oven, key)).toEqual({ lastSeq: 2, digest: digestOf(records) });
  });

  it('is passed over also when it was parked before the erasure', async () => {
    const key = customer();
    await order(key, 1);
    burning = true;
    await hatch.deliver(await sent(key));
    burning = false;
    await erase(key);
    const [standing] = await oven.messaging.parked();
    expect(await oven.messaging.redrive(standing!.id)).toEqual({ handled: 1, failed: null });
    expect(told).toEqual([{ n: 1 }]);
  });

  it('is written without what is personal: nothing is kept of it any more', async () => {
    const key = customer();
    await order(key, 1);
    await erase(key);
    await order(key, 2);
    const records = await sent(key);
    expect(records[1]!.envelope.data).toEqual({ n: 2, sealed: '' });
    await hatch.deliver(records);
    expect(told).toEqual([{ n: 1 }, { n: 2 }]);
  });
});

describe('a document', () => {
  interface Card {
    readonly points: number;
    readonly name: string;
  }
  const personal = {
    properties: ['name'],
    subject: (_open: Card, key: string) => `customer/${key}`,
    erased: ({ points = 0 }: Partial<Card>) => ({ points, name: '' }),
  } as const;
  const cards = documentStore<Card>({ name: 'tally', table: 'tally', personal });
  const lost = documentStore<Card>({
    name: 'tally',
    table: 'tally',
    personal: { properties: personal.properties, subject: personal.subject },
  });

  const save = (key: string, after: Card, version = 0): Promise<void> =>
    counter.dataSource.transaction((tx) =>
      cards.save({ tx, keyring: new Keyring(vault, tx, (fn) => fn()), service: 'counter' }, [
        { key, before: undefined, after, version },
      ]),
    );
  const load = (key: string, store = cards): Promise<Card | undefined> =>
    counter.dataSource.transaction(async (tx) => {
      const context = { tx, keyring: new Keyring(vault, tx), service: 'counter' };
      return (await store.load(context, [key])).get(key)?.read();
    });

  it('is written with its personal part sealed, and read whole', async () => {
    const key = customer();
    await save(key, { points: 3, name: MARKER });
    const [row] = await counter.dataSource.query('select body from tally where key = $1', [key]);
    expect(JSON.parse(row.body)).toEqual({ points: 3, sealed: expect.any(String) });
    expect(row.body).not.toContain('Quispe');
    expect(await load(key)).toEqual({ points: 3, name: MARKER });
  });

  it('does not open in another document', async () => {
    const [mine, yours] = [customer(), customer()];
    await save(mine, { points: 3, name: MARKER });
    await save(yours, { points: 4, name: 'somebody else' });
    await counter.dataSource.query(
      'update tally set body = (select body from tally where key = $1) where key = $2',
      [mine, yours],
    );
    await expect(load(yours)).rejects.toThrow('sealed data cannot be opened');
  });

  it('of an erased subject is what is left of it, or none; and what is written of it later stays out', async () => {
    const key = customer();
    await save(key, { points: 3, name: MARKER });
    await erase(key);
    expect(await load(key)).toEqual({ points: 3, name: '' });
    expect(await load(key, lost)).toBeUndefined();
    await save(key, { points: 5, name: MARKER }, 1);
    const [row] = await counter.dataSource.query('select body from tally where key = $1', [key]);
    expect(JSON.parse(row.body)).toEqual({ points: 5, sealed: '' });
  });
});
