import {
  answersTopic,
  CATALOGUE_TOPIC,
  CancellationRequested,
  ReferralRequested,
  requestsTopic,
  sourceOf,
  type AnswerBody,
  type DataOf,
  type Envelope,
  type EventContract,
} from '@retorno/contracts';
import { EmbeddedTransport, ManualClock } from '@retorno/messaging';
import { createLogger, createService, type RunningService } from '@retorno/service';
import { eventually } from '../../tests/support/eventually';
import { startPostgres } from '../../tests/support/postgres';
import { visitors } from '../../tests/support/visitors';
import { agencyService } from './agency-service';
import { defineAgency, leaveToStaff } from './definition';
import { OldAnswers } from './old-answers';

/** The database's and the service's own timers stay real. */
const ALL_BUT_INTERVALS = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setTimeout',
  'clearTimeout',
] as const;

// A made-up agency: the library knows none.
const fairy = defineAgency({
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
      outcome: { results: ['a-coach'] },
      sees: ['name', 'health-facts'],
    },
    {
      code: 'shoes',
      for: [],
      requires: [],
      ack: '1 d',
      done: '3 d',
      basis: 'consent',
      purpose: 'social',
      law: 'Law of the wishes',
      sees: ['name'],
    },
  ],
  policy: leaveToStaff,
});
const start = new Date('2026-11-23T15:00:00.000Z');
const clock = new ManualClock(start);
const answers: Envelope[] = [];
const catalogues: Envelope[] = [];

let postgres: Awaited<ReturnType<typeof startPostgres>>;
let transport: EmbeddedTransport;
let service: RunningService;
let ids = 0;

let login: string;

async function startService(definition = fairy): Promise<void> {
  login = await visitors.loginOf({
    name: 'the fairy',
    roles: ['agency-worker', 'integration'],
    agency: 'fairy',
  });
  transport = new EmbeddedTransport();
  service = await createService(agencyService(definition), {
    databaseUrl: postgres.url,
    transport,
    clock,
    logger: createLogger('fairy', 'silent'),
    env: { VAULT_KEY: '7a'.repeat(32), ...visitors.env },
  });
  const collect = (topic: string, into: Envelope[]) =>
    transport.subscribe({
      consumer: `test-${topic}`,
      topics: [topic],
      deliver: async (records) => void into.push(...records.map((record) => record.envelope)),
    });
  collect(answersTopic('fairy'), answers);
  collect(CATALOGUE_TOPIC, catalogues);
  await transport.start();
  await service.start();
}

async function stopService(): Promise<void> {
  await service.stop();
  await transport.stop();
}

beforeAll(async () => {
  postgres = await startPostgres();
  await startService();
});

afterAll(async () => {
  await stopService();
  await postgres.stop();
});

beforeEach(() => clock.moveTo(start));

/** Sends an event as the coordinator would. */
function send<C extends EventContract>(
  contract: C,
  data: DataOf<C>,
  key: string,
  keyseq: number,
): Promise<void> {
  const envelope: Envelope = {
    specversion: '1.0',
    id: `${key}-${keyseq}`,
    source: sourceOf('coordinator'),
    type: contract.type,
    time: clock.now().toISOString(),
    dataschema: contract.dataschema,
    datacontenttype: 'application/json',
    partitionkey: key,
    keyseq,
    data,
  };
  return transport.publish([{ topic: requestsTopic('fairy'), envelope }]);
}

/** A referral as requested by the coordinator, alone in its case. */
async function requested(changes: Partial<ReferralRequested> = {}): Promise<{ id: string; key: string }> {
  const id = `ref-${String(++ids).padStart(4, '0')}`;
  const key = `case-of-${id}`;
  const data: ReferralRequested = {
    referralId: id,
    service: 'wishes',
    basis: 'consent',
    provisional: false,
    requestedAt: start.toISOString(),
    ackDueAt: '2026-11-24T15:00:00.000Z',
    dueAt: '2026-11-26T15:00:00.000Z',
    returnee: { familyNames: 'Quispe', givenNames: 'Rosa', healthFacts: ['tb-or-hiv'] },
    ...changes,
  };
  await send(ReferralRequested, data, key, 1);
  return { id, key };
}

const http = () => visitors.request.agent(service.http).set('authorization', login);
const read = (id: string) => http().get(`/agencies/fairy/referrals/${id}`);
const post = (id: string, body: object, key?: string) => {
  const call = http().post(`/agencies/fairy/referrals/${id}/answers`);
  return (key === undefined ? call : call.set('Idempotency-Key', key)).send(body);
};

/** What the agency has told the coordinator about a case, once there is as much as expected. */
async function told(key: string, count: number): Promise<Envelope<AnswerBody & { referralId: string }>[]> {
  const mine = () =>
    answers.filter((a) => a.partitionkey === key) as Envelope<AnswerBody & { referralId: string }>[];
  const end = Date.now() + 10_000;
  while (mine().length < count && Date.now() < end) await new Promise((resolve) => setImmediate(resolve));
  return mine();
}

describe('the service of an agency', () => {
  it('acknowledges a referral and tells every answer in order under the same key', async () => {
    const { id, key } = await requested();
    for (const status of ['accepted', 'in-progress', 'completed'])
      expect((await post(id, { status })).status).toBe(201);
    const events = await told(key, 4);
    expect(events.map((e) => [e.keyseq, e.data.status])).toEqual([
      [1, 'received'],
      [2, 'accepted'],
      [3, 'in-progress'],
      [4, 'completed'],
    ]);
    expect(new Set(events.map((e) => `${e.source} ${e.data.referralId}`))).toEqual(
      new Set([`/retorno/fairy ${id}`]),
    );
  });

  it('answers with the referral as it is then', async () => {
    const { id } = await requested();
    const { status, body } = await post(id, {
      status: 'accepted',
      businessStatus: 'scheduled',
      scheduledFor: '2026-11-25T09:00:00-05:00',
      by: 'desk 4',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id,
      agency: 'fairy',
      service: 'wishes',
      status: 'accepted',
      businessStatus: 'scheduled',
      scheduledFor: '2026-11-25T14:00:00.000Z',
      possible: ['in-progress', 'on-hold', 'completed', 'failed'],
    });
    expect((await read(id)).body).toEqual(body);
  });

  it('refuses an impossible transition with what is possible, and tells nobody', async () => {
    const { id, key } = await requested();
    const refusal = await post(id, { status: 'completed' });
    expect(refusal.status).toBe(409);
    expect(refusal.headers['content-type']).toContain('application/problem+json');
    expect(refusal.body).toMatchObject({
      type: 'urn:retorno:problem:impossible-transition',
      currentStatus: 'received',
      possible: ['accepted', 'rejected'],
    });
    expect(refusal.body.detail).toContain('accepted or rejected can follow');
    expect((await post(id, { status: 'accepted' })).status).toBe(201);
    expect((await told(key, 2)).map((e) => e.data.status)).toEqual(['received', 'accepted']);
  });

  it('names every wrong field of an answer', async () => {
    const { id } = await requested();
    const unknown = await post(id, { status: 'done', surprise: true });
    expect(unknown.status).toBe(422);
    expect(unknown.body.errors.map((e: { pointer: string }) => e.pointer).sort()).toEqual([
      '/status',
      '/surprise',
    ]);
    const bare = await post(id, { status: 'rejected' });
    expect([bare.status, bare.body.errors[0].pointer]).toEqual([422, '/code']);
    expect((await post(id, { status: 'accepted', at: '2027-01-01T00:00:00Z' })).body.errors[0].pointer).toBe(
      '/at',
    );
  });

  it('refuses an outcome that its service does not know, naming the field, and tells nobody', async () => {
    const { id, key } = await requested();
    expect((await post(id, { status: 'accepted' })).status).toBe(201);
    const refused = await post(id, { status: 'completed', outcome: 'a-curse' });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      detail: 'outcome: must be one of a-coach',
      errors: [{ pointer: '/outcome' }],
      possible: ['in-progress', 'on-hold', 'completed', 'failed'],
    });
    expect((await post(id, { status: 'completed', outcome: 'a-coach' })).status).toBe(201);
    const said = await told(key, 3);
    expect(said.map((e) => e.data.status)).toEqual(['received', 'accepted', 'completed']);
  });

  it('knows only its own referrals', async () => {
    for (const id of ['ref-of-another', "x'--", '%00']) {
      expect((await read(id)).status).toBe(404);
      expect((await post(id, { status: 'accepted' })).status).toBe(404);
    }
  });

  it('leaves a cancellation to staff, and takes only cancelled or completed after it', async () => {
    const { id, key } = await requested();
    const data = { referralId: id, service: 'wishes', reason: 'consent-withdrawn', at: start.toISOString() };
    await send(CancellationRequested, data, key, 2);
    await eventually(async () => (await read(id)).body.businessStatus === 'cancellation-requested');
    expect((await post(id, { status: 'accepted' })).body.possible).toEqual(['cancelled', 'completed']);
    expect((await post(id, { status: 'cancelled' })).status).toBe(201);
    expect((await told(key, 2)).map((e) => e.data.status)).toEqual(['received', 'cancelled']);
  });
});

describe('an Idempotency-Key', () => {
  it('gives the same response to the same answer, and the answer is told once', async () => {
    const { id, key } = await requested();
    const first = await post(id, { status: 'accepted', by: 'desk 4' }, 'k-1');
    const again = await post(id, { by: 'desk 4', status: 'accepted' }, 'k-1');
    expect([again.status, again.body]).toEqual([201, first.body]);
    await post(id, { status: 'completed' });
    expect((await told(key, 3)).map((e) => e.data.status)).toEqual(['received', 'accepted', 'completed']);
  });

  it('gives one response to the same answer sent many times at once', async () => {
    const { id, key } = await requested();
    const all = await Promise.all(Array.from({ length: 8 }, () => post(id, { status: 'accepted' }, 'k-2')));
    expect(all.map((r) => r.status)).toEqual(Array(8).fill(201));
    expect(new Set(all.map((r) => r.text)).size).toBe(1);
    await post(id, { status: 'completed' });
    expect(await told(key, 3)).toHaveLength(3);
  });

  it('is refused for another answer', async () => {
    const { id } = await requested();
    await post(id, { status: 'accepted' }, 'k-3');
    const other = await post(id, { status: 'in-progress' }, 'k-3');
    expect([other.status, other.body.type]).toEqual([422, 'urn:retorno:problem:idempotency-key-reuse']);
    expect((await read(id)).body.status).toBe('accepted');
  });

  it('is forgotten after thirty days, also by a service that never stops', async () => {
    const remembered = async () =>
      (await service.messaging.dataSource.query(
        `select key from idempotency where key in ('k-5', 'k-6')`,
      )) as object[];
    for (const key of ['k-5', 'k-6']) await post((await requested()).id, { status: 'accepted' }, key);
    jest.useFakeTimers({ now: Date.now(), doNotFake: [...ALL_BUT_INTERVALS] });
    const daily = new OldAnswers(service.messaging);
    try {
      await daily.onModuleInit();
      expect(await remembered()).toHaveLength(2);
      await service.messaging.dataSource.query(
        `update idempotency set stored_at = $1::timestamptz - interval '31 days' where key = 'k-5'`,
        [start],
      );
      jest.advanceTimersByTime(24 * 3_600_000);
    } finally {
      daily.onModuleDestroy();
      jest.useRealTimers();
    }
    await eventually(async () => (await remembered()).length === 1);
    expect(await remembered()).toEqual([{ key: 'k-6' }]);
  });

  it('of a refused answer may be used again', async () => {
    const { id } = await requested();
    expect((await post(id, { status: 'completed' }, 'k-4')).status).toBe(409);
    expect((await post(id, { status: 'accepted' }, 'k-4')).status).toBe(201);
  });

  it('has at most 255 characters', async () => {
    const { id } = await requested();
    expect((await post(id, { status: 'accepted' }, 'k'.repeat(256))).status).toBe(422);
    expect((await post(id, { status: 'accepted' }, 'k'.repeat(255))).status).toBe(201);
  });
});

describe('the worklist', () => {
  const list = (query: object) => http().get('/agencies/fairy/referrals').query(query);

  it('is read page by page, oldest first, each referral once', async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      const { id } = await requested({
        service: 'shoes',
        requestedAt: new Date(start.getTime() + i * 1000).toISOString(),
      });
      made.push(id);
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: { items: { id: string }[]; next: string | null } } = await list({
        service: 'shoes',
        limit: 2,
        ...(cursor && { cursor }),
      });
      seen.push(...body.items.map((item) => item.id));
      cursor = body.next;
    }
    expect(seen).toEqual(made);
  });

  it('filters by status', async () => {
    const { id } = await requested();
    await post(id, { status: 'rejected', code: 'out-of-area' });
    const { body } = await list({ status: 'rejected' });
    expect(body.items.map((i: { id: string; code: string }) => [i.id, i.code])).toEqual([
      [id, 'out-of-area'],
    ]);
  });

  it('finds what is overdue, until it is answered', async () => {
    const { id } = await requested({ requestedAt: '2026-11-20T15:00:00Z' });
    const overdue = async () => {
      const { body } = await list({ overdue: true, limit: 200 });
      return body.items.map((i: { id: string }) => i.id);
    };
    expect(await overdue()).not.toContain(id);
    clock.moveTo('2026-11-24T15:00:00.001Z');
    expect(await overdue()).toContain(id);
    await post(id, { status: 'accepted' });
    expect(await overdue()).not.toContain(id);
    clock.moveTo('2026-11-26T15:00:00.001Z');
    expect(await overdue()).toContain(id);
  });

  it('shows health facts as restricted, the referral itself shows them', async () => {
    const { id } = await requested({ requestedAt: '2026-11-01T15:00:00Z' });
    const { body } = await list({ limit: 1 });
    expect(body.items[0]).toMatchObject({
      id,
      returnee: { familyNames: 'Quispe', healthFacts: ['restricted'] },
    });
    expect((await read(id)).body.returnee.healthFacts).toEqual(['tb-or-hiv']);
  });

  it('refuses what it cannot filter by, and cursors that are not its own', async () => {
    expect((await list({ status: 'done' })).status).toBe(422);
    expect((await list({ colour: 'red' })).status).toBe(422);
    for (const values of [['x', 'y'], ['2026-01-01'], ['+275760-09-13T00:00:00Z', 'a'], [1, 2]]) {
      const cursor = Buffer.from(JSON.stringify(values)).toString('base64url');
      expect((await list({ cursor })).status).toBe(400);
    }
  });
});

describe('at every start', () => {
  it('the catalogue is published again, under a greater version only when it changed', async () => {
    const versions = () => catalogues.map((c) => (c.data as { version: number }).version);
    const published = async (count: number) => {
      const end = Date.now() + 10_000;
      while (versions().length < count && Date.now() < end)
        await new Promise((resolve) => setImmediate(resolve));
      return versions();
    };
    expect(await published(1)).toEqual([1]);
    await stopService();
    await startService();
    expect(await published(2)).toEqual([1, 1]);
    await stopService();
    await startService({ ...fairy, name: 'Fairy godmothers and godfathers' });
    expect(await published(3)).toEqual([1, 1, 2]);
  });
});
