import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { eventually } from '../../../tests/support/eventually';
import {
  bakeryWriterOf,
  closeBakery,
  count,
  cursorOf,
  openSchema,
  openShop,
  ORDERS,
  placeOrders,
  seen,
  type Shop,
} from '../testing/bakery';
import { EmbeddedTransport } from '../transports/embedded';

const WRITTEN = ['stream_head', 'event', 'outbox', 'lost', 'heard', 'tally'];
const READ = ['stream_cursor', 'held', 'tally'];

let postgres: TestDatabase;
let transport: EmbeddedTransport;
let counter: Shop;
let oven: Shop;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  transport = new EmbeddedTransport({ writerOf: bakeryWriterOf });
  counter = await open('counter');
  oven = await open('oven');
  await transport.start();
  counter.messaging.start();
});
afterEach(async () => {
  await closeBakery();
  await transport.stop();
});

async function open(service: 'counter' | 'oven', known?: Shop, forgets = false): Promise<Shop> {
  return openShop({
    dataSource: known?.dataSource ?? (await openSchema(postgres.url, service)),
    service,
    transport,
    relay: { idleMs: 20 },
    rollCall: { youngMs: 0, waitMs: 2_000 },
    meetsFirst: known !== undefined,
    ...(forgets && {
      forget: async (tx, _topic, keys) =>
        void (await tx.query('delete from tally where key = any($1)', [keys])),
    }),
  });
}

/** A copy of a service's tables; the function that it gives puts them back. */
async function backup({ dataSource }: Shop, tables: readonly string[]): Promise<() => Promise<void>> {
  for (const table of tables) await dataSource.query(`create table kept_${table} as table ${table}`);
  return async () => {
    await dataSource.query(`truncate ${tables.join(', ')}`);
    for (const table of tables) {
      await dataSource.query(`insert into ${table} overriding system value select * from kept_${table}`);
    }
  };
}

const handled = (key: string, seq: number) =>
  eventually(async () => (await cursorOf(oven, key))?.lastSeq === seq);

async function restarted(service: 'counter' | 'oven', before: Shop, forgets = false): Promise<Shop> {
  await before.messaging.stop();
  const shop = await open(service, before, forgets);
  await shop.messaging.meetNeighbours();
  shop.messaging.start();
  return shop;
}

/** The counter has lost orders 2 and 3, and has written one since. */
async function restoredCounter(): Promise<void> {
  await placeOrders(counter, 'rye', 1);
  await placeOrders(counter, 'spelt', 1);
  await handled('rye', 1);
  await handled('spelt', 1);
  const restore = await backup(counter, WRITTEN);
  await placeOrders(counter, 'rye', 2, 3);
  await handled('rye', 3);
  await counter.messaging.stop();
  await restore();
  counter = await restarted('counter', counter);
  await placeOrders(counter, 'rye', 10);
  await handled('rye', 4);
  await eventually(async () => (await count(oven, 'held')) === 0);
}

describe('a reader restored after its writer was', () => {
  it('is told at once what can never come, and waits for nothing', async () => {
    const restore = await backup(oven, READ);
    await restoredCounter();
    await oven.messaging.stop();
    await restore();
    oven = await restarted('oven', oven);
    await handled('rye', 4);
    expect(await seen(oven, 'rye')).toEqual([1, 10]);
    expect(await count(oven, 'held')).toBe(0);
  });
});

describe('a reader that is to forget what its writer has lost', () => {
  it('makes those streams anew, and leaves the others alone', async () => {
    await oven.messaging.stop();
    oven = await open('oven', oven, true);
    await oven.messaging.meetNeighbours();
    oven.messaging.start();
    await restoredCounter();
    expect(await seen(oven, 'rye')).toEqual([1, 10]);
    expect(await oven.dataSource.query('select topic, key from replay_wanted')).toEqual([
      { topic: ORDERS, key: 'rye' },
    ]);
  });

  it('is told once: no start makes them anew again', async () => {
    await oven.messaging.stop();
    oven = await open('oven', oven, true);
    await oven.messaging.meetNeighbours();
    oven.messaging.start();
    await restoredCounter();
    const asked = 'select id from replay_wanted';
    const before = await oven.dataSource.query(asked);
    counter = await restarted('counter', counter);
    oven = await restarted('oven', oven, true);
    expect(await oven.dataSource.query(asked)).toEqual(before);
    expect(await seen(oven, 'rye')).toEqual([1, 10]);
  });
});
