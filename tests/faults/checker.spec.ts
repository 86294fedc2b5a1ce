import { defineAgency, type Policy } from '@retorno/agency';
import { chained } from '@retorno/messaging';
import { createLogger } from '@retorno/service';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { startTopology } from '../../apps/local/topology';
import { eventually } from '../support/eventually';
import { manifestCsv, manifestRows } from '../support/manifest';
import { startPostgres, type TestDatabase } from '../support/postgres';
import { check } from './checker';
import { freshSecrets } from '../../apps/local/secrets';
import { bearersOf, issuerWithin } from '../support/bearers';

const CASES = 4;
const ANSWERS = 'referrals.registry.answers.v1';

const atOnce: Policy = (_referral, { type }) =>
  type === 'requested' ? [{ status: 'accepted' }, { status: 'completed' }] : [];

const service = {
  ack: '1 d',
  done: '2 d',
  basis: 'consent' as const,
  purpose: 'social' as const,
  law: 'Law of the damage',
  sees: ['name' as const],
};
const agencies = [
  defineAgency({
    slug: 'registry',
    name: 'A registry',
    version: 1,
    services: [{ code: 'card', for: ['identity-document'], requires: [], ...service }],
    policy: atOnce,
  }),
  defineAgency({
    slug: 'clinic',
    name: 'A clinic',
    version: 1,
    services: [{ code: 'visit', for: ['health-care'], requires: ['card'], ...service }],
    policy: atOnce,
  }),
];

let origin: TestDatabase;
let admin: Client;

/** Runs a few cases through all services, once; every test damages a copy of what they leave. */
beforeAll(async () => {
  origin = await startPostgres();
  const secrets = freshSecrets();
  const topology = await startTopology({
    adminUrl: origin.url,
    secrets,
    agencies,
    port: 0,
    logger: createLogger('checker', 'silent'),
  });
  const rows = manifestRows({ rows: CASES }).map((row) => ({
    ...row,
    vulnerabilities: '',
    relationship: 'single',
    needs: 'identity-document|health-care',
    consent: 'granted',
    consent_at: '2026-11-20T08:00:00-05:00',
  }));
  await fetch(`${topology.url}/intake/manifests`, {
    method: 'POST',
    headers: {
      'content-type': 'text/csv',
      authorization: await bearersOf(issuerWithin(topology.url, secrets))('POST', '/intake/manifests'),
    },
    body: manifestCsv(rows),
  });
  const client = await connected(origin.url);
  await eventually(async () => {
    const { rows: found } = await client.query(
      `select count(*)::int as served from coordinator.case_file join coordinator.open_case using (key)
       where body like '%"slot":"visit"%' and agencies = '{}' and not exists (select from clinic.outbox)
         and not exists (select from coordinator.outbox) and not exists (select from registry.outbox)`,
    );
    return found[0]!.served === CASES;
  });
  await client.end();
  await topology.stop();
  admin = await connected(new URL('/postgres', origin.url).toString());
});

afterAll(async () => {
  await admin?.end();
  await origin?.stop();
});

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

/** Checks a copy of the run after some damage. */
async function afterDamage(damage: (db: Client) => Promise<unknown>): ReturnType<typeof check> {
  const name = `damaged_${randomBytes(6).toString('hex')}`;
  await admin.query(`create database ${name} template ${new URL(origin.url).pathname.slice(1)}`);
  try {
    const url = new URL(`/${name}`, origin.url);
    url.search = new URL(origin.url).search;
    const db = await connected(url.toString());
    try {
      await damage(db);
    } finally {
      await db.end();
    }
    return await check(url.toString());
  } finally {
    await admin.query(`drop database ${name} with (force)`);
  }
}

/** The events of the streams of a topic. */
const ANSWER_EVENTS = 'stream in (select stream from registry.stream_head where topic = $1)';

interface Stream {
  key: string;
  ids: string[];
}

/** One stream of the registry's answers: received, accepted, completed. */
async function answersOf(db: Client): Promise<Stream> {
  const { rows } = await db.query<{ key: string; ids: string[] }>(
    `select key, array_agg(envelope::json ->> 'id' order by key_seq) as ids
     from registry.event_log where topic = $1 group by key order by key limit 1`,
    [ANSWERS],
  );
  return rows[0]!;
}

async function setCursor(
  db: Client,
  key: string,
  handled: readonly string[],
  lastSeq: number,
): Promise<void> {
  const digest = handled.reduce((chain, id) => chained(chain, id), '');
  await db.query(
    'update coordinator.stream_cursor set digest = $3, last_seq = $4 where topic = $1 and key = $2',
    [ANSWERS, key, digest, lastSeq],
  );
}

/** What the coordinator counts as handled, instead of the three answers once and in order. */
function handling(choose: (ids: string[]) => (string | undefined)[], lastSeq = 3) {
  return async (db: Client): Promise<void> => {
    const { key, ids } = await answersOf(db);
    await setCursor(db, key, choose(ids) as string[], lastSeq);
  };
}

async function setAside(db: Client, table: 'parked' | 'held', key: string): Promise<void> {
  const extra = table === 'parked' ? ', parked_at, cause' : '';
  const values = table === 'parked' ? `, now(), 'a reason'` : '';
  await db.query(
    `insert into coordinator.${table} (consumer, topic, key, key_seq, envelope${extra})
     select 'coordinator', topic, key, key_seq, envelope${values}
     from registry.event_log where topic = $1 and key = $2 and key_seq = 3`,
    [ANSWERS, key],
  );
}

describe('a run in which nothing went wrong', () => {
  it('is found to be one, with everything counted', async () => {
    const report = await afterDamage(async () => undefined);

    expect(report.problems).toEqual([]);
    expect(report).toMatchObject({
      ok: true,
      cases: CASES,
      referrals: 2 * CASES,
      inFlight: 0,
      parked: 0,
      held: 0,
      skipped: 0,
    });
    expect(report.streams).toBeGreaterThanOrEqual(2 + 6 * CASES);
  });

  it.each(['parked', 'held'] as const)('may have an event %s: it counts as accounted for', async (place) => {
    const report = await afterDamage(async (db) => {
      const { key, ids } = await answersOf(db);
      await setCursor(db, key, ids.slice(0, 2), 2);
      await setAside(db, place, key);
    });

    expect(report).toMatchObject({ ok: true, [place]: 1 });
  });

  it('may have an event that a person skipped', async () => {
    const report = await afterDamage(async (db) => {
      const { key, ids } = await answersOf(db);
      await setCursor(db, key, ids.slice(0, 2), 3);
      await db.query(
        `insert into coordinator.skipped (id, consumer, topic, key, key_seq, envelope, reason, skipped_by, skipped_at)
         select gen_random_uuid(), 'coordinator', topic, key, key_seq, envelope, 'a reason', 'somebody', now()
         from registry.event_log where topic = $1 and key = $2 and key_seq = 3`,
        [ANSWERS, key],
      );
    });

    expect(report).toMatchObject({ ok: true, skipped: 1 });
  });

  it('may still have events to send', async () => {
    const report = await afterDamage(async (db) => {
      const { key, ids } = await answersOf(db);
      await setCursor(db, key, ids.slice(0, 2), 2);
      await db.query(
        `insert into registry.outbox (streams, firsts, counts, events)
         select array[stream], array[3], array[1], 1 from registry.stream_head where topic = $1 and key = $2`,
        [ANSWERS, key],
      );
    });

    expect(report).toMatchObject({ ok: true, inFlight: 1 });
  });
});

describe('what broke the promise of each event once and in order is named', () => {
  it.each<[string, (db: Client) => Promise<unknown>, RegExp]>([
    ['an event that the cursor passed unhandled', handling(([a, , c]) => [a, c]), /event 2 is lost/],
    ['an event that never arrived', handling(([a, b]) => [a, b], 2), /event 3 is lost: neither handled/],
    ['an event handled twice', handling(([a, b, c]) => [a, b, b, c]), /event 2 was handled twice/],
    [
      'two events in the wrong order',
      handling(([a, b, c]) => [a, c, b]),
      /event 3 was handled before event 2/,
    ],
    ['events of somebody else', handling(([a, b]) => [a, b, 'other']), /not those written/],
    ['more handled than written', handling((ids) => ids, 4), /handled up to 4 of 3/],
    [
      'an event both handled and parked',
      async (db) => setAside(db, 'parked', (await answersOf(db)).key),
      /event 3 is parked and counted as handled/,
    ],
    [
      'a gap in the log of the writer',
      (db) => db.query(`delete from registry.event where key_seq = 2 and ${ANSWER_EVENTS}`, [ANSWERS]),
      /3 places were handed out and 2 events are in the log/,
    ],
    [
      'a place left out',
      (db) =>
        db.query(`update registry.event set key_seq = 4 where key_seq = 3 and ${ANSWER_EVENTS}`, [ANSWERS]),
      /has a gap at 3/,
    ],
    [
      'an id used twice',
      async (db) => {
        const { ids } = await answersOf(db);
        await db.query('update registry.event set body = replace(body, $1, $2)', [ids[1], ids[0]]);
      },
      /an event id stands in the log twice/,
    ],
    [
      'a stream that nobody wrote',
      (db) =>
        db.query(
          `update coordinator.stream_cursor set key = 'ghost' where topic = 'agencies.catalogue.v1' and key = 'clinic'`,
        ),
      /agencies\.catalogue\.v1\/ghost: coordinator knows a stream that nobody wrote/,
    ],
    [
      'a writer that does not own its stream',
      (db) =>
        db.query(`insert into clinic.stream_head (topic, key, next_seq) values ($1, 'somebody', 1)`, [
          ANSWERS,
        ]),
      /written by clinic, whose stream it is not/,
    ],
    [
      'a parked stream that is not listed',
      (db) =>
        db.query(
          `insert into clinic.parked (consumer, topic, key, key_seq, envelope, parked_at)
           values ('nobody', 't', 'k', 1, '{}', now())`,
        ),
      /t\/k: is parked at clinic and not listed/,
    ],
  ])('%s', async (_what, damage, named) => {
    const report = await afterDamage(damage);

    expect(report.ok).toBe(false);
    expect(report.problems.join('\n')).toMatch(named);
  });
});

describe('what was forgotten or doubled between services is named', () => {
  const firstCase = '(select min(key) from coordinator.case_file)';

  it.each<[string, string, RegExp]>([
    [
      'a case whose timer is gone',
      `delete from coordinator.timer where key = ${firstCase}`,
      /RT-.* has no timer/,
    ],
    [
      'a case whose timer comes too late',
      `update coordinator.timer set due_at = due_at + interval '1 day'`,
      /its timer is set for later/,
    ],
    [
      'a timer that did not fire',
      `update coordinator.timer set due_at = now() - interval '2 minutes'`,
      /timer case of .* did not fire/,
    ],
    [
      'a case that waits for nothing',
      `with gone as (delete from coordinator.timer)
       update coordinator.case_file set body = (body::jsonb - 'dueAt')::text`,
      /nobody is told: forgotten/,
    ],
    [
      'an escalation that is not listed',
      `update coordinator.case_file
       set body = jsonb_set(body::jsonb, '{state,escalations}', '[{"id":"e1"}]')::text where key = ${firstCase}`,
      /escalation e1 is open and not listed/,
    ],
    [
      'two open referrals for one service',
      `update coordinator.case_file set body = replace(replace(body, '"status":"completed"', '"status":"accepted"'),
         '"slot":"visit"', '"slot":"card"')`,
      /two referrals are open for one service/,
    ],
    [
      'a referral that its agency lost',
      'delete from clinic.referral',
      /took the request and does not know it/,
    ],
    [
      'a referral that nobody sent',
      `create temporary table made_up as select * from registry.referral limit 1; update made_up set key = 'made-up';
       insert into registry.referral table made_up`,
      /registry: knows referral made-up/,
    ],
    [
      'a referral that was asked for of another service',
      `update clinic.referral set service = 'surgery'`,
      /the agency has it as surgery/,
    ],
    [
      'a registered returnee without a case',
      `delete from coordinator.case_file where key = ${firstCase}`,
      /was registered and handled, and does not exist/,
    ],
    [
      'a case without a returnee',
      `alter table intake.consent_given drop constraint consent_given_returnee_id_fkey;
       delete from intake.returnee where case_id::text = ${firstCase}`,
      /belongs to no returnee/,
    ],
    [
      'an accepted row that led to nobody',
      `alter table intake.consent_given drop constraint consent_given_returnee_id_fkey;
       delete from intake.returnee where case_id::text = ${firstCase}`,
      /accepted line \d+ has no returnee/,
    ],
  ])('%s', async (_what, sql, named) => {
    const report = await afterDamage((db) => db.query(sql));

    expect(report.problems.join('\n')).toMatch(named);
  });
});
