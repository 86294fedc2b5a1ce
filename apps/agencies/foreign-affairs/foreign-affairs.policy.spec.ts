import { asked, type AgencyReferral } from '@retorno/agency';
import { policy } from './foreign-affairs.policy';

const REQUESTED = Date.parse('2026-11-23T15:00:00Z');
const card = (changes: Partial<AgencyReferral> = {}) => ({
  service: 'returnee-card',
  returnee: { yearsAbroad: 5 },
  ...changes,
});
const afterDays = (days: number) =>
  ({ type: 'woken', now: new Date(REQUESTED + days * 86_400_000) }) as const;
const NOT_ELIGIBLE = [{ status: 'rejected', code: 'not-eligible' }];

describe('the returnee card', () => {
  it('is for three years abroad or more', () => {
    const years = (yearsAbroad: number) => asked(policy, card({ returnee: { yearsAbroad } })).answers;
    expect(years(2)).toEqual(NOT_ELIGIBLE);
    expect(years(3)).toEqual([]);
    expect(asked(policy, card({ returnee: {} })).answers).toEqual([]);
  });

  it('is refused also when the years are corrected later, but not once staff have taken it on', () => {
    const corrected = card({ returnee: { yearsAbroad: 1 } });
    expect(asked(policy, corrected, { type: 'updated' }).answers).toEqual(NOT_ELIGIBLE);
    expect(asked(policy, { ...corrected, status: 'accepted' }, { type: 'updated' }).answers).toEqual([]);
  });

  it('is lost to who leaves an application incomplete for 180 days after the entry', () => {
    const incomplete = card({ businessStatus: 'info-requested' });
    expect(asked(policy, incomplete, afterDays(179)).answers).toEqual([]);
    expect(asked(policy, incomplete, afterDays(180)).answers).toEqual(NOT_ELIGIBLE);
  });

  it('is not lost to who applied in time because staff took theirs', () => {
    expect(asked(policy, card(), afterDays(200)).answers).toEqual([]);
  });

  it('counts an entry that was booked ahead from its own day', () => {
    const booked = card({ businessStatus: 'info-requested', notBefore: '2026-12-23' });
    expect(asked(policy, booked, afterDays(180)).answers).toEqual([]);
    expect(asked(policy, booked, afterDays(210)).answers).toEqual(NOT_ELIGIBLE);
  });

  it('comes to the top of the list a month before the time to apply ends', () => {
    expect(asked(policy, card())).toMatchObject({ wakeAt: afterDays(150).now });
    expect(asked(policy, card(), afterDays(150))).toMatchObject({
      priority: 'urgent',
      wakeAt: afterDays(180).now,
    });
  });
});
