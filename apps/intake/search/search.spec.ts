import { person, IntakeUnderTest, GOOD_CELLS } from '../testing/intake-under-test';
import { startPostgres } from '../../../tests/support/postgres';
import { visitors } from '../../../tests/support/visitors';

let intake: IntakeUnderTest;
let sought: string;

beforeAll(async () => {
  intake = await IntakeUnderTest.start(await startPostgres(), visitors);
  sought = await registered({
    external_id: 'sought',
    family_names: 'Huamán Ñahui',
    given_names: 'José Luis',
    date_of_birth: '1985-03-07',
    document_type: 'dni',
    document_number: '45678912',
  });
  for (let n = 1; n <= 5; n++) await registered(person(n));
});
afterAll(() => intake?.stop());

async function registered(cells: object): Promise<string> {
  const list = { languages: ['es'], vulnerabilities: [], needs: [], years_abroad: 5 };
  const body = { ...GOOD_CELLS, ...list, ...cells };
  const answer = await intake.http.post('/intake/returnees').send(body).expect(201);
  return (answer.body as { caseId: string }).caseId;
}

async function found(asked: object): Promise<string[]> {
  const { body } = await intake.http.post('/intake/searches').send(asked).expect(200);
  return (body as { items: { caseId: string }[] }).items.map(({ caseId }) => caseId);
}

describe('a person is found', () => {
  it.each([
    ['by a document, however its number is written', { document: '4567 8912-3' }],
    ['by the names in any order, accents or not', { names: 'jose HUAMAN ñahui' }],
    ['by the names as they sound', { names: 'Jose Guamán Nahui' }],
    ['by one name and the date of birth', { names: 'Huaman', born: '1985-03-07' }],
    ['by a date of birth with day and month changed over', { names: 'Huaman Jose', born: '1985-07-03' }],
    ['by everything together', { names: 'José Luis Huamán Ñahui', born: '1985-03-07', document: '45678912' }],
  ])('%s', async (_how, asked) => expect(await found(asked)).toEqual([sought]));

  it.each([
    ['when the document is another', { document: '45678913' }],
    ['when the date of birth is another', { names: 'Huaman', born: '1985-03-08' }],
    ['when one of several answers does not fit', { names: 'José Huamán Ñahui', document: '45678913' }],
    ['when another name stands in the place of the first', { names: 'Pedro Huamán Ñahui' }],
  ])('not %s', async (_how, asked) => expect(await found(asked)).toEqual([]));
});

test('of a name that many share the newest 20 are shown, newest first, and that there are more', async () => {
  const alike: string[] = [];
  for (let n = 0; n < 22; n++) {
    const born = `1990-01-${String(n + 1).padStart(2, '0')}`;
    const names = { family_names: 'Quispe Mamani', given_names: 'Rosa', date_of_birth: born };
    alike.unshift(await registered({ ...person(100 + n), ...names }));
  }
  const { body } = await intake.http
    .post('/intake/searches')
    .send({ names: 'Rosa Quispe Mamani' })
    .expect(200);
  expect(body.items.map(({ caseId }: { caseId: string }) => caseId)).toEqual(alike.slice(0, 20));
  expect(body.more).toBe(true);
}, 60_000);

test.each([{}, { names: 'Huamán' }, { born: '1985-03-07' }])(
  'a question that fits too many is refused: %j',
  async (asked) => {
    const { body } = await intake.http.post('/intake/searches').send(asked).expect(422);
    expect(body.errors[0]).toMatchObject({ pointer: '/names', code: 'too-little' });
  },
);

test('every search is written down: who, by what, how many, and not for whom', async () => {
  await found({ names: 'Huaman', born: '1985-03-07' });
  const { body } = await intake.http.get('/intake/searches?limit=1').expect(200);
  expect(body.items).toEqual([
    { at: '2026-11-20T20:00:00.000Z', by: 'clerk', fields: ['names', 'born'], found: 1 },
  ]);
  expect(body.next).toEqual(expect.any(String));
  const kept = await intake.query<{ line: string }>('select s::text as line from person_search s');
  expect(JSON.stringify(kept)).not.toMatch(/huam|1985/i);
});
