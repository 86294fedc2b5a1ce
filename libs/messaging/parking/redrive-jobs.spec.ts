import { eventually } from '../../../tests/support/eventually';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { closeBakery, seen, type Shop } from '../testing/bakery';
import { Kitchen } from '../testing/kitchen';
import { HOPELESS } from './redrive-pace';

/** As fast as it goes. */
const FAST = 1_000;

let postgres: TestDatabase;
let kitchen: Kitchen;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  kitchen = await Kitchen.open(postgres.url);
});
afterEach(closeBakery);

const jobs = (shop: Shop = kitchen.oven) => shop.messaging.standing.jobs;
const keys = (n: number) => Array.from({ length: n }, (_, i) => `key-${i}`);
const done = (n: number) => Promise.all(keys(n).map((key) => seen(kitchen.oven, key)));
/** Streams of which the first order burns, oldest first, and the second waits. */
async function park(n: number): Promise<void> {
  kitchen.burning.add(1);
  for (const key of keys(n)) {
    kitchen.clock.advance(1_000);
    await kitchen.park(key, 1, 2);
  }
  kitchen.tries.length = 0;
}
const ended = (id: string) =>
  eventually(async () => {
    const job = (await jobs().get(id))!;
    return job.state !== 'running' && job;
  });

describe('a redrive job', () => {
  it('handles the streams of one cause again, the longest standing first, and says how far it is', async () => {
    await park(3);
    kitchen.burning.add(7);
    await kitchen.park('other', 7);
    kitchen.burning.clear();
    const job = (await jobs().start({ cause: 'Error: order 1 burnt', count: 10, perSecond: FAST }, 'Ana'))!;
    expect(job).toMatchObject({ state: 'running', service: 'oven', startedBy: 'Ana', total: 3, left: 3 });
    expect(await ended(job.id)).toMatchObject({ state: 'done', done: 3, failed: 0, left: 0, handled: 6 });
    expect(await done(3)).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect((await kitchen.oven.messaging.parked()).map(({ key }) => key)).toEqual(['other']);
    expect((await jobs().list()).map(({ id }) => id)).toEqual([job.id]);
  });

  it('takes no more than was asked for, and the rest stands', async () => {
    await park(3);
    kitchen.burning.clear();
    const job = (await jobs().start({ count: 2, perSecond: FAST }, 'Ana'))!;
    expect(await ended(job.id)).toMatchObject({ total: 2, done: 2 });
    expect((await kitchen.oven.messaging.parked()).map(({ key }) => key)).toEqual(['key-2']);
  });

  it('notes what failed again and why, and goes on', async () => {
    await park(3);
    kitchen.burning.delete(1);
    kitchen.onOrder = async (n) => {
      const [{ left }] = await kitchen.oven.dataSource.query(
        'select count(*)::int as left from redrive_stream where outcome is null',
      );
      if (n === 1 && left === 2) throw new Error('no flour');
    };
    const job = (await jobs().start({ count: 3, perSecond: FAST }, 'Ana'))!;
    expect(await ended(job.id)).toMatchObject({
      state: 'done',
      done: 2,
      failed: 1,
      failures: [{ key: 'key-1', cause: 'Error: no flour', id: await kitchen.idOf('key-1') }],
    });
  });

  it('ends by itself when the first ones fail again for the same cause', async () => {
    await park(HOPELESS + 3);
    const job = (await jobs().start({ count: 100, perSecond: FAST }, 'Ana'))!;
    expect(await ended(job.id)).toMatchObject({ state: 'failing', done: 0, failed: HOPELESS, left: 3 });
    expect(kitchen.tries).toHaveLength(HOPELESS);
  });

  it('is stopped by a person after the stream under way, and what is left can be redriven again', async () => {
    await park(4);
    kitchen.burning.clear();
    let id = '';
    kitchen.onOrder = async () => {
      if (kitchen.tries.length === 3) expect(await jobs().end(id, 'Luz')).toBe(true);
    };
    // The second stream stops it; at this pace nothing would come after it for a while.
    const job = (await jobs().start({ count: 4, perSecond: FAST }, 'Ana'))!;
    id = job.id;
    expect(await ended(id)).toMatchObject({ state: 'stopped', endedBy: 'Luz' });
    await eventually(async () => (await jobs().get(id))!.done === 2);
    expect((await jobs().get(id))!.left).toBe(2);
    expect(await jobs().end(id, 'Luz')).toBe(false);
    kitchen.onOrder = () => undefined;
    const again = (await jobs().start({ count: 4, perSecond: FAST }, 'Ana'))!;
    expect(await ended(again.id)).toMatchObject({ total: 2, done: 2 });
  });

  it('begun by two people at once has each stream in one of the two', async () => {
    await park(3);
    const order = { count: 100, perSecond: 0.001 };
    let free = (): void => undefined;
    kitchen.onOrder = () => new Promise<void>((resolve) => (free = resolve));
    // All of them have come as far as the streams before one of them gets any.
    const runner = kitchen.oven.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('lock table redrive_stream in share mode');
    const starting = ['Ana', 'Luz', 'Eva'].map((by) => jobs().start(order, by));
    await eventually(async () => {
      const [{ n }] = await kitchen.counter.dataSource.query(
        `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return n === 3;
    });
    await runner.commitTransaction();
    await runner.release();
    const begun = await Promise.all(starting);
    const [{ n }] = await kitchen.oven.dataSource.query(`select count(*)::int as n from redrive_stream`);
    expect(n).toBe(3);
    expect(begun.reduce((sum, job) => sum + (job?.total ?? 0), 0)).toBe(3);
    expect(begun).toContain(undefined);
    await eventually(() => kitchen.tries.length > 0);
    free();
  });

  it('killed in the middle is taken up by the next instance where it was, and nothing is done twice', async () => {
    await park(4);
    kitchen.burning.clear();
    // The first instance hangs at its second stream, as one that is killed there.
    const killed = kitchen.another(kitchen.oven.dataSource, () =>
      kitchen.tries.length === 3 ? new Promise<void>((resolve) => (hanging = resolve)) : undefined,
    );
    let hanging: (() => void) | undefined;
    const job = (await jobs(killed).start({ count: 4, perSecond: FAST }, 'Ana'))!;
    await eventually(() => hanging !== undefined);
    expect(await jobs().get(job.id)).toMatchObject({ state: 'running', done: 1, left: 3 });
    // While it is held nobody else takes it.
    jobs().wake();
    await jobs().list();
    expect(kitchen.tries).toHaveLength(3);
    // Its connections break, and its hold runs out.
    await kitchen.counter.dataSource.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and state = 'idle in transaction'`,
    );
    await kitchen.oven.dataSource.query(`update redrive_job set claimed_until = now() - interval '1 second'`);
    kitchen.oven.messaging.start();
    jobs().wake();
    expect(await ended(job.id)).toMatchObject({ state: 'done', done: 4, failed: 0, left: 0 });
    hanging!();
    expect(await done(4)).toEqual(keys(4).map(() => [1, 2]));
  });

  it('left by an instance that ends goes on with the next one at once', async () => {
    await park(3);
    kitchen.burning.clear();
    const first = kitchen.another();
    let stopped: Promise<void> | undefined;
    kitchen.onOrder = () => void (stopped ??= first.messaging.stop());
    const job = (await jobs(first).start({ count: 3, perSecond: FAST }, 'Ana'))!;
    await eventually(() => stopped !== undefined);
    await stopped;
    expect((await jobs().get(job.id))!.state).toBe('running');
    jobs().wake();
    expect(await ended(job.id)).toMatchObject({ state: 'done', done: 3 });
  });

  it('over nothing is none', async () => {
    expect(await jobs().start({ count: 5, perSecond: FAST }, 'Ana')).toBeUndefined();
    expect(await jobs().list()).toEqual([]);
    expect(await jobs().get('no-such-id')).toBeUndefined();
    expect(await jobs().end('no-such-id', 'Ana')).toBe(false);
  });
});
