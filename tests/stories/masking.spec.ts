/** What is restricted in a case, as each role is answered over HTTP: nowhere named, but to a lead who said why, for a while. */
import type { Role } from '@retorno/service';
import type { Router } from 'express';
import { Browser } from '../support/browser';
import type { Bearer } from '../support/bearers';
import type { Case } from '../support/case-view';
import { referralOf } from '../support/case-view';
import { PEOPLE, rowOf } from '../support/endangered';
import { eventually } from '../support/eventually';
import { RESTRICTED } from '../support/leaks';
import { manifestCsv } from '../support/manifest';
import { restOfTheRoundtable } from '../support/roundtable';
import { System, type Registered } from '../support/system';

/** Asks and looks. A registrar, an agency's own and the returnees' pages are told what is theirs. */
const OFFICES: readonly Role[] = [
  'operations',
  'operations-lead',
  'auditor',
  'statistics',
  'integration',
  'agency-worker',
];
const OF_HEALTH: readonly Role[] = ['integration', 'agency-worker'];
/** Of all agencies and cases together, the same whoever came back; or told to lead alone, who edits it; or of no JSON. */
const OF_NOBODY = [
  /^GET \/(agencies|roundtable|agreement|livez|readyz|metrics|live|docs[^/]*|audit)$/,
  /^GET \/(roundtable|parked)\//,
  /^GET \/cases\/summary$/,
  // A digest over all referrals of the agency that it names.
  /^GET \/holdings\/:agency$/,
  // In tests/stories/portal-links.spec.ts.
  /^GET \/portal\/(my\/|style)/,
];
/** Words that would tell, beside the codes: agencies that do nothing else, and what somebody typed. */
const TYPED = 'refugio-Wiñaypaq';
const TELLING = [...RESTRICTED, 'protection', 'interior', 'MIMP', 'disability', 'safety', 'codeName', TYPED];

let system: System;
const who: Record<string, Registered> = {};
let manifestId: string;

beforeAll(async () => {
  system = await System.start({ fixtures: restOfTheRoundtable() });
  for (const name of ['child', 'survivor', 'trafficked']) who[name] = await system.register(PEOPLE[name]!);
  ({ id: manifestId } = await system.manifest(manifestCsv([rowOf('patient')])));
  [who['patient']] = (await system.get(`/intake/manifests/${manifestId}/rows`)).items;
  const say = { note: TYPED, by: TYPED };
  await system.answers(of('survivor'), 'womens-emergency-centre', {
    status: 'rejected',
    code: 'safety',
    ...say,
  });
  await system.answers(of('trafficked'), 'trafficking-care', {
    status: 'accepted',
    businessStatus: 'info-requested',
    ...say,
  });
  await system.answers(of('child'), 'special-protection-unit', { status: 'accepted', ...say });
  await system.consent(who['patient']!, 'withdrawn');
  // Agencies are reminded, and are late.
  await system.advance('3 d');
});
afterAll(() => system.stop());

const of = (name: string) => ({ id: who[name]!.caseId });

async function as(bearer: Bearer, method: string, path: string, body?: object) {
  const answer = await fetch(`${system.topology.url}${path}`, {
    method,
    headers: { authorization: await system.bearer(bearer), 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, text: await answer.text() };
}

const holder = (role: Role): Bearer => ({
  name: role,
  roles: [role],
  ...(OF_HEALTH.includes(role) ? { agency: 'health' } : {}),
});

/** Every GET of the services that answer people. */
function routes(): string[] {
  const asked = system.topology.services.filter(({ name }) =>
    ['coordinator', 'intake', 'portal'].includes(name),
  );
  const all = asked.flatMap(({ app }) =>
    (app.getHttpAdapter().getInstance() as { router: Router }).router.stack.flatMap(({ route }) => {
      const { path, methods } = (route ?? {}) as { path?: string; methods?: Record<string, boolean> };
      return methods?.['get'] ? [`GET ${path}`] : [];
    }),
  );
  return [...new Set(all)].filter((route) => !OF_NOBODY.some((one) => one.test(route)));
}

/** The addresses that a route stands for, of one person. */
function addressesOf(route: string, { id, escalations }: Case, returneeId: string, flight: string): string[] {
  const path = route.slice('GET '.length);
  if (path === '/escalations/:id') return escalations.map((one) => `/escalations/${one.id}`);
  if (path.startsWith('/holdings/')) {
    return ['protection', 'disability', 'health'].flatMap((agency) =>
      BUCKETS.map((bucket) => path.replace(':agency', agency).replace(':bucket', bucket)),
    );
  }
  const ids: Record<string, string> = {
    cases: id,
    returnees: returneeId,
    notices: returneeId,
    manifests: manifestId,
  };
  const known = path
    .replace(/\/(\w+)\/:id/, (_, kind: string) => `/${kind}/${ids[kind]}`)
    .replace(':flight/:date', flight)
    .replace(':otherId', who['trafficked']!.caseId);
  if (/:|undefined/.test(known)) throw new Error(`nobody says what ${route} is asked for`);
  if (known === '/intake/returnees' || known === '/portal/links') return [`${known}?caseId=${id}`];
  const pages = {
    '/escalations': ['', '?grouped=true', '?status=resolved'],
    '/cases': ['', '?agency=protection', '?agency=restricted'],
  };
  const queries =
    pages[known as keyof typeof pages] ?? (known === '/disclosures' ? ['', '?agency=protection'] : ['']);
  return queries.map((query) => `${known}${query}`);
}
const BUCKETS = ['00', '7f'];

/** The words in it that would tell; a property of every profile is a name, and told as null. */
function toldBy(text: string): string[] {
  const values = text.replaceAll('"unaccompanied":null', '');
  return TELLING.filter((word) => new RegExp(`(?<![\\w-])${word}(?![\\w-])`, 'i').test(values));
}

describe('what is restricted in a case', () => {
  it('is named by no answer to no role but the returnee’s own', async () => {
    const found: string[] = [];
    let answered = 0;
    for (const [name, { caseId, returneeId }] of Object.entries(who)) {
      const its = await system.caseOf({ id: caseId });
      const { journey } = await system.get(`/intake/returnees/${returneeId}`);
      for (const route of routes()) {
        for (const path of addressesOf(route, its, returneeId, `${journey.flight}/${journey.arrivalDate}`)) {
          for (const role of OFFICES) {
            const { status, text } = await as(holder(role), 'GET', path);
            if (status === 200) answered++;
            else expect([path, role, status]).toEqual([path, role, expect.any(Number)]);
            for (const word of toldBy(text)) found.push(`${name}: GET ${path} to ${role}: ${word}`);
          }
        }
      }
    }
    expect(found).toEqual([]);
    expect(answered).toBeGreaterThan(200);
  }, 120_000);

  it('is there all the same: the returnee’s own pages are told, each in its case', async () => {
    const told = async (name: string) =>
      toldBy((await as(holder('portal'), 'GET', `/cases/${who[name]!.caseId}`)).text);
    expect(await told('survivor')).toEqual(
      expect.arrayContaining(['gender-based-violence', 'safety', TYPED]),
    );
    expect(await told('child')).toEqual(expect.arrayContaining(['unaccompanied-child', 'mental-distress']));
    expect(await told('patient')).toEqual(expect.arrayContaining(['tb-or-hiv', 'disability-card']));
  });

  it('is not listed by the name of an agency that has only such cases, but of all of these together', async () => {
    for (const path of [
      '/cases?agency=protection',
      '/disclosures?agency=protection',
      '/holdings/protection/00',
    ]) {
      const { status, text } = await as(holder('operations'), 'GET', path);
      expect([path, status, JSON.parse(text).type]).toEqual([
        path,
        403,
        'urn:retorno:problem:restricted-agency',
      ]);
    }
    const { text } = await as(holder('operations'), 'GET', '/cases?agency=restricted');
    const listed = JSON.parse(text).items.map((item: { id: string }) => item.id);
    expect(listed).toEqual(expect.arrayContaining([of('child').id, of('trafficked').id]));
  });

  it('can be acted on by its id, and the answer does not name it either', async () => {
    const { needs } = await system.caseOf(of('trafficked'));
    const { id: need } = needs.find(({ code }) => code === 'gender-based-violence')!;
    const path = `/cases/${of('trafficked').id}/needs`;
    const why = { reason: 'decided-by-operations', note: 'lo pidió' };
    // By its code it is refused like one that the case does not have.
    const [byCode, unknown] = [
      await as(holder('operations'), 'POST', `${path}/gender-based-violence/settle`, why),
      await as(holder('operations'), 'POST', `${path}/pregnant/settle`, why),
    ];
    expect(JSON.parse(byCode.text).type).toBe('urn:retorno:problem:unknown-need');
    expect([byCode.status, JSON.parse(byCode.text).detail]).toEqual([
      unknown.status,
      JSON.parse(unknown.text).detail,
    ]);
    const settled = await as(holder('operations'), 'POST', `${path}/${need}/settle`, why);
    expect([settled.status, toldBy(settled.text)]).toEqual([200, []]);
    const after = (await system.caseOf(of('trafficked'))).needs.find(({ id }) => id === need);
    expect(after).toMatchObject({ code: 'gender-based-violence', status: 'unmet' });
    const { id } = referralOf(await system.caseOf(of('trafficked')), 'trafficking-care');
    const reminded = await as(
      holder('operations'),
      'POST',
      `/cases/${of('trafficked').id}/referrals/${id}/remind`,
      { reason: 'urge' },
    );
    expect([reminded.status, toldBy(reminded.text)]).toEqual([200, []]);
  });
});

describe('a lead who says why', () => {
  const LEAD: Bearer = { name: 'Luz Jefa', roles: ['operations-lead'] };
  const OTHER: Bearer = { name: 'Raúl Jefe', roles: ['operations-lead'] };
  const REASON = 'lo pide la fiscalía de familia';
  const read = async (bearer: Bearer, name: string, below = '') =>
    (await as(bearer, 'GET', `/cases/${who[name]!.caseNumber}${below}`)).text;

  it('alone sees it, in that case alone, for a quarter of an hour; who, when and why is in the audit', async () => {
    expect(toldBy(await read(LEAD, 'survivor'))).toEqual([]);
    const path = `/cases/${who['survivor']!.caseNumber}/unmasking`;
    const { until } = JSON.parse((await as(LEAD, 'POST', path, { reason: REASON })).text);
    expect(Date.parse(until) - system.clock.now().getTime()).toBe(15 * 60_000);

    const seen = await read(LEAD, 'survivor');
    expect(JSON.parse(seen).unmaskedUntil).toBe(until);
    expect(toldBy(seen)).toEqual(
      expect.arrayContaining(['gender-based-violence', 'womens-emergency-centre', TYPED]),
    );
    for (const below of ['/outlook', '/disclosures']) {
      expect(toldBy(await read(LEAD, 'survivor', below))).not.toEqual([]);
    }
    expect(toldBy(await read(LEAD, 'trafficked'))).toEqual([]);
    expect(toldBy(await read(OTHER, 'survivor'))).toEqual([]);
    expect(toldBy(await read(holder('auditor'), 'survivor'))).toEqual([]);

    await system.restart();
    expect(JSON.parse(await read(LEAD, 'survivor')).unmaskedUntil).toBe(until);
    await system.moveTo(until);
    expect(toldBy(await read(LEAD, 'survivor'))).toEqual([]);
    expect(JSON.parse(await read(LEAD, 'survivor')).unmaskedUntil).toBeNull();

    const rows = await eventually(async () => {
      const { text } = await as(holder('auditor'), 'GET', `/audit?case=${who['survivor']!.caseId}&who=Luz`);
      const { items } = JSON.parse(text);
      return items.length > 0 ? items : undefined;
    });
    expect(rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: 'POST /cases/:id/unmasking', name: LEAD.name, reason: REASON }),
      ]),
    );
  });

  it('sees it on the screen of the case, and others do not', async () => {
    const at = `/console/cases/${who['survivor']!.caseNumber}`;
    const open = async (login: string) => {
      const browser = new Browser(system.topology.url);
      await browser.logIn('/console/cases', login, system.topology.logins.password!);
      return browser;
    };
    const [lead, operator] = [await open('operations-lead'), await open('operations')];
    expect((await lead.open(at)).text).not.toMatch(/violencia|Emergencia Mujer/i);
    await lead.submit(`${at}/unmasking`, { reason: REASON });
    const shown = (await lead.open(at)).text;
    expect(shown).toMatch(/violencia de género/);
    expect(shown).toContain(TYPED);
    expect(shown).toContain('se le muestra hasta');
    const theirs = (await operator.open(at)).text;
    expect(theirs).toContain('restringido');
    expect(theirs).not.toMatch(/violencia|Emergencia Mujer|muestra hasta/i);
    expect(theirs).not.toContain(TYPED);
  });
});
