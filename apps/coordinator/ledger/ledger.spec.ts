import { Client } from 'pg';
import { referralOf, type Case } from '../../../tests/support/case-view';
import { agency, offer } from '../../../tests/support/fixtures';
import { System, type Registered } from '../../../tests/support/system';
import { chainedTo } from './entry';
import { ENTRY_COLUMNS, entryOf } from './ledger.store';
import { LedgerSealing } from './sealing';
import { verifyLedger } from './verify';

let system: System;
let owner: Client;
let sealing: LedgerSealing;
let who: Registered;
let found: Case;
const others: Case[] = [];

const VITAL = { basis: 'vital-interests', sees: ['code-name', 'safe-contact', 'district'] } as const;
const centre = agency(
  'centre',
  offer('womens-emergency-centre', { for: ['gender-based-violence'], ...VITAL, sees: [...VITAL.sees] }),
);
const HER = { needs: ['health-insurance', 'employment'], vulnerabilities: ['gender-based-violence'] };

beforeAll(async () => {
  system = await System.start({ fixtures: [centre] });
  owner = new Client({ connectionString: system.database.url });
  await owner.connect();
  sealing = system.topology.services.find((s) => s.name === 'coordinator')!.app.get(LedgerSealing);
  who = await system.register(HER);
  found = await system.complete({ id: who.caseId }, 'dni-verify', 'verified');
  await seal();
  for (let i = 0; i < 3; i++)
    others.push(await system.arrive({ needs: ['health-care', 'health-insurance'] }));
  await seal();
  await system.answers(found, 'enrolment', { status: 'accepted', businessStatus: 'info-requested' });
  await system.command(found, 'referrals/enrolment/information', {
    information: 'she moved in with an aunt',
  });
  found = await system.caseOf(found);
});
afterAll(async () => {
  await owner.end();
  await system.stop();
});

/** Two steps make a seal. */
async function seal(): Promise<void> {
  await sealing.step();
  await sealing.step();
}

/** What verifying says is wrong; undefined when nothing is. */
const wrong = async (seal?: string) => (await verifyLedger(owner, 'coordinator', seal)).wrong;

const ofCase = (id: string) => system.all<any>(`/cases/${id}/disclosures`);

describe('the disclosure ledger', () => {
  it('has a line for each transmission: who, which fields, by what right, when and why', async () => {
    const lines = await ofCase(found.id);
    expect(lines.map((line) => [line.agency, line.service, line.kind, line.cause])).toEqual([
      ['insurance', 'enrolment', 'information', 'information-supplied'],
      ['employment', 'job-placement', 'requested', 'answer:completed'],
      ['insurance', 'enrolment', 'requested', 'answer:completed'],
      ['centre', 'womens-emergency-centre', 'requested', 'returnee-registered'],
      ['identity', 'dni-verify', 'requested', 'returnee-registered'],
    ]);
    const { version } = (await system.all('/agreement')).find((a) => a.agency === 'insurance');
    expect(lines[2]).toMatchObject({
      caseId: found.id,
      referralId: referralOf(found, 'enrolment').id,
      at: referralOf(found, 'enrolment').requestedAt,
      fields: ['name', 'birth', 'sex', 'document', 'district', 'contact'],
      sent: ['name', 'birth', 'sex', 'document', 'district', 'contact'],
      basis: 'consent',
      agreement: version,
    });
    expect(lines[0]).toMatchObject({ fields: ['information'], sent: ['information'] });
    const cause = found.timeline[lines[2].fact - 1];
    expect(cause).toMatchObject({ type: 'referral-changed', detail: { referral: { service: 'enrolment' } } });
  });

  it('says which declared fields were unknown, and so were not sent', async () => {
    const mute = await system.arrive({ ...HER, phone: '', needs: [] });
    const told = (await ofCase(mute.id)).find((l) => l.agency === 'centre');
    expect(told).toMatchObject({
      fields: ['code-name', 'safe-contact', 'district'],
      sent: ['code-name', 'district'],
    });
  });

  it('has a line for a change that agencies are told of', async () => {
    const body = { needs: ['health-care'], external_id: 'moves-house' };
    const before = await system.arrive({ ...body, destination_ubigeo: '150101' });
    const already = (await ofCase(before.id)).length;
    await system.advance('1 h');
    await system.arrive({ ...body, destination_ubigeo: '120101', document_number: '45454545' });
    const [update] = await ofCase(before.id);
    expect(update).toMatchObject({ kind: 'updated', service: expect.any(String), cause: 'returnee-changed' });
    expect((await ofCase(before.id)).length).toBeGreaterThan(already);
  });

  it('holds what every agency was in fact told, and no line more', async () => {
    const { rows: sent } = await owner.query<{ topic: string; said: string }>(
      `select topic, envelope::json -> 'data' ->> 'referralId' || ' ' || split_part(envelope::json ->> 'type', '.', 2) as said
       from coordinator.event_log where topic like 'referrals.%.requests.v1' and envelope like '%"sealed":%'
         or envelope like '%information-supplied%' and topic like 'referrals.%'`,
    );
    const { rows: kept } = await owner.query<{ said: string }>(
      `select referral_id || ' ' || case kind when 'information' then 'information-supplied'
         else 'referral-' || kind end as said from coordinator.disclosure`,
    );
    expect(sent.length).toBeGreaterThan(14);
    expect(kept.map((row) => row.said).toSorted()).toEqual(sent.map((row) => row.said).toSorted());
  });

  it('is read by agency and time, page by page, without the services that say what was suffered', async () => {
    const all = await system.all('/disclosures', 3);
    const { rows } = await owner.query<{ count: number }>('select count(*)::int from coordinator.disclosure');
    expect(all).toHaveLength(rows[0]!.count);
    const times = all.map((line) => Date.parse(line.at));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const told = await system.all('/disclosures?agency=insurance', 1);
    expect(told.map((line) => line.agency)).toEqual(
      all.map((line) => line.agency).filter((slug) => slug === 'insurance'),
    );
    expect(await system.all(`/disclosures?to=${found.openedAt}`)).toEqual([]);
    const later = new Date(Date.parse(found.openedAt) + 1).toISOString();
    const since = await system.all(`/disclosures?agency=identity&from=${found.openedAt}&to=${later}`);
    expect(since.length).toBeGreaterThan(0);
    expect(JSON.stringify(all)).not.toContain('womens-emergency-centre');
  });

  it.each([
    ['from=yesterday', 422],
    ['to=2026-13-01', 422],
    ['agency=No%20slug', 422],
    ['limit=0', 400],
    ['cursor=abc', 400],
    ['agencies=health', 422],
  ])('refuses a wrong question: %s', async (query, status) => {
    const answered = await system.call('GET', `/disclosures?${query}`);
    expect([answered.status, answered.headers.get('content-type')]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ]);
  });

  it('is only added to: the service itself can change and remove nothing', async () => {
    const { dataSource } = system.topology.services.find((s) => s.name === 'coordinator')!.messaging;
    for (const table of ['disclosure', 'disclosure_seal']) {
      const [may]: object[] = await dataSource.query(
        `select has_table_privilege(t, 'insert') as i, has_table_privilege(t, 'update') as u,
           has_table_privilege(t, 'delete') as d, has_table_privilege(t, 'truncate') as t from (select $1::text as t) as x`,
        [table],
      );
      expect(may).toEqual({ i: true, u: false, d: false, t: false });
      for (const sql of [`delete from ${table}`, `update ${table} set at = now()`, `truncate ${table}`]) {
        await expect(dataSource.query(sql)).rejects.toMatchObject({ code: '42501' });
        // Also a superuser is stopped, unless on purpose.
        await expect(owner.query(sql.replace(table, `coordinator.${table}`))).rejects.toThrow(
          'never changed',
        );
      }
    }
  });

  it('agrees, with its seals, and says how much of it does', async () => {
    const { rows } = await owner.query('select count(*)::int as entries from coordinator.disclosure');
    const report = await verifyLedger(owner);
    expect(report).toMatchObject({ ...rows[0], seals: 2, lastSeal: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(report.wrong).toBeUndefined();
    expect(report.unsealed).toBeGreaterThan(0);
    expect(await wrong(report.lastSeal)).toBeUndefined();
    expect(await wrong('f'.repeat(64))).toContain('no seal has the hash');
  });
});

describe('tampering is found, and named:', () => {
  const tables = ['disclosure', 'disclosure_seal', 'case_file'];
  beforeAll(async () => {
    for (const table of tables) await owner.query(`create table kept_${table} as table coordinator.${table}`);
    await owner.query('set session_replication_role = replica');
  });
  afterEach(async () => {
    for (const table of tables) {
      const identity = table === 'disclosure' ? 'overriding system value' : '';
      await owner.query(`delete from coordinator.${table}`);
      await owner.query(`insert into coordinator.${table} ${identity} table kept_${table}`);
    }
    expect(await wrong()).toBeUndefined();
  });
  afterAll(async () => {
    await owner.query('set session_replication_role = origin');
    for (const table of tables) await owner.query(`drop table kept_${table}`);
  });

  const LAST = `place = (select max(place) from coordinator.disclosure where case_id = $1)`;
  const columns = `case_id, place, at, agency, service, referral_id, kind, fields, absent, basis, purpose, agreement,
    fact, cause, hash`;

  it.each([
    ['at', `now()`],
    ['agency', `'police'`],
    ['service', `'else'`],
    ['referral_id', `gen_random_uuid()`],
    ['kind', `'updated'`],
    ['fields', `'name'`],
    ['absent', `'name'`],
    ['basis', `'legal-obligation'`],
    ['purpose', `'legal'`],
    ['agreement', `99`],
    ['fact', `77`],
    ['cause', `'nothing'`],
    ['hash', `sha256('')`],
  ])('another %s in one row', async (column, value) => {
    await owner.query(
      `update coordinator.disclosure set ${column} = ${value} where case_id = $1 and place = 2`,
      [found.id],
    );
    expect(await wrong()).toContain(`entry 2 of case ${found.id}: it does not follow`);
  });

  it('a row deleted from the middle', async () => {
    await owner.query('delete from coordinator.disclosure where case_id = $1 and place = 2', [found.id]);
    expect(await wrong()).toContain(`entry 3 of case ${found.id}: entry 2 before it is missing`);
  });

  it('the last row deleted', async () => {
    await owner.query(`delete from coordinator.disclosure where case_id = $1 and ${LAST}`, [found.id]);
    expect(await wrong()).toContain(`entry 4 of case ${found.id}: its case knows of 5 entries`);
  });

  it('the last row deleted and the head in the case with it', async () => {
    const id = others[0]!.id;
    await owner.query(`delete from coordinator.disclosure where case_id = $1 and ${LAST}`, [id]);
    await rewriteHead(id);
    expect(await wrong()).toContain('seal 2: 1 of its entries');
  });

  it('all rows of a case deleted', async () => {
    await owner.query('delete from coordinator.disclosure where case_id = $1', [found.id]);
    expect(await wrong()).toContain(`case ${found.id}: all its entries are missing`);
  });

  it('a whole case deleted', async () => {
    await owner.query('delete from coordinator.disclosure where case_id = $1', [others[1]!.id]);
    await owner.query('delete from coordinator.case_file where key = $1', [others[1]!.id]);
    expect(await wrong()).toMatch(/seal 2: \d of its entries/);
  });

  it('a row put in at the end', async () => {
    await owner.query(
      `insert into coordinator.disclosure (${columns})
       select case_id, place + 1, at, 'police', service, referral_id, kind, fields, absent, basis, purpose, agreement,
         fact, cause, hash from coordinator.disclosure where case_id = $1 and ${LAST}`,
      [found.id],
    );
    expect(await wrong()).toContain(`entry 6 of case ${found.id}: it does not follow`);
  });

  it('two rows swapped', async () => {
    const place = 'update coordinator.disclosure set place = $2 where case_id = $1 and place = $3';
    for (const [to, from] of [
      [100, 2],
      [2, 3],
      [3, 100],
    ])
      await owner.query(place, [found.id, to, from]);
    expect(await wrong()).toContain(`entry 2 of case ${found.id}: it does not follow`);
  });

  it('rows of two cases swapped in their order', async () => {
    const ids = `select id from coordinator.disclosure where case_id = $1 and place = 1`;
    const [a, b] = await Promise.all(
      [others[0]!, others[2]!].map(async ({ id }) => (await owner.query(ids, [id])).rows[0].id),
    );
    await owner.query('alter table coordinator.disclosure alter id drop identity');
    await owner.query(
      'update coordinator.disclosure set id = $1::bigint + $2::bigint - id where id in ($1, $2)',
      [a, b],
    );
    await owner.query('alter table coordinator.disclosure alter id add generated always as identity');
    expect(await wrong()).toContain('seal 2: an entry under it is not the one that was sealed');
  });

  it('the chain of a case written anew, head and all', async () => {
    await rewriteChain(others[0]!.id, 'police');
    expect(await wrong()).toContain('seal 2: an entry under it is not the one that was sealed');
  });

  it('a seal changed, or deleted', async () => {
    await owner.query('update coordinator.disclosure_seal set entries = entries + 1 where number = 1');
    expect(await wrong()).toContain('seal 1: it does not follow');
    await owner.query('delete from coordinator.disclosure_seal where number = 1');
    expect(await wrong()).toContain('seal 2: seal 1 before it is missing');
  });

  it('the last seals deleted, by whoever noted one of them', async () => {
    const { lastSeal } = await verifyLedger(owner);
    await owner.query('delete from coordinator.disclosure_seal where number = 2');
    expect(await wrong()).toBeUndefined();
    expect(await wrong(lastSeal)).toContain('the ledger was written anew');
  });
});

/** Writes the head of a case as its rows have it now. */
async function rewriteHead(id: string): Promise<void> {
  await owner.query(
    `update coordinator.case_file set body = jsonb_set(body::jsonb, '{disclosed}', (
       select jsonb_build_object('entries', place, 'hash', encode(hash, 'hex'))
       from coordinator.disclosure where case_id = $1::uuid order by place desc limit 1))::text
     where key = $1::text`,
    [id],
  );
}

/** What somebody who knows the rules, and may write everything, would do to hide a recipient. */
async function rewriteChain(id: string, recipient: string): Promise<void> {
  const { rows } = await owner.query(
    `select ${ENTRY_COLUMNS} from coordinator.disclosure where case_id = $1 order by place`,
    [id],
  );
  const told = rows.map((row) => ({ ...entryOf(row), agency: recipient }));
  for (const entry of chainedTo(id, undefined, told)) {
    await owner.query(
      'update coordinator.disclosure set agency = $3, hash = $4 where case_id = $1 and place = $2',
      [id, entry.place, entry.agency, Buffer.from(entry.hash, 'hex')],
    );
  }
  await rewriteHead(id);
}
