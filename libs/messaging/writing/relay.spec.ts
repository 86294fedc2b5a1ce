import { eventually } from '../../../tests/support/eventually';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import {
  bakeryWriterOf,
  closeBakery,
  count,
  cursorOf,
  digestOf,
  Hatch,
  openSchema,
  openShop,
  placeOrders,
  seen,
  written,
  type Shop,
} from '../testing/bakery';
import type { TransportRecord } from '../transport';
import { EmbeddedTransport } from '../transports/embedded';
import type { DataSource } from 'typeorm';

let postgres: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  source = await openSchema(postgres.url, 'counter');
});
afterEach(closeBakery);

const FAST = { leaseMs: 300, idleMs: 10 };
const openCounter = (transport: Hatch, relay = FAST) =>
  openShop({ dataSource: source, service: 'counter', transport, relay });
const openOven = async (transport: Hatch | EmbeddedTransport) =>
  openShop({ dataSource: await openSchema(postgres.url, 'oven'), service: 'oven', transport });
const outboxEmpty = (counter: Shop) => eventually(async () => (await count(counter, 'outbox')) === 0);
const ids = (records: readonly TransportRecord[]) => records.map((record) => record.envelope.id);

/** A publish that never comes back, as that of a process that was stopped in the middle of it. */
function stuck(hatch: Hatch): { letGo(): void } {
  let letGo!: () => void;
  const until = new Promise<void>((resolve) => (letGo = resolve));
  hatch.onPublish = () => until;
  return { letGo };
}

test('an acknowledged event leaves the outbox and stays in the log', async () => {
  const hatch = new Hatch();
  const counter = openCounter(hatch);
  await placeOrders(counter, 'rye', 1, 2, 3);
  counter.messaging.start();
  await outboxEmpty(counter);
  expect(ids(hatch.published.flat())).toEqual(ids(await written(counter)));
  expect(await count(counter, 'event_log')).toBe(3);
});

test('an event that the transport did not take is sent again with the same id until it does', async () => {
  const hatch = new Hatch();
  const counter = openCounter(hatch);
  let refusals = 2;
  hatch.onPublish = async () => {
    if (refusals-- > 0) throw new Error('no broker');
  };
  await placeOrders(counter, 'rye', 1);
  counter.messaging.start();
  await outboxEmpty(counter);
  expect(new Set(ids(hatch.published.flat())).size).toBe(1);
  expect(hatch.published).toHaveLength(3);
});

test('after a crash between sending and acknowledging, events are sent again and handled once', async () => {
  const hatch = new Hatch();
  const counter = openCounter(hatch);
  const oven = await openOven(hatch);
  hatch.onPublish = (records) => hatch.deliver(records);
  await placeOrders(counter, 'rye', 1, 2, 3);
  // What a crash leaves: everything was delivered, nothing was forgotten.
  await hatch.deliver(await written(counter));
  expect(await count(counter, 'outbox')).toBe(3);

  counter.messaging.start();
  await outboxEmpty(counter);
  expect(ids(hatch.published.flat())).toEqual(ids(await written(counter)));
  expect(await seen(oven, 'rye')).toEqual([1, 2, 3]);
});

test('a relay whose lease ran out is replaced, and what it sends late is dropped', async () => {
  const slow = new Hatch();
  const quick = new Hatch();
  const stale = openCounter(slow);
  const oven = await openOven(quick);
  quick.onPublish = (records) => quick.deliver(records);
  const { letGo } = stuck(slow);
  await placeOrders(stale, 'rye', 1, 2);
  stale.messaging.start();
  await eventually(() => slow.published.length === 1);

  const successor = openCounter(quick);
  await placeOrders(successor, 'rye', 3);
  successor.messaging.start();
  await outboxEmpty(successor);
  expect(await seen(oven, 'rye')).toEqual([1, 2, 3]);

  letGo();
  await quick.deliver(slow.published.flat());
  expect(await seen(oven, 'rye')).toEqual([1, 2, 3]);
  expect(await cursorOf(oven, 'rye')).toEqual({ lastSeq: 3, digest: digestOf(await written(successor)) });
});

test('a relay sends nothing while another holds the lease by the database’s clock', async () => {
  const hatch = new Hatch();
  const other = new Hatch();
  const holder = openCounter(hatch, { leaseMs: 60_000, idleMs: 5 });
  await placeOrders(holder, 'rye', 1);
  holder.messaging.start();
  await outboxEmpty(holder);
  const { letGo } = stuck(hatch);
  await placeOrders(holder, 'rye', 2);
  await eventually(() => hatch.published.length === 2);

  const rival = openCounter(other, { leaseMs: 60_000, idleMs: 5 });
  rival.messaging.start();
  const before = await owner();
  const refused = jest.spyOn(source, 'transaction');
  await placeOrders(rival, 'rye', 3);
  // One is the order's own; the others ask for the lease.
  await eventually(() => refused.mock.calls.length > 3);
  refused.mockRestore();
  expect(other.published).toEqual([]);
  expect(await owner()).toEqual(before);

  // Only the database's clock ends the lease: here it is moved by hand.
  await source.query(`update lease set until = now() - interval '1 ms'`);
  await eventually(() => other.published.length > 0);
  expect(await owner()).not.toEqual(before);
  letGo();
  await outboxEmpty(holder);
});

test('many relays started together never hold the lease at the same time', async () => {
  const sending = new Set<Hatch>();
  let together = 0;
  const hatches = Array.from({ length: 4 }, () => {
    const hatch = new Hatch();
    hatch.onPublish = async () => {
      sending.add(hatch);
      together = Math.max(together, sending.size);
      await source.query('select pg_sleep(0.002)');
      sending.delete(hatch);
    };
    return hatch;
  });
  const counters = hatches.map((hatch) => openCounter(hatch, { leaseMs: 5_000, idleMs: 5 }));
  for (const counter of counters) counter.messaging.start();
  await Promise.all(counters.map((counter, i) => placeOrders(counter, `key-${i}`, 1, 2, 3, 4, 5)));
  await outboxEmpty(counters[0]!);
  expect(together).toBe(1);
  expect(ids(hatches.flatMap((hatch) => hatch.published.flat())).sort()).toEqual(
    ids(await written(counters[0]!)).sort(),
  );
});

test('what the owner of the lease commits is sent without being read back', async () => {
  const hatch = new Hatch();
  const counter = openCounter(hatch, { leaseMs: 60_000, idleMs: 60_000 });
  counter.messaging.start();
  await placeOrders(counter, 'rye', 1);
  await outboxEmpty(counter);
  const reads = jest.spyOn(source.manager, 'query');
  await placeOrders(counter, 'rye', 2, 3);
  await outboxEmpty(counter);
  const readBack = await Promise.all(
    reads.mock.calls.map(([sql], i) => (/from event/.test(sql) ? reads.mock.results[i]!.value : [])),
  );
  reads.mockRestore();
  expect(readBack.flat()).toEqual([]);
  expect(hatch.published.flat()).toEqual(await written(counter));
});

test('what another instance wrote before in the same stream is sent before', async () => {
  const [one, two] = [new Hatch(), new Hatch()];
  const [owner, other] = [one, two].map((hatch) => openCounter(hatch, { leaseMs: 60_000, idleMs: 60_000 }));
  owner!.messaging.start();
  await placeOrders(owner!, 'rye', 1);
  await outboxEmpty(owner!);
  // As long as the owner knows of nobody else it looks seldom.
  for (let i = 0; i < 30; i++) {
    await placeOrders(other!, 'rye', i);
    await placeOrders(owner!, 'rye', i);
  }
  await outboxEmpty(owner!);
  expect(ids(one.published.flat())).toEqual(ids(await written(owner!)));
});

test('two instances: what either commits arrives soon, in order, and about once', async () => {
  const [one, two] = [new Hatch(), new Hatch()];
  const oven = await openOven(one);
  one.onPublish = (records) => one.deliver(records);
  // Nobody wakes the owner for the other's events: it has to look, and far more often than when idle.
  const shops = [one, two].map((hatch) => openCounter(hatch, { leaseMs: 60_000, idleMs: 60_000 }));
  shops[0]!.messaging.start();
  await placeOrders(shops[0]!, 'rye', 0);
  await eventually(() => one.published.length === 1);
  shops[1]!.messaging.start();
  const numbers = Array.from({ length: 20 }, (_, i) => i + 1);
  await Promise.all(
    shops.map(async (shop, i) => {
      for (const n of numbers) await placeOrders(shop, n % 2 ? 'rye' : `own-${i}`, n);
    }),
  );
  await outboxEmpty(shops[0]!);
  expect(two.published).toEqual([]);
  const all = await written(shops[0]!);
  expect(new Set(ids(one.published.flat()))).toEqual(new Set(ids(all)));
  expect(one.published.flat().length).toBeLessThan(all.length * 1.2);
  for (const key of ['rye', 'own-0', 'own-1']) {
    const placed = all.filter((record) => record.envelope.partitionkey === key);
    expect(await seen(oven, key)).toEqual(placed.map((r) => (r.envelope.data as { n: number }).n));
  }
});

test('an owner that stops gives the lease back at once', async () => {
  const hatch = new Hatch();
  const other = new Hatch();
  const first = openCounter(hatch, { leaseMs: 600_000, idleMs: 10 });
  await placeOrders(first, 'rye', 1);
  first.messaging.start();
  await outboxEmpty(first);
  await first.messaging.stop();
  expect(await owner()).toBeUndefined();
  const second = openCounter(other, { leaseMs: 600_000, idleMs: 10 });
  await placeOrders(second, 'rye', 2);
  second.messaging.start();
  await outboxEmpty(second);
  expect(other.published.flat()).toHaveLength(1);
});

test('events for a consumer that is down wait in the outbox until it is back', async () => {
  const transport = new EmbeddedTransport({ writerOf: bakeryWriterOf });
  const counter = openShop({ dataSource: source, service: 'counter', transport, relay: FAST });
  const ovenSource = await openSchema(postgres.url, 'oven');
  const open = () => openShop({ dataSource: ovenSource, service: 'oven', transport });
  const first = open();
  await transport.start();
  counter.messaging.start();
  await placeOrders(counter, 'rye', 1);
  await outboxEmpty(counter);
  await first.messaging.stop();
  await placeOrders(counter, 'rye', 2);
  const tried = counter.messaging.counts().sent;
  await counter.messaging.stop();
  expect(counter.messaging.counts().sent).toBe(tried);
  expect(await count(counter, 'outbox')).toBe(1);

  const back = open();
  const restarted = openShop({ dataSource: source, service: 'counter', transport, relay: FAST });
  restarted.messaging.start();
  await outboxEmpty(restarted);
  expect(await seen(back, 'rye')).toEqual([1, 2]);
});

async function owner(): Promise<string | undefined> {
  const rows: { owner: string }[] = await source.query(`select owner from lease where until > now()`);
  return rows[0]?.owner;
}
