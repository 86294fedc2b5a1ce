import { asked } from '@retorno/agency';
import { policy } from './production.policy';

const accepted = { service: 'safe-entrepreneurship', status: 'accepted' } as const;
const answered = { type: 'answered' } as const;

describe('production by itself', () => {
  it('asks how to reach somebody who was taken on and gave neither telephone nor email', () => {
    expect(asked(policy, { ...accepted, returnee: { languages: ['es'] } }, answered).answers).toMatchObject([
      { status: 'accepted', businessStatus: 'info-requested' },
    ]);
  });

  it('leaves whoever can be reached, one way or the other, to its staff', () => {
    for (const returnee of [{ phone: '+51940000001' }, { email: 'a@example.org' }]) {
      expect(asked(policy, { ...accepted, returnee }, answered).answers).toEqual([]);
    }
  });

  it('leaves it to staff whom to take on', () => {
    expect(asked(policy, { service: 'safe-entrepreneurship' }).answers).toEqual([]);
  });
});
