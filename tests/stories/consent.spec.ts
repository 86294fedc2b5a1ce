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
  system = await System.start({ fixtures: [shelter] });
}, 60_000);
afterAll(() => system.stop(), 60_000);

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
});
