import { needOf, openEscalations, referralOf } from '../support/case-view';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

const why = { reason: 'told by telephone', by: 'desk 2' };

describe('a wrong answer', () => {
  it('operations correct is told to its agency, whose record then says the same', async () => {
    const found = await system.arrive({ document_type: 'passport', needs: ['health-care'] });
    await system.complete(found, 'medical-care');
    const right = await system.command(found, 'referrals/medical-care/correction', {
      answer: { status: 'rejected', code: 'safety' },
      ...why,
    });
    const care = referralOf(right, 'medical-care');
    expect(care).toMatchObject({ status: 'rejected', code: 'safety' });
    expect(care.correctedAt).toBe(system.clock.now().toISOString());
    expect(needOf(right, 'health-care')).toBe('open');
    expect(await system.seenBy('health', care)).toMatchObject({ status: 'rejected', code: 'safety' });
  });

  it('its agency takes back reopens the need, also of a case that had completed, and tells somebody', async () => {
    const found = await system.arrive({ document_type: 'passport', needs: ['health-care'] });
    await system.complete(found, 'medical-care');
    const done = await system.confirm(found, 'medical-care');
    expect(done.status).toBe('completed');
    const care = referralOf(done, 'medical-care');
    const path = `/agencies/health/referrals/${care.id}/corrections`;
    const taken = await system.call('POST', path, { status: 'failed', reason: 'another person was seen' });
    expect(taken.status).toBe(201);
    await system.settle();
    const reopened = await system.caseOf(found);
    expect([reopened.status, needOf(reopened, 'health-care')]).toEqual(['open', 'open']);
    expect(openEscalations(reopened)).toEqual(['failed']);
    const entry = reopened.timeline.find(
      (e) => e.cause === 'correction:failed' && e.type === 'referral-changed',
    );
    expect(entry).toMatchObject({ actor: 'agency:health' });
  });

  it('a number that was wrong is replaced at who was told it, and a person is told who that was', async () => {
    const who = await system.register({ document_type: 'none', needs: ['employment'] });
    const found = { id: who.caseId };
    await system.complete(found, 'dni-issue', { document: '11112222' });
    const issue = referralOf(await system.caseOf(found), 'dni-issue');
    const job = referralOf(await system.caseOf(found), 'job-placement');
    expect((await system.seenBy('employment', job)).returnee.documentNumber).toBe('11112222');
    await system.advance('1 h');
    const path = `/agencies/identity/referrals/${issue.id}/corrections`;
    const body = { status: 'completed', outcome: { document: '33334444' }, reason: 'two digits swapped' };
    expect((await system.call('POST', path, body)).status).toBe(201);
    await system.settle();
    expect((await system.seenBy('employment', job)).returnee.documentNumber).toBe('33334444');
    const told = await system.caseOf(found);
    expect(told.escalations).toMatchObject([
      { reason: 'corrected', detail: { dependents: 'job-placement' } },
    ]);
    const { documentsObtained } = await system.get(`/intake/returnees/${who.returneeId}`);
    expect(documentsObtained).toMatchObject([{ documentNumber: '33334444' }]);
  });
});
