import { startPostgres } from '../../../tests/support/postgres';
import { visitors } from '../../../tests/support/visitors';
import { csv, GOOD_CELLS, IntakeUnderTest, person, type Cells } from '../testing/intake-under-test';

const MIAMI = 'consulate:us-miami';
const MADRID = 'consulate:es-madrid';
let intake: IntakeUnderTest;
let miami: Awaited<ReturnType<IntakeUnderTest['of']>>;
let madrid: typeof miami;

beforeAll(async () => {
  intake = await IntakeUnderTest.start(await startPostgres(), visitors);
  miami = await intake.of(MIAMI);
  madrid = await intake.of(MADRID);
});
afterAll(() => intake.stop());

const LISTS = ['languages', 'vulnerabilities', 'needs'];
/** A row's cells as JSON. */
function body(n: number, cells: Cells = {}): object {
  const row = Object.entries({ ...GOOD_CELLS, ...person(n), ...cells });
  return Object.fromEntries(
    row.map(([name, cell]) => [name, LISTS.includes(name) ? cell.split('|').filter(Boolean) : cell]),
  );
}
const NOTICE = [
  'external_id',
  'sending_authority',
  'origin_country',
  'family_names',
  'given_names',
  'date_of_birth',
  'sex',
];
const notice = (n: number, fields: object = {}): object => ({
  ...Object.fromEntries(Object.entries(body(n)).filter(([name]) => NOTICE.includes(name))),
  stage: 'expected',
  arrival_date: '2026-12-03',
  flight: 'US777',
  ...fields,
});
const registered = async (
  n: number,
  who = miami,
  cells: Cells = {},
): Promise<{ returneeId: string; caseId: string }> =>
  (await who.post('/intake/returnees').send(body(n, cells)).expect(201)).body;

describe('who registers for one sending authority', () => {
  it('registers for no other, told by field', async () => {
    for (const [path, sent] of [
      ['/intake/returnees', body(1)],
      ['/intake/notices', notice(1)],
    ] as const) {
      const { body: refusal } = await madrid.post(path).send(sent).expect(422);
      expect(refusal.errors).toEqual([
        expect.objectContaining({ pointer: '/sending_authority', code: 'other-authority' }),
      ]);
    }
    await registered(1);
  });

  it('finds nobody of another authority, at any address, and changes nobody', async () => {
    const { returneeId, caseId } = await registered(2);
    await intake.events();
    const id = `/intake/returnees/${returneeId}`;
    await madrid.get(id).expect(404);
    await madrid.get(`${id}/consent`).expect(404);
    await madrid.put(`${id}/consent`).send({ status: 'withdrawn', at: '2026-11-20T19:00:00Z' }).expect(404);
    await madrid.put(`${id}/contact`).send({ phone: '+51987654321' }).expect(404);
    await madrid.get(`/intake/notices/${returneeId}`).expect(404);
    await madrid.put(`/intake/notices/${returneeId}`).send({ stage: 'not-returning' }).expect(404);
    expect((await madrid.get(`/intake/returnees?caseId=${caseId}`).expect(200)).body.items).toEqual([]);
    expect(await intake.events()).toEqual([]);

    await miami.get(id).expect(200);
    await intake.http.get(id).expect(200);
    expect((await miami.get(`/intake/returnees?caseId=${caseId}`)).body.items).toHaveLength(1);
  });

  it('is not told who of another authority looks like the same person', async () => {
    const same: Cells = { document_type: 'passport', document_number: 'PE7654321' };
    const first = await registered(3, miami, same);
    const second = await registered(3, madrid, { ...same, sending_authority: MADRID });
    const seen = async (who: typeof miami) =>
      (await who.get(`/intake/returnees/${second.returneeId}`)).body.duplicates;
    expect(await seen(intake.http)).toMatchObject([{ returneeId: first.returneeId }]);
    expect(await seen(madrid)).toEqual([]);
  });

  it('sends manifests of which the rows of others are rejected, and which others do not find', async () => {
    const rows = [person(10), person(11, { sending_authority: MADRID })];
    const sent = await miami.post('/intake/manifests').type('text/csv').send(csv(rows)).expect(202);
    const id = String(sent.body.id);
    const report = await intake.report(id, ({ status }) => status !== 'processing');
    expect(report).toMatchObject({ created: 1, rejected: 1 });
    expect(report.errors).toEqual([
      {
        line: 3,
        column: 'sending_authority',
        code: 'other-authority',
        message: expect.stringContaining(MIAMI),
      },
    ]);
    for (const part of ['', '/errors', '/rows']) {
      await madrid.get(`/intake/manifests/${id}${part}`).expect(404);
      await miami.get(`/intake/manifests/${id}${part}`).expect(200);
    }
    const listed = async (who: typeof miami) =>
      (await who.get('/intake/manifests').expect(200)).body.items.map((one: { id: string }) => one.id);
    expect(await listed(miami)).toContain(id);
    expect(await listed(madrid)).toEqual([]);
    expect(await listed(intake.http)).toContain(id);
  });

  it('sees of a flight who is its own, and cancels it for those only', async () => {
    const ours = (await miami.post('/intake/notices').send(notice(20)).expect(201)).body;
    const theirs = (
      await madrid
        .post('/intake/notices')
        .send(notice(21, { sending_authority: MADRID }))
        .expect(201)
    ).body;
    const onIt = async (who: typeof miami) => {
      const { items, cancelled } = (await who.get('/intake/flights/US777/2026-12-03').expect(200)).body;
      return [items.map((one: { returneeId: string }) => one.returneeId), cancelled?.reason];
    };
    expect(await onIt(miami)).toEqual([[ours.returneeId], undefined]);
    expect((await onIt(intake.http))[0]).toEqual([ours.returneeId, theirs.returneeId]);
    const cancel = { reason: 'they fly on another day' };
    const { body: said } = await miami
      .post('/intake/flights/US777/2026-12-03/cancel')
      .send(cancel)
      .expect(200);
    expect(said.changed).toBe(1);
    expect(await onIt(miami)).toEqual([[], cancel.reason]);
    expect(await onIt(madrid)).toEqual([[theirs.returneeId], undefined]);
  });

  it('leaves out of its manifests only whom it announced', async () => {
    const flight = { flight: 'US778' };
    const ours = (await miami.post('/intake/notices').send(notice(30, flight)).expect(201)).body;
    const theirs = (
      await madrid
        .post('/intake/notices')
        .send(notice(31, { ...flight, sending_authority: MADRID }))
        .expect(201)
    ).body;
    const rows = [person(32, { ...flight, arrival_date: '2026-12-03' })];
    const sent = await miami.post('/intake/manifests').type('text/csv').send(csv(rows)).expect(202);
    await intake.report(String(sent.body.id), ({ status }) => status === 'done');
    const stands = async (id: string) => (await intake.http.get(`/intake/notices/${id}`)).body.onManifest;
    expect(await stands(ours.returneeId)).toBe(false);
    expect(await stands(theirs.returneeId)).toBe(null);
  });

  it('still sees whom it announced once another authority has named them on its manifest', async () => {
    const told = (await miami.post('/intake/notices').send(notice(40)).expect(201)).body;
    const row = person(40, {
      sending_authority: MADRID,
      external_id: 'm-40',
      arrival_date: '2026-12-03',
      flight: 'US777',
    });
    const sent = await madrid
      .post('/intake/manifests')
      .type('text/csv')
      .send(csv([row]))
      .expect(202);
    await intake.report(String(sent.body.id), ({ status }) => status === 'done');
    const seen = (await miami.get(`/intake/notices/${told.returneeId}`).expect(200)).body;
    expect(seen).toMatchObject({ sendingAuthority: MADRID, onManifest: true });
    await madrid.get(`/intake/notices/${told.returneeId}`).expect(200);
  });
});
