import { maskOf } from '../masking/mask';
import { masked, maskedGroup, restrictedCodes } from './restricted';
import { roundtable } from '../testing/roundtable';

const restricted = restrictedCodes(roundtable());
const maskedDetail = maskOf(restricted);

describe('restricted facts', () => {
  it('show as restricted in lists, as a code, in details and in groups', () => {
    expect(masked('tb-or-hiv', restricted)).toBe('restricted');
    expect(maskedDetail({ need: 'trafficking' })).toEqual({ need: 'restricted' });
    // The service beside it would tell.
    expect(maskedDetail({ need: 'trafficking', service: 'shelter' })).toEqual({
      need: 'restricted',
      service: 'restricted',
    });
    expect(maskedGroup('no-provider:gender-based-violence', restricted)).toBe('no-provider:restricted');
    expect(masked('unaccompanied-child', restricted)).toBe('restricted');
  });

  it('leave everything else as it is', () => {
    expect(maskedGroup('no-provider:shelter', restricted)).toBe('no-provider:shelter');
    expect(maskedGroup(null, restricted)).toBeNull();
  });

  it.each([
    'womens-emergency-centre',
    'special-protection-unit',
    'trafficking-care',
    'trafficking-case',
    'disability-card',
  ])('are not told by the name of a service that is only for them: %s', (service) => {
    expect(masked(service, restricted)).toBe('restricted');
    expect(maskedGroup(`no-provider:${service}`, restricted)).toBe('no-provider:restricted');
    expect(maskedDetail({ service: 'dni-issue', dependents: `job-placement,${service}` })).toEqual({
      service: 'dni-issue',
      dependents: 'job-placement,restricted',
    });
  });

  it.each(['protection', 'interior', 'disability'])(
    'are not told by the name of an agency that offers nothing else: %s',
    (agency) => {
      expect(masked(agency, restricted)).toBe('restricted');
      expect(maskedDetail({ agency })).toEqual({ agency: 'restricted' });
    },
  );

  it('leave the name of an agency that offers something else as well', () => {
    for (const agency of ['health', 'identity', 'assistance-centre']) {
      expect(masked(agency, restricted)).toBe(agency);
    }
  });

  it('leave the name of a service that also answers an ordinary need', () => {
    for (const service of [
      'medical-care',
      'mental-health',
      'shelter',
      'reception',
      'dni-verify',
      'follow-up',
    ]) {
      expect(masked(service, restricted)).toBe(service);
    }
  });

  it('are not told by services of the rules that nobody offers', () => {
    expect(masked('special-protection-unit', restrictedCodes(new Map()))).toBe('restricted');
  });

  it('are not told by what an agency came to offer for them, nor by what serves in its stead', () => {
    const [offer] = roundtable('protection').get('protection')!.services;
    const services = [
      { ...offer!, code: 'safe-house', for: [], equivalentTo: ['safe-line'] },
      { ...offer!, code: 'safe-line', for: ['gender-based-violence'] },
    ];
    const codes = restrictedCodes(new Map([['new', { agency: 'new', name: 'New', version: 1, services }]]));
    expect([masked('safe-line', codes), masked('safe-house', codes)]).toEqual(['restricted', 'restricted']);
  });
});
