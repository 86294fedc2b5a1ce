import { backup } from '../support/backup';
import { referralOf } from '../support/case-view';
import { eventually } from '../support/eventually';
import { System } from '../support/system';

let system: System;
beforeEach(async () => {
  system = await System.start();
}, 60_000);
afterEach(() => system.stop(), 60_000);

/** Parked answers have had their pauses, and nothing is held or parked any more. */
const flowing = () =>
  eventually(async () => {
    await system.advance('1 h');
    const { retorno_held: held, retorno_parked_events: parked } = await system.metrics();
    return held === 0 && parked === 0;
  }, 15_000).catch(async (error) => {
    console.log(JSON.stringify(await system.all('/parked'), null, 1));
    throw error;
  });

/** Work that all three take part in: one case comes, and one that is there goes on. */
async function work(on: { id: string }, ...answers: object[]): Promise<void> {
  await system.answers(on, 'medical-care', ...answers);
  const young = await system.arrive({ needs: ['health-care', 'emotional-support'] });
  await system.answers(young, 'medical-care', { status: 'accepted' }, { status: 'on-hold' });
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
      await work(old, { status: 'accepted' }, { status: 'in-progress' });
      await system.restart(async () => {
        for (const restore of restores) await restore();
      });
      // What the agency had said is lost by both who knew of it.
      const again = both.includes('health') && both.includes('coordinator') ? [{ status: 'accepted' }] : [];
      await expectWhole(old, 2, ...again);
    },
    90_000,
  );
});
