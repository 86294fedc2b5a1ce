import { defineAgency } from '@retorno/agency';
import type { Office } from '@retorno/contracts';
import { referralOf, type Case } from '../support/case-view';
import { agency, offer } from '../support/fixtures';
import { manifestCsv, type ManifestRow } from '../support/manifest';
import { asCells, returneeBody, type ReturneeBody } from '../support/returnee';
import { System } from '../support/system';

const [CUSCO, PUNO, LIMA] = ['080101', '210101', '150101'];
const office = (ubigeoInei: string, languages = ['es']): Office => ({
  code: `office-${ubigeoInei}`,
  name: `Office of ${ubigeoInei}`,
  ubigeoInei,
  languages,
});
const OFFICES = [office(LIMA!), office(CUSCO!, ['es', 'qu']), office(PUNO!)];
const withOffices = (slug: string, ...services: ReturnType<typeof offer>[]) =>
  defineAgency({ ...agency(slug, ...services), offices: OFFICES });
const LAW = { basis: 'legal-obligation' } as const;
const desk = withOffices('desk', offer('welcome', { every: 'arrival', sees: ['name', 'household'], ...LAW }));
const schools = withOffices(
  'schools',
  offer('matricula', { for: ['school-enrolment'], requires: ['papers'], sees: ['name', 'household'] }),
  offer('papers', { sees: ['name'] }),
);

let system: System;
beforeAll(async () => {
  system = await System.start({ alone: true, fixtures: [desk, schools] });
});
afterAll(() => system.stop());

const CHILD = { relationship: 'child', date_of_birth: '2014-04-04', needs: ['school-enrolment'] };
const member = (household: string, changes: Partial<ReturneeBody>) => returneeBody({ household, ...changes });

/** What the agency of a referral was asked: the offices in their order, and the person. */
async function asked(of: Case, service: string): Promise<{ offices: string[]; household: string }> {
  const { id } = referralOf(of, service);
  const told = await system.written('coordinator', 'referrals.%');
  const request = told.find(
    ({ envelope }) =>
      envelope.type.includes('referral-requested') &&
      (envelope.data as { referralId: string }).referralId === id,
  );
  const { offices, returnee } = request!.envelope.data as any;
  return { offices, household: returnee.household };
}

async function arriveTogether(bodies: readonly ReturneeBody[]): Promise<Case[]> {
  const report = await system.manifest(manifestCsv(bodies.map((body) => asCells(body) as ManifestRow)));
  const { items } = await system.get(`/intake/manifests/${report.id}/rows`);
  return Promise.all(items.map((row: { caseId: string }) => system.caseOf(row)));
}

describe('a household', () => {
  it('is received at one office, and its children go to schools of one district: that of its head', async () => {
    const [first, head, second] = await arriveTogether([
      member('H-1', { ...CHILD, destination_ubigeo: PUNO! }),
      member('H-1', { relationship: 'head', destination_ubigeo: CUSCO!, languages: ['qu'] }),
      member('H-1', { ...CHILD, destination_ubigeo: LIMA! }),
    ]);
    const welcomed = await Promise.all([first!, head!, second!].map((one) => asked(one, 'welcome')));
    expect(welcomed.map(({ offices }) => offices[0])).toEqual(Array(3).fill(`office-${CUSCO}`));
    expect(new Set(welcomed.map(({ offices }) => offices.join())).size).toBe(1);
    expect(new Set(welcomed.map(({ household }) => household)).size).toBe(1);
    for (const child of [first!, second!]) {
      const after = await system.complete(child, 'papers');
      expect((await asked(after, 'matricula')).offices[0]).toBe(`office-${CUSCO}`);
    }
  });

  it('is placed with whoever comes later, and moves with its head', async () => {
    const body = member('H-2', { relationship: 'head', destination_ubigeo: CUSCO! });
    await system.arrive(body);
    const child = await system.arrive(member('H-2', { ...CHILD, destination_ubigeo: LIMA! }));
    expect((await asked(child, 'welcome')).offices[0]).toBe(`office-${CUSCO}`);
    await system.advance('1 h');
    await system.register({ ...body, destination_ubigeo: PUNO! });
    const after = await system.complete(child, 'papers');
    expect((await asked(after, 'matricula')).offices[0]).toBe(`office-${PUNO}`);
  });

  it('is the one of its sending authority: another that uses the same reference joins nobody', async () => {
    const ours = await system.arrive(member('H-3', { relationship: 'head', destination_ubigeo: CUSCO! }));
    const theirs = await system.arrive(
      member('H-3', { ...CHILD, destination_ubigeo: PUNO!, sending_authority: 'consulate:us-miami' }),
    );
    const [a, b] = [await asked(ours, 'welcome'), await asked(theirs, 'welcome')];
    expect(b.offices[0]).toBe(`office-${PUNO}`);
    expect(a.household).not.toBe(b.household);
  });

  it('is known to each agency by another reference, and by none that it came with', async () => {
    const child = await system.arrive(member('HOUSE-7', { ...CHILD, destination_ubigeo: PUNO! }));
    const after = await system.complete(child, 'papers');
    const seen = [await asked(after, 'welcome'), await asked(after, 'matricula')].map((a) => a.household);
    expect(new Set(seen).size).toBe(2);
    for (const reference of seen) expect(reference).toMatch(/^[0-9a-f]{32}$/);
  });
});
