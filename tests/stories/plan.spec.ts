import { needOf, openEscalations, referralOf, shown } from '../support/case-view';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

describe('a plan', () => {
  it('verifies the DNI before insurance', async () => {
    const before = await system.arrive({ needs: ['health-insurance'] });
    expect(shown(before)).toEqual(['identity/dni-verify received', 'insurance/enrolment planned']);
    expect(referralOf(before, 'enrolment')).toMatchObject({
      businessStatus: 'awaiting-prerequisite',
      requires: ['identity/dni-verify'],
      requestedAt: null,
      dueAt: null,
    });
    const after = await system.complete(before, 'dni-verify', 'verified');
    expect(shown(after)).toEqual(['identity/dni-verify completed', 'insurance/enrolment received']);
    expect(needOf(after, 'health-insurance')).toBe('open');
  });

  it('issues a DNI first for a Peruvian who has none', async () => {
    const found = await system.arrive({ document_type: 'none', needs: ['employment'] });
    expect(shown(found)).toEqual(['employment/job-placement planned', 'identity/dni-issue received']);
    expect(referralOf(found, 'job-placement').requires).toEqual(['identity/dni-issue']);
  });

  it('renews a DNI beside its verification, and nobody waits for the renewal', async () => {
    const found = await system.arrive({ needs: ['identity-document', 'employment'] });
    expect(shown(found)).toEqual([
      'employment/job-placement planned',
      'identity/dni-issue received',
      'identity/dni-verify received',
    ]);
    expect(referralOf(found, 'job-placement').requires).toEqual(['identity/dni-verify']);
  });

  it('insures a pregnant returnee provisionally and at once, until her identity is proven', async () => {
    const before = await system.arrive({ vulnerabilities: ['pregnant'], needs: ['health-insurance'] });
    const enrolment = referralOf(before, 'enrolment');
    // The fund enrols by itself who cannot wait.
    expect(enrolment).toMatchObject({ status: 'completed', provisional: true, requires: [] });
    expect(await system.seenBy('insurance', enrolment)).toMatchObject({
      provisional: true,
      outcome: 'provisional',
      wakeAt: expect.any(String),
    });

    const after = await system.complete(before, 'dni-verify', 'verified');
    expect(referralOf(after, 'enrolment')).toMatchObject({ id: enrolment.id, provisional: false });
    const good = await system.seenBy('insurance', enrolment);
    expect(good).toMatchObject({ status: 'completed', provisional: false });
    expect(good).not.toHaveProperty('wakeAt');
  });

  it('does not let urgent health care wait for papers or consent', async () => {
    const found = await system.arrive({
      document_type: 'none',
      vulnerabilities: ['chronic-illness'],
      consent: 'pending',
    });
    const care = referralOf(found, 'medical-care');
    expect(care).toMatchObject({ status: 'received', basis: 'vital-interests', requires: [] });
    const hours = (until: string | null) => (Date.parse(until!) - Date.parse(care.requestedAt!)) / 3_600_000;
    expect([hours(care.ackDueAt), hours(care.dueAt)]).toEqual([4, 48]);
  });

  it('counts ordinary deadlines in working days of Lima', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    const care = referralOf(found, 'medical-care');
    expect(care).toMatchObject({ basis: 'consent', requestedAt: system.clock.now().toISOString() });
    // Monday 23 November: 14 working days later, over two weekends and the holidays of 8 and 9 December.
    const at = care.requestedAt!.slice(10);
    expect([care.ackDueAt, care.dueAt]).toEqual([`2026-11-24${at}`, `2026-12-15${at}`]);
  });

  it('has one referral for all needs that a service meets', async () => {
    const found = await system.arrive({
      vulnerabilities: ['mental-distress', 'pregnant'],
      needs: ['emotional-support', 'health-care'],
    });
    expect(shown(found)).toEqual([
      'health/medical-care received',
      'health/mental-health received',
      'identity/dni-verify received',
    ]);
    expect(referralOf(found, 'mental-health').needs.sort()).toEqual(['emotional-support', 'mental-distress']);
    expect(referralOf(found, 'medical-care').needs.sort()).toEqual(['health-care', 'pregnant']);
  });

  it('has no school for an adult: the need is unmet, not forgotten', async () => {
    const found = await system.arrive({ needs: ['school-enrolment', 'health-care'] });
    expect(needOf(found, 'school-enrolment')).toBe('unmet/not-eligible');
    expect(shown(found)).toEqual(['health/medical-care received', 'identity/dni-verify received']);
  });

  it("lets a foreign spouse's steps wait for the foreigner's card, which nobody offers yet", async () => {
    const found = await system.arrive({
      nationality: 'CO',
      document_type: 'passport',
      relationship: 'spouse',
      household: 'H-77',
      needs: ['health-insurance', 'employment', 'health-care'],
    });
    expect(shown(found)).toEqual([
      'employment/job-placement planned',
      'health/medical-care received',
      'insurance/enrolment planned',
    ]);
    expect(referralOf(found, 'enrolment').requires).toEqual(['foreigner-card']);
    expect(found.escalations).toMatchObject([{ reason: 'no-provider', group: 'no-provider:foreigner-card' }]);
    expect(needOf(found, 'employment')).toBe('open');
    expect(openEscalations(found)).toEqual(['no-provider']);
  });

  it('records with which versions of the catalogues it was made', async () => {
    const { timeline } = await system.arrive({ needs: ['health-care'] });
    const planned = timeline.find((entry) => entry.type === 'case-planned');
    const published = await system.all('/agencies');
    const versionOf = (slug: string) => published.find((agency) => agency.slug === slug).version;
    expect(planned?.detail['catalogues']).toMatchObject({
      identity: versionOf('identity'),
      health: versionOf('health'),
    });
  });
});
