import { agency, offer } from '../support/fixtures';
import { needOf, openEscalations, referralOf, shown } from '../support/case-view';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  const shelter = agency(
    'refuge',
    offer('shelter', { for: ['shelter'], basis: 'vital-interests', ack: '2 h', done: '24 h' }),
    offer('landing', { every: 'arrival', basis: 'legal-obligation', ack: '2 h', done: '24 h' }),
  );
  const library = agency(
    'library',
    offer('reading-room', { for: ['civil-certificate'], purpose: 'education', law: 'Ley 30034, art. 5' }),
    offer('workshop', { for: ['entrepreneurship'], purpose: 'work', ack: '3 d' }),
  );
  system = await System.start({ fixtures: [shelter, library] });
});
afterAll(() => system.stop());

const RESTING = { businessStatus: 'awaiting-consent', status: 'planned', requestedAt: null };

describe('consent', () => {
  it('refused: only what rests on vital interests or the law is sent, the other needs are unmet', async () => {
    const found = await system.arrive({
      consent: 'refused',
      vulnerabilities: ['pregnant'],
      needs: ['shelter', 'employment', 'health-insurance'],
    });
    expect(shown(found)).toEqual([
      'health/medical-care received',
      'refuge/landing received',
      'refuge/shelter received',
    ]);
    expect(needOf(found, 'employment')).toBe('unmet/consent-refused');
    expect(needOf(found, 'health-insurance')).toBe('unmet/consent-refused');
    expect(needOf(found, 'shelter')).toBe('open');
    expect(needOf(found, 'pregnant')).toBe('open');
    expect(referralOf(found, 'landing').basis).toBe('legal-obligation');
  });

  it('pending: the rest waits and escalates after five days; granted: it is sent', async () => {
    const who = await system.register({ consent: 'pending', needs: ['employment', 'shelter'] });
    const waiting = await system.caseOf(who);
    expect(referralOf(waiting, 'dni-verify')).toMatchObject(RESTING);
    expect(referralOf(waiting, 'shelter').status).toBe('received');

    await system.advance('4 d');
    expect(openEscalations(await system.caseOf(who))).not.toContain('consent-overdue');
    await system.advance('1 d');
    expect(openEscalations(await system.caseOf(who))).toContain('consent-overdue');

    const granted = await system.consent(who, 'granted');
    expect(openEscalations(granted)).not.toContain('consent-overdue');
    expect(referralOf(granted, 'dni-verify').status).toBe('received');
    expect(referralOf(granted, 'job-placement')).toMatchObject({ businessStatus: 'awaiting-prerequisite' });
  });

  it('pending then refused: what waited is never sent', async () => {
    const who = await system.register({ consent: 'pending', needs: ['employment', 'shelter'] });
    const refused = await system.consent(who, 'refused');
    expect(needOf(refused, 'employment')).toBe('unmet/consent-refused');
    expect(referralOf(refused, 'dni-verify')).toMatchObject({ status: 'cancelled', requestedAt: null });
  });

  it('refused then granted: the needs are open and planned again', async () => {
    const who = await system.register({ consent: 'refused', needs: ['health-care', 'shelter'] });
    const granted = await system.consent(who, 'granted');
    expect(needOf(granted, 'health-care')).toBe('open');
    expect(referralOf(granted, 'medical-care').status).toBe('received');
  });

  it('refused, so that the case ended, then granted: the case goes on', async () => {
    const who = await system.register({ consent: 'refused', needs: ['health-care'] });
    await system.complete({ id: who.caseId }, 'landing');
    const ended = await system.confirm({ id: who.caseId }, 'landing');
    expect([ended.status, needOf(ended, 'health-care')]).toEqual(['completed', 'unmet/consent-refused']);
    const granted = await system.consent(who, 'granted');
    expect([granted.status, needOf(granted, 'health-care')]).toEqual(['open', 'open']);
    expect(referralOf(granted, 'medical-care').status).toBe('received');
  });

  it('withdrawn: agencies are asked to stop, done already wins, the case closes when nothing else is open', async () => {
    const who = await system.register({
      needs: ['health-care', 'emotional-support', 'employment', 'shelter'],
    });
    const id = { id: who.caseId };
    await system.answers(id, 'medical-care', { status: 'accepted' });
    const asked = await system.consent(who, 'withdrawn');

    expect(asked.status).toBe('open');
    expect(referralOf(asked, 'medical-care')).toMatchObject({
      status: 'accepted',
      businessStatus: 'cancellation-requested',
    });
    expect(referralOf(asked, 'job-placement').status).toBe('cancelled');
    expect(referralOf(asked, 'shelter').cancellation).toBeNull();
    expect(needOf(asked, 'employment')).toBe('unmet/consent-withdrawn');
    expect(needOf(asked, 'shelter')).toBe('open');

    const late = await system.answer(referralOf(asked, 'medical-care'), { status: 'in-progress' });
    expect([late.status, late.body.possible]).toEqual([409, ['cancelled', 'completed']]);
    await system.answers(id, 'medical-care', { status: 'completed' });
    await system.answers(id, 'mental-health', { status: 'cancelled' });
    await system.answers(id, 'dni-verify', { status: 'cancelled' });
    const open = await system.complete(id, 'landing');
    expect(needOf(open, 'health-care')).toBe('settled/delivered-unconfirmed');
    expect(needOf(open, 'emotional-support')).toBe('unmet/consent-withdrawn');
    expect(open.status).toBe('open');

    await system.complete(id, 'shelter');
    await system.confirm(id, 'shelter');
    const ended = await system.caseOf(id);
    if (ended.status === 'open') await system.confirm(id, 'landing');
    expect((await system.caseOf(id)).status).toBe('closed');
  });

  it('counts by when it was given: an older one that arrives late changes nothing', async () => {
    const who = await system.register({ needs: ['health-care'] });
    await system.consent(who, 'withdrawn', '2026-11-22T12:00:00Z');
    const after = await system.consent(who, 'granted', '2026-11-21T12:00:00Z');
    expect(after.consent).toBe('withdrawn');
    expect(referralOf(after, 'medical-care').businessStatus).toBe('cancellation-requested');
  });

  it('for some purposes: exactly those are served, and what is given up later is stopped, with proof', async () => {
    const who = await system.register({
      consent: 'pending',
      needs: ['entrepreneurship', 'civil-certificate'],
    });
    const path = `/cases/${who.caseId}/consent`;
    const now = () => system.clock.now().toISOString();
    const both = await system.consent(who, 'granted', now(), { purposes: ['education', 'work'] });
    expect(referralOf(both, 'workshop').status).toBe('received');
    expect(referralOf(both, 'reading-room').status).toBe('received');
    expect(needOf(both, 'entrepreneurship')).toBe('open');
    expect(await system.get(path)).toMatchObject({ status: 'granted', by: 'self', withdrawal: null });
    await system.complete({ id: who.caseId }, 'reading-room');

    const said = later(now());
    const less = await system.consent(who, 'granted', said, { purposes: ['education'] });
    expect(referralOf(less, 'workshop').cancellation).toMatchObject({ reason: 'consent-withdrawn' });
    expect(needOf(less, 'entrepreneurship')).toBe('unmet/consent-withdrawn');
    expect(referralOf(less, 'reading-room').status).toBe('completed');
    const asked = await system.get(path);
    expect(asked).toMatchObject({
      purposes: ['education'],
      withdrawal: { at: said, pending: 1, complete: false },
    });
    expect(asked.history).toHaveLength(3);
    expect(asked.withdrawal.kept).toMatchObject([{ service: 'reading-room', law: 'Ley 30034, art. 5' }]);

    // The workshop may take three days to answer a request, but one to let go.
    await system.advance('1 d');
    await system.advance('12 h');
    expect(openEscalations(await system.caseOf(who))).toContain('cancellation-overdue');
    const stopped = await system.answers({ id: who.caseId }, 'workshop', { status: 'cancelled' });
    expect(openEscalations(stopped)).not.toContain('cancellation-overdue');
    expect((await system.get(path)).withdrawal).toMatchObject({
      pending: 0,
      complete: true,
      stopped: [{ agency: 'library', service: 'workshop', answer: 'cancelled', acknowledgedAt: now() }],
    });
  });

  it('for a time: it is stopped by its end, and goes on when it is given again', async () => {
    const who = await system.register({ consent: 'pending', needs: ['entrepreneurship'] });
    const until = new Date(system.clock.now().getTime() + 20 * 86_400_000).toISOString();
    await system.consent(who, 'granted', system.clock.now().toISOString(), { until });
    await system.answers({ id: who.caseId }, 'workshop', { status: 'accepted' });
    await system.advance(11 * 86_400_000);
    expect(openEscalations(await system.caseOf(who))).toContain('consent-expiring');
    await system.moveTo(until);
    const ended = await system.caseOf(who);
    expect([ended.consent, needOf(ended, 'entrepreneurship')]).toEqual(['expired', 'unmet/consent-expired']);
    expect(referralOf(ended, 'workshop').businessStatus).toBe('cancellation-requested');
    await system.answers({ id: who.caseId }, 'workshop', { status: 'cancelled' });
    const again = await system.consent(who, 'granted');
    expect([again.consent, needOf(again, 'entrepreneurship')]).toEqual(['granted', 'open']);
    expect(referralOf(again, 'workshop')).toMatchObject({ attempt: 2, status: 'received' });
  });

  it('of a child counts from whoever answers for it', async () => {
    const who = await system.register({
      date_of_birth: '2015-05-05',
      relationship: 'child',
      consent: 'pending',
      needs: ['health-care'],
    });
    const path = `/intake/returnees/${who.returneeId}/consent`;
    const said = { status: 'granted', at: system.clock.now().toISOString() };
    const own = await system.call('PUT', path, said);
    expect([own.status, own.body.errors[0].pointer]).toEqual([422, '/by']);
    expect(referralOf(await system.caseOf(who), 'medical-care')).toMatchObject(RESTING);
    const given = await system.consent(who, 'granted', said.at, { by: 'guardian' });
    expect(referralOf(given, 'medical-care').status).toBe('received');
    expect(await system.get(`/cases/${who.caseId}/consent`)).toMatchObject({
      status: 'granted',
      by: 'guardian',
    });
  });
});

function later(instant: string): string {
  return new Date(Date.parse(instant) + 1000).toISOString();
}
