import { backup } from '../support/backup';
import { referralOf } from '../support/case-view';
import { eventually } from '../support/eventually';
import { System } from '../support/system';

let system: System;
beforeEach(async () => {
  system = await System.start();
});
afterEach(() => system.stop());

/** Parked answers have had their pauses, and nothing is held or parked any more. */
const flowing = () =>
  eventually(async () => {
    await system.advance('1 h');
    const { retorno_held: held, retorno_parked_events: parked } = await system.metrics();
    return held === 0 && parked === 0;
  });

/** Work that all three take part in: one case comes, and one that is there goes on. */
async function work(on: { id: string }, ...answers: object[]): Promise<void> {
  await system.answers(on, 'medical-care', ...answers);
  const young = await system.arrive({ needs: ['health-care', 'emotional-support'] });
  await system.answers(young, 'medical-care', { status: 'accepted' }, { status: 'on-hold' });
}

/** What figures are made of, row by row. */
async function countedRows(): Promise<unknown> {
  const { messaging } = system.topology.services.find(({ name }) => name === 'statistics')!;
  const tables: unknown[] = [];
  for (const table of ['case_row', 'agency_row', 'follow_up_row'])
    tables.push(await messaging.dataSource.query(`select * from ${table} t order by t::text`));
  return tables;
}

/** Both were restored: nobody has two cases, what the agency holds is what the coordinator thinks, and answers are heard. */
async function expectWhole(old: { id: string }, arrived: number, ...answers: object[]): Promise<void> {
  await flowing();
  const cases = await system.all('/cases');
  expect(cases.length).toBeLessThanOrEqual(arrived);
  expect(new Set(cases.map(({ number }) => number)).size).toBe(cases.length);
  const { digest } = await system.get('/agencies/health/holdings');
  expect((await system.get('/holdings/health')).digest).toBe(digest);
  const after = await system.answers(old, 'medical-care', ...answers, { status: 'completed' });
  expect(referralOf(after, 'medical-care').status).toBe('completed');
  const next = await system.arrive({ needs: ['health-care'] });
  expect(referralOf(next, 'medical-care').status).toBe('received');
}

const SERVICES = ['coordinator', 'health', 'intake'];
const ordered = SERVICES.flatMap((first) =>
  SERVICES.filter((second) => second !== first).map((second) => [first, second] as const),
);

describe('two services restored from copies of the same day', () => {
  it.each(ordered)(
    '%s, and %s after more work: every stream flows, and nobody is doubled',
    async (...both) => {
      const old = await system.arrive({ needs: ['health-care'] });
      const [first, second] = [await backup(system, both[0]), await backup(system, both[1])];
      await work(old, { status: 'accepted' });
      await system.restart(first);
      await flowing();
      await work(old, { status: 'in-progress' });
      await system.restart(second);
      await expectWhole(old, 3);
    },
    90_000,
  );

  it.each(ordered.filter(([a, b]) => a < b))(
    '%s and %s at once: every stream flows, and nobody is doubled',
    async (...both) => {
      const old = await system.arrive({ needs: ['health-care'] });
      const restores = [await backup(system, both[0]), await backup(system, both[1])];
      // Who comes meanwhile is lost by both who know the person, if they are these two: nobody can put that right.
      const isKnown = both.includes('health');
      const answers = [{ status: 'accepted' }, { status: 'in-progress' }];
      await (isKnown ? work(old, ...answers) : system.answers(old, 'medical-care', ...answers));
      await system.restart(async () => {
        for (const restore of restores) await restore();
      });
      // What the agency had said is lost by both who knew of it.
      const again = both.includes('health') && both.includes('coordinator') ? [{ status: 'accepted' }] : [];
      await expectWhole(old, 2, ...again);
    },
    90_000,
  );

  it('figures count what the coordinator knows, and are the same as made anew', async () => {
    const old = await system.arrive({ needs: ['health-care'] });
    const restore = await backup(system, 'coordinator');
    await work(old, { status: 'accepted' }, { status: 'completed' });
    await system.command(old, 'close', { reason: 'left-country' });
    await system.restart(restore);
    await flowing();
    const live = await countedRows();
    expect((await system.call('POST', '/statistics/rebuild')).status).toBe(202);
    await flowing();
    expect(await countedRows()).toEqual(live);
    expect(live).not.toEqual([[], [], []]);
  }, 60_000);
});
