import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { closeBakery, placeOrders } from '../testing/bakery';
import { Kitchen } from '../testing/kitchen';

let postgres: TestDatabase;
let kitchen: Kitchen;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  kitchen = await Kitchen.open(postgres.url);
  kitchen.burning.add(1);
});
afterEach(closeBakery);

describe('the sequence that stands still', () => {
  it('comes a page at a time, whole and in its order', async () => {
    await kitchen.park('rye', 1, 2, 3, 4, 5);
    const { standing } = kitchen.oven.messaging;
    const id = await kitchen.idOf('rye');
    const places: number[] = [];
    for (let after = -1, more = true; more;) {
      const page = (await standing.events(id, 2, after))!;
      expect(page.count).toBe(5);
      places.push(...page.events.map(({ keySeq }) => keySeq));
      after = places.at(-1)!;
      more = page.isMore;
    }
    expect(places).toEqual([1, 2, 3, 4, 5]);
    expect(await standing.events(id, 2, 5)).toMatchObject({ events: [], count: 5, isMore: false });
  });

  it('says when each arrived, also of one that had come before its time', async () => {
    await placeOrders(kitchen.counter, 'rye', 1, 2, 3);
    const [first, second, third] = await kitchen.written('rye');
    await kitchen.hatch.deliver([third!]);
    await kitchen.oven.dataSource.query(`update held set held_at = '2026-11-23T11:00:00Z'`);
    await kitchen.hatch.deliver([first!]);
    kitchen.clock.advance(60_000);
    await kitchen.hatch.deliver([second!]);
    const found = (await kitchen.oven.messaging.standing.events(await kitchen.idOf('rye'), 50))!;
    expect(found.events.map(({ keySeq, since }) => [keySeq, since])).toEqual([
      [1, '2026-11-23T12:00:00.000Z'],
      [2, '2026-11-23T12:01:00.000Z'],
      [3, '2026-11-23T11:00:00.000Z'],
    ]);
  });
});
