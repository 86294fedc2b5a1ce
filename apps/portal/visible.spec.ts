import { aCase, aDisclosure, aReferral } from './testing/cases';
import { byAttention, restingOnConsent, standingOf, visibleDisclosures, visibleReferrals } from './visible';

const NOW = new Date('2026-11-23T15:00:00Z');

describe('what is shown', () => {
  const restricted = aReferral({ id: 'hidden', restricted: true });
  const ordinary = aReferral({ id: 'shown', needs: ['employment'] });

  it('leaves restricted services out for a person at risk, and only then', () => {
    const referrals = [restricted, ordinary];
    expect(visibleReferrals(aCase({ atRisk: true, referrals }))).toEqual([ordinary]);
    expect(visibleReferrals(aCase({ referrals }))).toEqual(referrals);
  });

  it.each([
    ['a shelter', { purpose: 'housing' }],
    ['protection', { purpose: 'protection' }],
    ['a service that nobody publishes any more', { title: null }],
  ])('leaves out %s for a person at risk, on the page and in the ledger', (_what, changes) => {
    const found = aCase({ atRisk: true, referrals: [aReferral({ id: 'telling', ...changes }), ordinary] });
    const lines = ['telling', 'shown'].map((referralId) => aDisclosure({ referralId }));
    expect(visibleReferrals(found).map(({ id }) => id)).toEqual(['shown']);
    expect(visibleDisclosures(found, lines)).toEqual([lines[1]]);
    expect(visibleReferrals({ ...found, atRisk: false })).toHaveLength(2);
  });

  it('says to nobody but them where and when a person at risk will be: they are told to call', () => {
    const office = { name: 'Hospital', address: 'Jr. Bolivia 109', phone: null, hours: null };
    const scheduled = aReferral({
      businessStatus: 'scheduled',
      scheduledFor: '2026-11-27T14:30:00Z',
      office,
    });
    const referrals = [scheduled];
    const [shown] = visibleReferrals(aCase({ atRisk: true, referrals }));
    expect(shown).toMatchObject({ office: null, scheduledFor: null });
    expect(standingOf(shown!, NOW)).toEqual({ stand: 'stand.scheduled', next: 'next.call' });
    expect(visibleReferrals(aCase({ referrals }))).toEqual([scheduled]);
  });

  it('begins with what asks something of the returnee', () => {
    const rest = aReferral({ id: 'rest' });
    const call = aReferral({ id: 'call', businessStatus: 'no-show' });
    const say = aReferral({ id: 'say', status: 'completed', confirmBy: '2026-11-30T15:00:00Z' });
    expect(byAttention([rest, call, rest, say], NOW).map(({ id }) => id)).toEqual([
      'say',
      'call',
      'rest',
      'rest',
    ]);
  });

  it('leaves out what was told about them, and about referrals that nobody knows', () => {
    const found = aCase({ atRisk: true, referrals: [restricted, ordinary] });
    const lines = ['hidden', 'shown', 'unknown'].map((referralId) => aDisclosure({ referralId }));
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
    [
      { status: 'in-progress', businessStatus: 'scheduled', scheduledFor: '2026-11-27T14:30:00Z' },
      'stand.scheduled',
      'next.go',
    ],
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
