import type { ReferralRequested } from '@retorno/contracts';
import { defineAgency, leaveToStaff, type Policy } from './definition';
import { answer, type AgencyReferral } from './referral';
import { handle, handleAnswer, handleTime, type AgencyRequest } from './requests';

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

  it('is asked about a dispute after the end, and may take its answer back', () => {
    const done = answeredBy(after([requested]), 'accepted', 'completed');
    const humble = agency((_, { type }) =>
      type === 'outcome-disputed'
        ? { correction: { status: 'failed', reason: 'the wish did not hold' } }
        : [],
    );
    const disputed: AgencyRequest = { type: 'outcome-disputed', data: { ...ids, at } };
    const handled = handle(humble, done, disputed, 'c1', now)!;
    expect(handled.referral).toMatchObject({ status: 'failed' });
    expect(handled.referral).not.toHaveProperty('businessStatus');
    expect(handled.answers).toEqual([]);
    expect(handled.corrected).toEqual({
      referralId: 'r1',
      status: 'failed',
      reason: 'the wish did not hold',
      by: 'rule:policy',
      at,
    });
  });

  it('is not asked what the returnee confirmed, nor what operations corrected', () => {
    const done = answeredBy(after([requested]), 'accepted', 'completed');
    const never = agency(() => {
      throw new Error('asked');
    });
    const confirmed: AgencyRequest = { type: 'outcome-confirmed', data: { ...ids, confirmed: true, at } };
    expect(handle(never, done, confirmed, 'c1', now)?.answers).toEqual([]);
    const data = { ...ids, status: 'failed' as const, reason: 'nobody came', at };
    expect(handle(never, done, { type: 'corrected', data }, 'c1', now)?.answers).toEqual([]);
  });

  it('that takes back an answer which is not final is a fault, and said so', () => {
    const wrong = agency(() => ({ correction: { status: 'failed', reason: 'too early' } }));
    const update: AgencyRequest = { type: 'reminded', data: { ...ids, deadline: 'ack', at } };
    expect(() => handle(wrong, after([requested]), update, 'c1', now)).toThrow('policy of fairy');
  });

  it('that fails says nothing of the returnee: the cause of a parked request is shown and logged', () => {
    const clumsy = agency((referral) => {
      throw new TypeError(`${referral.returnee.familyNames} is too many`);
    });
    const failing = () => handle(clumsy, undefined, requested, 'c1', now);
    expect(failing).toThrow(
      /^The policy of fairy failed \(wishes, requested\): TypeError at requests\.spec\.ts/,
    );
    expect(failing).not.toThrow('Quispe');
  });

  it('follows up what staff answered, once: it is not asked about its own answers', () => {
    let asked = 0;
    const attentive = agency((referral, { type }) => {
      if (type !== 'answered') return [];
      asked += 1;
      return referral.businessStatus === 'no-show' ? [{ status: 'in-progress' }] : [];
    });
    const accepted = answeredBy(after([requested]), 'accepted');
    const missed = handleAnswer(attentive, accepted, { status: 'accepted', businessStatus: 'no-show' }, now);
    if ('refused' in missed) throw new Error(missed.detail);
    expect(missed.answers.map((a) => [a.status, a.businessStatus, a.by])).toEqual([
      ['accepted', 'no-show', undefined],
      ['in-progress', undefined, 'rule:policy'],
    ]);
    expect(asked).toBe(1);
  });

  it('is not asked about an answer that was refused', () => {
    const never = agency((_, { type }) => {
      if (type === 'answered') throw new Error('asked');
      return [];
    });
    expect(handleAnswer(never, after([requested]), { status: 'completed' }, now)).toMatchObject({
      refused: 'impossible-transition',
    });
  });

  it('gives a referral its priority, and remembers small facts of it', () => {
    const sorting = agency((referral, { type }) =>
      type === 'requested'
        ? { priority: 'urgent', memo: { calls: 1 } }
        : { memo: { calls: 2, ...referral.memo } },
    );
    const urgent = after([requested], undefined, sorting);
    expect(urgent).toMatchObject({ status: 'received', priority: 'urgent', memo: { calls: 1 } });
    const reminder: AgencyRequest = { type: 'reminded', data: { ...ids, deadline: 'ack', at } };
    expect(after([reminder], urgent, sorting)).toMatchObject({ priority: 'urgent', memo: { calls: 1 } });
  });
});

describe('a policy that wants to be woken', () => {
  const tomorrow = new Date('2026-11-24T15:00:00.000Z');
  const sleeper = agency((referral, { type }) => {
    if (type === 'requested') return { wakeAt: tomorrow };
    if (type === 'cancellation-requested') return { wakeAt: null };
    return type === 'woken' && referral.status === 'received' ? [{ status: 'accepted' }] : [];
  });
  const asleep = after([requested], undefined, sleeper);

  it('is asked then, and not before', () => {
    expect(asleep.wakeAt).toBe(tomorrow.toISOString());
    expect(handleTime(sleeper, asleep, now)).toBeUndefined();
    const { referral, answers } = handleTime(sleeper, asleep, tomorrow)!;
    expect(answers.map((a) => `${a.status} ${a.by}`)).toEqual(['accepted rule:policy']);
    expect(referral).not.toHaveProperty('wakeAt');
    expect(handleTime(sleeper, referral, new Date('2027-01-01T00:00:00Z'))).toBeUndefined();
  });

  it('is asked also after the end', () => {
    const done = answeredBy(asleep, 'accepted', 'completed');
    expect(handleTime(sleeper, done, tomorrow)?.referral).not.toHaveProperty('wakeAt');
  });

  it('is not asked once it has changed its mind', () => {
    const cancelled = after([cancellation], asleep, sleeper);
    expect(cancelled).not.toHaveProperty('wakeAt');
    expect(handleTime(sleeper, cancelled, tomorrow)).toBeUndefined();
  });

  it('may put it off, but may not be woken for ever at the same moment', () => {
    const later = new Date('2026-11-25T15:00:00.000Z');
    const patient = agency(() => ({ wakeAt: later }));
    expect(handleTime(patient, asleep, tomorrow)?.referral.wakeAt).toBe(later.toISOString());
    const restless = agency(() => ({ wakeAt: tomorrow }));
    expect(() => handleTime(restless, asleep, tomorrow)).toThrow('never end');
  });
});
