import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { eventually } from '../../../tests/support/eventually';
import { STREAM_LOST, type Handler } from '../reading/handlers';
import { Stopped } from '../messaging';
import {
  bakeryWriterOf,
  closeBakery,
  count,
  cursorOf,
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
import type { Word } from '../transport';
import { EmbeddedTransport } from '../transports/embedded';
import type { EventContext } from '../reading/unit-of-work';

const AT_ONCE = { youngMs: 0, waitMs: 2_000 };
const WRITTEN = ['stream_head', 'event', 'outbox', 'tally'];
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

async function open(service: 'counter' | 'oven', known?: Shop, rollCall = AT_ONCE): Promise<Shop> {
  const dataSource = known?.dataSource ?? (await openSchema(postgres.url, service));
  return openShop({
    dataSource,
    service,
    transport,
    relay: { idleMs: 20 },
    rollCall,
    meetsFirst: known !== undefined,
  });
}

/** A copy of a service's tables, as a backup has them; the function that it gives puts them back. */
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

/** A service that was stopped, and starts with what its database holds now. */
async function restarted(service: 'counter' | 'oven', before: Shop): Promise<Shop> {
  await before.messaging.stop();
  const shop = await open(service, before);
  await shop.messaging.meetNeighbours();
  shop.messaging.start();
  return shop;
}

describe('a reader restored from an older copy', () => {
  it('is sent what it lacks, also of streams that get no further event', async () => {
    await placeOrders(counter, 'rye', 1, 2);
    await placeOrders(counter, 'spelt', 1);
    await handled('rye', 2);
    await handled('spelt', 1);
    const restore = await backup(oven, READ);
    await placeOrders(counter, 'rye', 3, 4);
    await placeOrders(counter, 'wheat', 1);
    await handled('rye', 4);
    await handled('wheat', 1);
    await oven.messaging.stop();
    await restore();
    oven = await restarted('oven', oven);
    await handled('rye', 4);
    await handled('wheat', 1);
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3, 4]);
    expect(await seen(oven, 'wheat')).toEqual([1]);
  });

  it('that begins with nothing is sent everything, of any number of streams, each once', async () => {
    const keys = Array.from({ length: 2_500 }, (_, i) => `loaf-${i}`);
    await counter.messaging.command([], (unit) => {
      for (const key of keys) unit.publish({ topic: ORDERS, key, contract: OrderPlaced, data: { n: 1 } });
      for (let n = 2; n <= 1_200; n++)
        unit.publish({ topic: ORDERS, key: 'loaf-7', contract: OrderPlaced, data: { n } });
    });
    await handled('loaf-7', 1_200);
    await oven.messaging.stop();
    await oven.dataSource.query('truncate stream_cursor, tally');
    oven = await restarted('oven', oven);
    await handled('loaf-7', 1_200);
    await eventually(async () => (await count(oven, 'stream_cursor')) === 2_500);
    expect(await seen(oven, 'loaf-7')).toEqual(Array.from({ length: 1_200 }, (_, i) => i + 1));
  });
});

describe('a writer restored from an older copy', () => {
  it('goes on behind what its reader has handled: no new event is taken for an old one', async () => {
    await placeOrders(counter, 'rye', 1);
    await handled('rye', 1);
    const restore = await backup(counter, WRITTEN);
    await placeOrders(counter, 'rye', 2, 3);
    await placeOrders(counter, 'spelt', 1);
    await handled('rye', 3);
    await handled('spelt', 1);
    await counter.messaging.stop();
    await restore();
    counter = await restarted('counter', counter);
    await placeOrders(counter, 'rye', 10);
    await placeOrders(counter, 'spelt', 11);
    await handled('rye', 4);
    await handled('spelt', 2);
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3, 10]);
    expect(await seen(oven, 'spelt')).toEqual([1, 11]);
  });

  it('keeps on record what it lacks, and lets the service say so until it is healed', async () => {
    const told: unknown[] = [];
    const restore = await backup(counter, WRITTEN);
    await placeOrders(counter, 'rye', 1, 2);
    await handled('rye', 2);
    await counter.messaging.stop();
    await restore();
    counter = openShop({
      dataSource: counter.dataSource,
      service: 'counter',
      transport,
      rollCall: AT_ONCE,
      handlers: {
        [STREAM_LOST]: (data: unknown, context: EventContext) => {
          told.push(data);
          const { partitionkey: key } = context.event;
          context.publish({ topic: ORDERS, key, contract: OrderPlaced, data: { n: 99 } });
        },
      },
    });
    await counter.messaging.meetNeighbours();
    counter.messaging.start();
    expect(told).toEqual([{ topic: ORDERS, key: 'rye', from: 1, to: 2 }]);
    expect([counter.messaging.hasLost('rye'), counter.messaging.hasLost('spelt')]).toEqual([true, false]);
    await handled('rye', 3);
    expect(await seen(oven, 'rye')).toEqual([1, 2, 99]);
    await counter.messaging.heal(counter.dataSource.manager, 'rye');
    expect(counter.messaging.hasLost('rye')).toBe(false);
    expect(await count(counter, 'lost where healed_at is not null')).toBe(1);
  });

  it('runs no command before it knows how far its readers are', async () => {
    await placeOrders(counter, 'rye', 1);
    await handled('rye', 1);
    const restore = await backup(counter, WRITTEN);
    await placeOrders(counter, 'rye', 2);
    await handled('rye', 2);
    await counter.messaging.stop();
    await restore();
    counter = await open('counter', counter);
    const meeting = counter.messaging.meetNeighbours();
    const order = placeOrders(counter, 'rye', 10);
    await Promise.all([meeting, order]);
    counter.messaging.start();
    await handled('rye', 3);
    expect(await seen(oven, 'rye')).toEqual([1, 2, 10]);
  });
});

describe('a start', () => {
  it('that is given up waits for no reader, and lets nothing in', async () => {
    await placeOrders(counter, 'rye', 1);
    await handled('rye', 1);
    await oven.messaging.stop();
    await counter.messaging.stop();
    // Far longer than this test may take.
    counter = await open('counter', counter, { youngMs: 0, waitMs: 600_000 });
    const ending = new AbortController();
    const meeting = counter.messaging.meetNeighbours(ending.signal);
    const order = placeOrders(counter, 'rye', 2);
    ending.abort(new Error('ended'));
    await expect(meeting).rejects.toThrow('ended');
    await Promise.all([expect(order).rejects.toThrow(Stopped), counter.messaging.stop()]);
    expect(await written(counter, 'rye')).toHaveLength(1);
  });

  it('outlives a broker that takes no word at first', async () => {
    /** As of topics that were made a moment ago and have no leader yet. */
    class Leaderless extends EmbeddedTransport {
      refusals = 6;
      override async tell(service: string, word: Word): Promise<boolean> {
        if (this.refusals-- > 0) throw new Error('This server is not the leader for that topic-partition');
        return super.tell(service, word);
      }
    }
    await placeOrders(counter, 'rye', 1);
    await handled('rye', 1);
    await Promise.all([counter.messaging.stop(), oven.messaging.stop()]);
    await transport.stop();
    const leaderless = new Leaderless({ writerOf: bakeryWriterOf });
    transport = leaderless;
    oven = await open('oven', oven);
    counter = await open('counter', counter);
    await transport.start();
    await Promise.all([oven.messaging.meetNeighbours(), counter.messaging.meetNeighbours()]);
    counter.messaging.start();
    await placeOrders(counter, 'rye', 2);
    await handled('rye', 2);
    await eventually(() => leaderless.refusals < 0, 20_000);
  });
});

describe('what a restored writer has lost', () => {
  it('holds up no reader that begins anew: it is told what can never come', async () => {
    await placeOrders(counter, 'rye', 1);
    await handled('rye', 1);
    const restore = await backup(counter, WRITTEN);
    await placeOrders(counter, 'rye', 2, 3);
    await placeOrders(counter, 'spelt', 1);
    await handled('rye', 3);
    await handled('spelt', 1);
    await counter.messaging.stop();
    await restore();
    counter = await restarted('counter', counter);
    await placeOrders(counter, 'rye', 10);
    await placeOrders(counter, 'spelt', 11);
    await handled('rye', 4);
    await handled('spelt', 2);
    oven.messaging.start();
    await oven.messaging.readAnew(ORDERS, async (tx) => tx.query('delete from tally'));
    await eventually(async () => (await seen(oven, 'rye')).includes(10), 20_000);
    await eventually(async () => (await seen(oven, 'spelt')).includes(11), 20_000);
    expect(await seen(oven, 'rye')).toEqual([1, 10]);
    expect(await seen(oven, 'spelt')).toEqual([11]);
    expect(await count(oven, 'held')).toBe(0);
  });
});

describe('a writer restored from an older copy, whose reader is down', () => {
  /** Orders 1 to 3 of which the counter knows only the first; the oven has handled all, and comes up when the test says. */
  async function forgetful(): Promise<(handlers?: Record<string, Handler>) => void> {
    await placeOrders(counter, 'rye', 1);
    await handled('rye', 1);
    const restore = await backup(counter, WRITTEN);
    await placeOrders(counter, 'rye', 2, 3);
    await handled('rye', 3);
    await oven.messaging.stop();
    await counter.messaging.stop();
    await restore();
    counter = await open('counter', counter);
    await counter.messaging.meetNeighbours();
    counter.messaging.start();
    return (handlers = {}) => {
      const { dataSource } = oven;
      oven = openShop({ dataSource, service: 'oven', transport, handlers, rollCall: AT_ONCE });
      oven.messaging.start();
    };
  }

  it('is heard: what it writes meanwhile is handled in order, once, and what it lacks is on record', async () => {
    const ovenComes = await forgetful();
    await placeOrders(counter, 'rye', 10, 11, 12, 13);
    ovenComes();
    await handled('rye', 5);
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3, 10, 11, 12, 13]);
    await transport.publish(await written(counter));
    await transport.requestResend({ topic: ORDERS });
    await eventually(async () => (await counter.messaging.backlog()).replays === 0);
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3, 10, 11, 12, 13]);
    await eventually(() => counter.messaging.hasLost('rye'));
    expect(await counter.dataSource.query('select from_seq, to_seq, reader from lost')).toEqual([
      { from_seq: '2', to_seq: '3', reader: 'oven' },
    ]);
    await placeOrders(counter, 'rye', 14);
    await handled('rye', 6);
  });

  it('parks its reader on what fails of it, and goes on in order once that is mended', async () => {
    const ovenComes = await forgetful();
    await placeOrders(counter, 'rye', 10, 11, 12);
    let isBroken = true;
    ovenComes({
      [OrderPlaced.type]: (data, context) => {
        if (isBroken) throw new Error('the oven is cold');
        tallyOrder(data, context);
      },
    });
    const head = await eventually(async () => (await oven.messaging.parked())[0]);
    expect(head).toMatchObject({ keySeq: 2, cause: 'Error: the oven is cold', behind: 2 });
    isBroken = false;
    expect(await oven.messaging.redrive(head!.id)).toEqual({ handled: 3, failed: null });
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3, 10, 11, 12]);
  });
});

describe('who says what', () => {
  const word = (from: string, body: object): Promise<boolean> => transport.tell('counter', { from, body });
  const positions = [['rye', 9]];
  const everything = [{ from: '', before: null }];

  it.each([
    [
      'a position of who does not read the topic',
      'mill',
      { kind: 'so-far', topic: ORDERS, ranges: everything, positions },
    ],
    [
      'a position in another topic',
      'oven',
      { kind: 'so-far', topic: 'bakery.loaves.v1', ranges: everything, positions },
    ],
    [
      'a loss of who does not read the topic',
      'mill',
      { kind: 'lost', lost: [{ topic: ORDERS, key: 'rye', from: 2, to: 9 }] },
    ],
    [
      'what makes no sense',
      'oven',
      { kind: 'so-far', topic: ORDERS, ranges: everything, positions: [['rye', 'far']] },
    ],
  ])('%s moves no stream', async (_what, from, body) => {
    await placeOrders(counter, 'rye', 1);
    await handled('rye', 1);
    await word(from, body);
    // One that has an effect, behind it.
    await word('oven', { kind: 'lost', lost: [{ topic: ORDERS, key: 'spelt', from: 1, to: 1 }] });
    await eventually(() => counter.messaging.hasLost('spelt'));
    await placeOrders(counter, 'rye', 2);
    await handled('rye', 2);
    expect(await count(counter, 'lost')).toBe(1);
  });

  it('a reader tells only the writer how far it is in the writer’s streams', async () => {
    const told: unknown[] = [];
    transport.onTold('mill', async ({ body }) => void told.push(body));
    transport.onTold('counter', async ({ body }) => void told.push(body));
    await transport.tell('oven', { from: 'mill', body: { kind: 'how-far', topic: ORDERS } });
    await transport.tell('oven', { from: 'counter', body: { kind: 'how-far', topic: ORDERS } });
    await eventually(() => told.length > 0);
    expect(told).toEqual([
      { kind: 'so-far', topic: ORDERS, hashes: [{ from: '', before: null, hash: '0' }] },
    ]);
  });
});

describe('instances of one service', () => {
  /** As a broker does it: what is said to a service comes to the instance that was there first. */
  class FirstHears extends EmbeddedTransport {
    private readonly hearing = new Set<string>();
    override onTold(service: string, listener: ((word: Word) => Promise<void>) | undefined): void {
      if (listener && this.hearing.has(service)) return;
      this.hearing.add(service);
      super.onTold(service, listener);
    }
  }

  it('need not hear the readers themselves: what one has heard since they began counts for all', async () => {
    await closeBakery();
    transport = new FirstHears({ writerOf: bakeryWriterOf });
    counter = await open('counter');
    oven = await open('oven');
    await transport.start();
    await placeOrders(counter, 'rye', 1);
    const { dataSource } = counter;
    // Far longer than this test may take.
    const rollCall = { youngMs: 0, waitMs: 600_000 };
    const second = openShop({ dataSource, service: 'counter', transport, rollCall, meetsFirst: true });
    await second.messaging.meetNeighbours();
    await placeOrders(second, 'rye', 2);
    second.messaging.start();
    await handled('rye', 2);
  });
});

describe('services that agree', () => {
  it('send nothing again, and are not kept waiting', async () => {
    await placeOrders(counter, 'rye', 1, 2, 3);
    await handled('rye', 3);
    await eventually(async () => (await count(counter, 'outbox')) === 0);
    await counter.messaging.stop();
    counter = await open('counter', counter);
    await counter.messaging.meetNeighbours();
    expect(await count(counter, 'outbox')).toBe(0);
    expect(await count(counter, 'lost')).toBe(0);
  });

  it('do not wait for one that is down', async () => {
    await placeOrders(counter, 'rye', 1);
    await handled('rye', 1);
    await oven.messaging.stop();
    await counter.messaging.meetNeighbours();
    expect(await count(counter, 'lost')).toBe(0);
  });
});
