import { Refusal } from '../saga/decision';
import { nextDueAt } from '../saga/deadlines';
import { outlookOf } from './outlook';
import { roundtable } from '../testing/roundtable';
import { Saga } from '../testing/saga';

const MINISTRIES = roundtable('identity', 'insurance', 'health', 'education', 'employment');

const outlook = (saga: Saga) => outlookOf(saga.state, saga.env);
/** What the outlook says of the newest attempt at a service. */
const of = (saga: Saga, service: string) => outlook(saga).referrals[saga.referral(service).id]!;
const servicesOf = (saga: Saga, ids: readonly string[]) =>
  ids.map((id) => saga.state.referrals.find((r) => r.id === id)?.service);

describe('the outlook of a case', () => {
  it('says which steps decide when it ends, and when that is by the deadlines', () => {
    // dni-issue takes 15 working days, job-placement 60 after it; health-care 14 beside them.
    const saga = new Saga({ needs: ['employment', 'health-care'] }, MINISTRIES);
    const { critical, expectedAt } = outlook(saga);
    expect(servicesOf(saga, critical)).toEqual(['dni-issue', 'job-placement']);
    const { calendar, now } = saga.env;
    expect(expectedAt).toBe(calendar.add(calendar.add(now, '15 d'), '60 d').toISOString());
    expect(of(saga, 'job-placement').expectedAt).toBe(expectedAt);
  });

  it('counts what is late as done now at the earliest', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    const due = new Date(saga.referral('medical-care').dueAt!);
    saga.until(new Date(due.getTime() + 60_000));
    expect(of(saga, 'medical-care').expectedAt).toBe(saga.now.toISOString());
  });

  it('gives no end to a case in which a step waits for what nobody offers, or for a consent', () => {
    const card = new Saga({ needs: ['employment', 'health-care'], nationality: 'CL' }, MINISTRIES);
    expect(outlook(card).expectedAt).toBeNull();
    expect(of(card, 'job-placement')).toMatchObject({
      expectedAt: null,
      prerequisites: [{ service: 'foreigner-card', referralId: null, state: 'awaited', gate: false }],
    });
    const pending = new Saga({ needs: ['health-care'], consent: 'pending' }, MINISTRIES);
    expect(outlook(pending).expectedAt).toBeNull();
  });

  it('gives no end to a case with a need that nothing serves any more', () => {
    const saga = new Saga({ needs: ['health-care', 'school-enrolment'] }, MINISTRIES);
    expect(outlook(saga).expectedAt).not.toBeNull();
    saga.reject('medical-care', 'safety');
    expect(outlook(saga).expectedAt).toBeNull();
  });

  it('tells who waits for whom, and whether still', () => {
    const saga = new Saga({ needs: ['employment'] }, MINISTRIES);
    const before = of(saga, 'job-placement').prerequisites;
    const referralId = saga.referral('dni-issue').id;
    expect(before).toEqual([{ service: 'identity/dni-issue', referralId, state: 'awaited', gate: false }]);
    saga.complete('dni-issue', { document: '12345678' });
    expect(of(saga, 'job-placement').prerequisites).toMatchObject([{ referralId, state: 'met' }]);
  });

  it('shows every timer, the first of which is what wakes the case', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    const { timers } = outlook(saga);
    expect(timers.slice(0, 2).map(({ what, reason }) => reason ?? what)).toEqual([
      'remind-ack',
      'remind-done',
    ]);
    expect(timers[0]!.at).toBe(nextDueAt(saga.state, saga.env)!.toISOString());
    saga.until(timers[0]!.at);
    expect(
      outlook(saga)
        .timers.slice(0, 2)
        .map(({ what, reason }) => reason ?? what),
    ).toEqual(['ack-overdue', 'remind-done']);
  });

  it('says since when the case is as it is', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    expect(outlook(saga).since).toBe(saga.state.openedAt);
    saga.hours(2);
    saga.when({ type: 'close', reason: 'died' });
    expect([saga.state.status, outlook(saga).since]).toEqual(['closing', saga.now.toISOString()]);
    saga.answer('medical-care', 'cancelled');
    saga.hours(2);
    saga.when({ type: 'reopen' });
    expect([saga.state.status, outlook(saga).since]).toEqual(['open', saga.now.toISOString()]);
  });
});

describe('what is said to be possible', () => {
  it('is what the case would take, at every stage of a referral', () => {
    const saga = new Saga({ needs: ['employment', 'health-care'] }, MINISTRIES);
    const possible = (service: string) => of(saga, service).possible.join(' ');
    expect(possible('job-placement')).toBe('waive cancel');
    expect(possible('medical-care')).toBe('remind cancel correction');
    saga.answer('medical-care', 'received', 'accepted', {
      status: 'accepted',
      businessStatus: 'info-requested',
    });
    expect(possible('medical-care')).toBe('remind cancel information correction');
    saga.answer('medical-care', 'completed');
    expect(possible('medical-care')).toBe('confirmation correction');
    saga.confirm('medical-care', 'disputed');
    expect(possible('medical-care')).toBe('reroute correction');
    expect(outlook(saga).possible).toEqual(['close', 'add-need', 'settle-need']);
    saga.when({ type: 'close', reason: 'died' });
    expect([saga.state.status, ...outlook(saga).possible]).toEqual(['closing', 'reopen']);
    saga.answer('dni-issue', 'received', 'cancelled');
    expect([saga.state.status, ...outlook(saga).possible]).toEqual(['closed', 'reopen']);
  });

  it('names the agencies that a referral can go to, and no others', () => {
    const saga = new Saga(
      { needs: ['shelter'] },
      roundtable('identity', 'assistance-centre', 'civil-society'),
    );
    const service = saga.state.referrals.find((r) => r.needs.includes('shelter'))!.service;
    const names = of(saga, service).providers.map(({ agency }) => agency);
    expect(names).toEqual(['civil-society']);
    expect(() => saga.command(service, { type: 'reroute', agency: 'assistance-centre' })).toThrow(Refusal);
    saga.command(service, { type: 'reroute', agency: 'civil-society' });
    expect(of(saga, service).providers).toEqual([]);
  });
});
