import { aCase, aReferral } from './testing/cases';
import { restingOnConsent, standingOf, visibleDisclosures, visibleReferrals } from './visible';

const NOW = new Date('2026-11-23T15:00:00Z');

describe('what is shown', () => {
  const restricted = aReferral({ id: 'hidden', restricted: true });
  const ordinary = aReferral({ id: 'shown', needs: ['employment'] });
  const line = { at: NOW.toISOString(), agency: 'x', service: 'y', sent: [], basis: 'consent' };

  it('leaves restricted services out for a person at risk, and only then', () => {
    const referrals = [restricted, ordinary];
    expect(visibleReferrals(aCase({ atRisk: true, referrals }))).toEqual([ordinary]);
    expect(visibleReferrals(aCase({ referrals }))).toEqual(referrals);
  });

  it('leaves out what was told about them, and about referrals that nobody knows', () => {
    const found = aCase({ atRisk: true, referrals: [restricted, ordinary] });
    const lines = ['hidden', 'shown', 'unknown'].map((referralId) => ({ ...line, referralId }));
    expect(visibleDisclosures(found, lines)).toEqual([lines[1]]);
    expect(visibleDisclosures({ ...found, atRisk: false }, lines)).toEqual(lines);
  });

  it('is the attempt that counts: one that did not serve gives way to the next', () => {
    const first = aReferral({ id: 'first', status: 'rejected' });
    const second = aReferral({ id: 'second', attempt: 2 });
    expect(visibleReferrals(aCase({ referrals: [first] }))).toEqual([first]);
    expect(visibleReferrals(aCase({ referrals: [first, second] }))).toEqual([second]);
  });

  it('stops with the consent only when it rests on it and is under way', () => {
    const kept = aReferral({ id: 'stops' });
    const others = [
      aReferral({ basis: 'legal-obligation' }),
      aReferral({ status: 'completed' }),
      aReferral({ cancellation: {} }),
    ];
    expect(restingOnConsent([kept, ...others])).toEqual([kept]);
  });
});

describe('in plain words', () => {
  it.each([
    [{ status: 'planned', businessStatus: 'awaiting-consent' }, 'stand.consent', 'next.call'],
    [{ status: 'planned', businessStatus: 'awaiting-prerequisite' }, 'stand.waits', 'next.nothing'],
    [{ status: 'requested' }, 'stand.sent', 'next.nothing'],
    [{ status: 'accepted' }, 'stand.working', 'next.nothing'],
    [{ status: 'in-progress', businessStatus: 'scheduled' }, 'stand.scheduled', 'next.go'],
    [{ status: 'in-progress', businessStatus: 'no-show' }, 'stand.missed', 'next.call'],
    [{ status: 'on-hold', businessStatus: 'waitlisted' }, 'stand.waitlisted', 'next.nothing'],
    [{ status: 'accepted', cancellation: {} }, 'stand.stopping', 'next.nothing'],
    [{ status: 'rejected', businessStatus: 'scheduled' }, 'stand.impossible', 'next.nothing'],
    [{ status: 'completed', businessStatus: 'disputed' }, 'stand.disputed', 'next.nothing'],
    [{ status: 'completed', confirmBy: '2026-11-23T15:00:00Z' }, 'stand.delivered', 'next.say'],
    [{ status: 'completed', confirmBy: '2026-11-23T14:59:59Z' }, 'stand.done', 'next.nothing'],
  ])('%j is %s, and next %s', (changes, stand, next) => {
    expect(standingOf(aReferral(changes), NOW)).toEqual({ stand, next });
  });
});
