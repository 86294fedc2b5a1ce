import { asked } from '@retorno/agency';
import { policy } from './civil-society.policy';

describe('charities by themselves', () => {
  it('put who needs a bed tonight first, and let people find it', () => {
    const { priority, answers } = asked(policy, { service: 'temporary-housing', returnee: {} });
    expect([priority, answers]).toEqual(['urgent', []]);
  });

  it("keep a bed that was booked for later out of tonight's way until its day", () => {
    const booked = { service: 'temporary-housing', notBefore: '2026-12-04' };
    expect(asked(policy, booked).priority).toBe('routine');
    const onTheDay = { type: 'woken', now: new Date('2026-12-04T12:00:00Z') } as const;
    expect(asked(policy, booked, onTheDay).priority).toBe('urgent');
  });

  it('ask how to reach a client whom they took on and who left no way to', () => {
    const client = { service: 'legal-advice', status: 'accepted' } as const;
    expect(asked(policy, client, { type: 'answered' }).answers).toMatchObject([
      { status: 'accepted', businessStatus: 'info-requested' },
    ]);
    const reachable = { ...client, returnee: { phone: '+51940000001' } };
    expect(asked(policy, reachable, { type: 'answered' }).answers).toEqual([]);
    expect(asked(policy, { service: 'legal-advice' }).answers).toEqual([]);
  });
});
