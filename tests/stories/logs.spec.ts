import { defineAgency } from '@retorno/agency';
import { Client } from 'pg';
import type { Case } from '../support/case-view';
import { eventually } from '../support/eventually';
import { agency, offer } from '../support/fixtures';
import { manifestCsv, manifestRows, type ManifestRow } from '../support/manifest';
import { foundIn, personalValues } from '../support/personal';
import { asCells, returneeBody } from '../support/returnee';
import { System } from '../support/system';

type Line = Record<string, unknown> & { msg: string; level: string; service?: string };

const PEOPLE = 100;
/** What staff and returnees type. */
const TYPED = [
  'weeps at night and asks for Beatriz',
  'nurse Torres Aliaga',
  'counter of Señora Pumacahua',
  'the daughter says that nobody came',
  'called on 987 654 321',
  'Wilfredo of the night desk',
  'moved in with an aunt in Comas',
  'CERT-99-Huillca',
];
/** What a list may not show beside a case, and so no log either. */
const RESTRICTED = [
  'tb-or-hiv',
  'pregnant',
  'chronic-illness',
  'mental-distress',
  'disability',
  'disability-card',
  'gender-based-violence',
  'trafficking',
  'unaccompanied-child',
  'special-protection-unit',
  'womens-emergency-centre',
];

/** The only service of this agency says what happened to whoever is sent there. */
const ward = agency(
  'ward',
  offer('womens-emergency-centre', { for: ['gender-based-violence'], basis: 'vital-interests' }),
);
let isBroken = true;
/** Cannot decide anything at first. */
const bureau = defineAgency({
  slug: 'bureau',
  name: 'Legal advice',
  version: 1,
  services: [
    offer('legal-advice', { for: ['legal-advice'], sees: ['name', 'contact', 'birth', 'document'] }),
  ],
  policy: () => {
    if (isBroken) throw new Error('the register does not answer');
    return [];
  },
});

const rows = manifestRows({ rows: PEOPLE, seed: 77 });
const spoilt: ManifestRow[] = manifestRows({ rows: 3, seed: 78 }).map((row, i) => ({
  ...row,
  ...[
    { date_of_birth: 'born on 3 May 1984' },
    { phone: 'ask Señora Pumacahua' },
    { document_type: 'dni', document_number: '7O7O7O7O' },
  ][i],
}));
const bodies = [returneeBody({ email: 'rosa.q@example.org' }), returneeBody({ email: 'rosa.r@example.org' })];

const sent = () => [...rows, ...spoilt, ...bodies.map((body) => asCells(body) as ManifestRow)];

const lines: Line[] = [];
let raw = '';
let system: System;

beforeAll(async () => {
  system = await System.start({
    fixtures: [ward, bureau],
    log: (line) => {
      raw += line;
      lines.push(JSON.parse(line) as Line);
    },
  });
  await story();
});
afterAll(() => system.stop());

async function story(): Promise<void> {
  const report = await system.manifest(manifestCsv([...rows, ...spoilt]));
  expect([report.created, report.rejected]).toEqual([PEOPLE, spoilt.length]);
  await mended();
  await staffAnswer();
  await returneesSpeak();
  await system.advance('8 d');
  await operationsDecide();
  await somebodyGetsItWrong();
  await databaseInTrouble();
  await system.settle();
}

/** The policy works again, and what was parked for it is handled. */
async function mended(): Promise<void> {
  isBroken = false;
  const parked = await system.all<{ id: string }>('/parked');
  expect(parked.length).toBeGreaterThan(3);
  for (const { id } of parked) await system.call('POST', `/parked/${id}/redrive`);
  await system.settle();
}

async function staffAnswer(): Promise<void> {
  const said = [
    { status: 'accepted', note: TYPED[0], by: TYPED[1] },
    { status: 'rejected', code: 'no-capacity', note: TYPED[4], by: TYPED[1] },
    { status: 'accepted', businessStatus: 'info-requested', note: TYPED[3], by: TYPED[2] },
  ];
  for (const slug of ['identity', 'health', 'employment', 'ward', 'bureau']) {
    const worklist = await system.all<{ id: string; service: string }>(`/agencies/${slug}/referrals`);
    for (const [i, { id, service }] of worklist.slice(0, 12).entries()) {
      const place = `/agencies/${slug}/referrals/${id}/answers`;
      const first = service === 'dni-verify' ? said[0] : said[i % said.length];
      await system.call('POST', place, first);
      if (first !== said[0]) continue;
      const outcome = service === 'dni-verify' ? 'verified' : { document: '73737373', certificate: TYPED[7] };
      await system.call('POST', place, { status: 'completed', outcome, note: TYPED[4], by: TYPED[2] });
      await system.call('POST', place, { status: 'accepted', note: TYPED[0], by: TYPED[1] });
    }
  }
  await system.settle();
}

async function returneesSpeak(): Promise<void> {
  const cases = await system.all<{ id: string }>('/cases');
  let spoken = 0;
  for (const { id } of cases) {
    const { referrals } = await system.caseOf({ id });
    for (const referral of referrals.filter((r) => r.confirmBy)) {
      await system.call('POST', `/cases/${id}/referrals/${referral.id}/confirmation`, {
        outcome: spoken++ % 2 ? 'confirmed' : 'disputed',
        by: TYPED[2],
        channel: 'telephone',
        reason: TYPED[3],
      });
    }
  }
  expect(spoken).toBeGreaterThan(5);
  await system.settle();
}

async function operationsDecide(): Promise<void> {
  const open = await system.all<{ id: string; caseId: string }>('/escalations');
  expect(open.length).toBeGreaterThan(10);
  for (const { id } of open.slice(0, 5)) {
    await system.call('POST', `/escalations/${id}/claim`, { by: TYPED[5], note: TYPED[6] });
    await system.call('POST', `/escalations/${id}/resolve`, { reason: TYPED[6], by: TYPED[5] });
  }
  const [first] = open;
  await system.call('POST', `/cases/${first!.caseId}/needs`, {
    code: 'shelter',
    reason: TYPED[6],
    by: TYPED[5],
  });
  await system.call('POST', `/cases/${open.at(-1)!.caseId}/close`, { reason: 'unreachable', note: TYPED[6] });
}

/** Requests that are refused, each with something personal where it does not belong. */
async function somebodyGetsItWrong(): Promise<void> {
  const [row] = rows;
  const personal = encodeURIComponent(row!.given_names);
  const json = { 'content-type': 'application/json' };
  const answers = [
    await system.call('POST', '/intake/returnees', { ...bodies[0], sex: row!.family_names }),
    await system.call('POST', '/intake/returnees', `{"family_names": "${row!.family_names}`, json),
    await system.call('GET', `/cases/${personal}`),
    await system.call('GET', `/cases?limit=${personal}`),
    await system.call('POST', `/cases/${personal}/close`, { reason: TYPED[6] }),
    await system.call('GET', `/agencies/health/referrals/${row!.document_number}`),
    await system.call('POST', `/parked/${personal}/skip`, { reason: TYPED[6], by: TYPED[5] }),
  ];
  for (const { status } of answers) expect([400, 404, 422]).toContain(status);
}

/** Tables vanish while somebody registers and while a relay works, and come back. */
async function databaseInTrouble(): Promise<void> {
  await asOwner('alter table intake.returnee rename to gone');
  const failed = await system.call('POST', '/intake/returnees', bodies[0]);
  expect(failed.status).toBe(500);
  await asOwner('alter table intake.gone rename to returnee');
  await asOwner('alter table health.outbox rename to gone');
  const services = system.topology.services.length;
  await eventually(async () => {
    const { retorno_failures_total: failures, retorno_ready: ready } = await system.metrics();
    return failures! >= 3 && ready === services - 1;
  });
  await asOwner('alter table health.gone rename to outbox');
  await eventually(() => lines.some((line) => line.msg === 'works again'));
  expect((await system.call('POST', '/intake/returnees', bodies[1])).status).toBe(201);
}

async function asOwner(sql: string): Promise<void> {
  const client = new Client({ connectionString: system.database.url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const said = (msg: string) => lines.filter((line) => line.msg === msg);

describe('no line of the log, down to the finest, holds', () => {
  const withoutTime = (line: Line) => JSON.stringify({ ...line, time: undefined });

  it('a personal value of the manifest, or a word that somebody typed', () => {
    const values = new Set([...personalValues(sent()), ...TYPED, '73737373']);
    expect(values.size).toBeGreaterThan(PEOPLE * 4);
    const leaks = lines.flatMap((line) => foundIn(withoutTime(line), values).map((value) => [value, line]));
    expect(leaks).toEqual([]);
    expect(lines.length).toBeGreaterThan(1000);
  });

  it('a fact about health or violence, or a service or agency that would say as much', () => {
    const leaks = lines.flatMap((line) =>
      foundIn(withoutTime(line), RESTRICTED).map((value) => [value, line]),
    );
    expect(leaks).toEqual([]);
    const ofCases = lines.filter((line) => line['case'] !== undefined);
    expect(ofCases.filter((line) => line['agency'] === 'ward')).toEqual([]);
    expect(ofCases.some((line) => line['serviceCode'] === 'restricted')).toBe(true);
  });

  it('anything but one JSON object', () => {
    expect(raw.trimEnd().split('\n')).toHaveLength(lines.length);
    for (const line of lines) {
      expect(line).toMatchObject({
        level: expect.any(String),
        time: expect.any(String),
        msg: expect.any(String),
      });
    }
  });
});

describe('operators read in it', () => {
  it('what became of each case, by its number and id', async () => {
    const opened = new Set(said('case opened').map((line) => [line['case'], line['caseId']].join(' ')));
    const cases = await system.all<Pick<Case, 'id' | 'number'>>('/cases');
    expect(opened).toEqual(new Set(cases.map(({ id, number }) => `${number} ${id}`)));
    expect(said('case closing').length + said('case closed').length).toBeGreaterThan(0);
  });

  it('which referral went where, and what was answered', () => {
    expect(said('referral sent')[0]).toMatchObject({
      level: 'info',
      service: 'coordinator',
      case: expect.stringMatching(/./),
      caseId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      referral: expect.stringMatching(/./),
      agency: expect.stringMatching(/./),
      serviceCode: expect.stringMatching(/./),
    });
    expect(said('referral answered').some((line) => line['status'] === 'accepted')).toBe(true);
    const rejected = said('referral ended').find((line) => line['status'] === 'rejected');
    expect(rejected).toMatchObject({ code: 'no-capacity' });
  });

  it('what was escalated and why', async () => {
    const listed = await system.all<{ id: string; reason: string }>('/escalations');
    const told = new Map(said('case escalated').map((line) => [line['escalation'], line['reason']]));
    for (const { id, reason } of listed) expect([id, told.get(id)]).toEqual([id, reason]);
    expect(said('escalation resolved').length).toBeGreaterThan(0);
  });

  it('what failed, was parked, and under which key it is found', () => {
    const [parked] = said('message parked');
    expect(parked).toMatchObject({
      level: 'error',
      service: 'bureau',
      topic: 'referrals.bureau.requests.v1',
      key: expect.stringMatching(/^[0-9a-f]{32}$/),
      type: 'retorno.referral-requested.v1',
      // Where, and not in whose words: they could be about somebody.
      cause: expect.stringMatching(
        /^PolicyFailed: The policy of bureau failed \(legal-advice, requested\): Error at logs\.spec\.ts:\d+$/,
      ),
    });
    expect(said('event failed').length).toBeGreaterThanOrEqual(3 * said('message parked').length);
  });

  it('that a part was in trouble, once, and that it works again', () => {
    const trouble = lines.filter((line) => line['part'] === 'relay' && line.service === 'health');
    expect(trouble.map((line) => [line.level, line.msg])).toEqual([
      ['warn', 'in trouble: tries again until it works'],
      ['info', 'works again'],
    ]);
    expect(trouble[0]!['cause']).toBe('database error 42P01');
  });

  it('that a request failed for our own fault, without what was sent', () => {
    expect(said('request failed')).toEqual([
      expect.objectContaining({ method: 'POST', path: '/intake/returnees', cause: 'database error 42P01' }),
    ]);
  });
});
