import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { gapOf } from './gaps';
import {
  closeBakery,
  count,
  cursorOf,
  Hatch,
  openSchema,
  openShop,
  ORDERS,
  placeOrders,
  seen,
  written,
  type Shop,
} from '../testing/bakery';

let postgres: TestDatabase;
let hatch: Hatch;
let counter: Shop;
let oven: Shop;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  hatch = new Hatch();
  const open = async (service: 'counter' | 'oven') =>
    openShop({ dataSource: await openSchema(postgres.url, service), service, transport: hatch });
  counter = await open('counter');
  oven = await open('oven');
  await placeOrders(counter, 'rye', 1, 2, 3, 4, 5);
});
afterEach(() => closeBakery());

/** Of the events in the counter's log those with these places. */
const orders = async (...seqs: number[]) =>
  (await written(counter, 'rye')).filter(({ envelope }) => seqs.includes(envelope.keyseq));

/** Events 2 and 3 do not arrive, and that has lasted for a minute; the id of the gap as it is listed. */
async function aGap(): Promise<string> {
  await hatch.deliver(await orders(1, 4, 5));
  await oven.dataSource.query(`update held set held_at = held_at - interval '61 seconds'`);
  const [listed] = await oven.messaging.parked();
  expect(listed).toMatchObject({ kind: 'gap', keySeq: 3, behind: 2 });
  expect(listed!.cause).toMatch(/^events 2 to 3 have not arrived\. .*redrive.*skip/);
  return listed!.id;
}

describe('a gap, by the hand of a person', () => {
  it('is asked for at once, and says what is still missing', async () => {
    const id = await aGap();
    const failed = 'events 2 to 3 were asked for again';
    expect(await oven.messaging.redrive(id)).toEqual({ handled: 0, failed });
    expect(hatch.asked).toMatchObject([{ topic: ORDERS, key: 'rye', from: 2, to: 3 }]);
    await hatch.deliver(await orders(2, 3));
    expect(await seen(oven, 'rye')).toEqual([1, 2, 3, 4, 5]);
    expect(await oven.messaging.redrive(id)).toBeUndefined();
  });

  it('is given up with who and why, and what waits behind it is handled in order', async () => {
    const id = await aGap();
    expect(await oven.messaging.skip(id, 'lost with its disk', 'desk 2')).toBe(true);
    expect(await seen(oven, 'rye')).toEqual([1, 4, 5]);
    expect((await cursorOf(oven, 'rye'))?.lastSeq).toBe(5);
    expect(await count(oven, 'held')).toBe(0);
    const kept = await oven.dataSource.query(
      'select key_seq, cause, reason, skipped_by from skipped order by key_seq',
    );
    const word = { cause: 'has not arrived', reason: 'lost with its disk', skipped_by: 'desk 2' };
    expect(kept).toEqual([
      { key_seq: '2', ...word },
      { key_seq: '3', ...word },
    ]);
    // Those that come after all are not handled out of order.
    await hatch.deliver(await orders(2, 3));
    expect(await seen(oven, 'rye')).toEqual([1, 4, 5]);
    expect(await oven.messaging.skip(id, 'again', 'desk 2')).toBe(false);
  });

  it('of a stream whose first event is missing is one, too', async () => {
    await hatch.deliver(await orders(3));
    const [row] = await oven.dataSource.query(`select 'gap-' || md5(topic || ' ' || key) as id from held`);
    expect(await gapOf(oven.dataSource.manager, 'oven', row.id)).toMatchObject({
      from: 1,
      to: 2,
      waiting: 1,
    });
    expect(await oven.messaging.skip(row.id, 'lost', 'desk 2')).toBe(true);
    expect(await seen(oven, 'rye')).toEqual([3]);
  });
});
