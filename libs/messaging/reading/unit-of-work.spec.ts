import { setTimeout as pause } from 'node:timers/promises';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { ConcurrentChange } from '../sql';
import {
  closeBakery,
  count,
  Hatch,
  LoafBaked,
  LOAVES,
  openSchema,
  openShop,
  ORDERS,
  OrderPlaced,
  placeOrders,
  seen,
  tallies,
  written,
  type Shop,
} from '../testing/bakery';
import { Keyring, noVault } from '../vault/key-vault';

let postgres: TestDatabase;
let counter: Shop;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  const dataSource = await openSchema(postgres.url, 'counter');
  counter = openShop({ dataSource, service: 'counter', transport: new Hatch() });
});
afterEach(closeBakery);

const add = (n: number) =>
  counter.messaging.command([{ store: tallies, key: 'rye' }], (unit) => {
    unit.set(tallies, 'rye', { seen: [...(unit.get(tallies, 'rye')?.seen ?? []), n] });
  });

describe('documents', () => {
  test('commands that run at the same time on one document all take effect, also on a new one', async () => {
    const numbers = Array.from({ length: 12 }, (_, i) => i);
    await Promise.all(numbers.map(add));
    expect((await seen(counter, 'rye')).sort((a, b) => a - b)).toEqual(numbers);
  });

  test('a document whose version is not the one that was read is not written over', async () => {
    await add(1);
    const stale = counter.dataSource.transaction((tx) =>
      tallies.save({ tx, keyring: new Keyring(noVault, tx), service: 'counter' }, [
        { key: 'rye', before: { seen: [] }, after: { seen: [9] }, version: 0 },
      ]),
    );
    await expect(stale).rejects.toThrow(ConcurrentChange);
    expect(await seen(counter, 'rye')).toEqual([1]);
  });

  test('a document that was not loaded cannot be read or written', async () => {
    const careless = counter.messaging.command([], (unit) => unit.get(tallies, 'rye'));
    await expect(careless).rejects.toThrow(/was not loaded/);
  });

  test('commands that deadlock are run again until both are done', async () => {
    await Promise.all([add(0), placeOrders(counter, 'rye', 1)]);
    await counter.dataSource.query(`insert into tally values ('a', 1, '{}'), ('b', 1, '{}')`);
    const tries: string[] = [];
    const lock = (first: string, second: string) =>
      counter.messaging.command([], async (unit) => {
        await unit.tx.query(`select from tally where key = $1 for update`, [first]);
        // Counted only with the row held: both hold theirs before either asks for the other's.
        tries.push(first);
        while (new Set(tries).size < 2) await pause(1);
        await unit.tx.query(`select from tally where key = $1 for update`, [second]);
        unit.publish({ topic: ORDERS, key: first, contract: OrderPlaced, data: { n: 1 } });
      });
    await Promise.all([lock('a', 'b'), lock('b', 'a')]);
    expect(tries.length).toBeGreaterThan(2);
    expect(await count(counter, `event_log where key in ('a', 'b')`)).toBe(2);
  });

  test('a command whose connection is lost is not run again: nobody knows whether it was committed', async () => {
    let runs = 0;
    const lost = counter.messaging.command([], async (unit) => {
      runs++;
      await unit.tx.query(`select pg_terminate_backend(pg_backend_pid())`);
    });
    await expect(lost).rejects.toThrow(/terminat/i);
    expect(runs).toBe(1);
  });
});

describe('streams', () => {
  test('each key of a topic is numbered from 1 without gaps, whatever is rolled back', async () => {
    await placeOrders(counter, 'rye', 1, 2);
    const undone = counter.messaging.command([], (unit) => {
      unit.publish({ topic: ORDERS, key: 'rye', contract: OrderPlaced, data: { n: 3 } });
      unit.publish({ topic: ORDERS, key: 'spelt', contract: OrderPlaced, data: { n: 3 } });
      return unit.tx.query('select 1 / 0');
    });
    await expect(undone).rejects.toThrow(/division by zero/);
    await counter.messaging.command([], (unit) => {
      for (const key of ['rye', 'spelt', 'rye']) {
        unit.publish({ topic: ORDERS, key, contract: OrderPlaced, data: { n: 4 } });
      }
    });
    const places = (await written(counter)).map(({ topic, envelope }) => [
      topic,
      envelope.partitionkey,
      envelope.keyseq,
    ]);
    expect(places).toEqual([
      [ORDERS, 'rye', 1],
      [ORDERS, 'rye', 2],
      [ORDERS, 'rye', 3],
      [ORDERS, 'rye', 4],
      [ORDERS, 'spelt', 1],
    ]);
  });

  test("an event for another service's stream is refused, and nothing of the unit is written", async () => {
    const wrong = counter.messaging.command([], (unit) => {
      unit.publish({ topic: ORDERS, key: 'rye', contract: OrderPlaced, data: { n: 1 } });
      unit.publish({ topic: LOAVES, key: 'rye', contract: LoafBaked, data: { n: 1 } });
    });
    await expect(wrong).rejects.toThrow("the stream is another's");
    expect(await count(counter, 'outbox')).toBe(0);
  });

  test('data that does not fit its contract is refused, and nothing of the unit is written', async () => {
    for (const data of [{ n: 'many' }, {}, { n: 1, surprise: true }]) {
      const wrong = counter.messaging.command([{ store: tallies, key: 'rye' }], (unit) => {
        unit.set(tallies, 'rye', { seen: [1] });
        unit.publish({ topic: ORDERS, key: 'rye', contract: OrderPlaced, data: { n: 1 } });
        unit.publish({ topic: ORDERS, key: 'rye', contract: OrderPlaced, data: data as OrderPlaced });
      });
      await expect(wrong).rejects.toThrow(/order-placed.v1 may not be written/);
    }
    expect(await count(counter, 'tally')).toBe(0);
    expect(await count(counter, 'outbox')).toBe(0);
    expect(await count(counter, 'stream_head')).toBe(0);
  });

  test('an event of a command has no cause and is correlated by its key, unless the command says otherwise', async () => {
    await counter.messaging.command([], (unit) => {
      const order = { topic: ORDERS, key: 'rye', contract: OrderPlaced, data: { n: 1 } };
      unit.publish(order);
      unit.publish({ ...order, causationId: 'the-phone', correlationId: 'the-wedding' });
    });
    const [plain, told] = (await written(counter)).map((record) => record.envelope);
    expect(plain).not.toHaveProperty('causationid');
    expect(plain).toMatchObject({ correlationid: 'rye', source: '/retorno/counter', type: OrderPlaced.type });
    expect(told).toMatchObject({ causationid: 'the-phone', correlationid: 'the-wedding' });
  });

  test('what an event handler publishes is caused by that event, unless it leaves the cause out', async () => {
    const hatch = new Hatch();
    const oven = openShop({
      dataSource: await openSchema(postgres.url, 'oven'),
      service: 'oven',
      transport: hatch,
      handlers: {
        [OrderPlaced.type]: (_data, ctx) => {
          const loaf = { topic: LOAVES, key: 'rye', contract: LoafBaked, data: { n: 1 } };
          ctx.publish(loaf);
          ctx.publish({ ...loaf, causationId: null });
        },
      },
    });
    await placeOrders(counter, 'rye', 1);
    const orders = await written(counter);
    await hatch.deliver(orders);
    const [caused, uncaused] = (await written(oven)).map((record) => record.envelope);
    expect(caused!.causationid).toBe(orders[0]!.envelope.id);
    expect(uncaused).not.toHaveProperty('causationid');
  });
});
