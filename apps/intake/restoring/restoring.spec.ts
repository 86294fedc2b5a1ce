import {
  FEEDBACK_TOPIC,
  RegistrationRestored,
  type Envelope,
  type ReturneeChanged,
} from '@retorno/contracts';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from '../../../tests/support/eventually';
import { startPostgres } from '../../../tests/support/postgres';
import { visitors } from '../../../tests/support/visitors';
import { csv, GOOD_CELLS, IntakeUnderTest, person, type Cells } from '../testing/intake-under-test';

let intake: IntakeUnderTest;
let caseId: string;
let returneeId: string;
let people = 500;

beforeAll(async () => {
  intake = await IntakeUnderTest.start(await startPostgres(), visitors);
});
afterAll(() => intake.stop());

beforeEach(async () => {
  people++;
  [caseId, returneeId] = [uuidv7(), uuidv7()];
  await intake.events();
});

/** What a roll call leaves behind when the coordinator has handled a registration that is not here. */
const lose = () =>
  intake.query(
    `insert into lost (topic, key, from_seq, to_seq, reader) values ('intake.returnees.v1', $1, 1, 1, 'coordinator')`,
    [caseId],
  );

/** As the coordinator tells it of a row of these cells. */
function told(cells: Cells): Omit<ReturneeChanged, 'returneeId'> {
  const all = { ...GOOD_CELLS, ...cells };
  return {
    person: {
      familyNames: all.family_names,
      givenNames: all.given_names,
      dateOfBirth: all.date_of_birth,
      sex: 'F',
      nationality: 'PE',
      documentType: 'none',
      relationship: 'single',
      languages: ['es'],
      destinationUbigeo: '150101',
    },
    journey: {
      sendingAuthority: all.sending_authority,
      returnType: 'deportation',
      arrivalDate: all.arrival_date,
      flight: 'US431',
      originCountry: 'US',
      portOfEntry: 'LIM',
      yearsAbroad: 5,
    },
    vulnerabilities: [],
    needs: ['shelter'],
    consent: { status: 'granted', at: '2026-11-20T13:00:00.000Z' },
  };
}

/** The coordinator's answer about a row of these cells, or about somebody who was erased. */
async function restored(cells: Cells | undefined): Promise<void> {
  const envelope: Envelope = {
    specversion: '1.0',
    id: uuidv7(),
    source: '/retorno/coordinator',
    type: RegistrationRestored.type,
    time: intake.clock.now().toISOString(),
    dataschema: RegistrationRestored.dataschema,
    datacontenttype: 'application/json',
    partitionkey: caseId,
    keyseq: 1,
    data: {
      returneeId,
      caseNumber: `RT-2026-00${people}0`,
      ...(cells && { returnee: told(cells) }),
      at: '2026-11-20T20:00:00Z',
    },
  };
  await intake.deliver(FEEDBACK_TOPIC, envelope);
  await eventually(async () => {
    const waits = await intake.query('select from lost where key = $1 and healed_at is null', [caseId]);
    return waits.length === 0;
  });
}

const row = (cells: Cells) => csv([cells]);
const resultOf = async (cells: Cells) => {
  const { created, updated, unchanged } = await intake.import(row(cells));
  return { created, updated, unchanged };
};

test('until the coordinator has answered nobody is registered: 503, and a manifest waits', async () => {
  await lose();
  const { languages, needs, vulnerabilities, ...cells } = { ...GOOD_CELLS, ...person(people) };
  const body = { ...cells, languages: [languages], needs: [needs], vulnerabilities: [] };
  const refused = await intake.http.post('/intake/returnees').send(body).expect(503);
  expect(refused.body.type).toContain('restoring');
  const { id } = await intake.post(row(person(people)));
  expect((await intake.report(id, () => true)).status).toBe('processing');
  expect(await intake.events()).toEqual([]);
  await restored(person(people));
  expect(await intake.report(id, ({ status }) => status === 'done')).toMatchObject({
    created: 0,
    rejected: 0,
  });
});

test('a row of somebody restored is known by names and birth date, and tells again what its sender calls them', async () => {
  await lose();
  await restored(person(people));
  expect((await intake.http.get(`/intake/returnees/${returneeId}`)).body).toMatchObject({
    externalId: '',
    caseNumber: `RT-2026-00${people}0`,
    person: { givenNames: person(people).given_names },
  });
  expect(await resultOf(person(people))).toEqual({ created: 0, updated: 1, unchanged: 0 });
  expect(await resultOf(person(people))).toEqual({ created: 0, updated: 0, unchanged: 1 });
  expect((await intake.http.get(`/intake/returnees/${returneeId}`)).body.externalId).toBe(`x-${people}`);
});

test.each<[string, Cells]>([
  ['another sender', { sending_authority: 'consulate:cl-santiago' }],
  ['another day', { arrival_date: '2026-11-19' }],
])(
  'a row of %s is about another return: it is suspected, and not taken for the one restored',
  async (_of, cells) => {
    await lose();
    await restored(person(people));
    expect(await resultOf(person(people, cells))).toMatchObject({ created: 1 });
    const names = (await intake.events()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['returnee-registered', 'duplicate-suspected']));
  },
);

test('no case number that was given out since is given out again', async () => {
  await lose();
  await restored(person(people));
  expect(await resultOf(person(people + 300))).toMatchObject({ created: 1 });
  // The one restored was said again first.
  const registered = (await intake.events()).findLast(({ name }) => name === 'returnee-registered');
  expect(Number(registered!.data.caseNumber!.slice(-6))).toBeGreaterThan(people * 10);
});

test('of somebody who was erased there are the ids again and nothing else', async () => {
  await lose();
  await restored(undefined);
  await intake.http.get(`/intake/returnees/${returneeId}`).expect(410);
});
