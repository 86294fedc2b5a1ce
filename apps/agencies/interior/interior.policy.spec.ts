import { asked } from '@retorno/agency';
import { policy } from './interior.policy';

const service = 'trafficking-case';

describe('interior by itself', () => {
  it('puts every case of trafficking first', () => {
    expect(asked(policy, { service }).priority).toBe('urgent');
  });

  it('answers none, whatever happens to it', () => {
    for (const type of ['requested', 'reminded', 'updated', 'cancellation-requested', 'answered'] as const) {
      expect(asked(policy, { service }, { type }).answers).toEqual([]);
    }
  });
});
