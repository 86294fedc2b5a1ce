import { asked } from '@retorno/agency';
import { policy } from './justice.policy';

const service = 'legal-aid';
const accepted = { service, status: 'accepted' } as const;
const waiting = { ...accepted, businessStatus: 'info-requested', memo: { asked: true } } as const;
const returnee = { phone: '+51940000001' };

describe('public defence by itself', () => {
  it('asks once how to reach a client who left no way to', () => {
    expect(asked(policy, accepted, { type: 'answered' }).answers).toMatchObject([
      { status: 'accepted', businessStatus: 'info-requested' },
    ]);
    for (const type of ['answered', 'updated', 'reminded'] as const) {
      expect(asked(policy, waiting, { type }).answers).toEqual([]);
    }
  });

  it('goes on when a telephone number comes', () => {
    expect(asked(policy, { ...waiting, returnee }, { type: 'updated' }).answers).toEqual([
      { status: 'in-progress' },
    ]);
  });

  it('answers nothing where defenders asked for something of their own, or made an appointment', () => {
    const theirs = { ...accepted, businessStatus: 'info-requested', returnee } as const;
    expect(asked(policy, theirs, { type: 'updated' }).answers).toEqual([]);
    const met = { ...accepted, businessStatus: 'scheduled' } as const;
    expect(asked(policy, met, { type: 'answered' }).answers).toEqual([]);
  });

  it('leaves it to the defenders whom to defend', () => {
    expect(asked(policy, { service }).answers).toEqual([]);
  });
});
