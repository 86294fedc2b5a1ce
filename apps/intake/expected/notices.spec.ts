/** Announced returns: the notice, its changes, and the manifest that finds the same person. */
import { CaseEnded, FEEDBACK_TOPIC, sourceOf } from '@retorno/contracts';
import { randomUUID } from 'node:crypto';
import { eventually } from '../../../tests/support/eventually';
import { startPostgres } from '../../../tests/support/postgres';
import { visitors } from '../../../tests/support/visitors';
import {
  csv,
  GOOD_CELLS,
  IntakeUnderTest,
  person,
  type Cells,
  type WrittenEvent,
} from '../testing/intake-under-test';

let intake: IntakeUnderTest;
let count = 0;

beforeAll(async () => {
  intake = await IntakeUnderTest.start(await startPostgres(), visitors);
});
afterAll(() => intake.stop());
beforeEach(() => intake.events());

/** A notice of a person of their own, with no more than it must have, unless said otherwise. */
function notice(fields: Record<string, unknown> = {}) {
  const n = ++count;
  const letters = [...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
  return {
    external_id: `n-${n}`,
    sending_authority: 'consulate:us-atlanta',
    stage: 'detained',
    origin_country: 'US',
    family_names: 'Ñahui Rojas',
    given_names: `Elena ${letters}`,
    // Of her own day each: so many Elenas of one day would be taken for one.
    date_of_birth: `19${40 + (n % 60)}-03-04`,
    sex: 'F',
    ...fields,
  };
}

type Notice = ReturnType<typeof notice>;
interface Ids {
  returneeId: string;
  caseId: string;
  caseNumber: string;
}

async function announce(body: Notice, status = 201): Promise<Ids> {
  return (await intake.http.post('/intake/notices').send(body).expect(status)).body as Ids;
}

async function standing(id: string) {
  return (await intake.http.get(`/intake/notices/${id}`).expect(200)).body as Record<string, unknown>;
}

async function change(id: string, body: object, status = 200) {
  return (await intake.http.put(`/intake/notices/${id}`).send(body).expect(status)).body as Record<
    string,
    unknown
  > & { errors: { pointer: string; code: string }[] };
}

/** The manifest's row of the person of a notice, under an identity of its own. */
function rowOf(said: Notice, cells: Cells = {}): Cells {
  const { family_names, given_names, date_of_birth } = said;
  return { ...person(++count), family_names, given_names, date_of_birth, ...cells };
}

async function resultsOf(...rows: Cells[]): Promise<{ result: string; caseId: string | null }[]> {
  const { id, errors } = await intake.import(csv(rows));
  expect(errors).toEqual([]);
  const list = await intake.http.get(`/intake/manifests/${id}/rows`).expect(200);
  return (list.body as { items: { result: string; caseId: string | null }[] }).items;
}

const journeyOf = (event: WrittenEvent | undefined) =>
  (event!.data as unknown as { journey: Record<string, unknown> }).journey;

const errorsOf = (body: { errors: { pointer: string; code: string }[] }) =>
  body.errors.map(({ pointer, code }) => `${pointer} ${code}`);

describe('a notice', () => {
  it('opens a case with the little that is known', async () => {
    const ids = await announce(notice({ place_of_detention: 'Krome' }));
    const [opened] = await intake.events();
    expect(opened).toMatchObject({
      key: ids.caseId,
      data: {
        caseNumber: ids.caseNumber,
        person: { nationality: 'PE', documentType: 'none', destinationUbigeo: '000000' },
        journey: {
          stage: 'detained',
          returnType: 'deportation',
          placeOfDetention: 'Krome',
          dateUnknown: true,
          arrivalDate: '2026-11-20',
        },
        vulnerabilities: ['detained-abroad'],
        consent: { status: 'pending' },
      },
    });
    expect(await standing(ids.returneeId)).toMatchObject({
      ...ids,
      stage: 'detained',
      placeOfDetention: 'Krome',
      arrivalDate: null,
      flight: null,
      onManifest: null,
    });
  });

  it('again says nothing, also the day after, and not over what was told since', async () => {
    const said = notice({ place_of_detention: 'Krome' });
    const ids = await announce(said);
    await change(ids.returneeId, { stage: 'released' });
    await intake.events();
    intake.clock.advance(86_400_000);
    expect(await announce(said, 200)).toEqual(ids);
    expect(await intake.events()).toEqual([]);
    expect(await standing(ids.returneeId)).toMatchObject({ stage: 'released' });
  });

  it('that says otherwise under the same id is taken over', async () => {
    const said = notice();
    const ids = await announce(said);
    await intake.events();
    const flown = { ...said, stage: 'expected', arrival_date: '2026-12-03', flight: 'US431' };
    await announce(flown, 200);
    expect(await standing(ids.returneeId)).toMatchObject({ stage: 'expected', flight: 'US431' });
    expect((await intake.events()).map((event) => event.name)).toEqual(['returnee-changed']);
  });

  it.each([
    [{ stage: 'arrived' }, '/stage unknown-code'],
    [{ stage: undefined }, '/stage unknown-code'],
    [{ date_of_birth: undefined }, '/date_of_birth required'],
    [{ flight: 'US431' }, '/arrival_date required'],
    [{ arrival_date: '2026-02-31' }, '/arrival_date invalid-date'],
    [{ arrival_date: '2020-01-01' }, '/arrival_date implausible-date'],
    [{ place_of_detention: 'x'.repeat(201) }, '/place_of_detention invalid-format'],
    [{ place_of_detention: 'a\nb' }, '/place_of_detention invalid-format'],
    [{ place_of_detention: 7 }, '/place_of_detention wrong-type'],
    [{ prison: 'Krome' }, '/prison unknown-field'],
  ])('is refused by field: %j', async (fields, error) => {
    const answer = await intake.http.post('/intake/notices').send(notice(fields)).expect(422);
    expect(errorsOf(answer.body)).toEqual([error]);
    expect(await intake.events()).toEqual([]);
  });
});

describe('news of an announced return', () => {
  it.each([
    ['a transfer', { stage: 'detained', place_of_detention: 'Eloy' }, { placeOfDetention: 'Eloy' }],
    ['a release', { stage: 'released' }, { stage: 'released', placeOfDetention: undefined }],
    [
      'a flight',
      { stage: 'expected', arrival_date: '2026-12-03', flight: 'US431' },
      { stage: 'expected', arrivalDate: '2026-12-03', flight: 'US431', dateUnknown: undefined },
    ],
    ['no return', { stage: 'not-returning' }, { stage: 'not-returning', dateUnknown: true }],
  ])('reaches the case: %s', async (_what, body, journey) => {
    const { returneeId } = await announce(notice({ place_of_detention: 'Krome' }));
    await intake.events();
    await change(returneeId, body);
    const said = journeyOf((await intake.events())[0]);
    for (const [field, value] of Object.entries(journey))
      expect([field, said[field]]).toEqual([field, value]);
    await change(returneeId, body);
    expect(await intake.events()).toEqual([]);
  });

  it.each([
    [{}, ['/stage unknown-code']],
    [{ stage: 'arrived' }, ['/stage unknown-code']],
    [{ stage: 'released', place_of_detention: 'Krome' }, ['/place_of_detention unexpected']],
    [{ stage: 'not-returning', arrival_date: '2026-12-03' }, ['/arrival_date unexpected']],
    [{ stage: 'expected', flight: 'US431' }, ['/arrival_date required']],
    [{ stage: 'expected', note: 'x' }, ['/note unknown-field']],
    [[], [' wrong-type']],
  ])('is refused by field: %j', async (body, errors) => {
    const { returneeId } = await announce(notice());
    expect(errorsOf(await change(returneeId, body, 422))).toEqual(errors);
  });

  it('about nobody is answered 404', async () => {
    await change('01930000-0000-7000-8000-00000000dead', { stage: 'released' }, 404);
    await change('nobody', { stage: 'released' }, 404);
    await intake.http.get('/intake/notices/nobody').expect(404);
  });

  it('about somebody who has arrived is answered 409', async () => {
    const said = notice({ stage: 'expected' });
    const { returneeId } = await announce(said);
    await resultsOf(rowOf(said));
    const problem = await change(returneeId, { stage: 'expected' }, 409);
    expect(problem['type']).toBe('urn:retorno:problem:arrived');
  });
});

describe("a manifest's row", () => {
  it.each([
    [
      'the same id',
      (said: Notice) => ({ external_id: said.external_id, sending_authority: 'consulate:us-atlanta' }),
    ],
    ['the same names and birth date', () => ({})],
    [
      'the same document',
      () => ({ document_type: 'dni', document_number: '77000001', given_names: 'Other' }),
    ],
  ])('finds the announced case by %s', async (_by, cells) => {
    const document = _by.includes('document') ? { document_type: 'dni', document_number: '77000001' } : {};
    const said = notice({ needs: ['legal-advice'], place_of_detention: 'Krome', ...document });
    const ids = await announce(said);
    await intake.events();
    const row = rowOf(said, { needs: 'shelter', ...cells(said) });
    expect(await resultsOf(row)).toMatchObject([{ result: 'updated', caseId: ids.caseId }]);
    const events = await intake.events();
    expect(events.map((event) => event.name)).toEqual(['returnee-changed']);
    expect(events[0]?.data).toMatchObject({
      // What was asked abroad is not taken back by a list of passengers.
      needs: ['shelter', 'legal-advice'],
      vulnerabilities: ['detained-abroad'],
    });
    expect(JSON.stringify(events[0]?.data)).not.toMatch(/stage|Krome/);
    expect(await standing(ids.returneeId)).toMatchObject({ stage: 'arrived', onManifest: true });

    expect(await resultsOf(row)).toMatchObject([{ result: 'unchanged', caseId: ids.caseId }]);
    expect(await announce(said, 200)).toEqual(ids);
    expect(await intake.events()).toEqual([]);
    expect(await standing(ids.returneeId)).toMatchObject({ stage: 'arrived' });
  });

  it('of a flight to come leaves the return expected until the day', async () => {
    const said = notice({ stage: 'expected', arrival_date: '2026-12-03', flight: 'US431' });
    const { returneeId } = await announce(said);
    await intake.events();
    await resultsOf(rowOf(said, { arrival_date: '2026-12-04' }));
    expect((await intake.events())[0]?.data).toMatchObject({
      journey: { stage: 'expected', onManifest: true, arrivalDate: '2026-12-04' },
    });
    expect(await standing(returneeId)).toMatchObject({ stage: 'expected', arrivalDate: '2026-12-04' });
  });

  it('merges nothing where several could be meant: the cases stay apart and are told', async () => {
    const said = notice();
    const first = await announce(said);
    const second = await announce({ ...said, external_id: `${said.external_id}-b` });
    await intake.events();
    const [row] = await resultsOf(rowOf(said));
    expect(row?.result).toBe('created');
    expect([first.caseId, second.caseId]).not.toContain(row?.caseId);
    const told = (await intake.events()).filter((event) => event.name.startsWith('duplicate-suspected'));
    const others = told.map((event) => (event.data as { otherCaseId?: string }).otherCaseId);
    expect(others).toEqual(expect.arrayContaining([first.caseId, second.caseId]));
  });

  it('finds nobody whom another document of the same kind contradicts', async () => {
    const said = notice({ document_type: 'dni', document_number: '77000011' });
    await announce(said);
    const [row] = await resultsOf(rowOf(said, { document_type: 'dni', document_number: '77000012' }));
    expect(row?.result).toBe('created');
  });

  it('finds nobody of whom two rows of the same file could be the person', async () => {
    const said = notice();
    const { caseId } = await announce(said);
    const rows = await resultsOf(rowOf(said), rowOf(said));
    expect(rows.map((row) => row.result)).toEqual(['created', 'created']);
    expect(rows.map((row) => row.caseId)).not.toContain(caseId);
  });

  it('finds who was said not to return and comes after all, and nobody who has arrived', async () => {
    const said = notice();
    const { returneeId, caseId } = await announce(said);
    await change(returneeId, { stage: 'not-returning' });
    expect(await resultsOf(rowOf(said))).toMatchObject([{ result: 'updated', caseId }]);
    expect(await resultsOf(rowOf(said))).toMatchObject([{ result: 'created' }]);
  });

  it('finds nobody whose case was closed: it would be told to nobody', async () => {
    const said = notice();
    const { returneeId, caseId } = await announce(said);
    await intake.deliver(FEEDBACK_TOPIC, {
      specversion: '1.0',
      id: randomUUID(),
      source: sourceOf('coordinator'),
      type: CaseEnded.type,
      time: '2026-11-25T15:00:00Z',
      dataschema: CaseEnded.dataschema,
      datacontenttype: 'application/json',
      partitionkey: caseId,
      keyseq: 1,
      data: { status: 'closed', at: '2026-11-25T15:00:00Z' },
    });
    await eventually(async () => {
      const { body } = await intake.http.get(`/intake/returnees/${returneeId}`).expect(200);
      return (body as { caseStatus: string }).caseStatus === 'closed';
    });
    const [row] = await resultsOf(rowOf(said));
    expect(row?.result).toBe('created');
    expect(row?.caseId).not.toBe(caseId);
  });

  it('finds the announced case also as a single returnee', async () => {
    const said = notice();
    const ids = await announce(said);
    const cells = { ...GOOD_CELLS, ...rowOf(said) };
    const body = { ...cells, languages: ['es'], vulnerabilities: [], needs: [] };
    const answer = await intake.http.post('/intake/returnees').send(body).expect(200);
    expect(answer.body).toEqual(ids);
  });

  it('of plain manifests is kept as it was, and nobody is expected by it', async () => {
    const cells = person(++count);
    expect(await resultsOf(cells)).toMatchObject([{ result: 'created' }]);
    expect(await resultsOf({ ...cells, needs: '' })).toMatchObject([{ result: 'updated' }]);
    const [row] = await intake.query<{ n: number }>(
      `select count(*)::int as n from expected_return e join returnee r on r.id = e.returnee_id
       where r.external_id = $1`,
      [cells.external_id],
    );
    expect(row?.n).toBe(0);
  });
});

describe('a notice that comes after the manifest', () => {
  it('of the same day finds the case and does not reset it', async () => {
    const said = notice({ stage: 'expected', arrival_date: '2026-11-20' });
    const [row] = await resultsOf(rowOf(said));
    await intake.events();
    for (const _ of [1, 2]) expect((await announce(said, 200)).caseId).toBe(row?.caseId);
    expect(await intake.events()).toEqual([]);
  });

  it('of another return is a case of its own, and the two are told', async () => {
    const said = notice();
    const [row] = await resultsOf(rowOf(said));
    await intake.events();
    expect((await announce(said)).caseId).not.toBe(row?.caseId);
    expect((await intake.events()).map((event) => event.name)).toEqual([
      'returnee-registered',
      'duplicate-suspected',
    ]);
  });
});

describe('at the same time', () => {
  it('a notice and its manifest make one case', async () => {
    await announce(notice());
    const said = notice({ stage: 'expected', arrival_date: '2026-11-20' });
    // Both have looked for the person before either can open a case, unless they take turns.
    const held = intake.query('select pg_sleep(1) from (select from case_number for update) as number');
    const [rows, announced] = await Promise.all([
      resultsOf(rowOf(said)),
      intake.http.post('/intake/notices').send(said),
    ]);
    await held;
    expect(rows.map((row) => row.caseId)).toEqual([(announced.body as Ids).caseId]);
    expect(await standing((announced.body as Ids).returneeId)).toMatchObject({ stage: 'arrived' });
  });

  it('two manifests with the same row make one case', async () => {
    const said = notice();
    const { caseId } = await announce(said);
    const same = rowOf(said);
    const both = await Promise.all([resultsOf(same), resultsOf(same)]);
    const results = both.flat().map((row) => row.result);
    expect(results.toSorted()).toEqual(['unchanged', 'updated']);
    expect(both.flat().map((row) => row.caseId)).toEqual([caseId, caseId]);
  });
});

describe('a flight', () => {
  const flight = (n: number) => ({ stage: 'expected', arrival_date: '2026-12-03', flight: `US${n}` });

  async function expectedOn(path: string): Promise<string[]> {
    const found: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const answer = await intake.http.get(`${path}?limit=2${next && `&cursor=${next}`}`).expect(200);
      const body = answer.body as { items: { returneeId: string }[]; next: string | null };
      found.push(...body.items.map((item) => item.returneeId));
      next = body.next;
    }
    return found;
  }

  it('lists who is expected on it, page by page', async () => {
    const ids = [];
    for (let n = 0; n < 5; n++) ids.push((await announce(notice(flight(501)))).returneeId);
    await resultsOf(person(++count, { flight: 'US501', arrival_date: '2026-12-03' }));
    expect(await expectedOn('/intake/flights/US501/2026-12-03')).toHaveLength(6);
    expect(await expectedOn('/intake/flights/US501/2026-12-03')).toEqual(expect.arrayContaining(ids));
    expect(await expectedOn('/intake/flights/US501/2026-12-04')).toEqual([]);
  });

  it('that is cancelled leaves everybody expected without flight and day, once', async () => {
    const announced = await announce(
      notice({ ...flight(502), stage: 'detained', place_of_detention: 'Eloy' }),
    );
    const cells = person(++count, { flight: 'US502', arrival_date: '2026-12-03' });
    const [row] = await resultsOf(cells);
    await intake.events();
    const cancel = () =>
      intake.http.post('/intake/flights/US502/2026-12-03/cancel').send({ reason: 'storm' });
    expect((await cancel().expect(200)).body).toEqual({ flight: 'US502', date: '2026-12-03', changed: 2 });
    const events = await intake.events();
    expect(events).toHaveLength(2);
    expect(events.map((event) => event.key)).toEqual(expect.arrayContaining([announced.caseId, row?.caseId]));
    for (const event of events) {
      const { dateUnknown, flight: gone } = journeyOf(event);
      expect([dateUnknown, gone]).toEqual([true, undefined]);
    }
    expect(await standing(announced.returneeId)).toMatchObject({
      stage: 'detained',
      placeOfDetention: 'Eloy',
    });
    expect((await cancel().expect(200)).body).toMatchObject({ changed: 0 });
    const { body } = await intake.http.get('/intake/flights/US502/2026-12-03').expect(200);
    expect(body).toMatchObject({ items: [], cancelled: { reason: 'storm' } });
    // The list that was sent before says nothing new.
    expect(await resultsOf(cells)).toMatchObject([{ result: 'unchanged' }]);
    expect(await resultsOf({ ...cells, arrival_date: '2026-12-05' })).toMatchObject([{ result: 'updated' }]);
  });

  it('that is cancelled too late changes nothing for who has arrived', async () => {
    await resultsOf(person(++count, { flight: 'US503' }));
    const answer = await intake.http
      .post('/intake/flights/US503/2026-11-20/cancel')
      .send({ reason: 'x' })
      .expect(200);
    expect(answer.body).toMatchObject({ changed: 0 });
  });

  it('whose manifest does not name who was expected on it tells their cases, once', async () => {
    const left = await announce(notice({ ...flight(504), arrival_date: '2026-11-20' }));
    const other = notice({ ...flight(504), arrival_date: '2026-11-20' });
    await announce(other);
    await announce(notice({ ...flight(504), arrival_date: '2026-11-21' }));
    await intake.events();
    const row = rowOf(other, { flight: 'US504' });
    await resultsOf(row);
    const told = (await intake.events()).filter((event) => event.key === left.caseId);
    expect(told).toMatchObject([{ data: { journey: { stage: 'expected', onManifest: false } } }]);
    await resultsOf(row, person(++count, { flight: 'US504' }));
    expect((await intake.events()).filter((event) => event.key === left.caseId)).toEqual([]);
    expect(await standing(left.returneeId)).toMatchObject({ onManifest: false });
  });

  it.each([
    ['us431/2026-12-03/cancel', { reason: 'x' }, '/flight'],
    ['US431/2026-02-31/cancel', { reason: 'x' }, '/date'],
    ['US431/2026-12-03/cancel', {}, '/reason'],
    ['US431/2026-12-03/cancel', { reason: '' }, '/reason'],
  ])('is refused by field: %s %j', async (path, body, pointer) => {
    const answer = await intake.http.post(`/intake/flights/${path}`).send(body).expect(422);
    expect((answer.body as { errors: { pointer: string }[] }).errors.map((e) => e.pointer)).toEqual(
      expect.arrayContaining([pointer]),
    );
  });
});
