import { agency, offer } from '../support/fixtures';
import { needOf, openEscalations, referralOf, shown } from '../support/case-view';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  const clinic = agency('clinic', offer('charity-clinic', { equivalentTo: ['medical-care'] }));
  system = await System.start({ fixtures: [clinic] });
});
afterAll(() => system.stop());

const rejected = (code: string, more: object = {}) => ({ status: 'rejected', code, ...more });

describe('an answer', () => {
  it.each(['no-capacity', 'out-of-area', 'wrong-agency'])(
    '%s: an equivalent service is asked, and the need stays open',
    async (code) => {
      const before = await system.arrive({ needs: ['health-care'] });
      const after = await system.answers(before, 'medical-care', rejected(code));
      expect(referralOf(after, 'medical-care')).toMatchObject({ status: 'rejected', code });
      expect(referralOf(after, 'charity-clinic')).toMatchObject({
        agency: 'clinic',
        status: 'received',
        attempt: 2,
        needs: ['health-care'],
      });
      expect(needOf(after, 'health-care')).toBe('open');
      expect(openEscalations(after)).toEqual([]);
    },
  );

  it('no-capacity of the last provider: a person must look', async () => {
    const before = await system.arrive({ needs: ['health-care', 'emotional-support'] });
    await system.answers(before, 'medical-care', rejected('no-capacity'));
    const both = await system.answers(before, 'charity-clinic', rejected('no-capacity'));
    expect(openEscalations(both)).toEqual(['rejected']);
    expect(needOf(both, 'health-care')).toBe('open');
    const alone = await system.answers(before, 'mental-health', rejected('no-capacity'));
    expect(openEscalations(alone)).toEqual(['rejected', 'rejected']);
  });

  it.each(['not-eligible', 'unreachable', 'duplicate', 'safety'])('%s: a person must look', async (code) => {
    const before = await system.arrive({ needs: ['health-care'] });
    const after = await system.answers(before, 'medical-care', rejected(code));
    expect(after.escalations).toMatchObject([
      { reason: 'rejected', referralId: referralOf(after, 'medical-care').id },
    ]);
    expect(after.escalations[0]!.detail).toMatchObject({ code });
    expect(shown(after)).toEqual(['health/medical-care rejected', 'identity/dni-verify received']);
  });

  it('failed: a person must look, and can send it on', async () => {
    const before = await system.arrive({ needs: ['health-care'] });
    const failed = await system.answers(before, 'medical-care', { status: 'accepted' }, { status: 'failed' });
    expect(openEscalations(failed)).toEqual(['failed']);
    const sentOn = await system.command(failed, 'referrals/medical-care/reroute', {
      reason: 'try the charity',
    });
    expect(referralOf(sentOn, 'charity-clinic').status).toBe('received');
    expect(openEscalations(sentOn)).toEqual([]);
  });

  it('missing-documents: what is missing comes first, then the referral is sent again', async () => {
    const before = await system.arrive({ needs: ['health-care'] });
    const papers = rejected('missing-documents', { missing: ['civil-certificate'] });
    const waiting = await system.answers(before, 'medical-care', papers);
    expect(referralOf(waiting, 'civil-certificate').status).toBe('received');
    expect(referralOf(waiting, 'medical-care')).toMatchObject({
      attempt: 2,
      status: 'planned',
      requires: ['identity/civil-certificate'],
    });
    const after = await system.complete(before, 'civil-certificate');
    expect(referralOf(after, 'medical-care')).toMatchObject({ attempt: 2, status: 'received' });
    expect(openEscalations(after)).toEqual([]);
  });

  it('info-requested: whoever opens the escalation reads what the agency asks, a list does not show it', async () => {
    const before = await system.arrive({ needs: ['health-care'] });
    const note = 'Which vaccinations are on the card?';
    const asked = await system.answers(
      before,
      'medical-care',
      { status: 'accepted' },
      { status: 'accepted', businessStatus: 'info-requested', note, by: 'the clinic desk' },
    );
    const escalation = asked.escalations.find((e) => e.reason === 'info-requested')!;
    const opened = await system.get(`/escalations/${escalation.id}`);
    expect(opened).toMatchObject({
      reason: 'info-requested',
      caseId: before.id,
      referral: { service: 'medical-care' },
      question: { text: note, by: 'the clinic desk' },
    });
    const listed = await system.all(`/escalations?case=${before.id}`);
    expect(JSON.stringify(listed)).not.toContain(note);
    expect((await system.call('GET', '/escalations/none')).status).toBe(404);
  });

  it('missing-documents that nobody issues: a person is told at once which, and who wants it', async () => {
    const before = await system.arrive({ needs: ['health-care'] });
    const papers = rejected('missing-documents', { missing: ['magic-scroll'] });
    const after = await system.answers(before, 'medical-care', papers);
    const detail = { service: 'magic-scroll', agency: 'health', code: 'missing-documents' };
    expect(after.escalations).toMatchObject([{ reason: 'no-provider', detail }]);
    expect(referralOf(after, 'medical-care')).toMatchObject({ attempt: 2, status: 'planned' });
  });

  it('missing-documents that wait for the service itself: it is not asked again, and a person is told why', async () => {
    const before = await system.arrive({
      needs: ['identity-document'],
      document_type: 'none',
      document_number: '',
    });
    // Insurance waits for `id`, which this very document is.
    const papers = rejected('missing-documents', { missing: ['enrolment'] });
    const after = await system.answers(before, 'dni-issue', papers);
    expect(after.referrals.filter((r) => r.service === 'dni-issue')).toHaveLength(1);
    expect(after.escalations).toMatchObject([
      {
        reason: 'rejected',
        detail: { service: 'dni-issue', code: 'missing-documents', missing: 'enrolment', circular: 'true' },
      },
    ]);
  });

  it('person-declined settles the need', async () => {
    const before = await system.arrive({ needs: ['health-care'] });
    const after = await system.answers(before, 'medical-care', rejected('person-declined'));
    expect(needOf(after, 'health-care')).toBe('settled/person-declined');
    expect(openEscalations(after)).toEqual([]);
  });

  it('of a verification that fails leads to a new DNI, and dependents wait for that', async () => {
    const before = await system.arrive({ needs: ['employment'] });
    const after = await system.complete(before, 'dni-verify', 'not-found');
    expect(shown(after)).toEqual([
      'employment/job-placement planned',
      'identity/dni-issue received',
      'identity/dni-verify completed',
    ]);
    expect(referralOf(after, 'job-placement').requires).toEqual(['identity/dni-issue']);
    const issued = await system.complete(before, 'dni-issue', { document: '70000001' });
    expect(referralOf(issued, 'job-placement').status).toBe('received');
  });

  it('of the registry itself: a DNI whose check character is mistyped is nobody’s, a right one is left to its staff', async () => {
    const mistyped = await system.arrive({ document_number: '101174103', needs: ['employment'] });
    expect(shown(mistyped)).toEqual([
      'employment/job-placement planned',
      'identity/dni-issue received',
      'identity/dni-verify completed',
    ]);
    const right = await system.arrive({ document_number: '10117410-2', needs: ['employment'] });
    expect(shown(right)).toEqual(['employment/job-placement planned', 'identity/dni-verify received']);
    const { returnee } = await system.seenBy('identity', referralOf(right, 'dni-verify'));
    expect(returnee.documentNumber).toBe('10117410-2');
  });

  it('carries the issued document to later referrals and to intake', async () => {
    const who = await system.register({ document_type: 'none', needs: ['employment'] });
    const after = await system.complete({ id: who.caseId }, 'dni-issue', { document: '70000002' });
    const { returnee } = await system.seenBy('employment', referralOf(after, 'job-placement'));
    expect(returnee).toMatchObject({ documentType: 'dni', documentNumber: '70000002' });
    expect(JSON.stringify(await system.get(`/intake/returnees/${who.returneeId}`))).toContain('70000002');
    expect(JSON.stringify(after.timeline)).not.toContain('70000002');
  });

  it('that DNI issue fails leaves dependents planned with an escalation', async () => {
    const before = await system.arrive({ document_type: 'none', needs: ['employment'] });
    const after = await system.answers(before, 'dni-issue', { status: 'accepted' }, { status: 'failed' });
    expect(referralOf(after, 'job-placement').status).toBe('planned');
    expect(openEscalations(after)).toContain('prerequisite-unmet');
    const waived = await system.command(after, 'referrals/job-placement/waive', {
      reason: 'the office knows her',
    });
    expect(referralOf(waived, 'job-placement').status).toBe('received');
    expect(openEscalations(waived)).not.toContain('prerequisite-unmet');
  });

  it('may say more under the same status, but not the same again', async () => {
    const before = await system.arrive({ needs: ['emotional-support'] });
    const referral = referralOf(before, 'mental-health');
    const waitlisted = { status: 'accepted', businessStatus: 'waitlisted' };
    expect((await system.answer(referral, { status: 'accepted' })).status).toBe(201);
    expect((await system.answer(referral, waitlisted)).status).toBe(201);
    expect((await system.answer(referral, waitlisted)).status).toBe(409);
    const scheduled = {
      ...waitlisted,
      businessStatus: 'scheduled',
      scheduledFor: '2026-12-01T10:00:00-05:00',
    };
    expect((await system.answer(referral, scheduled)).status).toBe(201);
    expect(referralOf(await system.caseOf(before), 'mental-health')).toMatchObject({
      status: 'accepted',
      businessStatus: 'scheduled',
    });
  });

  it('under the same Idempotency-Key counts once', async () => {
    const before = await system.arrive({ needs: ['health-care'] });
    const referral = referralOf(before, 'medical-care');
    const key = { 'Idempotency-Key': 'visit-1' };
    const first = await system.answer(referral, { status: 'accepted' }, key);
    const again = await system.answer(referral, { status: 'accepted' }, key);
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
    const accepted = (await system.caseOf(before)).timeline.filter(
      (entry) => entry.detail['referral']?.status === 'accepted',
    );
    expect(accepted).toHaveLength(1);
  });
});
