import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { closeBakery } from '../testing/bakery';
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

const standing = () => kitchen.oven.messaging.standing;
const claims = async () =>
  Object.fromEntries(
    (await kitchen.oven.messaging.parked()).map(({ key, claim }) => [key, claim?.by ?? null]),
  );

describe('who looks into a parked message', () => {
  it('stands on the list with the note and since when, and again after another note', async () => {
    await kitchen.park('rye', 1, 2);
    const which = { id: await kitchen.idOf('rye') };
    const since = kitchen.clock.now().toISOString();
    expect(await standing().claim(which, 'Ana', { note: 'asked the mill', takeOver: false })).toEqual({
      claimed: 1,
      others: 0,
    });
    kitchen.clock.advance(60_000);
    await standing().claim(which, 'Ana', { note: 'the mill answers tomorrow', takeOver: false });
    expect(await kitchen.oven.messaging.parked()).toMatchObject([
      { claim: { by: 'Ana', note: 'the mill answers tomorrow', since } },
    ]);
  });

  it('is one of two people who take it at once, and stays until the other takes it over', async () => {
    await kitchen.park('rye', 1);
    const which = { id: await kitchen.idOf('rye') };
    const names = ['Ana', 'Luz', 'Eva', 'Paz'];
    const taken = await Promise.all(
      names.map((by) => standing().claim(which, by, { note: by, takeOver: false })),
    );
    expect(taken.filter(({ claimed }) => claimed === 1)).toHaveLength(1);
    const first = names[taken.findIndex(({ claimed }) => claimed === 1)]!;
    expect(await claims()).toEqual({ rye: first });
    expect(await standing().release(which, 'somebody')).toEqual({ claimed: 0, others: 1 });
    await standing().claim(which, 'Rosa', { note: null, takeOver: true });
    expect(await claims()).toEqual({ rye: 'Rosa' });
    expect(await standing().release(which, 'Rosa')).toEqual({ claimed: 1, others: 0 });
    expect(await claims()).toEqual({ rye: null });
  });

  it('may take all of one cause at once, and leaves what is somebody else’s', async () => {
    kitchen.burning.add(9);
    for (const key of ['rye', 'spelt', 'wheat']) await kitchen.park(key, 1);
    await kitchen.park('corn', 9);
    await standing().claim({ id: await kitchen.idOf('rye') }, 'Luz', { note: null, takeOver: false });
    const cause = { cause: 'Error: order 1 burnt' };
    expect(await standing().claim(cause, 'Ana', { note: 'yeast', takeOver: false })).toEqual({
      claimed: 2,
      others: 1,
    });
    expect(await claims()).toEqual({ rye: 'Luz', spelt: 'Ana', wheat: 'Ana', corn: null });
    await standing().release(cause, 'Ana');
    expect(await claims()).toEqual({ rye: 'Luz', spelt: null, wheat: null, corn: null });
  });

  it.each([
    ['redriven', async (id: string) => void (await kitchen.oven.messaging.redrive(id))],
    ['skipped', async (id: string) => void (await kitchen.oven.messaging.skip(id, 'of no use', 'Luz'))],
  ])('goes away when it is %s, and stays when that fails', async (_name, settle) => {
    kitchen.burning.add(2);
    await kitchen.park('rye', 1, 2);
    const id = await kitchen.idOf('rye');
    await standing().claim({ id }, 'Ana', { note: 'yeast', takeOver: false });
    await kitchen.oven.messaging.redrive(id);
    expect(await claims()).toEqual({ rye: 'Ana' });
    kitchen.burning.delete(1);
    await settle(id);
    // The next one holds the stream up now: nobody has looked into that.
    expect(await claims()).toEqual({ rye: null });
  });

  it('is nobody of one that waits behind another', async () => {
    await kitchen.park('rye', 1, 2);
    const [behind] = await kitchen.oven.dataSource.query('select id from parked where key_seq = 2');
    expect(await standing().claim({ id: behind.id }, 'Ana', { note: null, takeOver: false })).toEqual({
      claimed: 0,
      others: 0,
    });
  });
});
