import { asked, type AgencyReferral, type PolicyDecision, type PolicyInput } from '@retorno/agency';
import { peruCalendar } from '@retorno/service';
import { policy } from './health.policy';

/** A Monday, ten o'clock in Lima. */
const now = new Date('2026-11-23T15:00:00.000Z');

const referral = (changes: Partial<AgencyReferral> = {}) =>
  asked.referral({ service: 'medical-care', ...changes });

const on = (type: PolicyInput['type'], changes: Partial<AgencyReferral> = {}, at = now) =>
  policy(referral(changes), { type, now: at, calendar: peruCalendar() });

describe('triage', () => {
  it.each(['pregnant', 'chronic-illness', 'tb-or-hiv'])('puts %s first', (fact) => {
    expect(on('requested', { returnee: { healthFacts: [fact] } })).toMatchObject({ priority: 'urgent' });
  });

  it('leaves all others in their order', () => {
    expect(on('requested')).toMatchObject({ priority: 'routine' });
    expect(on('requested', { returnee: { healthFacts: ['disability', 'mental-distress'] } })).toMatchObject({
      priority: 'routine',
    });
    const returnee = { healthFacts: ['pregnant'] };
    expect(on('requested', { service: 'mental-health', returnee })).toMatchObject({ priority: 'routine' });
  });

  it('is done again when the facts change', () => {
    const returnee = { healthFacts: ['pregnant'] };
    expect(on('updated', { status: 'accepted', priority: 'routine', returnee })).toMatchObject({
      priority: 'urgent',
    });
    expect(on('updated', { status: 'accepted', priority: 'urgent' })).toMatchObject({ priority: 'routine' });
  });

  it('puts first on the day of the arrival who is booked before it', () => {
    const booked = { notBefore: '2026-11-25', returnee: { healthFacts: ['pregnant'] } };
    const landing = new Date('2026-11-25T05:00:00.000Z');
    expect(on('requested', booked)).toEqual({ priority: 'routine', wakeAt: landing });
    expect(on('woken', booked, landing)).toMatchObject({ priority: 'urgent' });
  });

  it('accepts nothing by itself, least of all what is urgent', () => {
    for (const type of ['requested', 'reminded', 'updated', 'answered'] as const) {
      const decided = on(type, { returnee: { healthFacts: ['pregnant'] } }) as PolicyDecision;
      expect(decided.answers ?? []).toEqual([]);
    }
  });
});

describe('somebody who does not come', () => {
  const missed = { status: 'in-progress', businessStatus: 'no-show' } as const;
  const dateGiven = (changes: Partial<AgencyReferral>, at = now) => {
    const { answers = [] } = on('answered', { ...missed, ...changes }, at) as PolicyDecision;
    expect(answers).toMatchObject([{ status: 'in-progress', businessStatus: 'scheduled' }]);
    return answers[0]!.scheduledFor;
  };

  it('gets another date three working days later', () => {
    expect(dateGiven({})).toBe('2026-11-26T15:00:00.000Z');
    // From Friday, over the weekend.
    expect(dateGiven({}, new Date('2026-11-27T15:00:00.000Z'))).toBe('2026-12-02T15:00:00.000Z');
    // The 8th and 9th of December are holidays.
    expect(dateGiven({}, new Date('2026-12-04T15:00:00.000Z'))).toBe('2026-12-11T15:00:00.000Z');
  });

  it('gets it on the next working day when it is urgent', () => {
    expect(dateGiven({ returnee: { healthFacts: ['pregnant'] } })).toBe('2026-11-24T15:00:00.000Z');
  });

  it('gets it in consulting hours of Lima, on the hour', () => {
    expect(dateGiven({}, new Date('2026-11-23T15:20:31.000Z'))).toBe('2026-11-26T16:00:00.000Z');
    expect(dateGiven({}, new Date('2026-11-23T11:00:00.000Z'))).toBe('2026-11-26T13:00:00.000Z');
    expect(dateGiven({}, new Date('2026-11-23T23:30:00.000Z'))).toBe('2026-11-26T21:00:00.000Z');
    // Half past eleven at night in Lima is the next day in UTC.
    expect(dateGiven({}, new Date('2026-11-24T04:30:00.000Z'))).toBe('2026-11-26T21:00:00.000Z');
  });

  it('gets three dates; then operations is asked to find the person', () => {
    let memo: NonNullable<AgencyReferral['memo']> = {};
    for (let i = 0; i < 3; i += 1) {
      const decided = on('answered', { ...missed, memo }) as PolicyDecision;
      expect(decided.answers?.[0]?.businessStatus).toBe('scheduled');
      memo = decided.memo!;
    }
    expect(on('answered', { ...missed, memo })).toMatchObject({
      answers: [{ status: 'on-hold', businessStatus: 'info-requested', note: expect.stringContaining('4') }],
    });
  });

  it('is left to staff where nobody has accepted, or where it is on hold already', () => {
    for (const status of ['received', 'on-hold'] as const) {
      expect(on('answered', { ...missed, status, memo: { datesGiven: 3 } })).toEqual({});
    }
  });

  it('gets no date for what else staff answer', () => {
    expect(on('answered', { status: 'in-progress', businessStatus: 'scheduled' })).toEqual([]);
    expect(on('reminded', missed)).toEqual([]);
  });
});
