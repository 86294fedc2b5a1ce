import { roundtable } from '../testing/roundtable';
import { Saga } from '../testing/saga';
import { unmasked } from './unmasking';

const all = roundtable();
const shown = (said: ConstructorParameters<typeof Saga>[0]) => unmasked(new Saga(said, all).state, all);

describe('what is restricted in a case', () => {
  it('is named to whoever may see it: what was noted, the needs, and who serves them', () => {
    const { vulnerabilities, needs, referrals } = shown({
      vulnerabilities: ['gender-based-violence', 'older-person'],
      needs: ['employment'],
    });
    expect(vulnerabilities).toEqual(['gender-based-violence']);
    expect(needs).toEqual(['gender-based-violence']);
    expect(referrals).toMatchObject([{ agency: 'protection', service: 'womens-emergency-centre' }]);
    expect(Object.keys(referrals[0]!)).toEqual(['id', 'agency', 'agencyName', 'service', 'title']);
  });

  it('is nothing where nothing is', () => {
    expect(shown({ needs: ['employment'] })).toMatchObject({ vulnerabilities: [], needs: [], referrals: [] });
  });
});
