/**
 * The second wall between sending authorities, without the first: raw SQL without a condition, and every address that a
 * sending authority's login may read, while the service's own right to read is taken away.
 */
import { OwnRows, provision } from '@retorno/service';
import { DataSource } from 'typeorm';
import { startPostgres, type TestDatabase } from '../../tests/support/postgres';
import { visitors } from '../../tests/support/visitors';
import { csv, IntakeUnderTest, person, type Cells } from './testing/intake-under-test';

const MIAMI = 'consulate:us-miami';
const MADRID = 'consulate:es-madrid';
const PLACE = '/intake/flights/US777/2026-12-03';

let database: TestDatabase;
let intake: IntakeUnderTest;
/** The service's own connection, and the same through the wall. */
let source: DataSource;
let wall: OwnRows;
/** What each authority has: ids. */
const has = new Map<string, { returneeId: string; caseId: string; manifestId: string }>();

beforeAll(async () => {
  database = await startPostgres();
  const url = await provision(database.url, 'intake', 'password of intake');
  intake = await IntakeUnderTest.start({ url, stop: () => database.stop() }, visitors);
  source = await new DataSource({
    type: 'postgres',
    url,
    extra: { options: '-c search_path=intake' },
  }).initialize();
  wall = new OwnRows(source, 'intake');
  for (const [n, authority] of [MIAMI, MADRID].entries()) has.set(authority, await fill(n, authority));
  for (const { caseId } of has.values()) {
    await intake.query(
      `insert into case_feedback (key, version, body, status) values ($1, 1, '{}', 'open')`,
      [caseId],
    );
  }
}, 60_000);
afterAll(async () => {
  await source.destroy();
  await intake.stop();
}, 60_000);

/** A manifest with a good row and a bad one, a cancelled flight, a household, and somebody who looks like the other's. */
async function fill(n: number, authority: string) {
  const own: Cells = { sending_authority: authority };
  const both: Cells = {
    ...own,
    household: 'h',
    given_names: 'Rosa María',
    date_of_birth: '1980-01-0' + (n + 1),
  };
  const on: Cells = { ...own, flight: 'US777', arrival_date: '2026-12-03' };
  const who = await intake.of(authority);
  const rows = [
    person(n * 10 + 1, { ...both, ...same }),
    person(n * 10 + 2, { ...both, ...on }),
    person(n * 10 + 3, { ...own, sex: '?' }),
  ];
  const sent = await who.post('/intake/manifests').type('text/csv').send(csv(rows)).expect(202);
  const manifestId = String(sent.body.id);
  await intake.report(manifestId, ({ status }) => status !== 'processing');
  await who
    .post('/intake/flights/US778/2026-12-03/cancel')
    .send({ reason: `of ${authority}` })
    .expect(200);
  const [row] = (await who.get(`/intake/manifests/${manifestId}/rows`).expect(200)).body.items;
  return { returneeId: String(row.returneeId), caseId: String(row.caseId), manifestId };
}
const same: Cells = { document_type: 'passport', document_number: 'PE7654321' };

/** The tables that a login of one sending authority may read, by the database's word. */
const TABLES = `select table_name as name from information_schema.role_table_grants
  where grantee = 'retorno_intake_own_rows' and privilege_type = 'SELECT' order by 1`;

/** Of each row whose it is. */
const WHOSE: Readonly<Record<string, string>> = {
  case_feedback:
    'select authority from returnee_authority a join returnee r on r.id = a.returnee_id where r.case_id::text = t.key',
  consent_given: 'select authority from returnee_authority a where a.returnee_id = t.returnee_id',
  // A pair of two authorities' people is neither's.
  duplicate_pair: `select authority from returnee_authority a join returnee_authority b using (authority)
    where a.returnee_id = t.newer_id and b.returnee_id = t.older_id`,
  expected_return: 'select authority from returnee_authority a where a.returnee_id = t.returnee_id',
  flight_cancelled: 'select t.authority',
  manifest: 'select t.authority',
  manifest_error: 'select authority from manifest m where m.id = t.manifest_id',
  manifest_row: 'select authority from manifest m where m.id = t.manifest_id',
  returnee: 'select authority from returnee_authority a where a.returnee_id = t.id',
  returnee_authority: 'select t.authority',
};

describe("a sending authority's login", () => {
  it('has in each table its own rows and no others, whatever is asked', async () => {
    const [pairs]: { n: number }[] = await source.query(
      `select count(*)::int as n from duplicate_pair t where not exists (${WHOSE['duplicate_pair']})`,
    );
    expect(pairs!.n).toBeGreaterThan(0);
    const tables: { name: string }[] = await source.query(TABLES);
    expect(tables.map(({ name }) => name)).toEqual(Object.keys(WHOSE));
    for (const { name } of tables) {
      const owners: { authority: string; n: number }[] = await source.query(
        `select o.authority, count(*)::int as n from ${name} t cross join lateral (${WHOSE[name]}) o group by 1`,
      );
      const counted = new Map(owners.map(({ authority, n }) => [authority, n]));
      expect([name, counted.get(MIAMI)! > 0, counted.get(MADRID)! > 0]).toEqual([name, true, true]);
      for (const whose of [MIAMI, MADRID, 'consulate:of-nobody', '']) {
        const [seen]: { n: number }[] = await wall.of(whose).query(`select count(*)::int as n from ${name}`);
        expect([name, whose, seen!.n]).toEqual([name, whose, counted.get(whose) ?? 0]);
      }
    }
  });

  it('is told of a flight that goes for nobody', async () => {
    await intake.http.post('/intake/flights/US779/2026-12-03/cancel').send({ reason: 'storm' }).expect(200);
    const sql = `select reason from flight_cancelled where flight = 'US779'`;
    expect(await wall.of(MIAMI).query(sql)).toEqual([{ reason: 'storm' }]);
    expect(await wall.of('').query(sql)).toEqual([]);
  });

  it('adds a file or a cancelled flight of its own, none of another, and changes nothing by itself', async () => {
    const flight = `insert into flight_cancelled (flight, arrival_date, reason, cancelled_at, authority)
      values ('US1', '2026-12-03', 'r', now(), $1)`;
    const file = `insert into manifest (id, status, received_at, authority) values (gen_random_uuid(), 'failed', now(), $1)`;
    for (const sql of [flight, file]) {
      for (const other of [MADRID, '', null]) {
        await expect(wall.of(MIAMI).query(sql, [other])).rejects.toThrow(/row-level security/);
      }
    }
    for (const sql of [
      `update returnee set consent = '{}'`,
      `insert into returnee_authority select id, '${MIAMI}' from returnee`,
      'delete from manifest',
      'select * from person_search',
      'select * from duplicate_key',
      'select * from event_log',
      'select * from audit.intake',
    ]) {
      await expect(wall.of(MIAMI).query(sql)).rejects.toThrow(/permission denied/);
    }
  });

  describe('while the service itself may not read these tables', () => {
    /** Each address that such a login reads, for what one authority has. */
    const READS: Readonly<Record<string, (of: NonNullable<ReturnType<typeof has.get>>) => string>> = {
      '/intake/returnees': ({ caseId }) => `?caseId=${caseId}`,
      '/intake/returnees/:id': ({ returneeId }) => returneeId,
      '/intake/returnees/:id/consent': ({ returneeId }) => returneeId,
      '/intake/manifests': () => '',
      '/intake/manifests/:id': ({ manifestId }) => manifestId,
      '/intake/manifests/:id/errors': ({ manifestId }) => manifestId,
      '/intake/manifests/:id/refused': ({ manifestId }) => manifestId,
      '/intake/manifests/:id/rows': ({ manifestId }) => manifestId,
      '/intake/notices/:id': ({ returneeId }) => returneeId,
      '/intake/flights/:flight/:date': () => '',
    };
    const addressOf = (route: string, authority: string): string => {
      const said = READS[route]!(has.get(authority)!);
      if (route.includes(':flight')) return PLACE;
      return route.includes(':id') ? route.replace(':id', said) : route + said;
    };

    beforeAll(() => source.query(`revoke select on ${Object.keys(WHOSE).join(', ')} from current_user`));
    afterAll(() => source.query(`grant select on ${Object.keys(WHOSE).join(', ')} to current_user`));

    it('reads its own at every address there is, so that no address goes around the wall', async () => {
      const miami = await intake.of(MIAMI);
      const own = intake
        .routes()
        .filter((route) => route.startsWith('GET /intake/'))
        .map((route) => route.slice(4));
      for (const route of own) {
        const answer = await miami.get(
          route in READS ? addressOf(route, MIAMI) : route.replace(':id', has.get(MIAMI)!.returneeId),
        );
        // What it may not use at all is nobody's business here.
        if (answer.status !== 403) expect([route, answer.status]).toEqual([route, 200]);
        expect([route, answer.status === 200]).toEqual([route, route in READS]);
      }
    });

    it("finds nothing of another's at any of them", async () => {
      const madrid = await intake.of(MADRID);
      const theirs = Object.values(has.get(MIAMI)!);
      for (const route of Object.keys(READS)) {
        const answer = await madrid.get(addressOf(route, MIAMI));
        expect([200, 404]).toContain(answer.status);
        expect(theirs.filter((id) => JSON.stringify(answer.body.items ?? '').includes(id))).toEqual([]);
      }
    });
  });
});
