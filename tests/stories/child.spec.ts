import { eventually } from '../support/eventually';
import { agency, offer } from '../support/fixtures';
import { needOf, openEscalations, referralOf, shown } from '../support/case-view';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  const reception = agency(
    'arrivals',
    offer('reception', { every: 'arrival', basis: 'legal-obligation', ack: '2 h', done: '24 h' }),
    offer('lodging', { for: ['shelter'], basis: 'vital-interests' }),
  );
  system = await System.start({ fixtures: [reception] });
});
afterAll(() => system.stop());

const child = {
  date_of_birth: '2013-05-01',
  relationship: 'unaccompanied',
  vulnerabilities: ['unaccompanied-child', 'mental-distress'],
  needs: ['health-insurance', 'school-enrolment', 'recognition-of-studies'],
};
const AT_ONCE = ['arrivals/reception', 'health/medical-care', 'identity/dni-verify'];
const LATER = [
  'education/recognition-of-studies',
  'education/school-enrolment',
  'health/mental-health',
  'insurance/enrolment',
];

describe('an unaccompanied child', () => {
  it('is served at once by law, and all else waits for the best-interests decision', async () => {
    const found = await system.arrive(child);
    expect(shown(found)).toEqual(
      [...AT_ONCE.map((name) => `${name} received`), ...LATER.map((name) => `${name} planned`)].sort(),
    );
    for (const name of AT_ONCE) {
      expect(referralOf(found, name.split('/')[1]!)).toMatchObject({
        basis: 'legal-obligation',
        requires: [],
      });
    }
    const gate = 'special-protection-unit';
    expect(referralOf(found, 'enrolment')).toMatchObject({ requires: [gate] });
    expect(referralOf(found, 'school-enrolment').requires).toEqual([gate]);
    expect(referralOf(found, 'recognition-of-studies').requires.sort()).toEqual([
      'identity/dni-verify',
      gate,
    ]);
    expect(needOf(found, 'unaccompanied-child')).toBe('open');
    expect(found.escalations).toMatchObject([{ reason: 'no-provider', group: `no-provider:${gate}` }]);
  });

  it('waits behind a shut gate also when everything else is done and consent is pending', async () => {
    const found = await system.arrive({ ...child, consent: 'pending' });
    for (const name of AT_ONCE) {
      expect(referralOf(found, name.split('/')[1]!)).toMatchObject({ status: 'received' });
      const outcome = name.endsWith('verify') ? 'verified' : undefined;
      await system.complete(found, name.split('/')[1]!, outcome);
    }
    await system.advance('40 d');
    const still = await system.caseOf(found);
    expect(still.status).toBe('open');
    expect(needOf(still, 'unaccompanied-child')).toBe('open');
    for (const name of LATER) expect(referralOf(still, name.split('/')[1]!).status).toBe('planned');
    expect(openEscalations(still)).toContain('no-provider');
  });

  it('that asks for nothing is not done either while nobody decides', async () => {
    const found = await system.arrive({ relationship: 'unaccompanied', date_of_birth: '2013-05-01' });
    for (const name of AT_ONCE) {
      const outcome = name.endsWith('verify') ? 'verified' : undefined;
      await system.complete(found, name.split('/')[1]!, outcome);
    }
    await system.advance('12 d');
    const still = await system.caseOf(found);
    expect([still.status, needOf(still, 'unaccompanied-child')]).toEqual(['open', 'open']);
    expect(openEscalations(still)).toEqual(['no-provider']);
  });

  it('by vulnerability code alone is one too; at 18 nobody is', async () => {
    const young = await system.arrive({ ...child, relationship: 'single' });
    expect(referralOf(young, 'medical-care').basis).toBe('legal-obligation');
    const grown = await system.arrive({
      relationship: 'unaccompanied',
      date_of_birth: '2008-11-20',
      needs: ['health-care', 'employment'],
    });
    expect(referralOf(grown, 'medical-care').basis).toBe('consent');
    expect(referralOf(grown, 'job-placement').requires).toEqual(['identity/dni-verify']);
  });

  it('goes on once a protection agency appears and has decided', async () => {
    const found = await system.arrive(child);
    await system.topology.join(
      agency(
        'protection',
        offer('special-protection-unit', {
          for: ['unaccompanied-child'],
          basis: 'legal-obligation',
          ack: '1 h',
          done: '24 h',
          sees: ['name', 'birth', 'sex', 'languages', 'household', 'port'],
        }),
      ),
    );
    await eventually(
      async () => (await system.caseOf(found)).referrals.some((r) => r.agency === 'protection'),
      20_000,
    );
    await system.settle();
    const asked = await system.caseOf(found);
    expect(referralOf(asked, 'special-protection-unit')).toMatchObject({
      status: 'received',
      basis: 'legal-obligation',
      needs: ['unaccompanied-child'],
    });
    expect(referralOf(asked, 'enrolment')).toMatchObject({
      status: 'planned',
      requires: ['protection/special-protection-unit'],
    });
    expect(openEscalations(asked)).toEqual([]);

    const decided = await system.complete(found, 'special-protection-unit');
    for (const service of ['enrolment', 'school-enrolment', 'mental-health']) {
      expect(referralOf(decided, service).status).toBe('received');
    }
    expect(referralOf(decided, 'recognition-of-studies').status).toBe('planned');
    const verified = await system.complete(found, 'dni-verify', 'verified');
    expect(referralOf(verified, 'recognition-of-studies').status).toBe('received');
  });
});
