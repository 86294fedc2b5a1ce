import { needOf, openEscalations, referralOf, shown } from '../support/case-view';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

const why = { reason: 'decided in the daily meeting', by: 'desk 2' };

describe('operations', () => {
  it('close a case early: it is closing until every agency has acknowledged', async () => {
    const found = await system.arrive({ needs: ['health-care', 'employment', 'emotional-support'] });
    await system.answers(found, 'medical-care', { status: 'accepted' });
    const closing = await system.command(found, 'close', { reason: 'left-country' });
    expect([closing.status, closing.closedAt]).toEqual(['closing', null]);
    expect(needOf(closing, 'employment')).toBe('unmet/decided-by-operations');
    expect(referralOf(closing, 'job-placement').status).toBe('cancelled');
    await system.answers(found, 'medical-care', { status: 'cancelled' });
    await system.answers(found, 'mental-health', { status: 'cancelled' });
    expect((await system.caseOf(found)).status).toBe('closing');
    const closed = await system.answers(found, 'dni-verify', { status: 'completed', outcome: 'verified' });
    expect([closed.status, closed.closedAt]).toEqual(['closed', system.clock.now().toISOString()]);
    expect(openEscalations(closed)).toEqual([]);
  });

  it('reopen a case that was closed or completed: unmet needs are planned again', async () => {
    const found = await system.arrive({
      document_type: 'passport',
      needs: ['health-care', 'emotional-support'],
    });
    await system.complete(found, 'medical-care');
    await system.confirm(found, 'medical-care');
    await system.command(found, 'close', { reason: 'unreachable' });
    const closed = await system.answers(found, 'mental-health', { status: 'cancelled' });
    expect(closed.status).toBe('closed');
    const reopened = await system.command(found, 'reopen', why);
    expect([reopened.status, reopened.closedAt]).toEqual(['open', null]);
    expect(needOf(reopened, 'health-care')).toBe('settled/confirmed');
    expect(needOf(reopened, 'emotional-support')).toBe('open');
    expect(referralOf(reopened, 'mental-health')).toMatchObject({ attempt: 2, status: 'received' });
  });

  it('reopen a case that has nothing to do: it waits a while for something, and is not forgotten', async () => {
    const reopened = [];
    for (let n = 0; n < 2; n++) {
      const found = await system.arrive({ document_type: 'passport' });
      expect(found.status).toBe('completed');
      reopened.push(await system.command(found, 'reopen', why));
    }
    const [busy, idle] = reopened;
    expect([busy!.status, idle!.status]).toEqual(['open', 'open']);
    await system.command(busy!, 'needs', { code: 'health-care', ...why });
    await system.advance('6 d');
    expect((await system.caseOf(busy!)).status).toBe('open');
    expect((await system.caseOf(idle!)).status).toBe('completed');
  });

  it('add a need', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    const added = await system.command(found, 'needs', { code: 'emotional-support', ...why });
    expect(needOf(added, 'emotional-support')).toBe('open');
    expect(referralOf(added, 'mental-health').status).toBe('received');
    expect((await system.try(found, 'needs', { code: 'emotional-support', ...why })).status).toBe(409);
  });

  it('settle a need, and its referral is recalled', async () => {
    const found = await system.arrive({ needs: ['health-care', 'emotional-support'] });
    const settled = await system.command(found, 'needs/emotional-support/settle', why);
    expect(needOf(settled, 'emotional-support')).toBe('unmet/decided-by-operations');
    expect(referralOf(settled, 'mental-health').businessStatus).toBe('cancellation-requested');
    const after = await system.answers(found, 'mental-health', { status: 'cancelled' });
    expect(needOf(after, 'emotional-support')).toBe('unmet/decided-by-operations');
    expect((await system.try(found, 'needs/emotional-support/settle', why)).status).toBe(409);
    expect((await system.try(found, 'needs/shelter/settle', why)).status).toBe(404);
  });

  it('waive a prerequisite', async () => {
    const found = await system.arrive({ needs: ['employment'] });
    const waived = await system.command(found, 'referrals/job-placement/waive', why);
    expect(referralOf(waived, 'job-placement').status).toBe('received');
    expect(waived.timeline.map((entry) => entry.type)).toContain('prerequisite-waived');
    expect((await system.try(found, 'referrals/job-placement/waive', why)).status).toBe(409);
  });

  it('cancel a referral: planned at once, sent only when its agency lets go', async () => {
    const found = await system.arrive({ needs: ['employment', 'health-care'] });
    const planned = await system.command(found, 'referrals/job-placement/cancel', why);
    expect(referralOf(planned, 'job-placement')).toMatchObject({ status: 'cancelled', requestedAt: null });
    const asked = await system.command(found, 'referrals/medical-care/cancel', why);
    expect(referralOf(asked, 'medical-care')).toMatchObject({
      status: 'received',
      businessStatus: 'cancellation-requested',
    });
    const refused = await system.try(found, 'referrals/medical-care/cancel', why);
    expect(refused.status).toBe(409);
    const gone = await system.answers(found, 'medical-care', { status: 'cancelled' });
    expect(referralOf(gone, 'medical-care').status).toBe('cancelled');
  });

  it('remind an agency now', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    const care = referralOf(found, 'medical-care');
    await system.command(found, 'referrals/medical-care/remind', why);
    expect((await system.seenBy('health', care)).remindedAt).toBe(system.clock.now().toISOString());
    await system.complete(found, 'medical-care');
    expect((await system.try(found, 'referrals/medical-care/remind', why)).status).toBe(409);
  });

  it('correct a wrong answer with a reason: a new fact, and the wrong one stays in the timeline', async () => {
    const found = await system.arrive({ needs: ['employment'] });
    const wrong = await system.complete(found, 'dni-verify', 'not-found');
    expect(referralOf(wrong, 'dni-issue').status).toBe('received');
    const late = await system.answer(referralOf(wrong, 'dni-verify'), {
      status: 'completed',
      outcome: 'verified',
    });
    expect(late.status).toBe(409);
    const right = await system.command(found, 'referrals/dni-verify/correction', {
      answer: { status: 'completed', outcome: 'verified' },
      ...why,
    });
    expect(referralOf(right, 'job-placement').status).toBe('received');
    const results = right.timeline
      .filter((entry) => entry.detail['referral']?.service === 'dni-verify')
      .map((entry) => entry.detail['referral'].result)
      .filter(Boolean);
    expect(results).toEqual(['not-found', 'verified']);
    expect(right.timeline.at(-1)!.actor).not.toBe('agency:identity');
  });

  it('claim and resolve escalations, with who and why', async () => {
    const found = await system.arrive({ needs: ['shelter', 'health-care'] });
    const [escalation] = found.escalations;
    const claim = await system.call('POST', `/escalations/${escalation!.id}/claim`, {
      by: 'desk 2',
      note: 'calling',
    });
    expect(claim.status).toBe(200);
    const claimed = await system.all(`/escalations?case=${found.id}`);
    expect(claimed).toMatchObject([{ status: 'claimed', owner: 'desk 2', note: 'calling' }]);
    const resolved = await system.call('POST', `/escalations/${escalation!.id}/resolve`, why);
    expect(resolved.status).toBe(200);
    expect(await system.all(`/escalations?case=${found.id}`)).toEqual([]);
    expect((await system.call('POST', `/escalations/${escalation!.id}/resolve`, why)).status).toBe(409);
    const types = (await system.caseOf(found)).timeline.map((entry) => entry.type);
    expect(types).toEqual(
      expect.arrayContaining(['escalation-raised', 'escalation-claimed', 'escalation-resolved']),
    );
  });

  it('claim what nobody else has claimed, unless they take it over; what is resolved keeps its owner', async () => {
    const found = await system.arrive({ needs: ['shelter'] });
    const path = `/escalations/${found.escalations[0]!.id}`;
    const claim = (by: string, more: object = {}) => system.call('POST', `${path}/claim`, { by, ...more });
    const owner = async (query = '') =>
      (await system.all(`/escalations?case=${found.id}${query}`)).map((e) => e.owner);
    const first = await Promise.all(['desk 1', 'desk 2', 'desk 3'].map((by) => claim(by)));
    expect(first.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    const winner = `desk ${first.findIndex((answer) => answer.status === 200) + 1}`;
    const refused = first.find((answer) => answer.status === 409)!;
    expect(refused.body.type).toBe('urn:retorno:problem:claimed-by-another');
    expect(refused.body.detail).toContain('takeOver: true');
    expect(await owner()).toEqual([winner]);
    const claims = async () =>
      (await system.caseOf(found)).timeline.filter((entry) => entry.type === 'escalation-claimed').length;
    expect(await claims()).toBe(1);
    expect((await claim(winner, { note: 'again' })).status).toBe(200);
    expect((await claim('desk 9', { takeOver: true })).body).toMatchObject({ claimed: 1, skipped: 0 });
    expect(await owner()).toEqual(['desk 9']);
    await system.call('POST', `${path}/resolve`, why);
    expect((await claim('desk 4', { takeOver: true })).body.type).toContain('escalation-resolved');
    expect(await owner('&status=resolved')).toEqual(['desk 9']);
  });

  it('claim and resolve a whole group, skipping what somebody else has claimed', async () => {
    const cases = [];
    for (let n = 0; n < 3; n++) cases.push(await system.arrive({ needs: ['police-record'] }));
    const group = '/escalations/group:no-provider:police-record';
    const one = cases[1]!.escalations.find((e) => e.reason === 'no-provider')!;
    await system.call('POST', `/escalations/${one.id}/claim`, { by: 'desk 1' });
    const claim = async (more: object = {}) =>
      (await system.call('POST', `${group}/claim`, { by: 'desk 2', ...more })).body;
    expect(await claim()).toMatchObject({ claimed: 2, skipped: 1, remaining: 0 });
    expect(await claim()).toMatchObject({ claimed: 0, skipped: 1, remaining: 0 });
    expect(await claim({ takeOver: true })).toMatchObject({ claimed: 1, skipped: 0, remaining: 0 });
    // Somebody resolves one while the group is being resolved: whoever is first, nobody stops half-way.
    const [resolved, single] = await Promise.all([
      system.call('POST', `${group}/resolve`, why),
      system.call('POST', `/escalations/${one.id}/resolve`, why),
    ]);
    expect(resolved.status).toBe(200);
    expect(resolved.body.resolved + (single.status === 200 ? 1 : 0)).toBe(3);
    expect(await system.all('/escalations?reason=no-provider&status=claimed')).toEqual([]);
    expect((await system.call('POST', `${group}/resolve`, why)).status).toBe(404);
  });

  it('are told what is possible when a command is not', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    const refused = await system.try(found, 'reopen', why);
    expect(refused.status).toBe(409);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    const waive = await system.try(found, 'referrals/medical-care/waive', why);
    expect([waive.status, waive.body.possible]).toEqual([409, expect.arrayContaining(['cancel', 'remind'])]);
    expect(shown(await system.caseOf(found))).toEqual([
      'health/medical-care received',
      'identity/dni-verify received',
    ]);
  });
});

describe('the timeline', () => {
  it('tells of every change when, who and why, in order', async () => {
    const found = await system.arrive({ needs: ['employment', 'health-care'] });
    await system.complete(found, 'dni-verify', 'verified');
    await system.answers(found, 'medical-care', {
      status: 'accepted',
      by: 'desk 9',
      note: 'comes on Monday',
    });
    await system.command(found, 'referrals/job-placement/cancel', why);
    const { timeline } = await system.caseOf(found);
    for (const entry of timeline) {
      expect(entry.at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
      expect(entry.actor).toMatch(/^(intake|operations|returnee|agency:[a-z-]+|rule:[a-z-]+)$/);
      expect(entry.cause).not.toBe('');
    }
    expect(timeline.map((entry) => entry.at)).toEqual(timeline.map((entry) => entry.at).toSorted());
    expect(timeline.slice(0, 2).map((entry) => entry.type)).toEqual(['case-opened', 'case-planned']);
    const accepted = timeline.find(
      (e) => e.detail['referral']?.status === 'accepted' && e.detail['by'] === 'desk 9',
    );
    expect(accepted).toMatchObject({ actor: 'agency:health', detail: { note: 'comes on Monday' } });
    const cancelled = timeline.find((entry) => entry.detail['by'] === 'desk 2');
    expect(cancelled).toMatchObject({ actor: 'operations', detail: { note: why.reason } });
  });
});
