import { eventually } from '../../../tests/support/eventually';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { ManualClock } from '../clock';
import type { Handler } from '../reading/handlers';
import {
  closeBakery,
  count,
  doughs,
  Hatch,
  NOON,
  openSchema,
  openShop,
  ORDERS,
  OrderPlaced,
  wakeDough,
  written,
  type Dough,
  type Shop,
} from '../testing/bakery';
import type { DataSource } from 'typeorm';

const HOUR = 3_600_000;
const at = (hours: number): string => new Date(NOON.getTime() + hours * HOUR).toISOString();

let postgres: TestDatabase;
let source: DataSource;
let clock: ManualClock;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  source = await openSchema(postgres.url, 'counter');
  clock = new ManualClock(NOON);
});
afterEach(closeBakery);

function openCounter(handler: Handler = wakeDough): Shop {
  const shop = openShop({
    dataSource: source,
    service: 'counter',
    transport: new Hatch(),
    clock,
    handlers: { 'timer.dough': handler },
  });
  shop.messaging.start();
  return shop;
}

/** Sets until when a dough rises. */
const rise = (shop: Shop, key: string, until: string | null) =>
  shop.messaging.command([{ store: doughs, key }], (unit) => {
    unit.set(doughs, key, { riseUntil: until, woken: unit.get(doughs, key)?.woken ?? [] });
  });

async function dough(key: string): Promise<Dough> {
  const rows: { body: string }[] = await source.query(`select body from dough where key = $1`, [key]);
  return JSON.parse(rows[0]!.body) as Dough;
}

/** Waits until a timer of another dough, due later, was woken: whatever was due before has been looked at. */
async function afterLook(shop: Shop): Promise<void> {
  const key = `look-${Math.random()}`;
  await rise(shop, key, clock.now().toISOString());
  clock.advance(0);
  await eventually(async () => (await dough(key)).woken.length === 1);
}

/** Lets the pause of a failed timer be over, by the database's clock. */
const endPause = async () => {
  await source.query(`update timer set claimed_until = now() where claimed_until is not null`);
  clock.advance(0);
};

test('a document is woken when the clock passes its time, not before, and once', async () => {
  const shop = openCounter();
  await rise(shop, 'rye', at(2));
  clock.moveTo(new Date(Date.parse(at(2)) - 1));
  await afterLook(shop);
  expect((await dough('rye')).woken).toEqual([]);
  clock.moveTo(at(3));
  await eventually(async () => (await dough('rye')).woken.length > 0);
  await afterLook(shop);
  expect((await dough('rye')).woken).toEqual([at(3)]);
  expect(await count(shop, 'timer')).toBe(0);
});

test('two instances wake each of many documents once', async () => {
  const shops = [openCounter(), openCounter()];
  const keys = Array.from({ length: 60 }, (_, i) => `dough-${i}`);
  for (const key of keys) await rise(shops[0]!, key, at(1));
  clock.moveTo(at(1));
  await eventually(async () => (await count(shops[0]!, 'timer')) === 0);
  for (const key of keys) expect((await dough(key)).woken).toHaveLength(1);
});

test('documents that are woken now are woken in the order in which they were named', async () => {
  const order: string[] = [];
  const shop = openCounter((data, ctx) => {
    order.push(ctx.event.partitionkey);
    return wakeDough(data, ctx);
  });
  const keys = Array.from({ length: 30 }, (_, i) => `dough-${(i * 7) % 30}`);
  for (const key of keys) await rise(shop, key, at(9));
  await shop.messaging.wakeNow(doughs, keys);
  await eventually(() => order.length === keys.length);
  expect(order).toEqual(keys);
});

test('a document that is due again after it was woken is woken again then', async () => {
  const shop = openCounter((_data, ctx) => {
    const key = ctx.event.partitionkey;
    const { woken } = ctx.get(doughs, key)!;
    ctx.set(doughs, key, {
      riseUntil: woken.length < 1 ? at(5) : null,
      woken: [...woken, ctx.now.toISOString()],
    });
  });
  await rise(shop, 'rye', at(1));
  clock.moveTo(at(1));
  await eventually(async () => (await dough('rye')).woken.length === 1);
  clock.moveTo(at(5));
  await eventually(async () => (await dough('rye')).woken.length === 2);
  expect((await dough('rye')).woken).toEqual([at(1), at(5)]);
});

test('a timer follows its document: set later, set earlier, and removed when nothing is due', async () => {
  const shop = openCounter();
  await rise(shop, 'later', at(1));
  await rise(shop, 'later', at(9));
  await rise(shop, 'sooner', at(9));
  await rise(shop, 'sooner', at(1));
  await rise(shop, 'never', at(1));
  await rise(shop, 'never', null);
  const timers: { key: string; due_at: Date }[] = await source.query(
    `select key, due_at from timer order by key`,
  );
  expect(timers.map((t) => [t.key, t.due_at.toISOString()])).toEqual([
    ['later', at(9)],
    ['sooner', at(1)],
  ]);
  clock.moveTo(at(2));
  await eventually(async () => (await dough('sooner')).woken.length === 1);
  await afterLook(shop);
  expect([(await dough('later')).woken, (await dough('never')).woken]).toEqual([[], []]);
});

test('a timer that was claimed and then set anew does nothing', async () => {
  const shop = openCounter();
  await rise(shop, 'rye', at(1));
  // The document is locked while its timer is claimed, and is moved to another time before the timer gets it.
  const release = await shop.messaging.command([{ store: doughs, key: 'rye' }], async (unit) => {
    clock.moveTo(at(1));
    await eventually(async () => {
      const rows: unknown[] = await source.query(
        `select from timer where key = 'rye' and claimed_until > now()`,
      );
      return rows.length === 1;
    });
    unit.set(doughs, 'rye', { riseUntil: at(9), woken: [] });
    return true;
  });
  expect(release).toBe(true);
  await afterLook(shop);
  expect((await dough('rye')).woken).toEqual([]);
  clock.moveTo(at(9));
  await eventually(async () => (await dough('rye')).woken.length === 1);
});

test('a failing timer is postponed, others go on, and after 3 failures it is listed', async () => {
  let burnt = true;
  const shop = openCounter((data, ctx) => {
    if (ctx.event.partitionkey === 'rye' && burnt) throw new Error('the oven is cold');
    return wakeDough(data, ctx);
  });
  await rise(shop, 'rye', at(1));
  await rise(shop, 'spelt', at(1));
  clock.moveTo(at(1));
  const attempts = async () =>
    (await source.query(`select attempts from timer where key = 'rye'`))[0].attempts;
  for (const failures of [1, 2, 3]) {
    await eventually(async () => (await attempts()) === failures);
    const paused = await source.query(`select claimed_until > now() as paused from timer where key = 'rye'`);
    expect(paused).toEqual([{ paused: true }]);
    if (failures < 3) {
      expect(await shop.messaging.parked()).toEqual([]);
      await endPause();
    }
  }
  expect((await dough('spelt')).woken).toHaveLength(1);
  expect(await shop.messaging.parked()).toMatchObject([
    { kind: 'timer', topic: 'timer.dough', key: 'rye', cause: 'Error: the oven is cold', attempts: 3 },
  ]);
  burnt = false;
  await endPause();
  await eventually(async () => (await dough('rye')).woken.length === 1);
  expect(await shop.messaging.parked()).toEqual([]);
});

test('a handler that leaves its document due is postponed, instead of being called for ever', async () => {
  let calls = 0;
  const shop = openCounter((data, ctx) => {
    if (ctx.event.partitionkey !== 'rye') return wakeDough(data, ctx);
    calls++;
  });
  await rise(shop, 'rye', at(1));
  clock.moveTo(at(1));
  await eventually(async () => {
    const [timer] = await source.query(`select attempts, cause from timer where key = 'rye'`);
    return timer.attempts === 1 && /still due/.test(timer.cause);
  });
  await afterLook(shop);
  expect(calls).toBe(2);
});

test('what a timer causes is written with it and names no cause', async () => {
  const shop = openCounter((data, ctx) => {
    wakeDough(data, ctx);
    ctx.publish({ topic: ORDERS, key: 'rye', contract: OrderPlaced, data: { n: 1 } });
  });
  await rise(shop, 'rye', at(1));
  clock.moveTo(at(1));
  await eventually(async () => (await written(shop)).length === 1);
  const [record] = await written(shop);
  expect(record!.envelope).not.toHaveProperty('causationid');
  expect(record!.envelope.time).toBe(at(1));
});
