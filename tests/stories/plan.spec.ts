import { needOf, referralOf, shown, System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
}, 60_000);
afterAll(() => system.stop(), 60_000);

describe('a plan', () => {
  it('verifies the DNI before insurance', async () => {
    const before = await system.arrive({ needs: ['health-insurance'] });
    expect(shown(before)).toEqual(['identity/dni-verify received', 'insurance/enrolment planned']);
    expect(referralOf(before, 'enrolment')).toMatchObject({
      businessStatus: 'awaiting-prerequisite',
      requires: ['identity/dni-verify'],
      requestedAt: null,
    });
    const after = await system.complete(before, 'dni-verify', 'verified');
    expect(shown(after)).toEqual(['identity/dni-verify completed', 'insurance/enrolment received']);
    expect(needOf(after, 'health-insurance')).toBe('open');
  });
});
