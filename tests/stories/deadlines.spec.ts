import { needOf, openEscalations, referralOf, type Case, type Referral } from '../support/case-view';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

const HOUR = 3_600_000;
const plus = (instant: string | null, ms: number) => new Date(Date.parse(instant!) + ms);
const before = (instant: string | null) => plus(instant, -60_000);
const remindersOf = async (referral: Referral) =>
  (await system.seenBy(referral.agency, referral)).remindedAt !== undefined;
const reasonsFor = (found: Case, referral: Referral) =>
  found.escalations
    .filter((e) => e.referralId === referral.id && e.status !== 'resolved')
    .map((e) => e.reason);

describe('silence', () => {
  it('at the deadline for a first answer: a reminder, after half as much again: an escalation', async () => {
    const found = await system.arrive({ vulnerabilities: ['pregnant'] });
    const care = referralOf(found, 'medical-care');
    await system.moveTo(before(care.ackDueAt));
    expect(await remindersOf(care)).toBe(false);
    await system.moveTo(care.ackDueAt);
    expect(await remindersOf(care)).toBe(true);
    expect(reasonsFor(await system.caseOf(found), care)).toEqual([]);
    await system.moveTo(before(plus(care.ackDueAt, 2 * HOUR).toISOString()));
    expect(reasonsFor(await system.caseOf(found), care)).toEqual([]);
    await system.moveTo(plus(care.ackDueAt, 2 * HOUR));
    expect(reasonsFor(await system.caseOf(found), care)).toEqual(['ack-overdue']);
    expect((await system.get(`/cases?overdue=true&q=${found.number}`)).items).toHaveLength(1);

    const answered = await system.answers(found, 'medical-care', { status: 'accepted' });
    expect(reasonsFor(answered, care)).toEqual([]);
  });

  it('in working days is counted from the request, over a weekend', async () => {
    await system.moveTo('2027-01-15T15:00:00Z');
    const found = await system.arrive({ needs: ['emotional-support'], arrival_date: '2027-01-15' });
    const care = referralOf(found, 'mental-health');
    expect(care.ackDueAt!.slice(0, 10)).toBe('2027-01-18');
    await system.moveTo('2027-01-17T23:00:00Z');
    expect(await remindersOf(care)).toBe(false);
    await system.moveTo(care.ackDueAt);
    expect(await remindersOf(care)).toBe(true);
    await system.advance('2 d');
    expect(reasonsFor(await system.caseOf(found), care)).toEqual(['ack-overdue']);
  });

  it('after an acceptance escalates at the deadline to be done', async () => {
    const found = await system.arrive({ vulnerabilities: ['chronic-illness'] });
    const care = referralOf(found, 'medical-care');
    await system.answers(found, 'medical-care', { status: 'accepted' });
    await system.moveTo(before(care.dueAt));
    expect(reasonsFor(await system.caseOf(found), care)).toEqual([]);
    await system.moveTo(care.dueAt);
    expect(await remindersOf(care)).toBe(true);
    expect(reasonsFor(await system.caseOf(found), care)).toEqual([]);
    await system.moveTo(plus(care.dueAt, 24 * HOUR));
    expect(reasonsFor(await system.caseOf(found), care)).toEqual(['done-overdue']);
  });

  it('to a cancellation request escalates too', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    const asked = await system.command(found, 'referrals/medical-care/cancel', { reason: 'moved away' });
    const care = referralOf(asked, 'medical-care');
    await system.moveTo(care.cancellation!.dueAt);
    expect(await remindersOf(care)).toBe(true);
    await system.advance('5 d');
    expect(reasonsFor(await system.caseOf(found), care)).toEqual(['cancellation-overdue']);
  });

  it('of the returnee settles a delivery after ten days, told apart from a confirmed one', async () => {
    const found = await system.arrive({ document_type: 'passport', needs: ['health-care'] });
    const done = await system.complete(found, 'medical-care');
    const care = referralOf(done, 'medical-care');
    expect(care.businessStatus).toBe('delivered-unconfirmed');
    expect((Date.parse(care.confirmBy!) - system.clock.now().getTime()) / (24 * HOUR)).toBe(10);
    expect(needOf(done, 'health-care')).toBe('open');
    await system.moveTo(before(care.confirmBy));
    expect((await system.caseOf(found)).status).toBe('open');
    await system.moveTo(care.confirmBy);
    const ended = await system.caseOf(found);
    expect(ended.status).toBe('completed');
    expect(needOf(ended, 'health-care')).toBe('settled/delivered-unconfirmed');
    expect((await system.seenBy('health', care)).businessStatus).toBe('delivered-unconfirmed');
  });

  it('of an agency that asked for information is suspended until it is given, for ten days at most', async () => {
    const one = await system.arrive({ vulnerabilities: ['pregnant'] });
    const other = await system.arrive({ vulnerabilities: ['pregnant'] });
    const question = [{ status: 'accepted' }, { status: 'accepted', businessStatus: 'info-requested' }];
    const asked = await system.answers(one, 'medical-care', ...question);
    await system.answers(other, 'medical-care', ...question);
    expect(openEscalations(asked)).toContain('info-requested');
    const care = referralOf(asked, 'medical-care');

    await system.advance(4 * 24 * HOUR);
    expect(await remindersOf(care)).toBe(false);
    const told = await system.command(one, 'referrals/medical-care/information', { information: 'week 30' });
    expect(openEscalations(told)).not.toContain('info-requested');
    expect((await system.seenBy('health', care)).information).toBe('week 30');
    const resumed = referralOf(told, 'medical-care');
    const suspended = Date.parse(resumed.dueAt!) - Date.parse(care.requestedAt!) - 48 * HOUR;
    expect(suspended / HOUR).toBeCloseTo(96, 1);
    await system.moveTo(plus(resumed.dueAt, 24 * HOUR));
    expect(reasonsFor(await system.caseOf(one), care)).toEqual(['done-overdue']);

    const never = referralOf(await system.caseOf(other), 'medical-care');
    await system.moveTo(plus(never.requestedAt, (10 * 24 + 48 + 24) * HOUR));
    expect(reasonsFor(await system.caseOf(other), never)).toContain('done-overdue');
  });

  it('of an agency that has put a referral on hold is suspended as well', async () => {
    const found = await system.arrive({ vulnerabilities: ['pregnant'] });
    const held = [{ status: 'accepted' }, { status: 'on-hold', note: 'waits for a bed' }];
    const care = referralOf(await system.answers(found, 'medical-care', ...held), 'medical-care');
    await system.advance(5 * 24 * HOUR);
    expect(await remindersOf(care)).toBe(false);
    const resumed = await system.answers(found, 'medical-care', { status: 'in-progress' });
    const { dueAt } = referralOf(resumed, 'medical-care');
    expect((Date.parse(dueAt!) - Date.parse(care.requestedAt!)) / HOUR).toBeCloseTo(5 * 24 + 48, 1);
    await system.moveTo(plus(dueAt, 24 * HOUR));
    expect(reasonsFor(await system.caseOf(found), care)).toEqual(['done-overdue']);
  });

  it('about an identity is not endless: provisional insurance lapses after 45 days, and a person must look', async () => {
    const found = await system.arrive({ vulnerabilities: ['pregnant'], needs: ['health-insurance'] });
    expect(referralOf(found, 'enrolment')).toMatchObject({ status: 'completed', provisional: true });
    await system.advance(44 * 24 * HOUR);
    const provisional = await system.caseOf(found);
    expect(referralOf(provisional, 'enrolment').status).toBe('completed');
    await system.advance(24 * HOUR);
    const lapsed = await system.caseOf(found);
    expect(referralOf(lapsed, 'enrolment').status).toBe('failed');
    expect(needOf(lapsed, 'health-insurance')).toBe('open');
    expect(reasonsFor(lapsed, referralOf(lapsed, 'enrolment'))).toEqual(['failed']);
  });
});

describe('the returnee', () => {
  it('confirms a delivery, and the case is completed', async () => {
    const found = await system.arrive({ document_type: 'passport', needs: ['health-care'] });
    await system.complete(found, 'medical-care');
    const confirmed = await system.confirm(found, 'medical-care');
    expect(needOf(confirmed, 'health-care')).toBe('settled/confirmed');
    expect(confirmed.status).toBe('completed');
    expect((await system.seenBy('health', referralOf(confirmed, 'medical-care'))).businessStatus).toBe(
      'confirmed',
    );
  });

  it('disputes a delivery: the need is open again, a person must look, and can have it done again', async () => {
    const found = await system.arrive({ document_type: 'passport', needs: ['health-care'] });
    await system.complete(found, 'medical-care');
    const disputed = await system.confirm(found, 'medical-care', 'disputed');
    const first = referralOf(disputed, 'medical-care');
    expect([needOf(disputed, 'health-care'), disputed.status]).toEqual(['open', 'open']);
    expect(openEscalations(disputed)).toEqual(['disputed']);
    expect((await system.seenBy('health', first)).businessStatus).toBe('disputed');
    await system.advance('12 d');
    expect(needOf(await system.caseOf(found), 'health-care')).toBe('open');

    const again = await system.command(found, 'referrals/medical-care/reroute', { reason: 'try once more' });
    expect(referralOf(again, 'medical-care')).toMatchObject({ attempt: 2, status: 'received' });
  });

  it('is not asked about what served only as a prerequisite', async () => {
    const found = await system.arrive({ needs: ['employment'] });
    const verified = await system.complete(found, 'dni-verify', 'verified');
    expect(referralOf(verified, 'dni-verify')).toMatchObject({ businessStatus: null, confirmBy: null });
    const refused = await system.try(found, 'referrals/dni-verify/confirmation', {
      outcome: 'confirmed',
      by: 'the returnee',
      channel: 'telephone',
    });
    expect(refused.status).toBe(409);
  });
});
