/** Whatever a transport may do to records, each event is handled once and in order per stream. */
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import {
  closeBakery,
  count,
  cursorOf,
  digestOf,
  Hatch,
  openSchema,
  openShop,
  ORDERS,
  OrderPlaced,
  seen,
  tallyOrder,
  written,
  type Shop,
} from '../testing/bakery';
import type { TransportRecord } from '../transport';

const KEYS = ['rye', 'spelt', 'corn'];
const PER_KEY = 5;

let postgres: TestDatabase;
let log: TransportRecord[];
let counter: Shop;
let ovenSource: DataSource;

beforeAll(async () => {
  postgres = await startPostgres();
  counter = openShop({
    dataSource: await openSchema(postgres.url, 'counter'),
    service: 'counter',
    transport: new Hatch(),
  });
  await counter.messaging.command([], (unit) => {
    for (let n = 1; n <= PER_KEY; n++) {
      for (const key of KEYS) unit.publish({ topic: ORDERS, key, contract: OrderPlaced, data: { n } });
    }
  });
  log = await written(counter);
  ovenSource = await openSchema(postgres.url, 'oven');
});
afterAll(async () => {
  await closeBakery();
  await postgres.stop();
});

/** Deliveries of any records in any order; the transport then repeats what it dropped. */
const deliveries = fc.array(
  fc.array(fc.integer({ min: 0, max: KEYS.length * PER_KEY - 1 }), { minLength: 1, maxLength: 12 }),
  { maxLength: 5 },
);

const shuffled = () => fc.shuffledSubarray(log, { minLength: log.length, maxLength: log.length });

async function emptied(): Promise<void> {
  await ovenSource.query('truncate tally, stream_cursor, held, parked, skipped');
}

function openOven(hatch: Hatch, failing: (n: number) => boolean = () => false): Shop {
  return openShop({
    dataSource: ovenSource,
    service: 'oven',
    transport: hatch,
    handlers: {
      [OrderPlaced.type]: (data, ctx) => {
        tallyOrder(data, ctx);
        if (failing((data as OrderPlaced).n)) throw new Error('burnt');
      },
    },
  });
}

async function assertAllOnceInOrder(oven: Shop): Promise<void> {
  for (const key of KEYS) {
    const stream = log.filter((record) => record.envelope.partitionkey === key);
    expect(await seen(oven, key)).toEqual(Array.from({ length: PER_KEY }, (_, i) => i + 1));
    expect(await cursorOf(oven, key)).toEqual({ lastSeq: PER_KEY, digest: digestOf(stream) });
  }
  expect([await count(oven, 'held'), await count(oven, 'parked')]).toEqual([0, 0]);
}

test('for any duplicates, reorders and drops with redelivery, each event is handled once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, shuffled(), async (batches, again) => {
      await emptied();
      const hatch = new Hatch();
      const oven = openOven(hatch);
      for (const batch of batches) await hatch.deliver(batch.map((i) => log[i]!));
      await hatch.deliver(again.slice(0, 7));
      await hatch.deliver(again.slice(7));
      await assertAllOnceInOrder(oven);
      expect(oven.messaging.counts().handled).toBe(log.length);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('the same with an event that fails at first: its streams are parked, and redriven they are complete', async () => {
  await fc.assert(
    fc.asyncProperty(
      deliveries,
      fc.integer({ min: 1, max: PER_KEY }),
      shuffled(),
      async (batches, bad, again) => {
        await emptied();
        const hatch = new Hatch();
        let isBurning = true;
        const oven = openOven(hatch, (n) => isBurning && n === bad);
        for (const batch of batches) await hatch.deliver(batch.map((i) => log[i]!));
        await hatch.deliver(again);
        for (const key of KEYS) {
          expect(await seen(oven, key)).toEqual(Array.from({ length: bad - 1 }, (_, i) => i + 1));
        }
        const parked = await oven.messaging.parked();
        expect(parked.map(({ key, keySeq, behind, cause }) => ({ key, keySeq, behind, cause }))).toEqual(
          expect.arrayContaining(
            KEYS.map((key) => ({ key, keySeq: bad, behind: PER_KEY - bad, cause: 'Error: burnt' })),
          ),
        );
        isBurning = false;
        for (const { id } of parked) await oven.messaging.redrive(id);
        await assertAllOnceInOrder(oven);
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);
