import {
  CaseEnded,
  DocumentObtained,
  FEEDBACK_TOPIC,
  sourceOf,
  type DataOf,
  type EventContract,
} from '@retorno/contracts';
import { randomUUID } from 'node:crypto';
import { csv, GOOD_CELLS, IntakeUnderTest, person, type Cells } from '../testing/intake-under-test';
import { startPostgres } from '../../../tests/support/postgres';
import { visitors } from '../../../tests/support/visitors';

let intake: IntakeUnderTest;

beforeAll(async () => {
  intake = await IntakeUnderTest.start(await startPostgres(), visitors);
});
afterAll(() => intake?.stop());
beforeEach(() => intake.events());

/** The row as JSON. */
function json(cells: Cells): Record<string, unknown> {
  const row = { ...GOOD_CELLS, ...cells };
  const list = (text: string) => text.split('|').filter(Boolean);
  return {
    ...row,
    years_abroad: Number(row.years_abroad),
    languages: list(row.languages),
    vulnerabilities: list(row.vulnerabilities),
    needs: list(row.needs),
  };
}

const post = (body: unknown) => intake.http.post('/intake/returnees').send(body as object);

test('one returnee is registered once: 201 with its ids, then 200 with the same', async () => {
  const first = await post(json(person(1))).expect(201);
  expect(first.body).toEqual({
    returneeId: expect.any(String),
    caseId: expect.any(String),
    caseNumber: expect.stringMatching(/^RT-2026-\d{6}$/),
  });
  const again = await post(json(person(1))).expect(200);
  expect(again.body).toEqual(first.body);
  expect((await intake.events()).map((event) => event.name)).toEqual(['returnee-registered']);
});

test('a returnee sent alone and in a manifest is the same one', async () => {
  await post(json(person(2))).expect(201);
  expect(await intake.import(csv([person(2)]))).toMatchObject({ created: 0, unchanged: 1 });
});

test('case numbers count by year of arrival', async () => {
  const old = await post(json(person(3, { arrival_date: '2025-12-31' }))).expect(201);
  expect(old.body.caseNumber).toBe('RT-2025-000001');
});

test('every wrong field is named, without its value', async () => {
  const body = { ...json(person(4)), date_of_birth: '1990-02-31', needs: ['magic'], favourite: 'x' };
  const answer = await post(body)
    .expect(422)
    .expect('content-type', /problem\+json/);
  expect(answer.body.errors.map((e: { pointer: string; code: string }) => `${e.pointer} ${e.code}`)).toEqual([
    '/favourite unknown-field',
    '/date_of_birth invalid-date',
    '/needs unknown-code',
  ]);
  expect(answer.text).not.toContain('1990-02-31');
});

test('a body of great depth, or too large, or no JSON, is refused', async () => {
  const raw = (text: string) => intake.http.post('/intake/returnees').type('application/json').send(text);
  await raw('['.repeat(100_000) + ']'.repeat(100_000)).expect(400);
  await raw(`{"external_id":"${'x'.repeat(1_100_000)}"}`).expect(413);
  await raw('{').expect(400);
});

test('consent: the latest by its time wins, whatever comes last', async () => {
  const { returneeId, caseId } = (await post(json(person(5))).expect(201)).body;
  const put = (status: string, at: string) =>
    intake.http.put(`/intake/returnees/${returneeId}/consent`).send({ status, at });
  await intake.events();

  const withdrawn = await put('withdrawn', '2026-11-20T15:00:00-05:00').expect(200);
  expect(withdrawn.body).toEqual({ status: 'withdrawn', at: '2026-11-20T20:00:00.000Z' });
  const older = await put('granted', '2026-11-20T10:00:00-05:00').expect(200);
  expect(older.body).toEqual(withdrawn.body);
  await put('withdrawn', '2026-11-20T20:00:00Z').expect(200);
  expect(await intake.events()).toEqual([
    { name: 'consent-changed', key: caseId, data: { returneeId, consent: withdrawn.body } },
  ]);
  // The manifest again, with the consent of that morning, changes nothing.
  expect(await intake.import(csv([person(5)]))).toMatchObject({ unchanged: 1 });
});

test('a consent that cannot be is refused', async () => {
  const { returneeId } = (await post(json(person(6))).expect(201)).body;
  const put = (body: object) => intake.http.put(`/intake/returnees/${returneeId}/consent`).send(body);
  await put({ status: 'pending', at: '2026-11-20T15:00:00Z' }).expect(422);
  await put({ status: 'granted', at: '2026-02-31T15:00:00Z' }).expect(422);
  await put({ status: 'granted' }).expect(422);
  const future = await put({ status: 'granted', at: '2099-01-01T00:00:00Z' }).expect(422);
  expect(future.body.errors[0].pointer).toBe('/at');
  await intake.http
    .put(`/intake/returnees/${randomUUID()}/consent`)
    .send({ status: 'granted', at: '2026-11-20T15:00:00Z' })
    .expect(404);
  await intake.http
    .put('/intake/returnees/1/consent')
    .send({ status: 'granted', at: '2026-11-20T15:00:00Z' })
    .expect(404);
});

describe('a consent in part, for a time, and its history', () => {
  const at = (hour: number) => `2026-11-20T${hour}:00:00.000Z`;

  test('is kept word by word: who, when, for what, and whether it came to hold', async () => {
    const { returneeId } = (await post(json(person(20))).expect(201)).body;
    const path = `/intake/returnees/${returneeId}/consent`;
    const narrow = {
      status: 'granted',
      at: at(15),
      purposes: ['health', 'work'],
      until: '2027-11-20T15:00:00Z',
    };
    const held = await intake.http.put(path).send(narrow).expect(200);
    expect(held.body).toEqual({ ...narrow, until: '2027-11-20T15:00:00.000Z' });
    await intake.http
      .put(path)
      .send({ status: 'granted', at: at(14) })
      .expect(200);
    await intake.http.put(path).send(narrow).expect(200);
    // The manifest's consent is of that morning: it does not widen what was narrowed since.
    await intake.import(csv([person(20, { needs: 'employment' })]));

    const seen = (await intake.http.get(path).expect(200)).body;
    expect(seen).toMatchObject({ status: 'granted', by: 'self', purposes: ['health', 'work'] });
    const history: { at: string; source: string; held: boolean }[] = seen.history;
    expect(history.map((entry) => [entry.at, entry.source, entry.held])).toEqual([
      [at(14), 'interface', false],
      [at(15), 'interface', true],
      [at(13), 'manifest', true],
    ]);
    const events = await intake.events();
    expect(events.map((event) => event.name)).toEqual([
      'returnee-registered',
      'consent-changed',
      'returnee-changed',
    ]);
    expect(events[2]?.data.consent).toEqual(held.body);
  });

  test('has expired once its time has passed, without anybody saying so', async () => {
    const { returneeId } = (await post(json(person(21))).expect(201)).body;
    const path = `/intake/returnees/${returneeId}/consent`;
    const put = await intake.http
      .put(path)
      .send({ status: 'granted', at: at(15), until: at(16) })
      .expect(200);
    expect(put.body.status).toBe('expired');
    expect((await intake.http.get(path).expect(200)).body.status).toBe('expired');
    const whole = await intake.http.get(`/intake/returnees/${returneeId}`).expect(200);
    expect(whole.body.consent.status).toBe('expired');
  });

  test('of a child counts from its guardian only, and a refused word leaves no trace', async () => {
    const child = person(22, { date_of_birth: '2016-01-01', relationship: 'child', household: 'H9' });
    const { returneeId } = (await post(json(child)).expect(201)).body;
    const path = `/intake/returnees/${returneeId}/consent`;
    const own = await intake.http
      .put(path)
      .send({ status: 'withdrawn', at: at(15) })
      .expect(422);
    expect(own.body.errors).toEqual([
      { pointer: '/by', code: 'not-entitled', detail: 'by must be guardian for this person' },
    ]);
    const seen = (await intake.http.get(path).expect(200)).body;
    expect([seen.status, seen.by, seen.history.length]).toEqual(['granted', 'guardian', 1]);
    await intake.http
      .put(path)
      .send({ status: 'withdrawn', at: at(15), by: 'guardian' })
      .expect(200);
  });

  test.each([
    ['an unknown purpose', { purposes: ['everything'] }],
    ['no purpose', { purposes: [] }],
    ['a purpose twice', { purposes: ['health', 'health'] }],
    ['purposes that are no list', { purposes: 'health' }],
    ['an end that is no instant', { until: '2027-02-31T00:00:00Z' }],
    ['an end before its begin', { until: '2026-11-20T12:00:00Z' }],
    ['an unknown giver', { by: 'neighbour' }],
  ])('is refused with %s', async (_, terms) => {
    const { returneeId } = (await post(json(person(23)))).body;
    const answer = await intake.http
      .put(`/intake/returnees/${returneeId}/consent`)
      .send({ status: 'granted', at: at(15), ...terms })
      .expect(422);
    expect(answer.body.errors[0].pointer).toMatch(`/${Object.keys(terms)[0]}`);
  });
});

test('a household is one sending authority and one reference', async () => {
  const head = (await post(json(person(7, { household: 'H1', relationship: 'head' }))).expect(201)).body;
  const child = (await post(json(person(8, { household: 'H1', relationship: 'child' }))).expect(201)).body;
  await post(json(person(9, { household: 'H1', sending_authority: 'consulate:es-madrid' }))).expect(201);
  const seen = await intake.http.get(`/intake/returnees/${head.returneeId}`).expect(200);
  expect(seen.body.householdMembers).toEqual([child]);
});

test('what agencies obtained and how the case stands is kept with the person', async () => {
  const { returneeId, caseId } = (await post(json(person(10))).expect(201)).body;
  let keyseq = 0;
  const send = <C extends EventContract>(contract: C, data: DataOf<C>) =>
    intake.deliver(FEEDBACK_TOPIC, {
      specversion: '1.0',
      id: randomUUID(),
      source: sourceOf('coordinator'),
      type: contract.type,
      time: '2026-11-25T15:00:00Z',
      dataschema: contract.dataschema,
      datacontenttype: 'application/json',
      partitionkey: caseId,
      keyseq: ++keyseq,
      data,
    });
  const document = { documentType: 'dni' as const, documentNumber: '87654321', at: '2026-11-25T15:00:00Z' };
  await send(DocumentObtained, document);
  await send(CaseEnded, { status: 'completed', at: '2026-11-26T15:00:00Z' });
  const seen = await intake.http.get(`/intake/returnees/${returneeId}`).expect(200);
  expect(seen.body).toMatchObject({ caseStatus: 'completed', documentsObtained: [document] });
  // What the manifest said stays as it was: the same row again is unchanged.
  expect(seen.body.person.documentType).toBe('none');
});

test('a suspected duplicate shows on both persons', async () => {
  const same = { document_type: 'passport', document_number: 'ABC12345' };
  const older = (await post(json(person(11, same))).expect(201)).body;
  const newer = (await post(json(person(12, same))).expect(201)).body;
  const see = async (id: string) =>
    (await intake.http.get(`/intake/returnees/${id}`).expect(200)).body.duplicates;
  expect(await see(older.returneeId)).toEqual([{ ...newer, ground: 'same-document', score: 70 }]);
  expect(await see(newer.returneeId)).toEqual([{ ...older, ground: 'same-document', score: 70 }]);
});

test('two requests for one new returnee at the same time make one case', async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => post(json(person(13)))));
  expect(answers.filter((a) => a.status === 201)).toHaveLength(1);
  expect(answers.filter((a) => a.status === 200)).toHaveLength(5);
  expect(new Set(answers.map((a) => a.body.caseId)).size).toBe(1);
});
