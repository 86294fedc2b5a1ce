import { asked, type AgencyReferral } from '@retorno/agency';
import { decisionNeeded, policy } from './protection.policy';

const SERVICES = ['womens-emergency-centre', 'special-protection-unit', 'trafficking-care'];
const unit = (changes: Partial<AgencyReferral> = {}) => ({ service: 'special-protection-unit', ...changes });

describe('protection by itself', () => {
  it.each(SERVICES)('puts %s before everything else, and answers nothing', (service) => {
    const { priority, answers } = asked(policy, { service });
    expect([priority, answers]).toEqual(['urgent', []]);
  });

  it.each(SERVICES)('leaves %s to people, whatever happens to it', (service) => {
    for (const type of ['reminded', 'updated', 'information-supplied', 'answered', 'woken'] as const) {
      expect(asked(policy, { service }, { type }).answers).toEqual([]);
    }
  });

  it('follows the determination of best interests from assessment to decision', () => {
    const step = (changes: Partial<AgencyReferral>) =>
      asked(policy, unit(changes), { type: 'answered' }).memo?.['step'];
    expect(asked(policy, unit()).memo).toEqual({ step: 'to-assess' });
    expect(step({ status: 'accepted' })).toBe('assessing');
    expect(step({ status: 'in-progress' })).toBe('assessing');
    expect(step({ status: 'completed', outcome: 'family-reunification' })).toBe('decided');
    expect(step({ status: 'failed' })).toBeUndefined();
  });
});

describe('a best-interests determination', () => {
  it('is not done without its decision', () => {
    for (const outcome of [undefined, '', ' ', {}, { document: '1' }]) {
      const answer = { status: 'completed' as const, ...(outcome !== undefined && { outcome }) };
      expect(decisionNeeded(asked.referral(unit()), answer)).toMatchObject([{ pointer: '/outcome' }]);
    }
  });

  it('is done with one', () => {
    for (const outcome of ['residential-care', { result: 'family-reunification' }]) {
      expect(decisionNeeded(asked.referral(unit()), { status: 'completed', outcome })).toEqual([]);
    }
  });

  it('is asked for nowhere else', () => {
    expect(decisionNeeded(asked.referral(unit()), { status: 'in-progress' })).toEqual([]);
    for (const service of ['womens-emergency-centre', 'trafficking-care']) {
      expect(decisionNeeded(asked.referral({ service }), { status: 'completed' })).toEqual([]);
    }
  });
});
