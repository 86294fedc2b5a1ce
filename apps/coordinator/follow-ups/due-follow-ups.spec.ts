import fc from 'fast-check';
import { dueFollowUp, dueWaves } from './due-follow-ups';
import { monthsAfter } from '../saga/follow-up';
import { RULES } from '../saga/plan/rules';

const DAY_MS = 86_400_000;
const { months, openDays } = RULES.followUp;
const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The wave that somebody is in, read off the rules one by one. */
function waveOf(arrival: string, now: Date): { month: number; overdue: boolean } | undefined {
  const begun = months.filter((month) => monthsAfter(arrival, month) <= now);
  const month = begun.at(-1);
  if (month === undefined) return undefined;
  return { month, overdue: monthsAfter(arrival, month).getTime() + openDays * DAY_MS <= now.getTime() };
}

describe('due follow-ups', () => {
  const now = fc.date({
    min: new Date('2026-01-01T00:00:00Z'),
    max: new Date('2028-12-31T00:00:00Z'),
    noInvalidDate: true,
  });

  it('are of the wave that somebody is in by the day of arrival, at the ends of months as well', () => {
    fc.assert(
      fc.property(
        now,
        fc.nat({ max: 420 }),
        fc.constantFrom(undefined, 'open', 'overdue'),
        (at, days, status) => {
          const arrival = dateOf(at.getTime() - days * DAY_MS);
          const wave = waveOf(arrival, at);
          const wanted = wave && (status === undefined || wave.overdue === (status === 'overdue'));
          const found = dueWaves(at, RULES, status as 'open' | 'overdue' | undefined).filter(
            ({ after, upto }) => (after === '-infinity' || arrival > after) && arrival <= upto,
          );
          expect(found.map(({ month }) => month)).toEqual(wanted ? [wave.month] : []);
          if (wave) {
            const shown = dueFollowUp(arrival, wave.month, at, RULES);
            expect(shown.status).toBe(wave.overdue ? 'overdue' : 'open');
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('come wave after wave without overlapping, the earliest arrivals first', () => {
    const waves = dueWaves(new Date('2027-06-30T12:00:00Z'), RULES, undefined);
    expect(waves).toEqual([
      { month: 6, after: '-infinity', upto: '2026-12-31' },
      { month: 3, after: '2026-12-31', upto: '2027-03-31' },
      { month: 1, after: '2027-03-31', upto: '2027-05-31' },
    ]);
  });

  it('can be recorded until the next wave begins', () => {
    expect(dueFollowUp('2026-11-20', 1, new Date('2027-01-20T00:00:00Z'), RULES)).toEqual({
      month: 1,
      status: 'overdue',
      from: '2026-12-20T05:00:00.000Z',
      until: '2027-01-19T05:00:00.000Z',
      closes: '2027-02-20T05:00:00.000Z',
    });
    expect(dueFollowUp('2026-11-20', 6, new Date('2027-05-20T05:00:00Z'), RULES)).toMatchObject({
      status: 'open',
      closes: null,
    });
  });
});
