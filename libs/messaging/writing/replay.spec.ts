import type { EntityManager } from 'typeorm';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { eventually } from '../../../tests/support/eventually';
import {
  closeBakery,
  bakeryWriterOf,
  count,
  cursorOf,
  digestOf,
  Hatch,
  openSchema,
  openShop,
  ORDERS,
  placeOrders,
  seen,
  tallyOrder,
  written,
  OrderPlaced,
  type Shop,
} from '../testing/bakery';
import { EmbeddedTransport } from '../transports/embedded';
import type { Transport } from '../transport';

let database: TestDatabase;
beforeAll(async () => {
  database = await startPostgres();
});
afterAll(() => database.stop());
afterEach(closeBakery);

const KEYS = ['rye', 'oats', 'wheat'];
const clear = (tx: EntityManager): Promise<void> => tx.query('delete from tally');

async function shops(transport: Transport): Promise<{ counter: Shop; oven: Shop }> {
  const counter = openShop({
    dataSource: await openSchema(database.url, 'counter'),
    service: 'counter',
    transport,
    keeps: [ORDERS],
  });
  const oven = openShop({ dataSource: await openSchema(database.url, 'oven'), service: 'oven', transport });
  return { counter, oven };
}

async function bakery(): Promise<{ counter: Shop; oven: Shop; transport: EmbeddedTransport }> {
  const transport = new EmbeddedTransport({ writerOf: bakeryWriterOf });
  const { counter, oven } = await shops(transport);
  await transport.start();
  counter.messaging.start();
  oven.messaging.start();
  return { counter, oven, transport };
}

async function sees(oven: Shop, key: string, orders: number[]): Promise<void> {
  await eventually(async () => JSON.stringify(await seen(oven, key)) === JSON.stringify(orders), 20_000);
}

async function quiet(counter: Shop): Promise<void> {
  await eventually(async () => {
    const { replays, outbox } = await counter.messaging.backlog();
    return replays === 0 && outbox === 0;
  });
}

describe('a reader that begins anew', () => {
  it('is sent every stream from its first event, once and in order, and ends where it was', async () => {
    const { counter, oven } = await bakery();
    for (const key of KEYS) await placeOrders(counter, key, 1, 2, 3);
    for (const key of KEYS) await sees(oven, key, [1, 2, 3]);
    await oven.messaging.readAnew(ORDERS, clear);
    for (const key of KEYS) await sees(oven, key, [1, 2, 3]);
    await quiet(counter);
    const expected = digestOf(await written(counter, 'rye'));
    expect(await cursorOf(oven, 'rye')).toEqual({ lastSeq: 3, digest: expected });
    expect(await count(oven, 'held')).toBe(0);
  });

  it('holds what arrives meanwhile until what it follows has come', async () => {
    const { counter, oven } = await bakery();
    await placeOrders(counter, 'rye', 1, 2);
    await sees(oven, 'rye', [1, 2]);
    const writing = (async () => {
      for (let n = 3; n <= 30; n++) await placeOrders(counter, 'rye', n);
    })();
    await oven.messaging.readAnew(ORDERS, clear);
    await oven.messaging.readAnew(ORDERS, clear);
    await writing;
    await sees(
      oven,
      'rye',
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
  });

  it('leaves a batch under way its time: nothing of before the beginning is written behind it', async () => {
    const hatch = new Hatch();
    let finish!: () => void;
    const until = new Promise<void>((resolve) => (finish = resolve));
    let entered!: () => void;
    const inside = new Promise<void>((resolve) => (entered = resolve));
    const { counter } = await shops(hatch);
    const oven = openShop({
      dataSource: await openSchema(database.url, 'oven'),
      service: 'oven',
      transport: hatch,
      handlers: {
        [OrderPlaced.type]: async (data, ctx) => {
          entered();
          await until;
          tallyOrder(data, ctx);
        },
      },
    });
    await placeOrders(counter, 'rye', 1, 2);
    const under = hatch.deliver(await written(counter), 1);
    await inside;
    const anew = oven.messaging.readAnew(ORDERS, clear);
    finish();
    await Promise.all([under, anew]);
    expect(await seen(oven, 'rye')).toEqual([]);
    expect(await cursorOf(oven, 'rye')).toBeUndefined();
  });

  it('asks when the writer is there again, and once for all starts when it only wants the first events', async () => {
    const hatch = new Hatch();
    const { oven } = await shops(hatch);
    let away = true;
    hatch.requestResend = async (request) => {
      if (away) throw new Error('nobody there');
      hatch.asked.push(request);
    };
    await oven.messaging.readFromTheFirst(ORDERS);
    oven.messaging.start();
    expect((await oven.messaging.backlog()).replays).toBe(1);
    away = false;
    await eventually(() => hatch.asked.length === 1, 20_000);
    await oven.messaging.readFromTheFirst(ORDERS);
    expect((await oven.messaging.backlog()).replays).toBe(0);
    expect(hatch.asked).toEqual([{ topic: ORDERS }]);
  });

  it('does not stand in the way of news: little of it waits in the outbox at a time', async () => {
    const hatch = new Hatch();
    const { counter } = await shops(hatch);
    for (let i = 0; i < 30; i++) {
      await counter.messaging.command([], (unit) => {
        for (let n = 1; n <= 100; n++) {
          unit.publish({ topic: ORDERS, key: `k${i % 15}`, contract: OrderPlaced, data: { n } });
        }
      });
    }
    await counter.dataSource.query('delete from outbox');
    hatch.onPublish = async () => {
      throw new Error('the broker is away');
    };
    counter.messaging.start();
    await hatch.requestResend({ topic: ORDERS });
    await hatch.requestResend({ topic: ORDERS });
    await eventually(async () => (await counter.messaging.backlog()).outbox > 0, 20_000);
    hatch.onPublish = async () => undefined;
    await quiet(counter);
    const sent = hatch.published.flat().map((r) => `${r.envelope.partitionkey} ${r.envelope.keyseq}`);
    expect(new Set(sent).size).toBe(3000);
    expect(Math.max(...hatch.published.map((batch) => batch.length))).toBeLessThanOrEqual(700);
  });
});
