import { asked, type AgencyReferral } from '@retorno/agency';
import { agency } from './protection.agency';
import { policy } from './protection.policy';

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
  it('is not done without its decision; nothing else of protection needs one', () => {
    const needed = agency.services.filter((service) => service.outcome?.requires?.includes('result'));
    expect(needed.map((service) => service.code)).toEqual(['special-protection-unit']);
    expect(needed[0]?.outcome?.results).toContain('family-reunification');
  });
});
