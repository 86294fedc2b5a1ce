import { masked, maskedDetail, maskedGroup } from './restricted';

describe('restricted facts', () => {
  it('show as restricted in lists, as a code, in details and in groups', () => {
    expect(masked('tb-or-hiv')).toBe('restricted');
    expect(maskedDetail({ need: 'trafficking', service: 'shelter' })).toEqual({
      need: 'restricted',
      service: 'shelter',
    });
    expect(maskedGroup('no-provider:gender-based-violence')).toBe('no-provider:restricted');
  });

  it('leave everything else as it is', () => {
    expect(maskedGroup('no-provider:shelter')).toBe('no-provider:shelter');
    expect(maskedGroup(null)).toBeNull();
  });
});
