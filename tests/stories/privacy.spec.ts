import { defineAgency, leaveToStaff } from '@retorno/agency';
import { answersTopic, DISCLOSED_FIELDS, requestsTopic } from '@retorno/contracts';
import { Client } from 'pg';
import type { LiveConnection } from '../support/live';
import { agency, offer } from '../support/fixtures';
import { returneeBody } from '../support/returnee';
import { referralOf, type Case } from '../support/case-view';
import { System, type Registered } from '../support/system';

/** Everything about her that would tell who she is, or what she suffers from. */
const her = returneeBody({
  external_id: 'secret-ext-4711',
  family_names: 'Ñaupari Huillca',
  given_names: 'Yanay Killari',
  date_of_birth: '1987-03-09',
  document_number: '71717171',
  household: 'HOUSE-9XQ',
  phone: '+51977553311',
  email: 'yanay.killari@example.org',
  languages: ['qu', 'es'],
  flight: 'ZQ6543',
  destination_ubigeo: '120107',
  vulnerabilities: ['tb-or-hiv', 'gender-based-violence', 'trafficking', 'mental-distress'],
  needs: ['health-insurance', 'health-care', 'employment', 'shelter'],
});
const PERSONAL = [
  'secret-ext-4711',
  'Ñaupari',
  'Yanay',
  '1987-03-09',
  '71717171',
  'HOUSE-9XQ',
  '977553311',
  'yanay.killari',
  'ZQ6543',
  '120107',
  '72727272',
  'weeps at night',
  'nurse Torres',
];

/** One service for each field that can be declared, and one agency that sees nothing but names. */
const curious = defineAgency({
  slug: 'curious',
  name: 'Sees one field a service',
  version: 1,
  services: DISCLOSED_FIELDS.map((field) =>
    offer(`sees-${field}`, { for: ['mental-distress'], sees: [field], basis: 'vital-interests' }),
  ),
  policy: leaveToStaff,
});

let system: System;
let live: LiveConnection;
let who: Registered;
let found: Case;
const log: string[] = [];

beforeAll(async () => {
  system = await System.start({
    fixtures: [curious, agency('refuge', offer('shelter', { for: ['shelter'], basis: 'vital-interests' }))],
    log: (line) => log.push(line),
  });
  live = await system.follow();
  const registered = await system.call('POST', '/intake/returnees', her);
  who = registered.body as Registered;
  await system.settle();
  const id = { id: who.caseId };
  await system.complete(id, 'dni-verify', 'not-found');
  await system.complete(id, 'dni-issue', { document: '72727272' });
  await system.answers(id, 'medical-care', {
    status: 'accepted',
    note: 'weeps at night',
    by: 'nurse Torres',
  });
  await system.consent(who, 'withdrawn');
  found = await system.caseOf(id);
});
afterAll(async () => {
  live.close();
  await system.stop();
});

/** What the database keeps; stories read it for this one question only. */
async function rows<T extends object>(sql: string): Promise<T[]> {
  const client = new Client({ connectionString: system.database.url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

const SERVICES = [
  'intake',
  'coordinator',
  'identity',
  'health',
  'insurance',
  'employment',
  'refuge',
  'curious',
];

function expectNothingPersonal(text: string): void {
  expect(text).not.toBe('');
  expect(PERSONAL.filter((value) => text.includes(value))).toEqual([]);
}

describe('an agency', () => {
  const fieldsOf: Record<string, string[]> = {
    name: ['familyNames', 'givenNames'],
    'code-name': ['codeName'],
    birth: ['dateOfBirth'],
    sex: ['sex'],
    nationality: ['nationality'],
    document: ['documentNumber', 'documentType'],
    district: ['destinationUbigeo'],
    contact: ['email', 'languages', 'phone'],
    'safe-contact': ['safePhone'],
    languages: ['languages'],
    household: ['household'],
    port: ['portOfEntry'],
    flight: ['flight'],
    'years-abroad': ['yearsAbroad'],
    'place-of-detention': [],
    'health-facts': ['healthFacts'],
    certificate: [],
  };

  it.each(DISCLOSED_FIELDS)('that declares %s receives that and nothing else', async (field) => {
    const { returnee } = await system.seenBy('curious', referralOf(found, `sees-${field}`));
    expect(Object.keys(returnee).toSorted()).toEqual(fieldsOf[field]);
  });

  it('is told of health facts only, never of violence or trafficking', async () => {
    const { returnee } = await system.seenBy('curious', referralOf(found, 'sees-health-facts'));
    expect(returnee.healthFacts.toSorted()).toEqual(['mental-distress', 'tb-or-hiv']);
  });

  it('that sees no health facts cannot find them in anything it has', async () => {
    for (const slug of ['insurance', 'employment', 'identity', 'refuge']) {
      const ids = await rows<{ id: string }>(`select key as id from ${slug}.referral`);
      const kept = await Promise.all(ids.map((referral) => system.seenBy(slug, referral)));
      const told = await system.written('coordinator', requestsTopic(slug));
      const answered = await system.written(slug, answersTopic(slug));
      expect([kept.length > 0, told.length > 0, answered.length > 0]).toEqual([true, true, true]);
      const text = JSON.stringify([kept, told, answered]);
      for (const fact of ['tb-or-hiv', 'gender-based-violence', 'trafficking', 'mental-distress']) {
        expect(text).not.toContain(fact);
      }
    }
  });

  it('shows health facts as restricted in its list', async () => {
    const list = await system.all('/agencies/health/referrals');
    expect(JSON.stringify(list)).not.toContain('tb-or-hiv');
  });

  it('knows the case by a reference of its own, under which no other agency knows it', async () => {
    const references = await Promise.all(
      ['dni-verify', 'medical-care', 'shelter', 'sees-name'].map(async (service) => {
        const referral = referralOf(found, service);
        const seen = await system.seenBy(referral.agency, referral);
        for (const known of [who.caseId, who.caseNumber, who.returneeId]) {
          expect(JSON.stringify(seen)).not.toContain(known);
        }
        return seen.caseRef as string;
      }),
    );
    expect(new Set(references).size).toBe(references.length);
    const one = await system.seenBy('curious', referralOf(found, 'sees-sex'));
    expect(one.caseRef).toBe(references[3]);
  });

  it('gets no header that would join its file with that of another', async () => {
    const envelopes = await rows<{ topic: string; envelope: string }>(
      `select topic, envelope from coordinator.event_log where topic like 'referrals.%'`,
    );
    const seen = new Map<string, string>();
    for (const { topic, envelope } of envelopes) {
      const { data: _data, id, time: _time, ...headers } = JSON.parse(envelope);
      for (const [name, value] of Object.entries({ ...headers, id })) {
        if (!/^(id|partitionkey|correlationid|causationid|traceparent)$/.test(name)) continue;
        const key = `${name} ${String(value)}`;
        expect([key, seen.get(key) ?? topic]).toEqual([key, topic]);
        seen.set(key, topic);
        expect(value).not.toBe(who.caseId);
      }
    }
    expect(envelopes.length).toBeGreaterThan(10);
  });
});

describe('personal data', () => {
  it('is not in cases.v1 or the live view', async () => {
    const events = await rows<{ envelope: string }>(
      `select envelope from coordinator.event_log where topic = 'cases.v1'`,
    );
    expectNothingPersonal(events.map((row) => row.envelope).join('\n'));
    await live.until((events) => events.length > 10);
    expectNothingPersonal(JSON.stringify(live.events));
  });

  it('is in no key, header or log', async () => {
    for (const service of SERVICES) {
      const events = await rows<{ key: string; envelope: string }>(
        `select key, envelope from ${service}.event_log`,
      );
      const headers = events.map(({ key, envelope }) => {
        const { data: _data, ...attributes } = JSON.parse(envelope);
        return `${key} ${JSON.stringify(attributes)}`;
      });
      expectNothingPersonal(`${service} ${headers.join('\n')}`);
    }
    expectNothingPersonal(log.join(''));
  });

  it('is in none of the tables of the coordinator but the restricted one and what it sends', async () => {
    const tables = await rows<{ name: string }>(
      `select table_name as name from information_schema.tables
       where table_schema = 'coordinator' and table_name not in ('person', 'event', 'event_log', 'outbox')`,
    );
    expect(tables.map((table) => table.name)).toEqual(
      expect.arrayContaining(['case_file', 'escalation', 'timer']),
    );
    for (const { name } of tables) {
      const kept = await rows(`select t::text from coordinator.${name} t`);
      expectNothingPersonal(`${name} ${JSON.stringify(kept)}`);
    }
  });

  it('is in no list, no figure and no error', async () => {
    for (const path of [
      '/cases',
      '/escalations',
      '/agencies',
      '/roundtable',
      '/parked',
      '/metrics',
      '/readyz',
      '/cases/summary',
    ]) {
      expectNothingPersonal(`${path} ${JSON.stringify(await system.get(path))}`);
    }
    const twice = await system.call('POST', '/intake/returnees', {
      ...her,
      sex: 'Yanay',
      phone: '977553311',
    });
    expect(twice.status).toBe(422);
    expectNothingPersonal(JSON.stringify(twice.body));
  });
});
