import type { Envelope } from '@retorno/contracts';
import { eventually } from '../../../tests/support/eventually';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { ManualClock } from '../clock';
import {
  closeBakery,
  count,
  cursorOf,
  digestOf,
  Hatch,
  LoafBaked,
  LOAVES,
  NOON,
  openSchema,
  openShop,
  ORDERS,
  OrderPlaced,
  placeOrders,
  seen,
  tallyOrder,
  written,
  type Shop,
} from '../testing/bakery';
import type { EventContext } from './unit-of-work';

let postgres: TestDatabase;
let hatch: Hatch;
let clock: ManualClock;
let counter: Shop;
let oven: Shop;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  hatch = new Hatch();
  clock = new ManualClock(NOON);
  counter = openShop({
    dataSource: await openSchema(postgres.url, 'counter'),
    service: 'counter',
    transport: hatch,
  });
  oven = openShop({
    dataSource: await openSchema(postgres.url, 'oven'),
    service: 'oven',
    transport: hatch,
    clock,
  });
});
afterEach(closeBakery);

/** The records of a stream with these sequences, in this order. */
async function orders(...seqs: number[]) {
  const all = await written(counter, 'rye');
  return seqs.map((seq) => all[seq - 1]!);
}

describe('a stream is handled once and in order', () => {
  beforeEach(() => placeOrders(counter, 'rye', 1, 2, 3, 4, 5));

  test('a duplicate is dropped, in one batch and across batches', async () => {
    await hatch.deliver(await orders(1, 1, 2));
    await hatch.deliver(await orders(2, 1, 3, 2, 3));
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3]);
    expect(oven.messaging.counts().handled).toBe(3);
  });

  test('what comes early is held and handled once its forerunner arrives in the same batch', async () => {
    await hatch.deliver(await orders(3, 2, 5, 1));
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3]);
    expect(await count(oven, 'held')).toBe(1);
  });

  test('what comes early is held and handled once its forerunner arrives in a later batch', async () => {
    await hatch.deliver(await orders(4, 2));
    await hatch.deliver(await orders(3, 4));
    expect(await seen(oven, 'rye')).toEqual([]);
    await hatch.deliver(await orders(1));
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3, 4]);
    expect(await count(oven, 'held')).toBe(0);
  });

  test('an event that is early in its batch goes on when what it waits for is held already', async () => {
    await hatch.deliver(await orders(2));
    await hatch.deliver(await orders(3, 1));
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3]);
    expect(await count(oven, 'held')).toBe(0);
  });

  test('held events that another instance overlooked, or handled, are looked after without a delivery', async () => {
    await hatch.deliver(await orders(1, 2));
    for (const record of await orders(2, 3, 5)) {
      await oven.dataSource.query(
        `insert into held (consumer, topic, key, key_seq, envelope, held_at)
         values ('oven', $1, 'rye', $2, $3, now() - interval '2 minutes')`,
        [record.topic, record.envelope.keyseq, JSON.stringify(record.envelope)],
      );
    }
    oven.messaging.start();
    clock.advance(0);
    await eventually(async () => (await seen(oven, 'rye')).length === 3);
    await eventually(() => hatch.asked.length > 0);
    expect(hatch.asked).toEqual([{ topic: 'bakery.orders.v1', key: 'rye', from: 4, to: 4 }]);
    expect(await count(oven, 'held')).toBe(1);
  });

  test('a held event that another instance overlooked goes on with the next delivery', async () => {
    const [third] = await orders(3);
    await hatch.deliver(await orders(1, 2));
    await oven.dataSource.query(
      `insert into held (consumer, topic, key, key_seq, envelope) values ('oven', $1, 'rye', 3, $2)`,
      [third!.topic, JSON.stringify(third!.envelope)],
    );
    await hatch.deliver(await orders(5));
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3]);
    await hatch.deliver(await orders(4));
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3, 4, 5]);
  });

  test('two instances given the same events at the same time handle each once', async () => {
    const second = openShop({ dataSource: oven.dataSource, service: 'oven', transport: hatch });
    const all = await orders(1, 2, 3, 4, 5);
    await Promise.all(all.flatMap((r) => [hatch.deliver([r], 0), hatch.deliver([r], 1)]));
    await hatch.deliver(all, 0);
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3, 4, 5]);
    expect(oven.messaging.counts().handled + second.messaging.counts().handled).toBe(5);
  });

  test('two instances in the middle of the same event: one of them has it, also without a document to lock', async () => {
    const both = new Hatch();
    let inside = 0;
    const ovens = [0, 1].map(() =>
      openShop({
        dataSource: oven.dataSource,
        service: 'oven',
        transport: both,
        handlers: {
          [OrderPlaced.type]: async (_data: unknown, ctx: EventContext) => {
            inside++;
            await eventually(() => inside >= 2);
            ctx.publish({ topic: LOAVES, key: 'rye', contract: LoafBaked, data: { n: 1 } });
          },
        },
      }),
    );
    await both.deliver(await orders(1));
    expect(await count(oven, 'event_log')).toBe(1);
    expect(ovens.map((o) => o.messaging.counts().handled).sort((a, b) => a - b)).toEqual([0, 1]);
  });

  test('the cursor keeps a digest of the handled ids that equals the one of the writer’s log', async () => {
    await hatch.deliver(await orders(2, 1, 1, 4));
    await hatch.deliver(await orders(3, 5, 2));
    expect(await cursorOf(oven, 'rye')).toEqual({
      lastSeq: 5,
      digest: digestOf(await written(counter, 'rye')),
    });
    expect(digestOf(await orders(1, 3, 2, 4, 5))).not.toBe(digestOf(await orders(1, 2, 3, 4, 5)));
  });

  test('many streams in one batch keep to themselves', async () => {
    await placeOrders(counter, 'spelt', 7, 8);
    const spelt = await written(counter, 'spelt');
    await hatch.deliver([spelt[1]!, ...(await orders(1)), spelt[0]!, ...(await orders(2))]);
    expect([await seen(oven, 'rye'), await seen(oven, 'spelt')]).toEqual([
      [1, 2],
      [7, 8],
    ]);
  });
});

describe('deliveries', () => {
  test('one that is made the moment another one ends is not forgotten', async () => {
    await placeOrders(counter, 'rye', 1, 2);
    const [first, second] = await orders(1, 2);
    const { deliver } = hatch.subscribers[0]!;
    await deliver([first!]).then(() => deliver([second!]));
    expect(await seen(oven, 'rye')).toEqual([1, 2]);
  });

  test('a large one is handled in transactions of at most 1,000 events', async () => {
    await counter.messaging.command([], (unit) => {
      for (let n = 1; n <= 1100; n++) {
        unit.publish({ topic: ORDERS, key: `key-${n % 7}`, contract: OrderPlaced, data: { n } });
      }
    });
    const own = new Hatch();
    const perTransaction = new Map<unknown, number>();
    openShop({
      dataSource: oven.dataSource,
      service: 'oven',
      transport: own,
      handlers: {
        [OrderPlaced.type]: (_data: unknown, ctx: EventContext) => {
          perTransaction.set(ctx.tx, (perTransaction.get(ctx.tx) ?? 0) + 1);
        },
      },
    });
    await own.deliver(await written(counter));
    expect([...perTransaction.values()]).toEqual([1000, 100]);
  });

  test('those that arrive while a transaction runs share the next one', async () => {
    await placeOrders(counter, 'rye', 1, 2, 3, 4, 5);
    const own = new Hatch();
    const transactions = new Set<unknown>();
    openShop({
      dataSource: oven.dataSource,
      service: 'oven',
      transport: own,
      handlers: { [OrderPlaced.type]: (_data: unknown, ctx: EventContext) => void transactions.add(ctx.tx) },
    });
    await Promise.all((await orders(1, 2, 3, 4, 5)).map((record) => own.deliver([record])));
    expect(transactions.size).toBe(2);
  });
});

describe('gaps', () => {
  test('a gap that stays is asked for again, and is filled with the same ids', async () => {
    await placeOrders(counter, 'rye', 1, 2, 3, 4);
    counter.messaging.start();
    hatch.onPublish = (records) => hatch.deliver(records.filter((r) => r.envelope.keyseq !== 2 || asked()));
    const asked = () => hatch.asked.length > 0;
    await eventually(() => seen(oven, 'rye').then((s) => s.length === 1));
    await eventually(async () => (await count(counter, 'outbox')) === 0);
    expect(await count(oven, 'held')).toBe(2);

    await oven.messaging.care.askForGaps(0);
    expect(hatch.asked).toEqual([{ topic: 'bakery.orders.v1', key: 'rye', from: 2, to: 2 }]);
    await eventually(() => seen(oven, 'rye').then((s) => s.length === 4));
    const log = await written(counter, 'rye');
    expect(await cursorOf(oven, 'rye')).toEqual({ lastSeq: 4, digest: digestOf(log) });
    expect(new Set(hatch.published.flat().map((r) => r.envelope.id)).size).toBe(4);
  });

  test('a gap is left alone for a minute, and then asked for once a minute', async () => {
    await placeOrders(counter, 'rye', 1, 2);
    await hatch.deliver(await orders(2));
    await oven.messaging.care.askForGaps();
    expect(hatch.asked).toEqual([]);
    await oven.dataSource.query(`update held set held_at = held_at - interval '61 seconds'`);
    await oven.messaging.care.askForGaps();
    await oven.messaging.care.askForGaps();
    expect(hatch.asked).toEqual([{ topic: 'bakery.orders.v1', key: 'rye', from: 1, to: 1 }]);
    expect(await oven.messaging.parked()).toMatchObject([{ kind: 'gap', key: 'rye', keySeq: 1, behind: 1 }]);
  });

  test('a new consumer that first sees event 17 is sent 1 to 16', async () => {
    await placeOrders(counter, 'rye', ...Array.from({ length: 17 }, (_, i) => i + 1));
    await counter.dataSource.query('delete from outbox');
    await hatch.deliver(await orders(17));
    hatch.onPublish = (records) => hatch.deliver(records);
    counter.messaging.start();
    await oven.messaging.care.askForGaps(0);
    expect(hatch.asked).toMatchObject([{ from: 1, to: 16 }]);
    await eventually(() => seen(oven, 'rye').then((s) => s.length === 17));
    expect(await seen(oven, 'rye')).toEqual(Array.from({ length: 17 }, (_, i) => i + 1));
  });
});

describe('handlers', () => {
  test('what runs after the commit does not run for a batch that was undone', async () => {
    await placeOrders(counter, 'rye', 1, 2);
    const told: number[] = [];
    let failures = 1;
    const own = new Hatch();
    openShop({
      dataSource: oven.dataSource,
      service: 'oven',
      transport: own,
      handlers: {
        [OrderPlaced.type]: (data: unknown, ctx: EventContext) => {
          tallyOrder(data, ctx);
          ctx.afterCommit(() => told.push(ctx.event.keyseq));
          if (ctx.event.keyseq === 2 && failures-- > 0) throw new Error('burnt');
        },
      },
    });
    await own.deliver(await orders(1, 2));
    expect(told).toEqual([1, 2]);
  });

  test('unknown fields of an event are ignored by its reader', async () => {
    await placeOrders(counter, 'rye', 1);
    const [record] = await orders(1);
    const data = { ...(record!.envelope.data as object), colour: 'brown' };
    const richer: Envelope = { ...record!.envelope, data };
    await hatch.deliver([{ ...record!, envelope: richer }]);
    expect(await seen(oven, 'rye')).toEqual([1]);
  });
});
