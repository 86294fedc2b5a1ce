import { openEscalations, referralOf, type Case } from '../support/case-view';
import { eventually } from '../support/eventually';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

const inTacna = { destination_ubigeo: '230101', needs: ['emotional-support'] };
const care = (of: Case) => referralOf(of, 'mental-health');
const limit = async (office: string, capacity: number | null) => {
  const body = { service: 'mental-health', capacity };
  const { status } = await system.call('PUT', `/agencies/health/offices/${office}/capacity`, body);
  expect(status).toBe(200);
  await system.settle();
};

describe('a referral', () => {
  it('goes to the office of the district, and the case says which', async () => {
    const found = await system.arrive(inTacna);
    const { items } = await system.get('/agencies/health/offices?service=mental-health');
    const tacna = items.find(({ code }: { code: string }) => code === 'tacna');
    expect(care(found).office).toMatchObject({ code: 'tacna', name: tacna.name });
    expect(await system.seenBy('health', care(found))).toMatchObject({ office: 'tacna' });
  });

  it('goes to where somebody speaks the language, before where it is near', async () => {
    const found = await system.arrive({ ...inTacna, destination_ubigeo: '160101', languages: ['ay'] });
    expect(care(found).office?.code).toMatch(/^(puno|tacna)$/);
  });

  it('says nothing of the district to an agency whose service does not see it, beyond the order of its offices', async () => {
    const found = await system.arrive({ needs: ['civil-certificate'], destination_ubigeo: '230101' });
    const seen = await system.seenBy('identity', referralOf(found, 'civil-certificate'));
    expect(seen.returnee).not.toHaveProperty('destinationUbigeo');
    expect(JSON.stringify(seen)).not.toContain('230101');
    expect(seen.office).toBe('tacna');
  });
});

describe('a returnee who goes to live elsewhere', () => {
  const row = {
    external_id: 'moves',
    given_names: 'Mudanza',
    needs: ['emotional-support', 'civil-certificate'],
  };
  /** The row says so, an hour after the last one. */
  const livesIn = async (ubigeo: string, changes: object = {}) => {
    await system.advance('1 h');
    return system.arrive({ ...row, destination_ubigeo: ubigeo, ...changes });
  };
  const certificate = (of: Case) => referralOf(of, 'civil-certificate');

  it('is served by the office there, as long as none has begun, also by an agency that sees no district', async () => {
    expect(care(await livesIn('230101')).office?.code).toBe('tacna');
    const found = await livesIn('210101');
    expect([care(found).office?.code, certificate(found).office?.code]).toEqual(['puno', 'puno']);
    expect(await system.seenBy('health', care(found))).toMatchObject({ office: 'puno', status: 'received' });
    expect(openEscalations(found)).toEqual([]);
  });

  it('is told to operations once an office has begun, which goes on', async () => {
    const found = await livesIn('210101');
    await system.answers(found, 'mental-health', { status: 'accepted' });
    const after = await livesIn('230101');
    expect([care(after).office?.code, certificate(after).office?.code]).toEqual(['puno', 'tacna']);
    const { id: referralId } = care(after);
    expect(after.escalations.filter((e) => e.reason === 'moved')).toMatchObject([
      { referralId, status: 'open' },
    ]);
    await system.answers(after, 'mental-health', { status: 'completed' });
  });

  it('keeps the place rather than wait for another where none has room', async () => {
    const other = { external_id: 'moves-on', given_names: 'Otra', needs: ['emotional-support'] };
    const { items } = await system.get('/agencies/health/offices?service=mental-health');
    const others = items.map(({ code }: { code: string }) => code).filter((code: string) => code !== 'tacna');
    for (const code of others) await limit(code, 0);
    await livesIn('230101', other);
    const found = await livesIn('210101', other);
    expect(care(found)).toMatchObject({
      status: 'received',
      businessStatus: null,
      office: { code: 'tacna' },
    });
    await system.answers(found, 'mental-health', { status: 'rejected', code: 'safety' });
    for (const code of others) await limit(code, null);
  });
});

describe('an office that is full', () => {
  it('lets the next take over; when all are full one waits, and gets the place that becomes free', async () => {
    const codes = (
      await system.get('/agencies/health/offices?service=mental-health&ubigeo=230101')
    ).items.map((office: { code: string }) => office.code);
    expect(codes[0]).toBe('tacna');
    await system.answers(await system.arrive(inTacna), 'mental-health', {
      status: 'rejected',
      code: 'safety',
    });
    for (const code of codes) await limit(code, 0);
    const waiting = await system.arrive(inTacna);
    expect(care(waiting)).toMatchObject({ status: 'received', businessStatus: 'waitlisted', office: null });
    expect(openEscalations(waiting)).toEqual([]);
    const asked = '/agencies/health/offices?service=mental-health&ubigeo=230101';
    expect((await system.get(asked)).items[0].services).toEqual([
      { code: 'mental-health', capacity: 0, free: 0, waiting: 1 },
    ]);

    await limit(codes[1], 1);
    await eventually(async () => care(await system.caseOf(waiting)).office);
    expect(care(await system.caseOf(waiting))).toMatchObject({
      status: 'received',
      businessStatus: null,
      office: { code: codes[1] },
    });

    const next = await system.arrive(inTacna);
    expect(care(next).businessStatus).toBe('waitlisted');
    await system.complete(waiting, 'mental-health');
    await eventually(async () => care(await system.caseOf(next)).office);
    expect(care(await system.caseOf(next)).office?.code).toBe(codes[1]);
  });

  it('is published as such to whoever plans', async () => {
    await limit('tacna', 7);
    const published = await system.all('/agencies');
    const { offices } = published.find(({ slug }) => slug === 'health')!;
    expect(offices.find(({ code }: { code: string }) => code === 'tacna').capacity).toEqual({
      'mental-health': 7,
    });
  });
});
