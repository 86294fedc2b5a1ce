import { actionsOf, answerOf, correctionOf, outcomeFields } from './answers';

describe('what can be done with a referral', () => {
  it('is what its service says is possible', () => {
    expect(actionsOf({ possible: ['accepted', 'rejected'] })).toEqual([
      'accept',
      'schedule',
      'ask',
      'waitlist',
      'reject',
    ]);
    expect(actionsOf({ possible: ['on-hold', 'completed', 'failed'], businessStatus: 'scheduled' })).toEqual([
      'complete',
      'ask',
      'waitlist',
      'no-show',
      'hold',
      'fail',
    ]);
  });

  it('is to acknowledge once a cancellation is requested, or to say that it was done already', () => {
    const cancellationRequested = { reason: 'r', at: '2026-11-23T15:00:00Z' };
    expect(actionsOf({ possible: ['cancelled', 'completed'], cancellationRequested })).toEqual([
      'complete',
      'cancel',
    ]);
  });

  it('is nothing but a correction after the end', () => {
    expect(actionsOf({ possible: [] })).toEqual(['correct']);
  });
});

describe('a form', () => {
  const received = { status: 'received' } as const;

  it('says what was filled in and nothing else', () => {
    expect(answerOf('accept', { note: '', key: 'k' }, received)).toEqual({ status: 'accepted' });
    expect(answerOf('fail', { note: 'no vino' }, received)).toEqual({ status: 'failed', note: 'no vino' });
  });

  it('rejects with the missing services only where documents are missing', () => {
    const fields = { code: 'missing-documents', 'missing.dni-issue': 'yes' };
    expect(answerOf('reject', fields, received)).toEqual({
      status: 'rejected',
      code: 'missing-documents',
      missing: ['dni-issue'],
    });
    expect(answerOf('reject', { ...fields, code: 'safety' }, received)).toEqual({
      status: 'rejected',
      code: 'safety',
    });
  });

  it('gives an appointment in Lima time, and accepts with it', () => {
    expect(answerOf('schedule', { when: '2026-11-27T09:30' }, received)).toEqual({
      status: 'accepted',
      businessStatus: 'scheduled',
      scheduledFor: '2026-11-27T09:30:00-05:00',
    });
    expect(answerOf('schedule', { when: 'mañana' }, { status: 'in-progress' })).toMatchObject({
      status: 'in-progress',
      scheduledFor: 'mañana',
    });
  });

  it('completes with the outcome that its service requires', () => {
    expect(outcomeFields({ outcome: { requires: ['document'], results: ['a'] } })).toEqual([
      'result',
      'document',
    ]);
    expect(outcomeFields({})).toEqual([]);
    expect(answerOf('complete', { result: 'verified', document: '' }, received)).toEqual({
      status: 'completed',
      outcome: { result: 'verified' },
    });
  });

  it('corrects with a reason, and with what belongs to the right answer only', () => {
    const fields = { status: 'completed', code: 'safety', result: 'verified', reason: 'se marcó otro' };
    expect(correctionOf(fields)).toEqual({
      status: 'completed',
      outcome: { result: 'verified' },
      reason: 'se marcó otro',
    });
  });
});
