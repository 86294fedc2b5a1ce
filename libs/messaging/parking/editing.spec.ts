import { Client } from 'pg';
import type { Envelope } from '@retorno/contracts';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import {
  closeBakery,
  count,
  cursorOf,
  digestOf,
  GiftOrdered,
  ORDERS,
  OrderPlaced,
  placeOrders,
  seen,
} from '../testing/bakery';
import { Kitchen } from '../testing/kitchen';
import { configuredWrapper } from '../vault/key-wrapper';
import { PostgresVault } from '../vault/postgres-vault';
import { installVault } from '../vault/vault-schema';

const LEAD = { reason: 'the counter mistyped it', by: 'Luz' };

let postgres: TestDatabase;
let vault: PostgresVault;
let kitchen: Kitchen;
/** Keys of subjects are shared by all tests. */
let rye: string;
let customers = 0;

beforeAll(async () => {
  postgres = await startPostgres();
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await installVault(client);
  await client.end();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  vault = new PostgresVault(configuredWrapper('ab'.repeat(32)), 0);
  kitchen = await Kitchen.open(postgres.url, vault);
  rye = `rye-${++customers}`;
});
afterEach(closeBakery);

const standing = () => kitchen.oven.messaging.standing;
const edits = () => kitchen.oven.dataSource.query('select * from edited');

/** Orders 1 to 4, of which the second one burns, and what holds the stream up then. */
async function parkSecond(): Promise<string> {
  kitchen.burning.add(2);
  await kitchen.park(rye, 1, 2, 3, 4);
  return kitchen.idOf(rye);
}

async function place(contract: typeof OrderPlaced | typeof GiftOrdered, data: object): Promise<void> {
  await kitchen.counter.messaging.command([], (unit) =>
    unit.publish({ topic: ORDERS, key: rye, contract, data: data as never }),
  );
}

/** Delivered as it would be, changed as a writer may have got it wrong. */
async function deliver(change: (envelope: Envelope) => Envelope = (e) => e): Promise<void> {
  const records = await kitchen.written(rye);
  await kitchen.hatch.deliver(records.map((r) => ({ ...r, envelope: change(r.envelope) })));
}

describe('an edit of a parked message', () => {
  it('is handled with the sequence behind it, in order and with the same ids; the writer’s log stays as it was', async () => {
    const id = await parkSecond();
    const log = await kitchen.written(rye);
    expect(await standing().edit(id, { n: 20 }, LEAD)).toEqual({ done: true, handled: 3 });
    expect(await seen(kitchen.oven, rye)).toEqual([1, 20, 3, 4]);
    expect(await cursorOf(kitchen.oven, rye)).toEqual({ lastSeq: 4, digest: digestOf(log) });
    expect(await count(kitchen.oven, 'parked')).toBe(0);
    expect(await kitchen.written(rye)).toEqual(log);
    // As its writer sends it again it is one that was handled.
    await kitchen.hatch.deliver(log);
    expect(await seen(kitchen.oven, rye)).toEqual([1, 20, 3, 4]);
  });

  it('keeps the original, what it became, who and why; and that is never changed', async () => {
    const id = await parkSecond();
    const original = (await kitchen.written(rye))[1]!.envelope;
    await standing().edit(id, { n: 20 }, LEAD);
    const [kept] = await edits();
    expect(kept).toMatchObject({
      key: rye,
      key_seq: '2',
      cause: 'Error: order 2 burnt',
      reason: LEAD.reason,
      edited_by: 'Luz',
      edited_at: kitchen.clock.now(),
    });
    expect(JSON.parse(kept.original)).toEqual(original);
    expect(JSON.parse(kept.edited)).toEqual({ ...original, data: { n: 20 } });
    for (const change of ['delete from edited', `update edited set edited_by = 'Eva'`, 'truncate edited']) {
      await expect(kitchen.oven.dataSource.query(change)).rejects.toThrow('added and never changed');
    }
  });

  it('is wholly undone when anything behind it fails: nothing is handled, kept or moved', async () => {
    const id = await parkSecond();
    kitchen.burning.add(4);
    const before = await kitchen.oven.dataSource.query('select * from parked order by key_seq');
    expect(await standing().edit(id, { n: 20 }, LEAD)).toEqual({
      done: false,
      failed: { keySeq: 4, cause: 'Error: order 4 burnt' },
    });
    expect(kitchen.tries.slice(-3)).toEqual([{ n: 20 }, { n: 3 }, { n: 4 }]);
    expect(await seen(kitchen.oven, rye)).toEqual([1]);
    expect((await cursorOf(kitchen.oven, rye))!.lastSeq).toBe(1);
    expect(await kitchen.oven.dataSource.query('select * from parked order by key_seq')).toEqual(before);
    expect(await edits()).toEqual([]);
  });

  it.each([
    ['of another type', { n: 'many' }, { pointer: '/n', code: 'type', expected: 'integer' }],
    ['missing', {}, { pointer: '/', code: 'required', expected: 'n' }],
    [
      'unknown',
      { n: 2, colour: 'brown' },
      { pointer: '/', code: 'additionalProperties', expected: 'colour' },
    ],
    ['personal', { n: 2, note: 'for Rosa' }, { pointer: '/note', code: 'personal' }],
    ['the seal itself', { n: 2, sealed: 'x' }, { pointer: '/', code: 'additionalProperties' }],
  ])('that leaves something %s is refused, and says where and why', async (_name, data, error) => {
    const id = await parkSecond();
    const tried = kitchen.tries.length;
    const edited = await standing().edit(id, data, LEAD);
    expect(edited).toMatchObject({ done: false, errors: [error] });
    expect(JSON.stringify(edited)).not.toMatch(/many|brown|Rosa/);
    expect([kitchen.tries.length, await edits()]).toEqual([tried, []]);
  });

  it('leaves what is personal sealed, and what nobody knows as it is', async () => {
    kitchen.burning.add(1);
    await place(OrderPlaced, { n: 1, note: 'for Rosa Quispe', wrapping: 'red' });
    await deliver((e) => ({ ...e, data: { ...(e.data as object), ribbon: 'blue' } }));
    const id = await kitchen.idOf(rye);
    const message = (await standing().message(id))!;
    expect(message).toMatchObject({
      data: { n: 1, wrapping: 'red' },
      sealed: ['note'],
      unknown: 1,
      notEditable: null,
      errors: [],
    });
    expect(JSON.stringify(message)).not.toMatch(/Rosa|blue|ribbon/);
    expect(await standing().edit(id, { n: 10 }, LEAD)).toMatchObject({ done: true });
    expect(kitchen.tries.at(-1)).toEqual({ n: 10, note: 'for Rosa Quispe', ribbon: 'blue' });
    expect(JSON.stringify(await edits())).not.toContain('Rosa');
  });

  it('mends what did not fit its contract', async () => {
    await placeOrders(kitchen.counter, rye, 1, 2);
    await deliver((e) => (e.keyseq === 1 ? { ...e, data: { n: 'one' } } : e));
    const id = await kitchen.idOf(rye);
    expect((await standing().message(id))!.errors).toEqual([
      { pointer: '/n', detail: 'must be integer', code: 'type', expected: 'integer' },
    ]);
    expect(await standing().edit(id, { n: 1 }, LEAD)).toEqual({ done: true, handled: 2 });
    expect(await seen(kitchen.oven, rye)).toEqual([1, 2]);
  });

  it('is not there for what nobody can judge: then nothing of it is shown', async () => {
    await placeOrders(kitchen.counter, rye, 1);
    const secret = { name: 'Rosa Quispe' };
    await deliver((e) => ({ ...e, type: 'retorno.no-such.v1', data: secret }));
    const unknown = await kitchen.idOf(rye);
    await deliver((e) => ({ ...e, source: '/retorno/rival', data: secret }));
    const outside = (await kitchen.oven.messaging.parked()).find(({ keySeq }) => keySeq === 0)!.id;
    for (const [id, notEditable] of [
      [unknown, 'unknown-type'],
      [outside, 'outside'],
    ] as const) {
      const message = await standing().message(id);
      expect(message).toMatchObject({ data: null, notEditable });
      expect(JSON.stringify(message)).not.toContain('Rosa');
      expect(await standing().edit(id, { n: 1 }, LEAD)).toEqual({ done: false, notEditable });
    }
  });

  it('of somebody who was erased is refused: the message is passed over when it is redriven', async () => {
    kitchen.burning.add(1);
    await place(GiftOrdered, { n: 1, recipient: 'Rosa Quispe' });
    await deliver();
    await kitchen.oven.dataSource.transaction((tx) => vault.erase(tx, [`customer/${rye}`]));
    const id = await kitchen.idOf(rye);
    expect(await standing().message(id)).toMatchObject({ data: null, notEditable: 'erased' });
    expect(await standing().edit(id, { n: 2 }, LEAD)).toEqual({ done: false, notEditable: 'erased' });
    expect(await kitchen.oven.messaging.redrive(id)).toEqual({ handled: 1, failed: null });
  });

  it('is of what holds the stream up, and of nothing else', async () => {
    await parkSecond();
    const [behind] = await kitchen.oven.dataSource.query('select id from parked where key_seq = 3');
    for (const id of [behind.id, 'no-such-id']) {
      expect(await standing().message(id)).toBeUndefined();
      expect(await standing().edit(id, { n: 30 }, LEAD)).toBeUndefined();
    }
  });

  it('replays up to a gap; what comes behind it waits for what is missing', async () => {
    const id = await parkSecond();
    await kitchen.oven.dataSource.query('delete from parked where key_seq = 3');
    expect(await standing().edit(id, { n: 20 }, LEAD)).toEqual({ done: true, handled: 1 });
    await kitchen.hatch.deliver((await kitchen.written(rye)).slice(2, 3));
    expect(await seen(kitchen.oven, rye)).toEqual([1, 20, 3, 4]);
  });
});

describe('two people at one parked message at once', () => {
  /** Lets the first one wait in the middle of its work until the second one has come as far as it can. */
  async function both<A, B>(first: () => Promise<A>, second: () => Promise<B>): Promise<[A, B]> {
    let release = (): void => undefined;
    let arrive = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    kitchen.onOrder = () => {
      kitchen.onOrder = () => undefined;
      arrive();
      return gate;
    };
    const one = first();
    await arrived;
    const two = second();
    // Done, or it waits for a lock of the first: both are let go.
    await Promise.race([two, waitsForLock()]);
    release();
    return Promise.all([one, two]);
  }

  async function waitsForLock(): Promise<void> {
    const { dataSource } = kitchen.counter;
    for (;;) {
      const [{ n }] = await dataSource.query(
        `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (n > 0) return;
    }
  }

  async function wholeOnce(second: number | undefined): Promise<void> {
    expect(await seen(kitchen.oven, rye)).toEqual([1, ...(second === undefined ? [] : [second]), 3, 4]);
    expect(await count(kitchen.oven, 'parked')).toBe(0);
    expect((await cursorOf(kitchen.oven, rye))!.lastSeq).toBe(4);
  }

  it('both edit: one of them does, the other is told that it is gone, and one edit is kept', async () => {
    const id = await parkSecond();
    const [ana, luz] = await both(
      () => standing().edit(id, { n: 20 }, LEAD),
      () => standing().edit(id, { n: 21 }, LEAD),
    );
    expect([ana, luz].filter((edited) => edited?.done)).toHaveLength(1);
    expect([ana, luz]).toContain(undefined);
    expect(await edits()).toHaveLength(1);
    await wholeOnce(ana?.done ? 20 : 21);
  });

  it('one edits while the other redrives: one of the two is handled, never both', async () => {
    const id = await parkSecond();
    kitchen.burning.clear();
    const [edited] = await both(
      () => standing().edit(id, { n: 20 }, LEAD),
      () => kitchen.oven.messaging.redrive(id),
    );
    expect(await edits()).toHaveLength(edited?.done ? 1 : 0);
    await wholeOnce(edited?.done ? 20 : 2);
  });

  it('one redrives while the other edits', async () => {
    const id = await parkSecond();
    kitchen.burning.clear();
    const [, edited] = await both(
      () => kitchen.oven.messaging.redrive(id),
      () => standing().edit(id, { n: 20 }, LEAD),
    );
    expect(await edits()).toHaveLength(edited?.done ? 1 : 0);
    await wholeOnce(edited?.done ? 20 : 2);
  });

  it('one redrives after the other’s edit has looked at it, and before it is handled', async () => {
    kitchen.burning.add(1);
    await place(OrderPlaced, { n: 1, note: 'for Rosa Quispe' });
    await deliver();
    kitchen.burning.clear();
    const id = await kitchen.idOf(rye);
    const keys = vault.keys.bind(vault);
    vault.keys = async (...asked) => {
      vault.keys = keys;
      expect(await kitchen.oven.messaging.redrive(id)).toEqual({ handled: 1, failed: null });
      return keys(...asked);
    };
    expect(await standing().edit(id, { n: 10 }, LEAD)).toBeUndefined();
    expect([await seen(kitchen.oven, rye), await edits()]).toEqual([[1], []]);
  });

  it('one edits while the other skips', async () => {
    const id = await parkSecond();
    const [edited, skipped] = await both(
      () => standing().edit(id, { n: 20 }, LEAD),
      () => kitchen.oven.messaging.skip(id, 'of no use', 'Luz'),
    );
    expect(skipped).not.toBe(edited?.done ?? false);
    expect(await count(kitchen.oven, 'skipped')).toBe(skipped ? 1 : 0);
    await wholeOnce(skipped ? undefined : 20);
  });
});
