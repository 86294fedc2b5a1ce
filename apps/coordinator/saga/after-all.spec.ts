/** A case that is being closed, and goes on after all: nothing waits for what its agencies have yet to acknowledge. */
import { Refusal } from './decide';
import { preBooked, roundtable } from '../testing/roundtable';
import type { Said } from '../testing/returnees';
import { Saga } from '../testing/saga';

const EXPECTED: Said = {
  stage: 'expected',
  arrivalDate: '2026-12-03',
  documentType: 'passport',
  vulnerabilities: ['pregnant'],
};
const here = { stage: undefined, arrivalDate: '2026-11-23' } as unknown as Said;
const BOOKED = preBooked(roundtable(), 'reception', 'medical-care');

function notReturning(said: Said = {}, offered = BOOKED): Saga {
  const saga = new Saga({ ...EXPECTED, ...said }, offered);
  saga.answer('medical-care', 'received');
  saga.change({ stage: 'not-returning' });
  expect(saga.state.status).toBe('closing');
  return saga;
}
const attempts = (saga: Saga, service: string) =>
  saga.state.referrals.filter((r) => r.service === service).map((r) => r.businessStatus ?? r.status);

describe('who does not return and arrives all the same', () => {
  it('gets urgent care at once, whatever agencies have yet to acknowledge', () => {
    const saga = notReturning();
    saga.change(here);
    expect(saga.state.status).toBe('open');
    expect(saga.need('pregnant')).toEqual({ status: 'open' });
    expect(attempts(saga, 'medical-care')).toEqual(['cancellation-requested', 'requested']);
    expect(saga.referral('medical-care')).toMatchObject({ attempt: 2, basis: 'vital-interests' });
    expect(saga.referral('medical-care').dueAt).toBe('2026-11-25T14:00:00.000Z');
    expect(saga.referral('reception').status).toBe('requested');
  });

  it('is asked about once more and not twice when the agency acknowledges', () => {
    const saga = notReturning();
    const [old] = saga.state.referrals.filter((r) => r.service === 'medical-care');
    saga.change(here);
    const data = { referralId: old!.id, status: 'cancelled' as const, at: saga.now.toISOString() };
    saga.when({ type: 'answered', agency: old!.agency, data });
    expect(attempts(saga, 'medical-care')).toEqual(['cancelled', 'requested']);
    expect(saga.need('pregnant')).toEqual({ status: 'open' });
  });

  it('is not served twice: what was recalled and is done already wins', () => {
    const saga = notReturning({ needs: ['health-care'] });
    const [old] = saga.state.referrals.filter((r) => r.service === 'medical-care');
    saga.change(here);
    const at = saga.now.toISOString();
    for (const status of ['accepted', 'completed'] as const) {
      saga.when({ type: 'answered', agency: old!.agency, data: { referralId: old!.id, status, at } });
    }
    const second = saga.state.referrals.find((r) => r.slot === 'medical-care' && r.id !== old!.id)!;
    expect(second.cancellation?.reason).toBe('done-already');
    expect(saga.referral('medical-care').id).toBe(old!.id);
    saga.confirm('medical-care');
    for (const status of ['received', 'cancelled'] as const) {
      saga.when({ type: 'answered', agency: second.agency, data: { referralId: second.id, status, at } });
    }
    expect(attempts(saga, 'medical-care')).toEqual(['cancelled', 'confirmed']);
    expect(saga.need('pregnant')).toEqual({ status: 'settled', reason: 'confirmed' });
    expect(saga.need('health-care')).toEqual({ status: 'settled', reason: 'confirmed' });
  });

  it('goes on also when told in the same moment', () => {
    const saga = notReturning();
    saga.change({ stage: 'expected' });
    expect(saga.state.status).toBe('open');
  });
});

describe('a case closed by mistake', () => {
  it('is reopened while it is still closing, and asked for anew at once', () => {
    const saga = new Saga({ needs: ['health-care'] });
    saga.answer('medical-care', 'received');
    saga.when({ type: 'close', reason: 'died' });
    saga.when({ type: 'reopen' });
    expect(saga.state.status).toBe('open');
    expect(attempts(saga, 'medical-care')).toEqual(['cancellation-requested', 'requested']);
    expect(saga.need('health-care')).toEqual({ status: 'open' });
  });

  it('is told apart from one that is open', () => {
    const saga = new Saga({ needs: ['health-care'] });
    expect(() => saga.when({ type: 'reopen' })).toThrow(Refusal);
  });

  it('still asks nobody without consent', () => {
    const saga = new Saga({ needs: ['employment', 'shelter'] });
    saga.consent('withdrawn');
    saga.when({ type: 'close', reason: 'unreachable' });
    saga.when({ type: 'reopen' });
    expect(saga.need('employment')).toEqual({ status: 'unmet', reason: 'consent-withdrawn' });
    expect(attempts(saga, 'shelter')).toEqual(['cancellation-requested', 'requested']);
  });
});
