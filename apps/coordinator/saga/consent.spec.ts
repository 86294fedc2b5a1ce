import type { Consent } from '@retorno/contracts';
import { peruCalendar } from '@retorno/service';
import { consentAt, covers, isWider, mayCover, stopTerm } from './consent';
import type { Said } from '../testing/returnees';
import { roundtable, withPurposes } from '../testing/roundtable';
import { Saga } from '../testing/saga';

const AT = '2026-11-20T13:00:00.000Z';
const granted = (terms: Partial<Consent> = {}): Consent => ({ status: 'granted', at: AT, ...terms });
const NEXT_DAY = '2026-11-24T12:00:00.000Z';
const LATER = '2026-11-25T12:00:00.000Z';

/** Health, identity and work are purposes of their own; mental health only goes with a consent to everything. */
const WORLD = withPurposes(roundtable('identity', 'health', 'employment', 'insurance'), {
  'dni-verify': 'identity',
  'dni-issue': 'identity',
  'medical-care': 'health',
  'job-placement': 'work',
});

describe('what a consent carries', () => {
  test.each<[string, Consent, 'health' | undefined, boolean]>([
    ['everything, when it names no purpose', granted(), 'health', true],
    ['a service without a purpose, when it is to everything', granted(), undefined, true],
    ['the purposes that it names', granted({ purposes: ['health'] }), 'health', true],
    ['no other purpose', granted({ purposes: ['work'] }), 'health', false],
    ['no service without a purpose, when it names some', granted({ purposes: ['health'] }), undefined, false],
    ['nothing once it was withdrawn', { status: 'withdrawn', at: AT }, 'health', false],
    ['nothing once it expired', { status: 'expired', at: AT }, 'health', false],
    ['nothing while it is pending', { status: 'pending' }, 'health', false],
  ])('%s', (_, consent, purpose, expected) => {
    expect(covers(consent, purpose)).toBe(expected);
  });

  test('what nobody was asked about yet may be planned, what was left out may not', () => {
    expect(mayCover({ status: 'pending' }, 'health')).toBe(true);
    expect(mayCover(granted({ purposes: ['work'] }), 'health')).toBe(false);
  });

  test('it expires at its last moment, and equal consents have equal texts', () => {
    const until = '2026-12-01T00:00:00.000Z';
    const consent: Consent = { until, purposes: ['work', 'health'], at: AT, status: 'granted' };
    const before = consentAt(consent, new Date(Date.parse(until) - 1));
    expect(JSON.stringify(before)).toBe(
      JSON.stringify({ status: 'granted', at: AT, purposes: ['health', 'work'], until }),
    );
    expect(consentAt(consent, new Date(until)).status).toBe('expired');
  });

  test('another purpose is wider, fewer are not, and neither is the same for longer', () => {
    expect(isWider(granted({ purposes: ['health', 'work'] }), granted({ purposes: ['health'] }))).toBe(true);
    expect(isWider(granted(), granted({ purposes: ['health'] }))).toBe(true);
    expect(isWider(granted({ purposes: ['health'] }), granted())).toBe(false);
    expect(isWider(granted(), granted({ until: LATER }))).toBe(false);
  });

  test('an agency stops as fast as it acknowledges, and within a working day when the consent is gone', () => {
    const calendar = peruCalendar();
    const within = (ack: string, reason: string) =>
      stopTerm({ ack }, { requestedAt: NEXT_DAY, reason }, { calendar, rules: { consentStop: '1 d' } });
    expect(within('3 d', 'consent-withdrawn')).toBe('1 d');
    expect(within('2 h', 'consent-expired')).toBe('2 h');
    expect(within('3 d', 'operations')).toBe('3 d');
  });
});

describe('consent for some purposes', () => {
  it('sends what it carries and leaves the rest unmet, also what only a consent to everything would carry', () => {
    const saga = new Saga(
      {
        needs: ['health-care', 'emotional-support', 'employment'],
        consent: granted({ purposes: ['health'] }),
      },
      WORLD,
    );
    expect(saga.standing).toEqual(['medical-care requested']);
    expect(saga.referral('medical-care').purpose).toBe('health');
    expect(saga.need('emotional-support')).toEqual({ status: 'unmet', reason: 'consent-refused' });
    expect(saga.need('employment')).toEqual({ status: 'unmet', reason: 'consent-refused' });
  });

  it('that came after a pending one plans no more than it carries', () => {
    const saga = new Saga({ needs: ['health-care', 'emotional-support'], consent: 'pending' }, WORLD);
    saga.consent('granted', NEXT_DAY, { purposes: ['health'] });
    expect(saga.standing).toEqual(['medical-care requested', 'mental-health cancelled']);
    expect(saga.need('emotional-support')).toEqual({ status: 'unmet', reason: 'consent-refused' });
    expect(saga.sent('cancellation-requested')).toEqual([]);
  });

  it('a prerequisite that it leaves out holds its dependents back, and a person is told why', () => {
    const saga = new Saga({ needs: ['employment'], consent: granted({ purposes: ['work'] }) }, WORLD);
    expect(saga.standing).toEqual(['job-placement awaiting-prerequisite']);
    expect(saga.open).toMatchObject([
      { reason: 'prerequisite-unmet', detail: { service: 'dni-issue', code: 'consent-refused' } },
    ]);
    saga.consent('granted', NEXT_DAY, { purposes: ['work', 'identity'] });
    expect(saga.escalated).toEqual([]);
    saga.complete('dni-issue');
    expect(saga.referral('job-placement').status).toBe('requested');
  });

  it('a prerequisite that nobody offers is told as such, also to whoever consented in part', () => {
    const few = withPurposes(roundtable('employment'), { 'job-placement': 'work' });
    const saga = new Saga({ needs: ['employment'], consent: granted({ purposes: ['work'] }) }, few);
    expect(saga.open).toMatchObject([{ reason: 'no-provider', detail: { service: 'dni-issue' } }]);
  });

  it('narrowed: exactly what rests on the purposes that went is stopped', () => {
    const saga = new Saga({ needs: ['health-care', 'employment'], documentType: 'dni' }, WORLD);
    saga.complete('dni-verify', 'verified');
    saga.consent('granted', NEXT_DAY, { purposes: ['health', 'identity'] });
    expect(saga.sent('cancellation-requested')).toEqual(['employment/job-placement']);
    expect(saga.referral('job-placement').cancellation).toMatchObject({ reason: 'consent-withdrawn' });
    expect(saga.need('employment')).toEqual({ status: 'unmet', reason: 'consent-withdrawn' });
    expect(saga.referral('medical-care').status).toBe('requested');
    expect(saga.state.status).toBe('open');
  });

  it('widened again: what was stopped goes on, once the agency has let go', () => {
    const saga = new Saga({ needs: ['health-care', 'emotional-support'] }, WORLD);
    saga.consent('granted', NEXT_DAY, { purposes: ['health'] });
    expect(saga.need('emotional-support')).toEqual({ status: 'unmet', reason: 'consent-withdrawn' });
    saga.consent('granted', LATER);
    expect(saga.need('emotional-support')).toEqual({ status: 'open' });
    saga.answer('mental-health', 'cancelled');
    expect(saga.referral('mental-health')).toMatchObject({ status: 'requested', attempt: 2 });
  });

  it('narrowed, so that the case completed, and widened: the case goes on with what was left out', () => {
    const saga = new Saga(
      { needs: ['health-care', 'emotional-support'], consent: granted({ purposes: ['health'] }) },
      WORLD,
    );
    saga.complete('medical-care');
    saga.confirm('medical-care');
    expect(saga.state.status).toBe('completed');
    saga.consent('granted', NEXT_DAY, { purposes: ['health', 'work'] });
    expect(saga.state.status).toBe('completed');
    saga.consent('granted', LATER);
    expect(saga.state.status).toBe('open');
    expect(saga.referral('mental-health').status).toBe('requested');
  });

  it('trafficking-case needs a consent that carries it, or a person under 18', () => {
    const interior = withPurposes(roundtable('interior', 'protection'), { 'trafficking-case': 'protection' });
    const told = (purposes: Consent['purposes'], dateOfBirth: string) =>
      new Saga(
        { vulnerabilities: ['trafficking'], dateOfBirth, consent: granted({ purposes: purposes! }) },
        interior,
      ).standing;
    expect(told(['protection'], '1996-01-01')).toContain('trafficking-case requested');
    expect(told(['health'], '1996-01-01')).toEqual(['trafficking-care requested']);
  });
});

describe('consent for a time', () => {
  const UNTIL = '2026-12-20T15:00:00.000Z';
  const forATime = () =>
    new Saga(
      {
        needs: ['emotional-support', 'health-care'],
        vulnerabilities: ['pregnant'],
        consent: granted({ until: UNTIL }),
      },
      WORLD,
    );

  it('stops by its own timer what rests on it, and nothing else', () => {
    const saga = forATime();
    saga.answer('mental-health', 'received', 'accepted');
    saga.answer('medical-care', 'received', 'accepted');
    saga.until('2026-12-20T14:59:59Z');
    expect(saga.referral('mental-health').cancellation).toBeUndefined();
    saga.until(UNTIL);
    expect(saga.state.profile.consent.status).toBe('expired');
    expect(saga.referral('mental-health').cancellation).toMatchObject({ reason: 'consent-expired' });
    expect(saga.referral('medical-care').cancellation).toBeUndefined();
    expect(saga.need('emotional-support')).toEqual({ status: 'unmet', reason: 'consent-expired' });
    expect(saga.facts.findLast((f) => f.type === 'case-updated')?.data).toMatchObject({
      actor: 'rule:consent',
      cause: 'expired',
    });
  });

  it('tells somebody ten days before, as long as something rests on it, and once', () => {
    const saga = forATime();
    saga.until('2026-12-10T14:59:59Z');
    expect(saga.escalated).not.toContain('consent-expiring');
    saga.until('2026-12-10T15:00:00Z');
    expect(saga.open.find((e) => e.reason === 'consent-expiring')?.detail).toEqual({ until: UNTIL });
    saga.resolve('consent-expiring');
    saga.until('2026-12-19T15:00:00Z');
    expect(saga.escalated).not.toContain('consent-expiring');

    const settled = new Saga({ vulnerabilities: ['pregnant'], consent: granted({ until: UNTIL }) }, WORLD);
    settled.until('2026-12-15T15:00:00Z');
    expect(settled.escalated).not.toContain('consent-expiring');
  });

  it('renewed in time runs on, and whoever was told need not ask any more', () => {
    const saga = forATime();
    saga.until('2026-12-11T15:00:00Z');
    saga.consent('granted', '2026-12-11T15:00:00.000Z', { until: '2027-12-11T15:00:00.000Z' });
    expect(saga.escalated).not.toContain('consent-expiring');
    saga.until('2026-12-21T15:00:00Z');
    expect(saga.state.profile.consent.status).toBe('granted');
    expect(saga.need('emotional-support')).toEqual({ status: 'open' });
  });

  it('renewed after its end takes up what was stopped', () => {
    const saga = forATime();
    saga.until('2026-12-21T15:00:00Z');
    saga.answer('mental-health', 'cancelled');
    saga.consent('granted', '2026-12-21T15:00:00.000Z');
    expect(saga.need('emotional-support')).toEqual({ status: 'open' });
    expect(saga.referral('mental-health')).toMatchObject({ status: 'requested', attempt: 2 });
  });

  it('expired of everything completes the case once the agencies have let go, and a new one opens it again', () => {
    const saga = new Saga({ needs: ['emotional-support'], consent: granted({ until: UNTIL }) }, WORLD);
    saga.until(UNTIL);
    expect(saga.state.status).toBe('open');
    saga.answer('mental-health', 'cancelled');
    expect(saga.state.status).toBe('completed');
    saga.consent('granted', '2026-12-22T15:00:00.000Z');
    expect(saga.state.status).toBe('open');
    expect(saga.referral('mental-health')).toMatchObject({ status: 'requested', attempt: 2 });
  });

  it('that had passed before we heard of it sends nothing', () => {
    const saga = new Saga(
      { needs: ['emotional-support'], consent: granted({ until: '2026-11-22T00:00:00Z' }) },
      WORLD,
    );
    expect(saga.standing).toEqual([]);
    expect(saga.need('emotional-support')).toEqual({ status: 'unmet', reason: 'consent-expired' });
  });

  it('ends before a command that comes late, as if the timer had been in time', () => {
    const saga = new Saga({ needs: ['employment'], consent: granted({ until: UNTIL }) }, WORLD);
    saga.now = new Date('2026-12-21T00:00:00Z');
    saga.when({ type: 'add-need', code: 'emotional-support' });
    expect(saga.need('emotional-support')).toEqual({ status: 'unmet', reason: 'consent-expired' });
    expect(saga.sent('referral-requested')).not.toContain('health/mental-health');
  });
});

describe('consent that went', () => {
  it('must be acknowledged within a working day, is reminded, and escalates', () => {
    const saga = new Saga({ needs: ['employment'], documentType: 'dni' }, WORLD);
    saga.complete('dni-verify', 'verified');
    expect(saga.referral('job-placement').ack).toBe('3 d');
    saga.consent('withdrawn', NEXT_DAY);
    expect(saga.referral('job-placement').cancellation?.dueAt).toBe('2026-11-24T14:00:00.000Z');
    saga.until('2026-11-24T14:00:00Z');
    expect(saga.sent('referral-reminded')).toContain('employment/job-placement');
    saga.until('2026-11-25T01:59:59Z');
    expect(saga.escalated).not.toContain('cancellation-overdue');
    saga.until('2026-11-25T02:00:00Z');
    expect(saga.escalated).toContain('cancellation-overdue');
    saga.answer('job-placement', 'cancelled');
    expect(saga.escalated).toEqual([]);
  });

  it('stops a referral that a correction brought back', () => {
    const saga = new Saga({ needs: ['emotional-support'], vulnerabilities: ['pregnant'] }, WORLD);
    saga.answer('mental-health', 'received', { status: 'rejected', code: 'no-capacity' });
    saga.consent('withdrawn', NEXT_DAY);
    saga.command('mental-health', { type: 'correct-answer', answer: { status: 'accepted' } });
    expect(saga.referral('mental-health').cancellation).toMatchObject({ reason: 'consent-withdrawn' });
  });

  it('is not undone by a row that says pending', () => {
    const saga = new Saga({ needs: ['emotional-support'] }, WORLD);
    expect(saga.consent('pending', LATER)).toEqual([]);
    expect(saga.referral('mental-health').status).toBe('requested');
  });
});

describe('a consent that a guardian gave', () => {
  const GIVEN = { status: 'granted', at: '2026-11-20T13:00:00Z', by: 'guardian' } as const;
  const girl = { dateOfBirth: '2009-01-20', needs: ['emotional-support'] as const, consent: GIVEN };
  const begun = (said: Said = {}): Saga => {
    const saga = new Saga({ ...girl, needs: [...girl.needs], ...said }, WORLD);
    saga.answer('mental-health', 'received', 'accepted');
    return saga;
  };
  const told = (saga: Saga): boolean =>
    saga.open.some((e) => e.reason === 'consent-expiring' && e.group === 'consent-expiring:of-age');

  it('is looked at in the month in which the child comes of age, and tells no birthday', () => {
    const saga = begun();
    saga.until('2027-01-01T04:59:59Z');
    expect(told(saga)).toBe(false);
    saga.until('2027-01-01T05:00:00Z');
    expect(told(saga)).toBe(true);
    expect(JSON.stringify(saga.facts)).not.toMatch(/2027-01-20|2009/);
  });

  it('goes on until the returnee says otherwise: nothing is stopped by the birthday', () => {
    const saga = begun();
    saga.until('2027-02-20T05:00:00Z');
    expect(saga.referral('mental-health').cancellation).toBeUndefined();
  });

  it('is settled once the returnee has said it, and not asked about again once a person has looked', () => {
    const renewed = begun();
    renewed.until('2027-01-02T05:00:00Z');
    renewed.consent('granted', '2027-01-21T15:00:00Z', { by: 'self' });
    expect(told(renewed)).toBe(false);
    const seen = begun();
    seen.until('2027-01-02T05:00:00Z');
    seen.resolve('consent-expiring');
    seen.until('2027-03-02T05:00:00Z');
    expect(told(seen)).toBe(false);
  });

  it.each([
    ['of the returnee', { consent: { ...GIVEN, by: 'self' as const } }],
    ['of an adult under guardianship', { dateOfBirth: '1990-01-20' }],
    ['that nothing rests on', { needs: [], vulnerabilities: [] }],
  ])('%s is not', (_name, said) => {
    const saga = new Saga({ ...girl, needs: [...girl.needs], ...said }, WORLD);
    saga.until('2027-02-01T05:00:00Z');
    expect(told(saga)).toBe(false);
  });
});
