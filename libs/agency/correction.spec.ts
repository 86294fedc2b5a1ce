import { AnswerCorrected, type CorrectionBody } from '@retorno/contracts';
import { correct, correctedByOperations, type Correction } from './correction';
import { possibleNext, type AgencyReferral, type Refusal } from './referral';

const now = new Date('2026-11-23T15:00:00Z');
const reason = 'the wrong file was closed';

function referral(overrides: Partial<AgencyReferral> = {}): AgencyReferral {
  return {
    id: 'r1',
    caseRef: 'c1',
    service: 'wishes',
    basis: 'consent',
    provisional: false,
    status: 'completed',
    businessStatus: 'delivered-unconfirmed',
    outcome: { result: 'granted' },
    requestedAt: '2026-11-20T14:00:00.000Z',
    ackDueAt: '2026-11-24T14:00:00.000Z',
    dueAt: '2026-12-10T14:00:00.000Z',
    returnee: {},
    history: [{ at: '2026-11-21T15:00:00.000Z', status: 'completed', by: 'desk 4' }],
    updatedAt: '2026-11-21T15:00:00.000Z',
    ...overrides,
  };
}

function taken(result: Correction | Refusal): Correction {
  if ('refused' in result) throw new Error(`refused: ${result.detail}`);
  return result;
}

function refused(result: Correction | Refusal): Refusal {
  if (!('refused' in result)) throw new Error('taken');
  return result;
}

describe('a correction by the agency', () => {
  it('puts another final answer in the place of the first, which stays in the history', () => {
    const body: CorrectionBody = { status: 'rejected', code: 'not-eligible', reason, by: 'desk 4' };
    const { referral: after, corrected } = taken(correct(referral(), body, now));
    expect(after).toMatchObject({ status: 'rejected', code: 'not-eligible' });
    expect(after).not.toHaveProperty('outcome');
    expect(after).not.toHaveProperty('businessStatus');
    expect(possibleNext(after)).toEqual([]);
    expect(after.history).toEqual([
      { at: '2026-11-21T15:00:00.000Z', status: 'completed', by: 'desk 4' },
      {
        at: now.toISOString(),
        status: 'rejected',
        code: 'not-eligible',
        by: 'desk 4',
        correction: reason,
      },
    ]);
    expect(corrected).toEqual({ referralId: 'r1', ...body, at: now.toISOString() });
    expect(AnswerCorrected.writeErrors(corrected)).toEqual([]);
  });

  it('may give the same status another outcome', () => {
    const body: CorrectionBody = { status: 'completed', outcome: { result: 'half-granted' }, reason };
    expect(taken(correct(referral(), body, now)).referral.outcome).toEqual({ result: 'half-granted' });
  });

  it('is only for a final answer', () => {
    for (const status of ['received', 'accepted', 'in-progress', 'on-hold'] as const) {
      const { refused: code, possible } = refused(
        correct(referral({ status }), { status: 'failed', reason }, now),
      );
      expect([code, possible]).toEqual(['not-final', possibleNext({ status })]);
    }
  });

  it('is never cancelled: that only answers a request to stop', () => {
    const { refused: code, possible } = refused(correct(referral(), { status: 'cancelled', reason }, now));
    expect([code, possible]).toEqual(['impossible-transition', ['rejected', 'completed', 'failed']]);
  });

  it('to the same answer is none', () => {
    const same: CorrectionBody = { status: 'completed', outcome: { result: 'granted' }, reason };
    expect(refused(correct(referral(), same, now)).refused).toBe('nothing-to-correct');
    const rejected = referral({ status: 'rejected', code: 'safety' });
    const { outcome: _outcome, ...plain } = rejected;
    expect(refused(correct(plain, { status: 'rejected', code: 'safety', reason }, now)).refused).toBe(
      'nothing-to-correct',
    );
    expect('refused' in correct(plain, { status: 'rejected', code: 'duplicate', reason }, now)).toBe(false);
  });

  it('holds to the same rules as an answer', () => {
    const pointers = (body: CorrectionBody, rules = {}) =>
      refused(correct(referral(), body, now, rules)).errors.map((e) => e.pointer);
    expect(pointers({ status: 'rejected', reason })).toEqual(['/code']);
    expect(pointers({ status: 'rejected', code: 'safety', outcome: 'granted', reason })).toEqual([
      '/outcome',
    ]);
    expect(pointers({ status: 'failed', reason, at: '2026-11-19T00:00:00Z' })).toEqual(['/at']);
    expect(pointers({ status: 'completed', reason }, { requires: ['document'] })).toEqual([
      '/outcome/document',
    ]);
  });
});

describe('a correction by operations', () => {
  it('is written into the record under their name', () => {
    const at = '2026-11-22T15:00:00.000Z';
    const data = { referralId: 'r1', service: 'wishes', status: 'failed' as const, reason, at };
    const after = correctedByOperations(referral(), data, now);
    expect(after).toMatchObject({ status: 'failed', updatedAt: now.toISOString() });
    expect(after).not.toHaveProperty('outcome');
    expect(after.history.at(-1)).toEqual({ at, status: 'failed', by: 'operations', correction: reason });
  });

  it('may put a referral back to work', () => {
    const asked = referral({
      cancellationRequested: { reason: 'x', at: now.toISOString() },
      status: 'cancelled',
    });
    const data = {
      referralId: 'r1',
      service: 'wishes',
      status: 'accepted' as const,
      reason,
      at: now.toISOString(),
    };
    expect(possibleNext(correctedByOperations(asked, data, now))).toContain('completed');
  });
});
