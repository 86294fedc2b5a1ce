/** What the database may do to a batch in the middle of it. */
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
  OrderPlaced,
  placeOrders,
  seen,
  tallyOrder,
  written,
} from '../testing/bakery';
import { EmbeddedTransport } from '../transports/embedded';
import { isLostRace, isTransient } from '../sql';

let postgres: TestDatabase;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
afterEach(closeBakery);

test('a connection that ends in the middle of a batch: the batch is delivered again and handled once', async () => {
  const transport = new EmbeddedTransport({ writerOf: bakeryWriterOf });
  let kills = 5;
  const oven = openShop({
    dataSource: await openSchema(postgres.url, 'oven'),
    service: 'oven',
    transport,
    handlers: {
      [OrderPlaced.type]: async (data, ctx) => {
        tallyOrder(data, ctx);
        if (ctx.event.keyseq === 2 && kills-- > 0) {
          await ctx.tx.query(`select pg_terminate_backend(pg_backend_pid())`);
        }
      },
    },
  });
  const counter = openShop({
    dataSource: await openSchema(postgres.url, 'counter'),
    service: 'counter',
    transport,
  });
  await placeOrders(counter, 'rye', 1, 2, 3);
  await transport.start();
  counter.messaging.start();
  await eventually(async () => (await count(counter, 'outbox')) === 0);
  expect(await seen(oven, 'rye')).toEqual([1, 2, 3]);
  expect(await cursorOf(oven, 'rye')).toEqual({ lastSeq: 3, digest: digestOf(await written(counter)) });
  expect(oven.parkings).toEqual([]);
  expect(kills).toBe(-1);
});

test('every connection of both services ends while events flow: none is lost, none is handled twice', async () => {
  const transport = new EmbeddedTransport({ writerOf: bakeryWriterOf });
  const oven = openShop({ dataSource: await openSchema(postgres.url, 'oven'), service: 'oven', transport });
  const counter = openShop({
    dataSource: await openSchema(postgres.url, 'counter'),
    service: 'counter',
    transport,
    relay: { batch: 10, idleMs: 10, leaseMs: 100 },
  });
  await transport.start();
  counter.messaging.start();
  const outside = await openSchema(postgres.url, 'outside');
  let n = 0;
  for (let round = 0; round < 4; round++) {
    const upTo = n + 30;
    while (n < upTo) await placeOrders(counter, 'rye', ++n).catch(() => n--);
    await eventually(async () => {
      await outside.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      );
      return true;
    });
  }
  const rows = () => outside.query(`select 1`);
  await rows();
  await eventually(async () => (await count(counter, 'outbox')) === 0);
  const log = await written(counter);
  expect(await seen(oven, 'rye')).toEqual(log.map((r) => (r.envelope.data as OrderPlaced).n));
  expect(await cursorOf(oven, 'rye')).toEqual({ lastSeq: log.length, digest: digestOf(log) });
});

test('a deadlock in a batch is tried again at once and is nobody’s failure', async () => {
  const hatch = new Hatch();
  const ovenSource = await openSchema(postgres.url, 'oven');
  const counter = openShop({
    dataSource: await openSchema(postgres.url, 'counter'),
    service: 'counter',
    transport: new Hatch(),
  });
  await placeOrders(counter, 'rye', 1);
  await placeOrders(counter, 'spelt', 1);
  await ovenSource.query(
    `create table tool (name text primary key); insert into tool values ('rye'), ('spelt')`,
  );
  const holding = new Set<string>();
  let attempts = 0;
  const bake = async (data: unknown, ctx: Parameters<typeof tallyOrder>[1]) => {
    attempts++;
    const mine = ctx.event.partitionkey;
    await ctx.tx.query(`select from tool where name = $1 for update`, [mine]);
    holding.add(mine);
    await eventually(() => holding.size === 2);
    await ctx.tx.query(`select from tool where name <> $1 for update`, [mine]);
    tallyOrder(data, ctx);
  };
  const ovens = [0, 1].map(() =>
    openShop({
      dataSource: ovenSource,
      service: 'oven',
      transport: hatch,
      handlers: { [OrderPlaced.type]: bake },
    }),
  );
  const [rye, spelt] = await written(counter);
  await Promise.all([hatch.deliver([rye!], 0), hatch.deliver([spelt!], 1)]);
  expect(attempts).toBe(3);
  expect([await seen(ovens[0]!, 'rye'), await seen(ovens[0]!, 'spelt')]).toEqual([[1], [1]]);
  expect(ovens.flatMap((oven) => oven.parkings)).toEqual([]);
});

test.each([
  ['40P01', true, true],
  ['40001', true, true],
  ['40003', true, false],
  ['57P01', true, false],
  ['08006', true, false],
  ['53300', true, false],
  ['25006', true, false],
  ['ECONNREFUSED', true, false],
  ['23505', false, false],
  ['22P02', false, false],
])('an error %s: transient %s, a lost race %s', (code, transient, race) => {
  const error = Object.assign(new Error('trouble'), { driverError: { code } });
  expect([isTransient(error), isLostRace(error)]).toEqual([transient, race]);
});
