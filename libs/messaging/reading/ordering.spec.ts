/** The ordering experiment: 12 writers that race, slow commits, rollbacks, three relays that compete for the lease. */
import { eventually } from '../../../tests/support/eventually';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import {
  bakeryWriterOf,
  closeBakery,
  count,
  cursorOf,
  digestOf,
  openSchema,
  openShop,
  ORDERS,
  OrderPlaced,
  seen,
  tallies,
  written,
  type Shop,
} from '../testing/bakery';
import type { TransportRecord } from '../transport';
import { EmbeddedTransport } from '../transports/embedded';

const WRITERS = 12;
const ORDERS_EACH = 40;
const KEYS = ['amaranth', 'barley', 'corn', 'durum', 'einkorn'];

/** Some commits take a few milliseconds more, after their events have got their places. */
const SLOW_COMMITS = `
  create function slow_commit() returns trigger language plpgsql as $$
  begin
    if random() < 0.3 then perform pg_sleep(random() * 0.006); end if;
    return null;
  end $$;
  create constraint trigger slow_commit after insert on event deferrable initially deferred
    for each row execute function slow_commit()`;

/** Notes what it is given, in order. */
class RecordingTransport extends EmbeddedTransport {
  readonly records: TransportRecord[] = [];
  override async publish(records: readonly TransportRecord[]): Promise<void> {
    this.records.push(...records);
    await super.publish(records);
  }
}

let postgres: TestDatabase;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterEach(closeBakery);
afterAll(() => postgres.stop());

test('racing writers, slow commits, rollbacks and competing relays: nothing is lost and no stream is out of order', async () => {
  const counterSource = await openSchema(postgres.url, 'counter');
  await counterSource.query(SLOW_COMMITS);
  const ovenSource = await openSchema(postgres.url, 'oven');
  const transport = new RecordingTransport({ writerOf: bakeryWriterOf });
  const handledAs: string[] = [];
  const oven = openShop({
    dataSource: ovenSource,
    service: 'oven',
    transport,
    handlers: {
      [OrderPlaced.type]: (data, ctx) => {
        const key = ctx.event.partitionkey;
        const { n } = data as OrderPlaced;
        ctx.set(tallies, key, { seen: [...(ctx.get(tallies, key)?.seen ?? []), n] });
        ctx.afterCommit(() => handledAs.push(ctx.event.id));
      },
    },
  });
  // Leases shorter than some batches: owners change, and late sends of stale owners happen.
  const relays = [0, 1, 2].map(() =>
    openShop({
      dataSource: counterSource,
      service: 'counter',
      transport,
      relay: { batch: 100, leaseMs: 40, idleMs: 10 },
    }),
  );
  await transport.start();
  for (const shop of [oven, ...relays]) shop.messaging.start();

  const committed: string[] = [];
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, w) => {
      for (let i = 0; i < ORDERS_EACH; i++) {
        const key = KEYS[Math.floor(Math.random() * KEYS.length)]!;
        const n = w * 1000 + i;
        const isRolledBack = Math.random() < 0.15;
        await relays[w % 3]!.messaging.command([], async (unit) => {
          // Other rows first, so that transactions are older than their place in the stream.
          await unit.tx.query(`insert into tally (key, version, body) values ($1, 1, '{}')`, [`other-${n}`]);
          if (Math.random() < 0.3) await unit.tx.query(`select pg_sleep(random() * 0.006)`);
          unit.publish({ topic: ORDERS, key, contract: OrderPlaced, data: { n } });
          if (Math.random() < 0.3) {
            const other = KEYS[Math.floor(Math.random() * KEYS.length)]!;
            unit.publish({ topic: ORDERS, key: other, contract: OrderPlaced, data: { n } });
          }
          if (isRolledBack) throw new Error('the customer left');
        }).then(
          () => committed.push(key),
          (error: Error) => expect(error.message).toBe('the customer left'),
        );
      }
    }),
  );
  const all = await written(relays[0]!);
  await eventually(async () => (await count(relays[0]!, 'outbox')) === 0, 20_000);

  expect(committed.length).toBeGreaterThan(WRITERS * ORDERS_EACH * 0.7);
  expect(oven.parkings).toEqual([]);
  expect(new Set(handledAs).size).toBe(handledAs.length);
  expect(handledAs.length).toBe(all.length);
  for (const key of KEYS) await assertInOrder(key, all, transport.records, oven);
}, 60_000);

async function assertInOrder(
  key: string,
  all: readonly TransportRecord[],
  sent: readonly TransportRecord[],
  oven: Shop,
): Promise<void> {
  const log = all.filter((r) => r.envelope.partitionkey === key);
  const gapFree = log.map((_, i) => i + 1);
  expect(log.map((r) => r.envelope.keyseq)).toEqual(gapFree);
  expect(firstSightings(sent, key)).toEqual(gapFree);
  expect(await seen(oven, key)).toEqual(log.map((r) => (r.envelope.data as OrderPlaced).n));
  expect(await cursorOf(oven, key)).toEqual({ lastSeq: log.length, digest: digestOf(log) });
}

/** Sequences as the transport first saw them: what a stale owner sends again is no news. */
function firstSightings(sent: readonly TransportRecord[], key: string): number[] {
  return [...new Set(sent.filter((r) => r.envelope.partitionkey === key).map((r) => r.envelope.keyseq))];
}
