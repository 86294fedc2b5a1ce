import { OutcomeDisputed, ReferralCorrected } from '@retorno/contracts';
import { eventually } from '../../tests/support/eventually';
import { defineAgency, type Policy } from './definition';
import { AgencyUnderTest, caseOf } from '../../tests/support/agency-under-test';

const DAY_MS = 86_400_000;

/** Urgent for people in danger; asked again a day after the request; books again who did not come. */
const policy: Policy = (referral, { type, now }) => {
  switch (type) {
    case 'requested':
      return {
        priority: referral.returnee.codeName === 'danger' ? 'urgent' : 'routine',
        wakeAt: new Date(Date.parse(referral.requestedAt) + DAY_MS),
      };
    case 'woken':
      if (referral.status === 'received') return [{ status: 'accepted' }];
      return referral.status === 'completed' && referral.outcome === 'for-a-day'
        ? { correction: { status: 'failed', reason: 'the day is over' } }
        : [];
    case 'answered':
      return referral.businessStatus === 'no-show'
        ? [{ status: referral.status, businessStatus: 'scheduled', scheduledFor: now.toISOString() }]
        : [];
    default:
      return [];
  }
};

// A made-up agency: the library knows none.
const fairy = defineAgency({
  slug: 'fairy',
  name: 'Fairy godmothers',
  version: 1,
  services: [
    {
      code: 'wishes',
      for: [],
      requires: [],
      ack: '1 d',
      done: '3 d',
      basis: 'consent',
      purpose: 'social',
      law: 'Law of wishes',
      outcome: { results: ['for-a-day', 'for-ever'] },
      sees: ['code-name'],
    },
    {
      code: 'papers',
      for: [],
      requires: [],
      ack: '1 d',
      done: '3 d',
      basis: 'consent',
      purpose: 'social',
      law: 'Law of wishes',
      outcome: { requires: ['document'] },
      sees: ['code-name'],
    },
  ],
  policy,
});

let agency: AgencyUnderTest;
beforeAll(async () => {
  agency = await AgencyUnderTest.start(fairy);
});
beforeEach(() => agency.forget());
afterAll(() => agency.stop());

/** A referral that staff have completed. */
async function completed(outcome = 'for-ever'): Promise<string> {
  const id = await agency.requested();
  await agency.told(id, 1);
  await agency.answer(id, { status: 'accepted' });
  expect((await agency.answer(id, { status: 'completed', outcome })).status).toBe(201);
  return id;
}

const reason = 'the wrong file was closed';

describe('a policy that is to be woken', () => {
  it('is asked when the time has come, and answers by itself', async () => {
    const id = await agency.requested();
    await agency.told(id, 1);
    agency.clock.moveTo(new Date(agency.clock.now().getTime() + 2 * DAY_MS));
    expect((await agency.told(id, 2)).map(({ data }) => data.status)).toEqual(['received', 'accepted']);
  });

  it('is asked after a restart too', async () => {
    const id = await agency.requested();
    await agency.told(id, 1);
    await agency.restart();
    agency.clock.moveTo(new Date(agency.clock.now().getTime() + 2 * DAY_MS));
    expect((await agency.told(id, 2))[1]!.data.status).toBe('accepted');
  });

  it('may take back what has lapsed, after the end', async () => {
    const id = await completed('for-a-day');
    agency.clock.moveTo(new Date(agency.clock.now().getTime() + 2 * DAY_MS));
    const [, , , lapsed] = await agency.told(id, 4);
    expect([lapsed!.type, lapsed!.data]).toEqual([
      'retorno.answer-corrected.v1',
      expect.objectContaining({
        referralId: id,
        status: 'failed',
        reason: 'the day is over',
        by: 'rule:policy',
      }),
    ]);
    expect(await agency.read(id)).toMatchObject({ status: 'failed', possible: [] });
  });

  it('is asked of a referral once, and of no other', async () => {
    const quiet = await completed();
    const id = await agency.requested();
    await agency.told(id, 1);
    agency.clock.moveTo(new Date(agency.clock.now().getTime() + 2 * DAY_MS));
    await agency.told(id, 2);
    await eventually(async () => (await agency.query('select from timer')).length === 0);
    expect(await agency.told(quiet, 3)).toHaveLength(3);
    expect(await agency.told(id, 2)).toHaveLength(2);
  });
});

describe('a policy that follows staff up', () => {
  it('answers in the same breath, and the response shows both', async () => {
    const id = await agency.requested();
    await agency.answer(id, { status: 'accepted' });
    const { body } = await agency.answer(id, { status: 'accepted', businessStatus: 'no-show' });
    expect(body).toMatchObject({ status: 'accepted', businessStatus: 'scheduled' });
    expect((await agency.told(id, 4)).map(({ data }) => data.businessStatus)).toEqual([
      undefined,
      undefined,
      'no-show',
      'scheduled',
    ]);
  });
});

describe('the worklist', () => {
  const list = async (query: object) =>
    (await agency.http().get('/agencies/fairy/referrals').query(query)).body as {
      items: { id: string; priority: string }[];
      next: string | null;
    };

  it('begins with what is urgent, page by page, each referral once', async () => {
    const routine = [await agency.requested(), await agency.requested()];
    const danger = { returnee: { codeName: 'danger' } };
    const urgent = [await agency.requested(danger), await agency.requested(danger)];
    const last = await agency.requested();
    for (const id of [...routine, ...urgent, last]) await agency.told(id, 1);
    for (const filter of [{}, { status: 'received' }]) {
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page = await list({ ...filter, limit: 1, ...(cursor && { cursor }) });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.next;
      }
      expect(seen).toEqual([...urgent, ...routine, last]);
    }
  });

  it('filters by priority', async () => {
    const routine = await agency.requested();
    const urgent = await agency.requested({ returnee: { codeName: 'danger' } });
    for (const id of [routine, urgent]) await agency.told(id, 1);
    const ids = async (priority: string) => (await list({ priority })).items.map(({ id }) => id);
    expect([await ids('urgent'), await ids('routine')]).toEqual([[urgent], [routine]]);
    const { status, body } = await agency.http().get('/agencies/fairy/referrals').query({ priority: 'soon' });
    expect([status, body.errors[0].pointer]).toEqual([422, '/priority']);
  });
});

describe('a correction', () => {
  it('takes a final answer back and tells the coordinator', async () => {
    const id = await completed();
    const body = { status: 'rejected', code: 'not-eligible', reason, by: 'desk 4' };
    const answered = await agency.correct(id, body);
    expect([answered.status, answered.body]).toMatchObject([
      201,
      { id, status: 'rejected', code: 'not-eligible', possible: [] },
    ]);
    expect(answered.body.history.at(-1)).toMatchObject({
      status: 'rejected',
      correction: reason,
      by: 'desk 4',
    });
    expect(answered.body).not.toHaveProperty('outcome');
    const [, , , told] = await agency.told(id, 4);
    expect([told!.type, told!.keyseq]).toEqual(['retorno.answer-corrected.v1', 4]);
    expect(told!.data).toEqual({ referralId: id, ...body, at: agency.clock.now().toISOString() });
  });

  it('of what is not final is refused with what can be answered', async () => {
    const id = await agency.requested();
    await agency.told(id, 1);
    const { status, body } = await agency.correct(id, { status: 'failed', reason });
    expect([status, body.type, body.currentStatus, body.possible]).toEqual([
      409,
      'urn:retorno:problem:not-final',
      'received',
      ['accepted', 'rejected'],
    ]);
    expect((await agency.correct('ref-of-another', { status: 'failed', reason })).status).toBe(404);
  });

  it('to the same answer is refused, and tells nobody', async () => {
    const id = await completed();
    const { status, body } = await agency.correct(id, { status: 'completed', outcome: 'for-ever', reason });
    expect([status, body.type]).toEqual([409, 'urn:retorno:problem:nothing-to-correct']);
    expect(await agency.told(id, 3)).toHaveLength(3);
  });

  it('names every wrong field', async () => {
    const id = await completed();
    const pointers = async (body: object) => {
      const refused = await agency.correct(id, body);
      expect([refused.status, refused.body.type]).toEqual([422, 'urn:retorno:problem:invalid-answer']);
      return refused.body.errors.map((e: { pointer: string }) => e.pointer).sort();
    };
    expect(await pointers({ status: 'accepted', surprise: 1 })).toEqual(['/reason', '/status', '/surprise']);
    expect(await pointers({ status: 'rejected', reason })).toEqual(['/code']);
    expect(await pointers({ status: 'completed', outcome: 'for-two-days', reason })).toEqual(['/outcome']);
    expect(await pointers({ status: 'failed', reason: 'a\u0000b' })).toEqual(['/reason']);
  });

  it('under the same Idempotency-Key counts once; the key of an answer is no key of a correction', async () => {
    const id = await completed();
    const first = await agency.correct(id, { status: 'failed', reason }, 'c-1');
    const again = await agency.correct(id, { reason, status: 'failed' }, 'c-1');
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(await agency.told(id, 4)).toHaveLength(4);
    const other = await agency.correct(id, { status: 'completed', reason }, 'c-1');
    expect([other.status, other.body.type]).toEqual([422, 'urn:retorno:problem:idempotency-key-reuse']);
    expect((await agency.correct(id, { status: 'failed', reason }, 'k'.repeat(256))).status).toBe(422);
  });

  it('by operations is written into the record, and may put the referral back to work', async () => {
    const id = await completed();
    const at = agency.clock.now().toISOString();
    await agency.send(OutcomeDisputed, { referralId: id, service: 'wishes', at }, caseOf(id));
    const correction = {
      referralId: id,
      service: 'wishes',
      status: 'accepted' as const,
      reason: 'decided-by-operations',
      at,
    };
    await agency.send(ReferralCorrected, correction, caseOf(id));
    await eventually(async () => (await agency.read(id)).status === 'accepted');
    const record = await agency.read(id);
    expect(record.history.at(-1)).toEqual({
      at,
      status: 'accepted',
      by: 'operations',
      correction: 'decided-by-operations',
    });
    expect(record).not.toHaveProperty('businessStatus');
    expect((await agency.answer(id, { status: 'completed', outcome: 'for-ever' })).status).toBe(201);
    expect((await agency.told(id, 4)).map(({ keyseq }) => keyseq)).toEqual([1, 2, 3, 4]);
  });
});

describe('a service whose outcome others need', () => {
  it('is not completed without it', async () => {
    const id = await agency.requested({ service: 'papers' });
    await agency.told(id, 1);
    await agency.answer(id, { status: 'accepted' });
    const { status, body } = await agency.answer(id, { status: 'completed' });
    expect([status, body.errors]).toEqual([
      422,
      [{ pointer: '/outcome/document', detail: 'is required to complete this service' }],
    ]);
    const done = await agency.answer(id, { status: 'completed', outcome: { document: '70000001' } });
    expect(done.status).toBe(201);
  });
});
