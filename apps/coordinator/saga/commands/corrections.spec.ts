import { withdrawsDocument } from './corrections';
import type { Message } from '../requests';
import { RULES } from '../plan/rules';
import { catalogues, joined, offer, roundtable } from '../../testing/roundtable';
import { Saga } from '../../testing/saga';

const MINISTRIES = roundtable('identity', 'health', 'employment', 'insurance');

/** What intake and the agencies are told of one kind. */
function told(saga: Saga, type: Message['type']): object[] {
  return saga.messages.filter((message) => message.type === type).map((message) => message.data);
}

describe('an agency corrects its final answer', () => {
  it('what counted as delivered is open again, and nobody forgets it', () => {
    const saga = new Saga({ needs: ['health-care', 'employment'], documentType: 'dni' }, MINISTRIES);
    saga.complete('medical-care');
    saga.confirm('medical-care');
    saga.correct('medical-care', { status: 'failed' });
    expect(saga.need('health-care')).toEqual({ status: 'open' });
    expect(saga.referral('medical-care')).toMatchObject({
      status: 'failed',
      correctedAt: saga.now.toISOString(),
    });
    expect(saga.referral('medical-care')).not.toHaveProperty('businessStatus');
    expect(saga.escalated).toEqual(['failed']);
  });

  it('a rejection that was none: delivered after all, and the returnee is asked', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.reject('medical-care', 'not-eligible');
    expect(saga.escalated).toEqual(['rejected']);
    saga.correct('medical-care', { status: 'completed' });
    expect(saga.referral('medical-care').businessStatus).toBe('delivered-unconfirmed');
    expect(saga.referral('medical-care')).not.toHaveProperty('code');
    expect(saga.escalated).toEqual([]);
    saga.confirm('medical-care');
    expect(saga.need('health-care')).toEqual({ status: 'settled', reason: 'confirmed' });
  });

  it('another reject code is acted upon as if it had come first', () => {
    const rival = catalogues({ clinic: [offer('clinic', { equivalentTo: ['medical-care'] })] });
    const saga = new Saga({ needs: ['health-care'] }, joined(MINISTRIES, rival));
    saga.reject('medical-care', 'safety');
    saga.correct('medical-care', { status: 'rejected', code: 'no-capacity' });
    expect(saga.referral('medical-care')).toMatchObject({
      agency: 'clinic',
      attempt: 2,
      status: 'requested',
    });
    expect(saga.escalated).toEqual([]);
  });

  it('what already went out is not recalled: a person is told what rested on it', () => {
    const saga = new Saga({ needs: ['employment'], documentType: 'dni' }, MINISTRIES);
    saga.complete('dni-verify', 'verified');
    expect(saga.referral('job-placement').status).toBe('requested');
    saga.correct('dni-verify', { status: 'completed', outcome: 'not-found' });
    expect(saga.referral('job-placement').status).toBe('requested');
    expect(saga.referral('dni-issue').status).toBe('requested');
    expect(saga.open).toMatchObject([{ reason: 'corrected', detail: { dependents: 'job-placement' } }]);
    expect(saga.state.escalations[0]?.referralId).toBe(saga.referral('dni-verify').id);
    saga.days(3);
    expect(saga.escalated).toContain('corrected');
  });

  it('another result of a delivery leaves what the returnee said of it', () => {
    const saga = new Saga({ needs: ['health-care', 'employment'] }, MINISTRIES);
    saga.complete('medical-care', 'seen');
    saga.confirm('medical-care');
    saga.correct('medical-care', { status: 'completed', outcome: 'referred' });
    expect(saga.referral('medical-care')).toMatchObject({ result: 'referred', businessStatus: 'confirmed' });
    expect(saga.need('health-care')).toEqual({ status: 'settled', reason: 'confirmed' });
  });

  it('another number takes the place of the one that was told, and who was told it is named', () => {
    const saga = new Saga({ needs: ['employment'] }, MINISTRIES);
    saga.complete('dni-issue', { document: '11111111' });
    saga.hours(1);
    saga.correct('dni-issue', { status: 'completed', outcome: { document: '22222222' } });
    expect(told(saga, 'document-obtained')).toMatchObject([
      { documentNumber: '11111111' },
      { documentNumber: '22222222', corrected: true },
    ]);
    expect(told(saga, 'document-obtained')[0]).not.toHaveProperty('corrected');
    expect(saga.open).toMatchObject([{ reason: 'corrected', detail: { dependents: 'job-placement' } }]);
  });

  it('a document that was not issued after all is taken back', () => {
    const saga = new Saga({ needs: ['employment'] }, MINISTRIES);
    saga.complete('dni-issue', { document: '11111111' });
    const before = saga.state;
    const facts = saga.correct('dni-issue', { status: 'failed' });
    expect(withdrawsDocument(before, facts, RULES)).toBe(true);
    expect(saga.escalated).toEqual(['corrected', 'failed']);
    const other = new Saga({ needs: ['health-care'] }, MINISTRIES);
    other.complete('medical-care');
    expect(withdrawsDocument(other.state, other.correct('medical-care', { status: 'failed' }), RULES)).toBe(
      false,
    );
  });

  it('reopens a case that had completed, when a need is open again', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.complete('medical-care');
    saga.confirm('medical-care');
    expect(saga.state.status).toBe('completed');
    saga.correct('medical-care', { status: 'failed' });
    expect(saga.state.status).toBe('open');
    expect(saga.need('health-care')).toEqual({ status: 'open' });
    expect(saga.escalated).toEqual(['failed']);
  });

  it('does not reopen a case for what was delivered after all', () => {
    const saga = new Saga({ needs: ['health-care', 'emotional-support'] }, MINISTRIES);
    saga.complete('mental-health');
    saga.confirm('mental-health');
    saga.reject('medical-care', 'safety');
    saga.when({ type: 'settle-need', code: 'health-care', reason: 'x' });
    expect(saga.state.status).toBe('completed');
    saga.correct('medical-care', { status: 'completed' });
    expect(saga.state.status).toBe('completed');
    expect(saga.need('health-care')).toEqual({ status: 'settled', reason: 'delivered-unconfirmed' });
  });

  it('is only recorded in a case that was closed', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.complete('medical-care');
    saga.when({ type: 'close', reason: 'died' });
    expect(saga.state.status).toBe('closed');
    saga.correct('medical-care', { status: 'failed' });
    expect(saga.state.status).toBe('closed');
    expect(saga.referral('medical-care').status).toBe('failed');
    expect(saga.need('health-care')?.status).toBe('settled');
    expect(saga.open).toEqual([]);
  });

  it.each([
    ['before a final answer', (saga: Saga) => saga.answer('medical-care', 'received'), { status: 'failed' }],
    ['that says what stands', (saga: Saga) => saga.complete('medical-care'), { status: 'completed' }],
    [
      'that says what stands with its code',
      (saga: Saga) => saga.reject('medical-care', 'safety'),
      { status: 'rejected', code: 'safety' },
    ],
    ['to a rejection without a code', (saga: Saga) => saga.complete('medical-care'), { status: 'rejected' }],
    [
      'to a cancellation that nobody asked for',
      (saga: Saga) => saga.complete('medical-care'),
      { status: 'cancelled' },
    ],
  ] as const)('one %s is recorded as refused', (_name, before, body) => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    before(saga);
    const stood = saga.referral('medical-care');
    saga.correct('medical-care', body);
    expect(saga.referral('medical-care')).toEqual(stood);
    expect(saga.facts.filter((fact) => fact.type === 'answer-refused')).toHaveLength(1);
    expect(saga.escalated).toContain('refused-answer');
  });

  it('one that comes again is recorded as refused', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.complete('medical-care');
    saga.correct('medical-care', { status: 'failed' });
    expect(saga.escalated).not.toContain('refused-answer');
    saga.correct('medical-care', { status: 'failed' });
    expect(saga.escalated).toContain('refused-answer');
  });

  it('one of an attempt that another took the place of is recorded as refused', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.reject('medical-care', 'safety');
    const first = saga.referral('medical-care');
    saga.command('medical-care', { type: 'reroute' });
    const data = {
      status: 'completed',
      referralId: first.id,
      reason: 'x',
      at: saga.now.toISOString(),
    } as const;
    saga.when({ type: 'answer-corrected', agency: 'health', data });
    expect(saga.escalated).toEqual(['refused-answer']);
    saga.when({ type: 'answer-corrected', agency: 'identity', data });
    expect(saga.facts.at(-1)?.data).toMatchObject({ from: 'another-agency' });
  });
});

describe('operations correct an answer', () => {
  it('the agency is told, once, what stands, and not what operations wrote about it', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.complete('medical-care');
    const answer = { status: 'rejected' as const, code: 'safety' as const };
    saga.command('medical-care', { type: 'correct-answer', answer, note: 'told by telephone' });
    saga.days(3);
    expect(told(saga, 'referral-corrected')).toMatchObject([
      { service: 'medical-care', status: 'rejected', code: 'safety', reason: 'decided-by-operations' },
    ]);
  });

  it('also an answer that was given in its stead', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.command('medical-care', { type: 'correct-answer', answer: { status: 'completed' }, note: 'seen' });
    expect(told(saga, 'referral-corrected')).toMatchObject([
      { status: 'completed', reason: 'decided-by-operations' },
    ]);
  });

  it('an agency that corrects itself is not told what it said', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.complete('medical-care');
    saga.correct('medical-care', { status: 'failed' });
    expect(told(saga, 'referral-corrected')).toEqual([]);
  });
});
