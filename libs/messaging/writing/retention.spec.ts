import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { closeBakery, count, Hatch, openSchema, openShop, ORDERS, placeOrders } from '../testing/bakery';

let database: TestDatabase;

beforeAll(async () => {
  database = await startPostgres();
});
afterEach(() => closeBakery());
afterAll(() => database.stop());

describe('events that were sent', () => {
  it('can be sent again for 30 days and are removed after them, but never before they were sent', async () => {
    const counter = openShop({
      dataSource: await openSchema(database.url, 'counter'),
      service: 'counter',
      transport: new Hatch(),
    });
    await placeOrders(counter, 'rye', 1, 2, 3);
    await counter.dataSource.query(`delete from outbox where id < (select max(id) from outbox)`);
    expect(await counter.messaging.care.forgetSent()).toBe(0);
    await counter.dataSource.query(`update event set at = at - interval '31 days'`);
    expect(await counter.messaging.care.forgetSent()).toBe(2);
    expect(await count(counter, 'event where key_seq = 3')).toBe(1);
  });

  it('stay for good on topics that the service keeps', async () => {
    const counter = openShop({
      dataSource: await openSchema(database.url, 'counter'),
      service: 'counter',
      transport: new Hatch(),
      keeps: [ORDERS],
    });
    await placeOrders(counter, 'rye', 1);
    await counter.dataSource.query(`delete from outbox`);
    await counter.dataSource.query(`update event set at = at - interval '31 days'`);
    expect(await counter.messaging.care.forgetSent()).toBe(0);
  });
});
