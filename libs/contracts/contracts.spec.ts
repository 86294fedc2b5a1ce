import {
  EVENTS,
  ReferralAnswered,
  contractOf,
  ownsStream,
  readersOf,
  requestsTopic,
  topicMatches,
  topicsOf,
  writerOf,
} from '@retorno/contracts';

describe('contracts', () => {
  it('every event is declared once', () => {
    expect(new Set(EVENTS.map((e) => e.type)).size).toBe(EVENTS.length);
  });

  it('an unknown type or version has no contract', () => {
    expect(contractOf('retorno.referral-answered.v99')).toBeUndefined();
    expect(contractOf(ReferralAnswered.type)).toBe(ReferralAnswered);
  });

  it('unknown fields are refused when written and ignored when read', () => {
    const data = { referralId: 'r', status: 'accepted', at: '2026-01-01T00:00:00Z', surprise: 'secret' };
    expect(ReferralAnswered.writeErrors(data)).toEqual(["/ must NOT have additional properties 'surprise'"]);
    expect(ReferralAnswered.readErrors(data)).toEqual([]);
  });

  it('errors name the place and never the value', () => {
    const errors = ReferralAnswered.readErrors({ referralId: 'r', status: 'Juana', at: 'x' }).join();
    expect(errors).toContain('/status');
    expect(errors).not.toContain('Juana');
  });

  it('an instant is one of RFC 3339, however it is written, and no day that its month lacks', () => {
    const fits = (at: string) =>
      ReferralAnswered.readErrors({ referralId: 'r', status: 'accepted', at }).length === 0;
    for (const at of [
      '2026-02-28T23:59:59.999Z',
      '2026-01-31T00:00:00.000Z',
      '2028-02-29T00:00:00.000Z',
      '2026-11-20T10:00:00-05:00',
      '2026-11-20t10:00:00.5z',
    ])
      expect([at, fits(at)]).toEqual([at, true]);
    for (const at of [
      '2026-02-29T00:00:00.000Z',
      '2026-02-30T00:00:00.000Z',
      '2026-04-31T00:00:00.000Z',
      '2026-13-01T00:00:00.000Z',
      '2026-00-10T00:00:00.000Z',
      '2026-11-00T00:00:00.000Z',
      '2026-11-20T24:00:00.000Z',
      '2026-11-20T10:60:00.000Z',
      '2026-11-20T10:00:61.000Z',
      '2026-11-20T10:00:00.000',
      '2026-11-20',
      ' 2026-11-20T10:00:00.000Z',
    ])
      expect([at, fits(at)]).toEqual([at, false]);
  });

  it('only the owner of a stream may write it', () => {
    const from = (source: string, partitionkey: string) => ({ source, partitionkey });
    expect(ownsStream(requestsTopic('health'), from('/retorno/coordinator', 'k'))).toBe(true);
    expect(ownsStream(requestsTopic('health'), from('/retorno/health', 'k'))).toBe(false);
    expect(ownsStream('agencies.catalogue.v1', from('/retorno/health', 'health'))).toBe(true);
    expect(ownsStream('agencies.catalogue.v1', from('/retorno/health', 'education'))).toBe(false);
    expect(ownsStream('unheard.of', from('/retorno/health', 'k'))).toBe(false);
    expect(writerOf('referrals.Not-a-slug.answers.v1', 'k')).toBeUndefined();
  });

  it('what a service writes and what it reads is what the topics say', () => {
    expect(topicsOf('intake')).toEqual(['intake.returnees.v1']);
    expect(topicsOf('coordinator')).toEqual(['cases.v1', 'cases.feedback.v1']);
    expect(topicsOf('health')).toEqual(['agencies.catalogue.v1', 'referrals.health.answers.v1']);
    expect(topicsOf('statistics')).toEqual([]);
    expect(readersOf('referrals.health.requests.v1')).toEqual(['health']);
    expect(readersOf('cases.v1')).toEqual(['statistics']);
    expect(readersOf('unheard.of')).toEqual([]);
  });

  it('a topic pattern matches one segment per star', () => {
    expect(topicMatches('referrals.*.answers.v1', 'referrals.health.answers.v1')).toBe(true);
    expect(topicMatches('referrals.*.answers.v1', 'referrals.a.b.answers.v1')).toBe(false);
    expect(topicMatches('referrals.*.answers.v1', 'referrals.health.requests.v1')).toBe(false);
  });
});
