import type { ReferralRequested } from '@retorno/contracts';
import { defineAgency, leaveToStaff, type Policy } from './definition';
import { answer, type AgencyReferral } from './referral';
import { handle, type AgencyRequest } from './requests';

const now = new Date('2026-11-23T15:00:00Z');
const at = now.toISOString();
const ids = { referralId: 'r1', service: 'wishes' };

// A made-up agency: the library knows none.
function agency(policy: Policy = leaveToStaff, cancellations?: 'automatic' | 'staff') {
  return defineAgency({
    slug: 'fairy',
    name: 'Fairy godmothers',
    version: 1,
    services: [
      {
        code: 'wishes',
        for: ['shelter'],
        requires: [],
        ack: '1 d',
        done: '3 d',
        basis: 'consent',
        purpose: 'housing',
        law: 'Law of the wishes',
        sees: ['name'],
      },
    ],
    policy,
    ...(cancellations && { cancellations }),
  });
}

const requested: { type: 'requested'; data: ReferralRequested } = {
  type: 'requested',
  data: {
    ...ids,
    basis: 'consent',
    provisional: true,
    requestedAt: at,
    ackDueAt: '2026-11-24T15:00:00.000Z',
    dueAt: '2026-11-26T15:00:00.000Z',
    returnee: { familyNames: 'Quispe', givenNames: 'Rosa' },
  },
};
const cancellation: AgencyRequest = {
  type: 'cancellation-requested',
  data: { ...ids, reason: 'consent-withdrawn', at },
};

function after(requests: AgencyRequest[], from?: AgencyReferral, of = agency()): AgencyReferral {
  const end = requests.reduce<AgencyReferral | undefined>(
    (known, request) => handle(of, known, request, 'c1', now)?.referral ?? known,
    from,
  );
  return end!;
}

function answeredBy(referral: AgencyReferral, ...statuses: ('accepted' | 'in-progress' | 'completed')[]) {
  return statuses.reduce((current, status) => {
    const result = answer(current, { status }, now);
    if ('refused' in result) throw new Error(result.detail);
    return result.referral;
  }, referral);
}

describe('a request', () => {
  it('for a referral is acknowledged as received, and left to staff', () => {
    const handled = handle(agency(), undefined, requested, 'c1', now)!;
    expect(handled.referral).toMatchObject({
      id: 'r1',
      caseRef: 'c1',
      status: 'received',
      provisional: true,
    });
    expect(handled.answers).toEqual([{ referralId: 'r1', status: 'received', at, by: 'rule:received' }]);
  });

  it('that comes again changes nothing and is not answered again', () => {
    const referral = after([requested]);
    expect(handle(agency(), referral, requested, 'c1', now)).toBeUndefined();
    expect(handle(agency(), answeredBy(referral, 'accepted'), requested, 'c1', now)).toBeUndefined();
  });

  it('for a service that is not offered is received and rejected', () => {
    const other = { ...requested, data: { ...requested.data, service: 'curses' } };
    const { answers } = handle(agency(), undefined, other, 'c1', now)!;
    expect(answers.map((a) => [a.status, a.code])).toEqual([
      ['received', undefined],
      ['rejected', 'wrong-agency'],
    ]);
  });

  it('about a referral that was never requested is no request', () => {
    expect(() => handle(agency(), undefined, cancellation, 'c1', now)).toThrow('never requested');
  });

  it('to update replaces what is disclosed: a field that is no longer there is gone', () => {
    const referral = after([
      requested,
      {
        type: 'updated',
        data: { ...ids, provisional: false, returnee: { familyNames: 'Quispe Mamani' }, at },
      },
    ]);
    expect(referral.returnee).toEqual({ familyNames: 'Quispe Mamani' });
    expect(referral.provisional).toBe(false);
  });

  it('with the information asked for lets the agency ask again', () => {
    const asked = answer(after([requested]), { status: 'received', businessStatus: 'info-requested' }, now);
    if ('refused' in asked) throw new Error(asked.detail);
    const referral = after(
      [{ type: 'information-supplied', data: { ...ids, information: 'yes', at } }],
      asked.referral,
    );
    expect(referral).toMatchObject({ status: 'received', information: 'yes' });
    expect(referral).not.toHaveProperty('businessStatus');
    expect('refused' in answer(referral, { status: 'received', businessStatus: 'info-requested' }, now)).toBe(
      false,
    );
  });

  it('that comes after the end changes nothing', () => {
    const done = answeredBy(after([requested]), 'accepted', 'completed');
    expect(handle(agency(), done, cancellation, 'c1', now)).toBeUndefined();
    const late: AgencyRequest = { type: 'updated', data: { ...ids, provisional: false, returnee: {}, at } };
    expect(handle(agency(), { ...done, provisional: false }, late, 'c1', now)).toBeUndefined();
  });

  it('to update what was delivered provisionally is taken after the end: the card follows', () => {
    const provisional = { ...answeredBy(after([requested]), 'accepted', 'completed'), provisional: true };
    const returnee = { documentNumber: '40000001' };
    const update: AgencyRequest = { type: 'updated', data: { ...ids, provisional: false, returnee, at } };
    const { referral, answers } = handle(agency(), provisional, update, 'c1', now)!;
    expect(referral).toMatchObject({ status: 'completed', provisional: false, returnee });
    expect(answers).toEqual([]);
    expect(handle(agency(), referral, update, 'c1', now)).toBeUndefined();
  });

  it('tells the agency how its delivery was seen', () => {
    const done = answeredBy(after([requested]), 'accepted', 'completed');
    const seen = (request: AgencyRequest) => after([request], done).businessStatus;
    expect(seen({ type: 'outcome-confirmed', data: { ...ids, confirmed: true, at } })).toBe('confirmed');
    expect(seen({ type: 'outcome-confirmed', data: { ...ids, confirmed: false, at } })).toBe(
      'delivered-unconfirmed',
    );
    expect(seen({ type: 'outcome-disputed', data: { ...ids, at } })).toBe('disputed');
  });
});

describe('a cancellation request', () => {
  it('is granted at once while nobody has begun, at an agency that wants it so', () => {
    const { referral, answers } = handle(
      agency(leaveToStaff, 'automatic'),
      after([requested]),
      cancellation,
      'c1',
      now,
    )!;
    expect(referral.status).toBe('cancelled');
    expect(answers.map((a) => a.status)).toEqual(['cancelled']);
  });

  it('is left to staff once they have begun, and done still wins', () => {
    const { referral, answers } = handle(
      agency(),
      answeredBy(after([requested]), 'accepted'),
      cancellation,
      'c1',
      now,
    )!;
    expect(referral).toMatchObject({ status: 'accepted', businessStatus: 'cancellation-requested' });
    expect(answers).toEqual([]);
    expect(answeredBy(referral, 'completed').status).toBe('completed');
  });

  it('waits for staff otherwise: somebody may have begun without saying so', () => {
    const { referral, answers } = handle(agency(), after([requested]), cancellation, 'c1', now)!;
    expect([referral.status, answers]).toEqual(['received', []]);
  });

  it('that comes twice is one', () => {
    const asked = after([cancellation], answeredBy(after([requested]), 'accepted'));
    expect(handle(agency(), asked, cancellation, 'c1', now)).toBeUndefined();
  });
});

describe('a policy', () => {
  it('answers in order, after the automatic received, as a named rule', () => {
    const eager = agency((_, { type }) =>
      type === 'requested' ? [{ status: 'accepted' }, { status: 'completed' }] : [],
    );
    const { referral, answers } = handle(eager, undefined, requested, 'c1', now)!;
    expect(referral.status).toBe('completed');
    expect(answers.map((a) => `${a.status} ${a.by}`)).toEqual([
      'received rule:received',
      'accepted rule:policy',
      'completed rule:policy',
    ]);
  });

  it('that answers the impossible is a fault, and said so', () => {
    const wrong = agency(() => [{ status: 'completed' }]);
    expect(() => handle(wrong, undefined, requested, 'c1', now)).toThrow('policy of fairy');
  });

  it('is not asked about a referral that has ended', () => {
    const done = answeredBy(after([requested]), 'accepted', 'completed');
    const never = agency(() => {
      throw new Error('asked');
    });
    expect(
      handle(never, done, { type: 'outcome-disputed', data: { ...ids, at } }, 'c1', now)?.answers,
    ).toEqual([]);
  });
});
