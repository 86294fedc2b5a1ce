import type { Envelope } from '@retorno/contracts';
import { eventually } from '../support/eventually';
import { Client } from 'pg';
import { referralOf, type Case } from '../support/case-view';
import { foundIn } from '../support/personal';
import { returneeBody } from '../support/returnee';
import { System, type Registered } from '../support/system';

/** Everything that tells who she is, or that somebody said about her. */
const her = returneeBody({
  external_id: 'marker-ext-88412',
  family_names: 'Xzumaeta Qollqewaman',
  given_names: 'Wayrachka',
  date_of_birth: '1971-02-27',
  document_type: 'dni',
  document_number: '76543217',
  household: 'HOUSE-77Q',
  phone: '+51955443322',
  email: 'wayrachka.x@example.org',
  flight: 'XQ7731',
  needs: ['health-care', 'employment'],
  vulnerabilities: [],
});
const SAID = {
  note: 'Wayrachkanote called from the Quillotambo shelter',
  by: 'Staffmarker Ibarrola',
  information: 'Infomarker: she is at her sister’s',
};
const MARKERS = [
  'marker-ext-88412',
  'Xzumaeta',
  'Qollqewaman',
  'Wayrachka',
  'Wayrachkanote',
  'Quillotambo',
  'Staffmarker',
  'Ibarrola',
  'Infomarker',
  '1971-02-27',
  '76543217',
  'HOUSE-77Q',
  '955443322',
  'wayrachka.x',
  'XQ7731',
];

let system: System;
let admin: Client;
let who: Registered;
let other: Registered;
let statistics: unknown;
let page: string;

/** Every table of every service as text, by name: what a backup holds that leaves the vault out. */
async function copyOfEverything(): Promise<Map<string, string>> {
  const tables = await rows<{ schema: string; name: string }>(
    `select table_schema as schema, table_name as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('vault', 'backup', 'pg_catalog', 'information_schema')`,
  );
  const copy = new Map<string, string>();
  for (const { schema, name } of tables) {
    // Who acted stands in the audit by name: that is staff, and stays. Nothing else there may tell of her.
    const row = schema === 'audit' ? `to_jsonb(t) - 'name' - 'subject'` : 't';
    const kept = await rows<{ text: string }>(`select (${row})::text as text from "${schema}"."${name}" t`);
    copy.set(`${schema}.${name}`, kept.map(({ text }) => text).join('\n'));
  }
  return copy;
}

async function rows<T extends object>(sql: string, params: unknown[] = []): Promise<T[]> {
  return (await admin.query<T>(sql, params)).rows;
}

/** Where a copy tells who she is. */
function tellers(copy: ReadonlyMap<string, string>): string[] {
  return [...copy].flatMap(([table, text]) => foundIn(text, MARKERS).map((marker) => `${table}: ${marker}`));
}

/** What anybody can get to see of her case, through every interface that there is. */
async function shown(): Promise<string> {
  const answers = [
    await system.call('GET', `/cases/${who.caseId}`),
    await system.call('GET', `/intake/returnees/${who.returneeId}`),
    await system.call('GET', `/intake/returnees/${who.returneeId}/retention`),
    await system.call('GET', '/cases?limit=200'),
    await system.call('GET', '/escalations?limit=200'),
  ];
  for (const slug of AGENCIES) {
    for (const { id } of await system.all<{ id: string }>(`/agencies/${slug}/referrals`)) {
      answers.push(await system.call('GET', `/agencies/${slug}/referrals/${id}`));
    }
    answers.push(await system.call('GET', `/agencies/${slug}/referrals?limit=200`));
  }
  expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
  return JSON.stringify(answers.map(({ body }) => body));
}

const AGENCIES = ['identity', 'health', 'employment'];

function decide(what: 'erasure' | 'hold' | 'release', reason = 'asked for in writing') {
  return system.call('POST', `/intake/returnees/${who.returneeId}/${what}`, { reason, by: 'data officer' });
}

/** Answers each referral to its end, with words of staff about her. */
async function serve(of: { caseId: string }): Promise<void> {
  const found = (): Promise<Case> => system.caseOf(of);
  const answer = async (service: string, body: object): Promise<void> => {
    const { status, body: said } = await system.answer(referralOf(await found(), service), body, {
      'Idempotency-Key': `${of.caseId} ${service} ${JSON.stringify(body).length}`,
    });
    expect([service, status, said]).toEqual([service, 201, said]);
  };
  const { note, by, information } = SAID;
  await answer('medical-care', { status: 'accepted', note, by });
  await answer('medical-care', { status: 'accepted', businessStatus: 'info-requested', note });
  const [escalation] = await system.all<{ id: string }>(`/escalations?case=${of.caseId}`);
  const claimed = await system.call('POST', `/escalations/${escalation!.id}/claim`, {
    by: 'operations',
    note,
  });
  expect(claimed.status).toBe(200);
  const asking = referralOf(await found(), 'medical-care');
  const supplied = { information, by };
  const { status } = await system.call(
    'POST',
    `/cases/${of.caseId}/referrals/${asking.id}/information`,
    supplied,
  );
  expect(status).toBe(200);
  await answer('medical-care', { status: 'completed', note, by });
  await answer('dni-verify', { status: 'accepted', by });
  await answer('dni-verify', { status: 'completed', outcome: 'verified', by });
  await answer('job-placement', { status: 'accepted', by });
  await answer('job-placement', { status: 'completed', note, by, outcome: { certificate: note } });
}

async function confirmAll(of: { caseId: string }): Promise<void> {
  for (const service of ['medical-care', 'job-placement']) {
    const { id } = referralOf(await system.caseOf(of), service);
    await system.call('POST', `/cases/${of.caseId}/referrals/${id}/confirmation`, {
      outcome: 'confirmed',
      by: SAID.by,
      channel: 'telephone',
      reason: SAID.note,
    });
  }
  await system.settle();
}

beforeAll(async () => {
  system = await System.start({ env: { VAULT_CACHE_SECONDS: '1' } });
  admin = new Client({ connectionString: system.database.url });
  await admin.connect();
  who = await system.register(her);
  other = await system.register({ given_names: 'Otramarker', needs: ['health-care'] });
  await serve(who);
});

afterAll(async () => {
  await admin.end();
  await system.stop();
});

describe('while the case is open', () => {
  it('everybody who serves her knows her', async () => {
    expect(await shown()).toContain('Qollqewaman');
  });

  it('no table holds anything of her that can be read, in no service', async () => {
    expect(tellers(await copyOfEverything())).toEqual([]);
  });

  it('nothing is erased: 409 says what has to come first', async () => {
    const { status, body } = await decide('erasure');
    expect([status, body.type, body.possible]).toEqual([
      409,
      expect.stringContaining('case-open'),
      ['close the case'],
    ]);
  });
});

describe('once the case has ended', () => {
  beforeAll(async () => {
    await confirmAll(who);
    expect((await system.caseOf(who)).status).toBe('completed');
    statistics = [await system.get('/statistics'), await system.get('/cases/summary')];
  });

  it('its data is kept for ten years from then', async () => {
    const { keptUntil, erased } = await system.get(`/intake/returnees/${who.returneeId}/retention`);
    expect([keptUntil.slice(0, 4), erased]).toEqual(['2036', false]);
  });

  it('a legal hold stops an erasure until it is released', async () => {
    expect((await decide('hold', 'proceedings are pending')).status).toBe(200);
    const { status, body } = await decide('erasure');
    expect([status, body.type, body.possible]).toEqual([
      409,
      expect.stringContaining('legal-hold'),
      ['release'],
    ]);
    expect(await shown()).toContain('Qollqewaman');
    expect((await decide('release', 'proceedings have ended')).status).toBe(200);
  });
});

describe('erased', () => {
  const DOCUMENTS = [
    'coordinator.person',
    ...AGENCIES.flatMap((slug) => [`${slug}.referral`, `${slug}.idempotency`]),
  ];
  const BACKUP = [
    ...DOCUMENTS,
    'intake.returnee',
    ...['coordinator', 'intake', ...AGENCIES].map((service) => `${service}.event`),
  ];

  beforeAll(async () => {
    // A backup of the day before, without the vault.
    await admin.query('create schema backup');
    for (const table of BACKUP) {
      await admin.query(`create table backup."${table}" as table ${table}`);
    }
    const link = await system.call('POST', '/portal/links', { caseId: who.caseId });
    page = new URL(link.body.url).pathname;
    expect((await system.call('GET', page)).status).toBe(200);
    expect((await decide('erasure')).status).toBe(202);
    await eventually(async () => {
      const { erased } = await system.get(`/intake/returnees/${who.returneeId}/retention`);
      return erased || undefined;
    });
  });

  it('nobody can see who she was, anywhere, once services have forgotten the keys', async () => {
    await eventually(async () => foundIn(await shown(), MARKERS).length === 0 || undefined, 10_000);
    expect(foundIn(await shown(), MARKERS)).toEqual([]);
  });

  it('no key of hers is left: not at the coordinator, at intake, or at any agency that she was referred to', async () => {
    const left = await rows<{ subject: string }>(
      `select subject from vault.subject_key where wrapped is not null and subject not like 'intake/%'`,
    );
    const spaces = left.map(({ subject }) => subject.split('/')[0]!).toSorted();
    // The other person's: her case, and her one referral or two.
    const others = (await system.caseOf(other)).referrals.map(
      (referral: { agency: string }) => referral.agency,
    );
    expect(spaces).toEqual(['case', ...new Set<string>(others)].toSorted());
    expect(left.map(({ subject }) => subject)).toContain(`case/${other.caseId}`);
  });

  it('her returnee is gone (410), her case says since when, her referrals say so to their agencies', async () => {
    const returnee = await system.call('GET', `/intake/returnees/${who.returneeId}`);
    expect([returnee.status, returnee.body.erased]).toEqual([410, true]);
    const found = await system.get(`/cases/${who.caseId}`);
    expect([found.status, typeof found.erasedAt]).toEqual(['completed', 'string']);
    for (const slug of AGENCIES) {
      const list = await system.all<any>(`/agencies/${slug}/referrals`);
      const ofHers = found.referrals.filter((r: any) => r.agency === slug).map((r: any) => r.id);
      for (const id of ofHers) {
        const line = list.find((referral) => referral.id === id);
        expect([slug, line.erased, line.returnee, line.status]).toEqual([slug, true, {}, 'completed']);
      }
      expect([slug, ofHers.length > 0]).toEqual([slug, true]);
    }
  });

  it('the link that she had opens nothing any more', async () => {
    expect((await system.call('GET', page)).status).toBe(404);
  });

  it('statistics are what they were', async () => {
    expect([await system.get('/statistics'), await system.get('/cases/summary')]).toEqual(statistics);
  });

  it('everybody else is still known', async () => {
    expect(JSON.stringify(await system.get(`/intake/returnees/${other.returneeId}`))).toContain('Otramarker');
    const { id } = referralOf(await system.caseOf(other), 'medical-care');
    expect(JSON.stringify(await system.seenBy('health', { id }))).toContain('Otramarker');
  });

  it('documents that are restored from a backup bring nothing of her back', async () => {
    await admin.query(
      `update intake.returnee r set details = b.details from backup."intake.returnee" b where b.id = r.id`,
    );
    for (const table of DOCUMENTS) {
      await admin.query(`delete from ${table}`);
      await admin.query(`insert into ${table} select * from backup."${table}"`);
    }
    await eventually(async () => foundIn(await shown(), MARKERS).length === 0 || undefined, 10_000);
    const list = JSON.stringify(await system.all('/agencies/health/referrals'));
    expect([list.includes('"erased":true'), list.includes('Otramarker')]).toEqual([true, true]);
  });

  it('events that are sent again from a backup tell nothing of her', async () => {
    for (const service of ['intake', 'coordinator', ...AGENCIES]) {
      const events = await rows<{ topic: string; key: string; key_seq: string; body: string }>(
        `select topic, key, key_seq, body from backup."${service}.event" join ${service}.stream_head using (stream)`,
      );
      const records = events.map(({ topic, key, key_seq, body }) => ({
        topic,
        envelope: { ...JSON.parse(body), partitionkey: key, keyseq: Number(key_seq) } as Envelope,
      }));
      const { messaging } = system.topology.services.find(({ name }) => name === service)!;
      const open = await messaging.opened(records);
      expect([service, open.length > 0, foundIn(JSON.stringify(open), MARKERS)]).toEqual([service, true, []]);
      if (service === 'intake') expect(JSON.stringify(open)).toContain('Otramarker');
    }
  });

  it('nothing more can be done under the case, and the same row sent again does not bring her back', async () => {
    const reopened = await system.try({ id: who.caseId }, 'reopen', { reason: 'she came back' });
    expect([reopened.status, reopened.body.erased]).toEqual([410, true]);
    const again = await system.call('POST', '/intake/returnees', her);
    expect([again.status, again.body.returneeId]).toEqual([200, who.returneeId]);
    expect(foundIn(await shown(), MARKERS)).toEqual([]);
    expect((await decide('hold')).status).toBe(410);
    expect((await decide('erasure')).body.erased).toBe(true);
  });

  it('what was decided stays on record, with who and why', async () => {
    const { record } = await system.get(`/intake/returnees/${who.returneeId}/retention`);
    expect(record.map(({ what, by }: any) => [what, by])).toEqual([
      ['held', 'data officer'],
      ['released', 'data officer'],
      ['erasure-requested', 'data officer'],
      ['erased', undefined],
    ]);
  });
});
