import {
  ANSWER_BUSINESS_STATUSES,
  ANSWER_STATUSES,
  ReferralAnswered,
  type AnswerBody,
  type AnswerStatus,
} from '@retorno/contracts';
import * as fc from 'fast-check';
import {
  answer,
  isOpen,
  isOverdue,
  possibleNext,
  type AgencyReferral,
  type Answer,
  type Refusal,
} from './referral';

const now = new Date('2026-11-23T15:00:00Z');

function referral(overrides: Partial<AgencyReferral> = {}): AgencyReferral {
  return {
    id: 'r1',
    caseRef: 'c1',
    service: 'mental-health',
    basis: 'consent',
    provisional: false,
    status: 'received',
    requestedAt: '2026-11-23T14:00:00.412Z',
    ackDueAt: '2026-11-24T14:00:00.412Z',
    dueAt: '2026-12-10T14:00:00.412Z',
    returnee: { familyNames: 'Quispe' },
    history: [],
    updatedAt: '2026-11-23T14:00:00.412Z',
    ...overrides,
  };
}

const cancelling = { cancellationRequested: { reason: 'consent-withdrawn', at: now.toISOString() } };

function taken(result: Answer | Refusal): Answer {
  if ('refused' in result) throw new Error(`refused: ${result.detail}`);
  return result;
}

function refused(result: Answer | Refusal): Refusal {
  if (!('refused' in result)) throw new Error('taken');
  return result;
}

/** The table of statuses, word for word. */
const TABLE: Record<string, string> = {
  received: 'accepted, rejected',
  accepted: 'in-progress, on-hold, completed, failed',
  'in-progress': 'on-hold, completed, failed',
  'on-hold': 'in-progress, completed, failed',
};

/** An answer with all the fields that its status needs. */
function fitting(status: AnswerStatus): AnswerBody {
  return status === 'rejected' ? { status, code: 'no-capacity' } : { status };
}

describe('a referral', () => {
  it('moves only along the table, from every status to every other', () => {
    for (const from of ANSWER_STATUSES) {
      for (const to of ANSWER_STATUSES) {
        const result = answer(referral({ status: from }), fitting(to), now);
        const allowed = (TABLE[from] ?? '').split(', ').includes(to);
        expect([from, to, !('refused' in result)]).toEqual([from, to, allowed]);
        if ('refused' in result) {
          expect(result.refused).toBe('impossible-transition');
          expect(result.possible).toEqual((TABLE[from] ?? '').split(', ').filter(Boolean));
        }
      }
    }
  });

  it('once its cancellation is requested, ends cancelled or completed and nothing else', () => {
    for (const from of Object.keys(TABLE) as AnswerStatus[]) {
      const asked = referral({ status: from, ...cancelling });
      const possible = ANSWER_STATUSES.filter((to) => !('refused' in answer(asked, fitting(to), now)));
      expect(possible).toEqual(['completed', 'cancelled']);
      expect('refused' in answer(asked, { status: from, businessStatus: 'scheduled' }, now)).toBe(true);
    }
  });

  it('takes the same status again only with a new businessStatus', () => {
    for (const status of Object.keys(TABLE) as AnswerStatus[]) {
      let current = referral({ status });
      for (const businessStatus of ANSWER_BUSINESS_STATUSES) {
        current = taken(answer(current, { status, businessStatus }, now)).referral;
        expect(current).toMatchObject({ status, businessStatus });
        expect(refused(answer(current, { status, businessStatus }, now)).refused).toBe(
          'impossible-transition',
        );
      }
    }
  });

  it('whatever is answered in whatever order, follows the table and stays as it ended', () => {
    const body = fc.record<AnswerBody>(
      {
        status: fc.constantFrom(...ANSWER_STATUSES),
        businessStatus: fc.constantFrom(...ANSWER_BUSINESS_STATUSES),
        code: fc.constantFrom('no-capacity', 'missing-documents'),
        missing: fc.constant(['dni-issue']),
        scheduledFor: fc.constant('2026-12-01T09:00:00-05:00'),
        outcome: fc.constant('verified'),
      },
      { requiredKeys: ['status'] },
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            body,
            body.map(({ status }) => fitting(status)),
          ),
        ),
        fc.boolean(),
        (bodies, cancel) => {
          let current = referral(cancel ? cancelling : {});
          for (const next of bodies) {
            const result = answer(current, next, now);
            if ('refused' in result) continue;
            const to = result.referral.status;
            const sameAgain =
              to === current.status && result.referral.businessStatus !== current.businessStatus;
            const allowed = cancel ? 'cancelled, completed' : TABLE[current.status];
            expect(isOpen(current) && (sameAgain || allowed!.split(', ').includes(to))).toBe(true);
            expect(result.referral.code !== undefined).toBe(to === 'rejected');
            expect(ReferralAnswered.writeErrors(result.answered)).toEqual([]);
            current = result.referral;
          }
          if (!isOpen(current)) expect(possibleNext(current)).toEqual([]);
        },
      ),
    );
  });

  it('that is asked about for years keeps a small document', () => {
    let current = referral();
    for (let i = 0; i < 500; i += 1) {
      const businessStatus = i % 2 ? 'info-requested' : 'waitlisted';
      current = taken(answer(current, { status: 'received', businessStatus }, now)).referral;
    }
    expect(current.history.length).toBeLessThanOrEqual(50);
  });
});

describe('an answer', () => {
  const pointers = (body: AnswerBody, of = referral({ status: 'accepted' })) =>
    refused(answer(of, body, now)).errors.map((e) => e.pointer);

  it('that rejects must say why', () => {
    expect(pointers({ status: 'rejected' }, referral())).toEqual(['/code']);
    expect(pointers({ status: 'completed', code: 'safety' })).toEqual(['/code']);
  });

  it('names the missing services with missing-documents and only then', () => {
    expect(pointers({ status: 'rejected', code: 'missing-documents' }, referral())).toEqual(['/missing']);
    expect(pointers({ status: 'rejected', code: 'no-capacity', missing: ['dni-issue'] }, referral())).toEqual(
      ['/missing'],
    );
    const result = taken(
      answer(referral(), { status: 'rejected', code: 'missing-documents', missing: ['dni-issue'] }, now),
    );
    expect(result.answered).toMatchObject({
      status: 'rejected',
      code: 'missing-documents',
      missing: ['dni-issue'],
    });
  });

  it('is refused when a field does not fit its status', () => {
    expect(pointers({ status: 'completed', businessStatus: 'scheduled' })).toEqual(['/businessStatus']);
    expect(pointers({ status: 'in-progress', outcome: 'verified' })).toEqual(['/outcome']);
    expect(pointers({ status: 'in-progress', scheduledFor: '2026-12-01T09:00:00Z' })).toEqual([
      '/scheduledFor',
    ]);
  });

  it('has a code as its result, since others read it: words belong into the note', () => {
    expect(pointers({ status: 'completed', outcome: 'given to Rosa, her aunt' })).toEqual(['/outcome']);
    const result = 'Colegio 12';
    expect(pointers({ status: 'completed', outcome: { result } })).toEqual(['/outcome/result']);
    expect(pointers({ status: 'failed', outcome: { result } })).toEqual(['/outcome/result']);
  });

  it('may not be given for the future, nor for a time before the request', () => {
    expect(pointers({ status: 'completed', at: '2026-11-23T15:05:01Z' })).toEqual(['/at']);
    expect(pointers({ status: 'completed', at: '2026-11-23T13:59:59Z' })).toEqual(['/at']);
    expect(pointers({ status: 'completed', at: '2026-11-23T23:59:60Z' })).toEqual(['/at']);
    // The second of the request itself, from a system that keeps no fractions.
    const result = taken(answer(referral(), { status: 'accepted', at: '2026-11-23T09:00:00-05:00' }, now));
    expect(result.answered.at).toBe('2026-11-23T14:00:00.000Z');
  });

  it('keeps the appointment only as long as it is scheduled', () => {
    const scheduled = taken(
      answer(
        referral({ status: 'accepted' }),
        { status: 'accepted', businessStatus: 'scheduled', scheduledFor: '2026-12-01T09:00:00-05:00' },
        now,
      ),
    );
    expect(scheduled.referral.scheduledFor).toBe('2026-12-01T14:00:00.000Z');
    const after = taken(answer(scheduled.referral, { status: 'in-progress' }, now)).referral;
    expect(after).not.toHaveProperty('scheduledFor');
    expect(after).not.toHaveProperty('businessStatus');
  });

  it('carries nothing about the returnee', () => {
    const { answered } = taken(answer(referral(), { status: 'accepted', by: 'desk 4' }, now));
    expect(answered).toEqual({ referralId: 'r1', status: 'accepted', by: 'desk 4', at: now.toISOString() });
  });

  it('that is impossible is told what is possible', () => {
    expect(refused(answer(referral(), { status: 'completed' }, now)).detail).toBe(
      'This referral is received: accepted or rejected can follow, or received again with a new businessStatus ' +
        '(info-requested, waitlisted, scheduled or no-show).',
    );
    expect(refused(answer(referral({ status: 'failed' }), { status: 'completed' }, now)).detail).toContain(
      'final',
    );
  });
});

describe('a referral is overdue', () => {
  const at = (instant: string) => new Date(instant);
  it('when nobody accepted or rejected it in time', () => {
    expect(isOverdue(referral(), at('2026-11-25T00:00:00Z'))).toBe(true);
    expect(isOverdue(referral({ status: 'accepted' }), at('2026-11-25T00:00:00Z'))).toBe(false);
  });
  it('when it is not done in time, and never once it has ended', () => {
    expect(isOverdue(referral({ status: 'on-hold' }), at('2026-12-11T00:00:00Z'))).toBe(true);
    expect(isOverdue(referral({ status: 'rejected' }), at('2026-12-11T00:00:00Z'))).toBe(false);
  });
});
