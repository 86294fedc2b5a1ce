import type { Envelope } from '@retorno/contracts';
import { eventually } from '../../../tests/support/eventually';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { ManualClock } from '../clock';
import { UnfitEvent } from './unfit-event';
import {
  closeBakery,
  count,
  cursorOf,
  digestOf,
  Hatch,
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
import type { TransportRecord } from '../transport';

const MINUTE = 60_000;

let postgres: TestDatabase;
let hatch: Hatch;
let clock: ManualClock;
let counter: Shop;
let oven: Shop;
/** Orders that the oven cannot bake. */
let burning: Set<number>;
let tries: number[];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  hatch = new Hatch();
  clock = new ManualClock(NOON);
  burning = new Set();
  tries = [];
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
    handlers: {
      [OrderPlaced.type]: (data, ctx) => {
        const { n } = data as OrderPlaced;
        tries.push(n);
        tallyOrder(data, ctx);
        if (burning.has(n)) throw new Error(`order ${n} burnt`);
      },
    },
  });
});
afterEach(closeBakery);

const all = (key = 'rye') => written(counter, key);
const standing = async () => (await oven.messaging.parked())[0]!;

/** Five orders of one key of which the third burns; parked with what follows. */
async function parkThird(): Promise<void> {
  await placeOrders(counter, 'rye', 1, 2, 3, 4, 5);
  burning.add(3);
  await hatch.deliver((await all()).slice(0, 4));
}

describe('parking', () => {
  test('a failing event parks its stream with everything behind it after 3 tries, and other streams go on', async () => {
    await placeOrders(counter, 'spelt', 11, 12);
    await placeOrders(counter, 'rye', 1, 2, 3, 4, 5);
    burning.add(3);
    const rye = await all();
    const spelt = await all('spelt');
    await hatch.deliver([rye[0]!, spelt[0]!, rye[1]!, rye[2]!, spelt[1]!, rye[3]!]);
    await hatch.deliver([rye[4]!]);

    expect(await seen(oven, 'rye')).toEqual([1, 2]);
    expect(await seen(oven, 'spelt')).toEqual([11, 12]);
    // Once with its batch, three times by itself.
    expect(tries.filter((n) => n === 3)).toHaveLength(4);
    expect(tries).not.toContain(5);
    expect(await oven.messaging.parked()).toMatchObject([
      { kind: 'parked', service: 'oven', topic: ORDERS, key: 'rye', keySeq: 3, behind: 2, attempts: 1 },
    ]);
    expect(oven.parkings).toEqual(['Error: order 3 burnt']);
  });

  test('the events of a parked stream count as accepted, and delivered again they change nothing', async () => {
    await parkThird();
    await hatch.deliver(await all());
    await hatch.deliver(await all());
    expect(await count(oven, 'parked')).toBe(3);
    expect(await oven.messaging.parked()).toMatchObject([{ keySeq: 3, behind: 2 }]);
  });

  test('the events that stand still are told in their order, with what they are and nothing of what they say', async () => {
    await parkThird();
    await hatch.deliver((await all()).slice(4));
    const { id } = await standing();
    const all3 = (await oven.messaging.standing.events(id, 50))!;
    expect(all3).toMatchObject({ topic: ORDERS, key: 'rye', count: 3 });
    expect(all3.events.map(({ keySeq, type }) => [keySeq, type])).toEqual(
      [3, 4, 5].map((n) => [n, OrderPlaced.type]),
    );
    expect(Object.keys(all3.events[0]!).toSorted()).toEqual(['at', 'eventId', 'keySeq', 'since', 'type']);
    const first = (await oven.messaging.standing.events(id, 1))!;
    expect([first.events.length, first.count]).toEqual([1, 3]);
    expect(await oven.messaging.standing.events('nothing', 50)).toBeUndefined();
  });

  test('duplicates of handled events in the batch of a failing one are not parked', async () => {
    await placeOrders(counter, 'rye', 1, 2, 3);
    burning.add(2);
    const [first, second, third] = await all();
    await hatch.deliver([first!, second!, first!, third!, second!]);
    expect(await oven.messaging.parked()).toMatchObject([
      { keySeq: 2, cause: 'Error: order 2 burnt', behind: 1 },
    ]);
  });

  test('an event that fails here while another instance handles it is not parked', async () => {
    await placeOrders(counter, 'rye', 1, 2);
    const [first, second] = await all();
    const own = new Hatch();
    let runs = 0;
    const clumsy = openShop({
      dataSource: oven.dataSource,
      service: 'oven',
      transport: own,
      handlers: {
        [OrderPlaced.type]: async () => {
          // At the last try, so that it is handled elsewhere before it is parked here.
          if (++runs === 4) await hatch.deliver([first!]);
          throw new Error('butter fingers');
        },
      },
    });
    await own.deliver([first!]);
    expect(await count(clumsy, 'parked')).toBe(0);
    await own.deliver([first!]);
    await hatch.deliver([second!]);
    expect(await seen(oven, 'rye')).toEqual([1, 2]);
  });

  test('a held event that fails is parked itself, and not the good one that it waited for', async () => {
    await placeOrders(counter, 'rye', 1, 2, 3);
    burning.add(2);
    const [first, second, third] = await all();
    await hatch.deliver([second!, third!]);
    await hatch.deliver([first!]);
    expect(await seen(oven, 'rye')).toEqual([1]);
    expect(await oven.messaging.parked()).toMatchObject([
      { keySeq: 2, cause: 'Error: order 2 burnt', behind: 1 },
    ]);
    expect(await count(oven, 'held')).toBe(0);
  });
});

describe('redrive', () => {
  test('replays the stream in order with the same ids', async () => {
    await parkThird();
    burning.clear();
    await hatch.deliver((await all()).slice(4));
    expect(await oven.messaging.redrive((await standing()).id)).toEqual({ handled: 3, failed: null });
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3, 4, 5]);
    expect(await cursorOf(oven, 'rye')).toEqual({ lastSeq: 5, digest: digestOf(await all()) });
    expect(await count(oven, 'parked')).toBe(0);
  });

  test('stops at the next event that fails and says why', async () => {
    await parkThird();
    burning = new Set([4]);
    expect(await oven.messaging.redrive((await standing()).id)).toEqual({
      handled: 1,
      failed: 'Error: order 4 burnt',
    });
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3]);
    const [stopped] = await oven.messaging.parked();
    expect(stopped).toMatchObject({ keySeq: 4, cause: 'Error: order 4 burnt', attempts: 1, behind: 0 });
    expect(stopped!.nextTryAt).toBe(new Date(NOON.getTime() + MINUTE).toISOString());
  });

  test('several redrives of one stream at a time handle each event once', async () => {
    await parkThird();
    burning.clear();
    const { id } = await standing();
    await Promise.all([oven.messaging.redrive(id), oven.messaging.redrive(id), hatch.deliver(await all())]);
    await eventually(async () => {
      clock.advance(0);
      oven.messaging.start();
      return (await count(oven, 'parked')) === 0;
    });
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3, 4, 5]);
  });

  test('a stream with a gap behind its parked event asks for the gap instead of standing still', async () => {
    await parkThird();
    await oven.dataSource.query(`delete from parked where key_seq = 4`);
    await hatch.deliver((await all()).slice(4));
    burning.clear();
    expect(await oven.messaging.redrive((await standing()).id)).toEqual({
      handled: 1,
      failed: 'waits for events before it',
    });
    await oven.messaging.care.askForGaps(0);
    expect(hatch.asked).toEqual([{ topic: ORDERS, key: 'rye', from: 4, to: 4 }]);
    await hatch.deliver((await all()).slice(3, 4));
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3, 4, 5]);
  });

  test('comes by itself after 1, 5 and 30 minutes, and then waits for a person', async () => {
    await parkThird();
    oven.messaging.start();
    for (const [minutes, next] of [
      [1, 5],
      [5, 30],
      [30, undefined],
    ] as const) {
      const before = tries.length;
      clock.advance(minutes * MINUTE - 1);
      expect((await standing()).nextTryAt).toBe(new Date(clock.now().getTime() + 1).toISOString());
      clock.advance(1);
      await eventually(
        async () => tries.length > before && (await standing()).cause === 'Error: order 3 burnt',
      );
      const expected =
        next === undefined ? null : new Date(clock.now().getTime() + next * MINUTE).toISOString();
      await eventually(async () => (await standing()).nextTryAt === expected);
    }
    burning.clear();
    await oven.messaging.redrive((await standing()).id);
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3, 4]);
  });

  test('of an unknown id is refused', async () => {
    expect(await oven.messaging.redrive('no-such-id')).toBeUndefined();
    expect(await oven.messaging.skip('no-such-id', 'why', 'Who')).toBe(false);
  });
});

describe('skip', () => {
  test('takes the head out with who and why, and the stream goes on', async () => {
    await parkThird();
    const { id } = await standing();
    expect(await oven.messaging.skip(id, 'the customer left', 'baker')).toBe(true);
    expect(await seen(oven, 'rye')).toEqual([1, 2, 4]);
    expect(await oven.messaging.parked()).toEqual([]);
    const [audit] = await oven.dataSource.query('select * from skipped');
    expect(audit).toMatchObject({
      id,
      key: 'rye',
      key_seq: '3',
      cause: 'Error: order 3 burnt',
      reason: 'the customer left',
      skipped_by: 'baker',
      skipped_at: NOON,
    });
    const log = await all();
    expect(JSON.parse(audit.envelope)).toEqual(log[2]!.envelope);
    // Skips are counted apart: the digest is of what was handled.
    expect(await cursorOf(oven, 'rye')).toEqual({
      lastSeq: 4,
      digest: digestOf([log[0]!, log[1]!, log[3]!]),
    });
    await hatch.deliver(log);
    expect(await seen(oven, 'rye')).toEqual([1, 2, 4, 5]);
  });

  test('stands even if the events behind it cannot be tried at once: the stream is taken up again later', async () => {
    await parkThird();
    burning.add(4);
    const { dataSource, messaging } = oven;
    await dataSource.query(`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'no failure can be noted'; end $$`);
    await dataSource.query(
      'create trigger refusing before update on parked for each row execute function refuse()',
    );
    expect(await messaging.skip((await standing()).id, 'the customer left', 'baker')).toBe(true);
    expect(await count(oven, 'skipped')).toBe(1);
    expect(await messaging.parked()).toMatchObject([{ keySeq: 4 }]);
    await dataSource.query('drop trigger refusing on parked');
    burning.clear();
    messaging.start();
    clock.moveTo(new Date(NOON.getTime() + MINUTE));
    await eventually(async () => String(await seen(oven, 'rye')) === '1,2,4');
  });

  test('is refused for an event that is not the head of its stream', async () => {
    await parkThird();
    const [behind] = await oven.dataSource.query(`select id from parked where key_seq = 4`);
    expect(await oven.messaging.skip(behind.id, 'impatience', 'baker')).toBe(false);
    expect(await count(oven, 'parked')).toBe(2);
    expect(await count(oven, 'skipped')).toBe(0);
  });

  test('is refused where it would jump over events that have not arrived', async () => {
    await parkThird();
    await oven.dataSource.query(`delete from parked where key_seq = 3`);
    expect(await oven.messaging.skip((await standing()).id, 'impatience', 'baker')).toBe(false);
    expect((await cursorOf(oven, 'rye'))!.lastSeq).toBe(2);
  });
});

describe('events that no retry can help', () => {
  const changed = async (seq: number, change: (envelope: Envelope) => unknown): Promise<TransportRecord> => {
    const record = (await all())[seq - 1]!;
    return { topic: record.topic, envelope: change(record.envelope) as Envelope };
  };

  test.each([
    ['an unknown type', (e: Envelope) => ({ ...e, type: 'retorno.order-eaten.v1' }), /unknown event type/],
    [
      'an unknown version',
      (e: Envelope) => ({ ...e, type: 'retorno.order-placed.v9' }),
      /unknown event type/,
    ],
    ['data that does not fit', (e: Envelope) => ({ ...e, data: { n: 'many' } }), /data does not fit/],
    ['a type without a handler', (e: Envelope) => ({ ...e, type: 'retorno.loaf-baked.v1' }), /no handler/],
  ])('%s parks its stream without a try', async (_name, change, cause) => {
    await placeOrders(counter, 'rye', 1, 2, 3);
    const [first, , third] = await all();
    await hatch.deliver([first!, await changed(2, change), third!]);
    expect(await seen(oven, 'rye')).toEqual([1]);
    const [stopped] = await oven.messaging.parked();
    expect(stopped).toMatchObject({ keySeq: 2, behind: 1 });
    expect(stopped!.cause).toMatch(cause);
    expect(stopped!.cause).not.toContain('many');
  });

  test('a handler may say so too', async () => {
    await placeOrders(counter, 'rye', 1);
    const own = new Hatch();
    let runs = 0;
    const picky = openShop({
      dataSource: await openSchema(postgres.url, 'oven'),
      service: 'oven',
      transport: own,
      handlers: {
        [OrderPlaced.type]: () => {
          runs++;
          throw new UnfitEvent('not on the menu');
        },
      },
    });
    await own.deliver(await all());
    expect(await picky.messaging.parked()).toMatchObject([{ cause: 'UnfitEvent: not on the menu' }]);
    expect(runs).toBe(2);
  });

  test.each([
    ['a false source', (e: Envelope) => ({ ...e, source: '/retorno/rival' })],
    ['no sequence', ({ keyseq: _, ...e }: Envelope) => e],
    ['a sequence beyond counting', (e: Envelope) => ({ ...e, keyseq: 1e300 })],
    ['no key', (e: Envelope) => ({ ...e, partitionkey: '' })],
    ['a wrong specversion', (e: Envelope) => ({ ...e, specversion: '0.3' })],
    ['no envelope at all', () => undefined],
    ['a text for an envelope', () => 'bread\u0000'],
  ])('an event with %s is parked outside its stream and blocks nothing', async (_name, change) => {
    await placeOrders(counter, 'rye', 1, 2, 3);
    const [first, second, third] = await all();
    const broken = await changed(2, change);
    await hatch.deliver([first!, broken, second!]);
    await hatch.deliver([broken, third!]);
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3]);
    const parked = await oven.messaging.parked();
    expect(parked).toMatchObject([{ kind: 'parked', keySeq: 0, behind: 0, nextTryAt: null }]);

    // Neither time nor a redrive makes it an event: a person takes it out.
    const { id } = parked[0]!;
    const again = await oven.messaging.redrive(id);
    expect(again).toEqual({ handled: 0, failed: parked[0]!.cause });
    expect(await standing()).toMatchObject({ nextTryAt: null });
    expect(await seen(oven, parked[0]!.key)).toEqual([]);
    expect(await oven.messaging.skip(id, 'forged', 'baker')).toBe(true);
    expect(await oven.messaging.parked()).toEqual([]);
    expect(await count(oven, 'stream_cursor')).toBe(1);
  });
});

test('the list of standstills is read in pages', async () => {
  for (const key of ['a', 'b', 'c', 'd', 'e']) await placeOrders(counter, key, 3);
  burning.add(3);
  await hatch.deliver(await written(counter));
  const pages: string[][] = [];
  for (let after = ''; ;) {
    const page = await oven.messaging.parked(after, 2);
    if (page.length === 0) break;
    pages.push(page.map((row) => row.key));
    after = page.at(-1)!.id;
  }
  expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
  expect(pages.flat().sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
});
