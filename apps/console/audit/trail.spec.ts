import { problem, type Audit } from '@retorno/service';
import type { Request } from 'express';
import type { Services } from '../services';
import { ConsoleSettings } from '../settings';
import { askedOf } from './asked';
import { AuditTrail } from './trail';

const SETTINGS: ConsoleSettings = Object.assign(new ConsoleSettings(), {
  COORDINATOR_URL: 'http://coordinator:3000',
  INTAKE_URL: 'http://intake:3000',
  STATISTICS_URL: 'http://statistics:3000',
  PORTAL_URL: 'http://portal:3000',
  AGENCY_URL: 'http://{agency}:3000',
});
const REQUEST = {} as Request;
const CASE = '0199a000-0000-7000-8000-000000000001';

/** The console's audit, with rows of its own. */
const own = (...ids: string[]) =>
  ({
    service: 'console',
    dataSource: { query: () => Promise.resolve(ids.map((id) => ({ id, at: new Date(Number(id)) }))) },
  }) as unknown as Audit;

/** Services of which each answers with its rows; one that is none of them does not answer. */
function trailOver(rows: Record<string, string[]>, settings = SETTINGS) {
  const asked: string[] = [];
  const get = async (_: Request, path: string) => {
    asked.push(path);
    if (path.startsWith('/agencies')) return { items: [{ slug: 'health' }], next: null };
    if (path.startsWith('/cases')) return { items: [{ id: CASE, number: 'RT-2026-000001' }], next: null };
    const ids = rows[new URL(path).hostname];
    if (!ids) throw problem(503, 'unavailable', 'away');
    return { items: ids.map((id) => ({ id, at: new Date(Number(id)).toISOString() })), next: null };
  };
  return { asked, trail: new AuditTrail({ get } as unknown as Services, own('7'), settings) };
}

const EVERYTHING = askedOf({}).asked;
const ALL = { coordinator: ['9', '1'], intake: ['8'], statistics: [], portal: ['5'], health: ['6'] };

describe('the audit of services that run apart', () => {
  it('is that of each at its own address, and the console’s own, newest first', async () => {
    const { items, silent } = await trailOver(ALL).trail.page(REQUEST, EVERYTHING);
    expect([items.map(({ id }) => id), silent]).toEqual([['9', '8', '7', '6', '5', '1'], []]);
  });

  it('has a next page when one of them has more than is shown', async () => {
    const { items, next } = await trailOver(ALL).trail.page(REQUEST, EVERYTHING, 2);
    expect([items.map(({ id }) => id), next === null]).toEqual([['9', '8'], false]);
  });

  it('names who does not answer, and is not to be downloaded then', async () => {
    const { health: _health, ...rest } = ALL;
    const { trail } = trailOver(rest);
    expect((await trail.page(REQUEST, EVERYTHING)).silent).toEqual(['health']);
    await expect(trail.all(REQUEST, EVERYTHING)).rejects.toMatchObject({ body: { status: 503 } });
    expect(await trailOver(ALL).trail.all(REQUEST, EVERYTHING)).toHaveLength(6);
  });

  it('is asked once where one address stands before all, which tells of the console too', async () => {
    const one = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, 'http://one:3000']));
    const { trail } = trailOver({ one: ['2'] }, one as unknown as ConsoleSettings);
    expect((await trail.page(REQUEST, EVERYTHING)).items.map(({ id }) => id)).toEqual(['2']);
  });

  it('of a case is asked for by its number and its id, whichever was given', async () => {
    const { trail, asked } = trailOver(ALL);
    for (const given of ['rt-2026-000001', CASE]) {
      await trail.page(REQUEST, { ...EVERYTHING, case: given });
      expect(asked.at(-1)).toContain(`case=RT-2026-000001%2C${CASE}`);
    }
  });
});
