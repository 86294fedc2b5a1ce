import { CancellationRequested, ReferralCorrected, type CataloguePublished } from '@retorno/contracts';
import { eventually } from '../../tests/support/eventually';
import { defineAgency, type Policy } from './definition';
import { AgencyUnderTest, caseOf } from '../../tests/support/agency-under-test';

/** Wishes of people in danger are urgent; curses are turned away. */
const policy: Policy = (referral, { type }) => {
  if (type !== 'requested') return [];
  if (referral.returnee.codeName === 'curse') return [{ status: 'rejected', code: 'not-eligible' }];
  return referral.returnee.codeName === 'danger' ? { priority: 'urgent' } : [];
};

// A made-up agency: the library knows none.
const fairy = defineAgency({
  slug: 'fairy',
  name: 'Fairy godmothers',
  version: 1,
  services: ['wishes', 'shoes'].map((code) => ({
    code,
    for: [],
    requires: [],
    ack: '1 d',
    done: '3 d',
    basis: 'consent' as const,
    purpose: 'social' as const,
    law: 'Law of wishes',
    sees: ['code-name' as const],
  })),
  offices: [
    { code: 'castle', name: 'Castle', ubigeoInei: '150101' },
    { code: 'forest', name: 'Forest', ubigeoInei: '080101', languages: ['es', 'qu'], services: ['wishes'] },
    { code: 'swamp', name: 'Swamp', ubigeoInei: '160101', capacity: { shoes: 1 } },
  ],
  policy,
});

let agency: AgencyUnderTest;
beforeAll(async () => {
  agency = await AgencyUnderTest.start(fairy);
});
beforeEach(() => agency.forget());
afterAll(() => agency.stop());

const limit = (office: string, capacity: unknown, service = 'wishes') =>
  agency.http().put(`/agencies/fairy/offices/${office}/capacity`).send({ service, capacity });
const offices = async (query: object = {}) =>
  (await agency.http().get('/agencies/fairy/offices').query(query)).body.items;
const atCastle = { offices: ['castle'] };
/** How the coordinator was told of it: status, businessStatus, office. */
const heard = async (id: string, count: number) =>
  (await agency.told(id, count)).map(({ data }) => [data.status, data.businessStatus, data.office]);
const end = (id: string) => agency.answer(id, { status: 'rejected', code: 'unreachable' });

describe('the offices of a service', () => {
  it('that the agency does not have are refused, not listed with nothing to offer', async () => {
    const { status, body } = await agency.http().get('/agencies/fairy/offices').query({ service: 'curses' });
    expect([status, body.errors]).toEqual([
      422,
      [{ pointer: '/service', detail: 'is no service of this agency' }],
    ]);
  });
});

describe('an office', () => {
  it('that suits best serves, and every answer says so', async () => {
    const id = await agency.requested({ offices: ['forest', 'castle'] });
    expect(await heard(id, 1)).toEqual([['received', undefined, 'forest']]);
    await agency.answer(id, { status: 'accepted' });
    expect(await heard(id, 2)).toContainEqual(['accepted', undefined, 'forest']);
    expect(await agency.read(id)).toMatchObject({ office: 'forest' });
    const { body } = await agency.http().get('/agencies/fairy/referrals').query({ office: 'forest' });
    expect(body.items.map((item: { id: string }) => item.id)).toEqual([id]);
  });

  it('takes no more than its limit: the next office does, and who finds no room waits', async () => {
    await limit('castle', 1);
    await limit('forest', 1);
    const ranked = { offices: ['castle', 'forest'] };
    const ids = [
      await agency.requested(ranked),
      await agency.requested(ranked),
      await agency.requested(ranked),
    ];
    expect(await heard(ids[0]!, 1)).toEqual([['received', undefined, 'castle']]);
    expect(await heard(ids[1]!, 1)).toEqual([['received', undefined, 'forest']]);
    expect(await heard(ids[2]!, 1)).toEqual([['received', 'waitlisted', undefined]]);
    expect(await offices({ service: 'wishes', ubigeo: '150101' })).toMatchObject([
      { code: 'castle', services: [{ code: 'wishes', capacity: 1, free: 0, waiting: 1 }] },
      { code: 'forest', services: [{ code: 'wishes', capacity: 1, free: 0, waiting: 1 }] },
      { code: 'swamp', services: [{ code: 'wishes', capacity: null, free: null, waiting: 0 }] },
    ]);
  });

  it('whose limit the agency declares keeps to it from the start', async () => {
    await agency.restart();
    const ranked = { service: 'shoes', offices: ['swamp'] };
    await agency.requested(ranked);
    expect(await heard(await agency.requested(ranked), 1)).toEqual([['received', 'waitlisted', undefined]]);
  });

  it('gives a place that becomes free to an urgent one, then to who has waited longest', async () => {
    await limit('castle', 1);
    const [first, patient, late] = [
      await agency.requested(atCastle),
      await agency.requested(atCastle),
      await agency.requested(atCastle),
    ];
    const urgent = await agency.requested({ ...atCastle, returnee: { codeName: 'danger' } });
    await agency.told(urgent, 1);
    await end(first);
    expect(await heard(urgent, 2)).toEqual([
      ['received', 'waitlisted', undefined],
      ['received', undefined, 'castle'],
    ]);
    expect(await agency.read(urgent)).not.toHaveProperty('businessStatus');
    await end(urgent);
    expect(await heard(patient, 2)).toContainEqual(['received', undefined, 'castle']);
    expect(await agency.told(late, 1)).toHaveLength(1);
  });

  it('with a greater limit takes those that wait, in their order', async () => {
    await limit('castle', 0);
    const ids = [
      await agency.requested(atCastle),
      await agency.requested(atCastle),
      await agency.requested(atCastle),
    ];
    for (const id of ids) expect(await heard(id, 1)).toEqual([['received', 'waitlisted', undefined]]);
    await limit('castle', 2);
    await agency.told(ids[0]!, 2);
    await agency.told(ids[1]!, 2);
    expect((await offices({ service: 'wishes' }))[0].services).toEqual([
      { code: 'wishes', capacity: 2, free: 0, waiting: 1 },
    ]);
    await limit('castle', null);
    await agency.told(ids[2]!, 2);
  });

  it('counts what it had before its first limit', async () => {
    const before = await agency.requested(atCastle);
    await agency.told(before, 1);
    await limit('castle', 1);
    const after = await agency.requested(atCastle);
    expect(await heard(after, 1)).toEqual([['received', 'waitlisted', undefined]]);
    await end(before);
    expect(await heard(after, 2)).toContainEqual(['received', undefined, 'castle']);
  });

  it('is given up by a referral that ends by itself: it never had a place', async () => {
    await limit('castle', 1);
    await agency.told(await agency.requested({ ...atCastle, returnee: { codeName: 'curse' } }), 2);
    expect(await heard(await agency.requested(atCastle), 1)).toEqual([['received', undefined, 'castle']]);
  });

  it('is over its limit when staff accept who waits, and has its place again when a correction reopens', async () => {
    await limit('castle', 1);
    const first = await agency.requested(atCastle);
    const waiting = await agency.requested(atCastle);
    await agency.told(waiting, 1);
    await agency.answer(waiting, { status: 'accepted' });
    expect(await heard(waiting, 2)).toContainEqual(['accepted', undefined, 'castle']);
    const [castle] = await offices({ service: 'wishes' });
    expect(castle.services[0]).toMatchObject({ free: 0, waiting: 0 });
    await end(first);
    const third = await agency.requested(atCastle);
    expect(await heard(third, 1)).toEqual([['received', 'waitlisted', undefined]]);
    await agency.answer(waiting, { status: 'completed' });
    await agency.told(third, 2);
    const at = agency.clock.now().toISOString();
    const reopened = { referralId: waiting, service: 'wishes', status: 'accepted' as const, reason: 'x', at };
    await agency.send(ReferralCorrected, reopened, caseOf(waiting));
    await eventually(async () => (await agency.read(waiting)).status === 'accepted');
    await end(third);
    expect(await heard(await agency.requested(atCastle), 1)).toEqual([['received', 'waitlisted', undefined]]);
  });

  it('is not given to who asked to be cancelled while waiting', async () => {
    await limit('castle', 1);
    const first = await agency.requested(atCastle);
    const leaving = await agency.requested(atCastle);
    const staying = await agency.requested(atCastle);
    const at = agency.clock.now().toISOString();
    const recall = { referralId: leaving, service: 'wishes', reason: 'operations', at };
    await agency.send(CancellationRequested, recall, caseOf(leaving));
    await eventually(async () => (await agency.read(leaving)).cancellationRequested);
    await agency.told(staying, 1);
    await end(first);
    expect(await heard(staying, 2)).toContainEqual(['received', undefined, 'castle']);
    expect(await agency.read(leaving)).not.toHaveProperty('office');
  });
});

describe('the last place', () => {
  it('goes to one of many that come at once', async () => {
    await limit('castle', 1);
    const ids = await Promise.all(Array.from({ length: 12 }, () => agency.requested(atCastle)));
    const offered = await Promise.all(ids.map(async (id) => (await heard(id, 1))[0]![2]));
    expect(offered.filter((office) => office === 'castle')).toHaveLength(1);
  });

  it('is taken once, however often requests are delivered and answers are repeated', async () => {
    await limit('castle', 2);
    const first = await agency.requested(atCastle);
    const [envelope] = await agency.told(first, 1);
    expect(envelope!.data.office).toBe('castle');
    const again = { referralId: first, service: 'wishes', reason: 'x', at: agency.clock.now().toISOString() };
    // The same sequence number again, whatever it carries.
    for (let i = 0; i < 3; i += 1) await agency.send(CancellationRequested, again, caseOf(first), 1);
    const [castle] = await offices({ service: 'wishes' });
    expect(castle.services[0].free).toBe(1);
    for (let i = 0; i < 2; i += 1)
      await agency.answer(first, { status: 'rejected', code: 'unreachable' }, 'the-same-key');
    expect((await offices({ service: 'wishes' }))[0].services[0].free).toBe(2);
  });

  it('is counted right when the first limit is set while referrals come and go', async () => {
    const old = await Promise.all(Array.from({ length: 10 }, () => agency.requested(atCastle)));
    for (const id of old) await agency.told(id, 1);
    const coming = Promise.all(Array.from({ length: 10 }, () => agency.requested(atCastle)));
    await Promise.all([...old.slice(0, 5).map(end), limit('castle', 8), limit('forest', 8), coming]);
    for (const id of await coming) await agency.told(id, 1);
    const held = await agency.query<{ count: number }>(
      `select count(*)::int as count from referral
       where office = 'castle' and service = 'wishes' and status = 'received'`,
    );
    const counted = await agency.query<{ body: string }>('select body from places');
    expect(JSON.parse(counted[0]!.body).taken.castle.wishes).toBe(held[0]!.count);
  });

  it('is found by who waits also after a restart', async () => {
    await limit('castle', 1);
    const first = await agency.requested(atCastle);
    const waiting = await agency.requested(atCastle);
    await agency.told(waiting, 1);
    // Freed by a process that died before it woke the next.
    await agency.query(`update places set body = jsonb_set(body::jsonb, '{taken,castle,wishes}', '0')::text`);
    await agency.restart();
    expect(await heard(waiting, 2)).toContainEqual(['received', undefined, 'castle']);
    expect(await agency.read(first)).toMatchObject({ office: 'castle' });
  });
});

describe('a limit', () => {
  it('is published, and stands after a restart', async () => {
    const published = async (count: number) => {
      await eventually(() => agency.catalogues.length >= count);
      return agency.catalogues.map(({ data }) => {
        const { version, offices: all } = data as CataloguePublished;
        return [version - first, all?.find(({ code }) => code === 'castle')?.capacity];
      });
    };
    await agency.restart();
    await eventually(() => agency.catalogues.length === 1);
    const first = (agency.catalogues[0]!.data as CataloguePublished).version;
    const { status, body } = await limit('castle', 4);
    expect([status, body.services[0]]).toEqual([200, { code: 'wishes', capacity: 4, free: 4, waiting: 0 }]);
    await agency.restart();
    expect(await published(3)).toEqual([
      [0, undefined],
      [1, { wishes: 4 }],
      [1, { wishes: 4 }],
    ]);
  });

  it('names what is wrong with it', async () => {
    for (const capacity of [-1, 1.5, 'many', undefined]) {
      const { status, body } = await limit('castle', capacity);
      expect([status, body.errors[0].pointer]).toEqual([422, '/capacity']);
    }
    const other = await limit('forest', 1, 'shoes');
    expect([other.status, other.body.errors[0].pointer]).toEqual([422, '/service']);
    expect((await limit('tower', 1)).status).toBe(404);
  });
});

describe('whoever asks for offices', () => {
  it('gets the nearest first, and says nothing of a person', async () => {
    const codes = async (query: object) => (await offices(query)).map((o: { code: string }) => o.code);
    expect(await codes({ ubigeo: '080301' })).toEqual(['forest', 'castle', 'swamp']);
    expect(await codes({ ubigeo: '150101', language: 'qu' })).toEqual(['forest', 'castle', 'swamp']);
    expect(await codes({ ubigeo: '150101', service: 'shoes' })).toEqual(['castle', 'swamp']);
  });

  it('is told what cannot be asked', async () => {
    const refused = async (query: object) => {
      const { status, body } = await agency.http().get('/agencies/fairy/offices').query(query);
      return [status, body.errors?.[0].pointer];
    };
    expect(await refused({ ubigeo: 'Lima' })).toEqual([422, '/ubigeo']);
    expect(await refused({ language: 'quechua' })).toEqual([422, '/language']);
    expect(await refused({ name: 'Rosa' })).toEqual([422, '/name']);
  });
});
