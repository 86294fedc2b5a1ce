import {
  CaseEnded,
  ErasureDecided,
  FEEDBACK_TOPIC,
  type DataOf,
  type EventContract,
} from '@retorno/contracts';
import { eventually } from '../../../tests/support/eventually';
import { startPostgres } from '../../../tests/support/postgres';
import { visitors } from '../../../tests/support/visitors';
import type { Column } from '../manifests/columns';
import { csv, GOOD_CELLS, IntakeUnderTest, person } from '../testing/intake-under-test';

let intake: IntakeUnderTest;
let keyseq: number;
let returneeId: string;
let caseId: string;
let people = 100;

beforeAll(async () => {
  intake = await IntakeUnderTest.start(await startPostgres(), visitors);
});
afterAll(() => intake.stop());

beforeEach(async () => {
  const { languages, needs, vulnerabilities, ...cells } = { ...GOOD_CELLS, ...person(++people) };
  const body = { ...cells, languages: [languages], needs: [needs], vulnerabilities: [] };
  const { body: ids } = await intake.http.post('/intake/returnees').send(body).expect(201);
  ({ returneeId, caseId } = ids);
  keyseq = 0;
  intake.clock.moveTo('2026-11-20T20:00:00Z');
  await intake.events();
});

const heard = <C extends EventContract>(contract: C, data: DataOf<C>): Promise<void> =>
  intake.deliver(FEEDBACK_TOPIC, {
    specversion: '1.0',
    id: `${caseId}-${++keyseq}`,
    source: '/retorno/coordinator',
    type: contract.type,
    time: intake.clock.now().toISOString(),
    dataschema: contract.dataschema,
    datacontenttype: 'application/json',
    partitionkey: caseId,
    keyseq,
    data,
  });
const ended = (status: DataOf<typeof CaseEnded>['status'] = 'completed') =>
  heard(CaseEnded, { status, at: intake.clock.now().toISOString() });
const decided = (result: ErasureDecided['result']) =>
  heard(ErasureDecided, { result, at: intake.clock.now().toISOString() });
const say = (what: string, body: object = { reason: 'asked' }) =>
  intake.http.post(`/intake/returnees/${returneeId}/${what}`).send(body);
const standing = async () => (await intake.http.get(`/intake/returnees/${returneeId}/retention`)).body;
const asked = async (): Promise<string[]> =>
  (await intake.events()).filter(({ name }) => name === 'erasure-requested').map(({ key }) => key);

test('ten years after its end a case is erased by itself, and not a day before', async () => {
  await ended();
  expect((await standing()).keptUntil).toBe('2036-11-20T20:00:00.000Z');
  intake.clock.moveTo('2036-11-19T20:00:00Z');
  intake.clock.moveTo('2036-11-20T20:00:01Z');
  await eventually(async () => (await standing()).erasure === 'requested' || undefined);
  expect(await asked()).toEqual([caseId]);
  const { record } = await standing();
  expect(record).toEqual([
    {
      at: '2036-11-20T20:00:01.000Z',
      what: 'erasure-requested',
      reason: 'kept for 3653 days',
      by: 'rule:retention',
    },
  ]);
});

test('a case that was reopened is kept, and its time begins anew with its next end', async () => {
  await ended();
  await ended('open');
  expect(await standing()).toMatchObject({ keptUntil: null, obstacle: 'case-open' });
  intake.clock.moveTo('2027-01-01T00:00:00Z');
  await ended('closed');
  expect((await standing()).keptUntil).toBe('2037-01-01T00:00:00.000Z');
});

test('what is held is kept beyond its time, and erased by itself once it is released', async () => {
  await ended();
  await say('hold').expect(200);
  await say('hold').expect(200);
  intake.clock.moveTo('2037-01-01T00:00:00Z');
  expect(await standing()).toMatchObject({ held: true, erasure: null });
  await say('release').expect(200);
  await eventually(async () => (await standing()).erasure === 'requested' || undefined);
  expect((await standing()).record.map((entry: { what: string }) => entry.what)).toEqual([
    'held',
    'released',
    'erasure-requested',
  ]);
});

test('while a case is open, or held, erasing it is refused with what has to come first', async () => {
  const open = (await say('erasure').expect(409)).body;
  expect([open.type, open.possible]).toEqual([expect.stringContaining('case-open'), ['close the case']]);
  await ended();
  await say('hold').expect(200);
  const held = (await say('erasure').expect(409)).body;
  expect([held.type, held.possible]).toEqual([expect.stringContaining('legal-hold'), ['release']]);
  expect(await asked()).toEqual([]);
});

test('asking twice asks the coordinator once; what it refused can be asked again', async () => {
  await ended();
  await say('erasure').expect(202);
  await say('erasure').expect(202);
  expect(await asked()).toEqual([caseId]);
  await decided('case-open');
  expect(await standing()).toMatchObject({ erased: false, erasure: null });
  await say('erasure').expect(202);
  expect(await asked()).toEqual([caseId]);
});

test('a refusal after the time was over is asked again a day later, and not at once for ever', async () => {
  await ended();
  intake.clock.moveTo('2036-11-21T00:00:00Z');
  await eventually(async () => (await standing()).erasure === 'requested' || undefined);
  await decided('legal-hold');
  expect(await standing()).toMatchObject({ erasure: null, keptUntil: '2036-11-22T00:00:00.000Z' });
});

test('once erased, columns tell nothing of the person, and the same row is known and changes nothing', async () => {
  await ended();
  await say('erasure').expect(202);
  await decided('erased');
  await eventually(async () => (await standing()).erased || undefined);
  const [row] = await intake.query<Record<string, unknown>>('select * from returnee where id = $1', [
    returneeId,
  ]);
  expect(row).toMatchObject({
    details: '{"sealed":""}',
    household: null,
    document_key: null,
    person_key: '',
  });
  await intake.http.get(`/intake/returnees/${returneeId}`).expect(410);
  await intake.http
    .put(`/intake/returnees/${returneeId}/consent`)
    .send({ status: 'withdrawn', at: '2026-11-20T19:00:00Z' })
    .expect(410);
  await intake.events();
  const report = await intake.import(
    `external_id,${Object.keys(GOOD_CELLS)
      .filter((name) => name !== 'external_id')
      .join(',')}\r\n` +
      `x-${people},${Object.entries({ ...GOOD_CELLS, ...person(people) })
        .filter(([name]) => name !== 'external_id')
        .map(([, value]) => value)
        .join(',')}\r\n`,
  );
  expect(report).toMatchObject({ status: 'done', rows: 1, unchanged: 1 });
  expect(await intake.events()).toEqual([]);
});

test('refused rows that carry the reference, the document or the name of whoever is erased go with them, and no others', async () => {
  const her = person(++people, { document_type: 'passport', document_number: `ZX${people}77` });
  const { languages, needs, ...cells } = { ...GOOD_CELLS, ...her };
  const body = { ...cells, languages: [languages], needs: [needs], vulnerabilities: [] };
  ({ returneeId, caseId } = (await intake.http.post('/intake/returnees').send(body).expect(201)).body);
  const stranger = person(people + 5_000, { sex: 'Z' });
  const { external_id, document_number, given_names, date_of_birth } = her as Record<Column, string>;
  const { id } = await intake.post(
    csv([
      { ...stranger, external_id },
      { ...stranger, document_type: 'pasaporte', document_number: ` ${document_number.toLowerCase()}` },
      { ...stranger, given_names: given_names.toUpperCase(), date_of_birth },
      stranger,
    ]),
  );
  await intake.report(id, ({ status }) => status === 'done');
  const kept = async (): Promise<string[]> => {
    const { text } = await intake.http.get(`/intake/manifests/${id}/refused`).buffer().expect(200);
    return text
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => (line.startsWith(',') ? 'gone' : 'kept'));
  };
  expect(await kept()).toEqual(['kept', 'kept', 'kept', 'kept']);
  await ended();
  await say('erasure').expect(202);
  await decided('erased');
  await eventually(async () => (await standing()).erased || undefined);
  expect(await kept()).toEqual(['gone', 'gone', 'gone', 'kept']);
  const left = await intake.query<{ count: number }>(
    `select count(*)::int as count from manifest_row
     where manifest_id = $1 and (told is not null or refused is not null or refused_keys is not null)`,
    [id],
  );
  expect(left).toEqual([{ count: 1 }]);
});

test.each([
  ['erasure', {}, 422],
  ['erasure', { reason: '' }, 422],
  ['hold', { reason: 'x'.repeat(501) }, 422],
  ['release', { reason: 'good', more: 1 }, 422],
])('%s says why: %j is refused', async (what, body, status) => {
  expect((await say(what, body)).status).toBe(status);
});

test('a returnee that does not exist cannot be erased or held', async () => {
  for (const id of ['0190ffff-0000-7000-8000-000000000000', 'nobody']) {
    for (const what of ['erasure', 'hold', 'release']) {
      await intake.http.post(`/intake/returnees/${id}/${what}`).send({ reason: 'asked' }).expect(404);
    }
    await intake.http.get(`/intake/returnees/${id}/retention`).expect(404);
  }
});
