/**
 * Every route of every service with every role, and with another agency's login: who may is written here a second time,
 * and a route that is not in this table fails.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '@retorno/service';
import { ROLES } from '@retorno/service';
import type { Router } from 'express';
import type { Bearer } from './support/bearers';
import { fewAgencies } from './support/roundtable';
import { System } from './support/system';

const OPERATIONS = ['operations', 'operations-lead'] as const;
const LEAD = ['operations-lead'] as const;
const WATCHING = [...OPERATIONS, 'auditor'] as const;
const AUDITING = [...LEAD, 'auditor'] as const;
const REGISTERING = [...OPERATIONS, 'intake'] as const;
const FIGURES = [...WATCHING, 'statistics'] as const;
/** Whoever has a login at all. */
const KNOWN = [...ROLES, 'agency-worker of another', 'integration of another'] as const;
const STAFF = ['agency-worker', 'integration'] as const;
/** The agency is the one in the login, whichever it is: there is no other one to ask for. */
const WORKERS = ['agency-worker', 'agency-worker of another'] as const;
const PUBLIC = 'everybody';

type Visitor = Role | 'agency-worker of another' | 'integration of another';

/** `agency-worker` and `integration` are those of the agency whose route it is. */
const TABLE: Record<string, readonly Visitor[] | typeof PUBLIC> = {
  'GET /cases': WATCHING,
  'GET /cases/summary': FIGURES,
  'GET /cases/feed': WATCHING,
  'GET /cases/lost': WATCHING,
  'POST /cases/lost/:id/settle': OPERATIONS,
  'GET /cases/:id': [...WATCHING, 'portal'],
  'POST /cases/:id/close': OPERATIONS,
  'POST /cases/:id/reopen': OPERATIONS,
  'POST /cases/:id/needs': OPERATIONS,
  'POST /cases/:id/needs/:code/settle': OPERATIONS,
  'POST /cases/:id/complaints': [...OPERATIONS, 'portal'],
  'POST /cases/:id/referrals/:rid/waive': LEAD,
  'POST /cases/:id/referrals/:rid/reroute': OPERATIONS,
  'POST /cases/:id/referrals/:rid/cancel': OPERATIONS,
  'POST /cases/:id/referrals/:rid/remind': OPERATIONS,
  'POST /cases/:id/referrals/:rid/confirmation': [...OPERATIONS, 'portal'],
  'POST /cases/:id/referrals/:rid/information': OPERATIONS,
  'POST /cases/:id/referrals/:rid/correction': LEAD,
  'GET /cases/:id/duplicates/:otherId': LEAD,
  'POST /cases/:id/duplicates/:otherId': LEAD,
  'POST /cases/:id/unmasking': LEAD,
  'GET /cases/:id/consent': WATCHING,
  'GET /cases/:id/outlook': WATCHING,
  'GET /cases/:id/follow-ups': WATCHING,
  'POST /cases/:id/follow-ups/:month': OPERATIONS,
  'GET /cases/:id/disclosures': [...WATCHING, 'portal'],
  'GET /disclosures': WATCHING,
  'GET /agreement': KNOWN,
  'GET /follow-ups': WATCHING,
  'GET /holdings/:agency': [...OPERATIONS, 'integration'],
  'GET /holdings/:agency/:bucket': [...OPERATIONS, 'integration'],
  'GET /agencies': KNOWN,
  'GET /roundtable': WATCHING,
  'GET /roundtable/:slug': WATCHING,
  'POST /roundtable/:slug/pause': LEAD,
  'POST /roundtable/:slug/resume': LEAD,
  'PUT /roundtable/:slug/maintenance': OPERATIONS,
  'POST /roundtable/:slug/maintenance/end': OPERATIONS,
  'PUT /roundtable/:slug/contact': OPERATIONS,
  'GET /live': WATCHING,
  'GET /escalations': WATCHING,
  'GET /escalations/summary': WATCHING,
  'GET /escalations/notifications': WATCHING,
  'GET /escalations/:id': WATCHING,
  'POST /escalations/:id/claim': OPERATIONS,
  'POST /escalations/:id/release': OPERATIONS,
  'POST /escalations/:id/resolve': OPERATIONS,

  'GET /statistics': FIGURES,
  'GET /statistics/follow-ups': FIGURES,
  'GET /statistics/summary': FIGURES,
  'GET /statistics/definitions': FIGURES,
  'POST /statistics/rebuild': LEAD,

  'GET /intake/returnees': [...REGISTERING, 'portal'],
  'POST /intake/returnees': REGISTERING,
  'GET /intake/returnees/:id': REGISTERING,
  'PUT /intake/returnees/:id/contact': [...REGISTERING, 'portal'],
  'GET /intake/returnees/:id/consent': [...REGISTERING, 'auditor'],
  'PUT /intake/returnees/:id/consent': [...REGISTERING, 'portal'],
  'GET /intake/returnees/:id/retention': WATCHING,
  'POST /intake/returnees/:id/erasure': LEAD,
  'POST /intake/returnees/:id/hold': LEAD,
  'POST /intake/returnees/:id/release': LEAD,
  'GET /intake/flights/:flight/:date': REGISTERING,
  'POST /intake/flights/:flight/:date/cancel': REGISTERING,
  'POST /intake/manifests': REGISTERING,
  'GET /intake/manifests': [...REGISTERING, 'auditor'],
  'GET /intake/manifests/:id': [...REGISTERING, 'auditor'],
  'GET /intake/manifests/:id/errors': REGISTERING,
  'GET /intake/manifests/:id/refused': REGISTERING,
  'GET /intake/manifests/:id/rows': REGISTERING,
  'GET /intake/cases/:id/likeness/:otherId': WATCHING,
  'POST /intake/searches': OPERATIONS,
  'GET /intake/searches': ['auditor'],
  'POST /intake/notices': REGISTERING,
  'GET /intake/notices/:id': REGISTERING,
  'PUT /intake/notices/:id': REGISTERING,

  'GET /console': KNOWN,
  'GET /console/cases': WATCHING,
  'POST /console/cases/find': OPERATIONS,
  'POST /console/cases/views': WATCHING,
  'POST /console/cases/views/:id/forget': WATCHING,
  'POST /console/cases/bulk': OPERATIONS,
  'POST /console/cases/bulk/do': OPERATIONS,
  'GET /console/worklist': WORKERS,
  'POST /console/worklist/accept': WORKERS,
  'GET /console/worklist/:rid': WORKERS,
  'POST /console/worklist/:rid': WORKERS,
  'GET /console/agencies': WATCHING,
  'GET /console/agencies/:slug': WATCHING,
  'GET /console/agencies/:slug/:deed': OPERATIONS,
  'POST /console/agencies/:slug/:deed': OPERATIONS,
  'GET /console/offices': WORKERS,
  'POST /console/offices/:code': WORKERS,
  'GET /console/cases/:number': WATCHING,
  'GET /console/cases/:number/actions/:action': OPERATIONS,
  'POST /console/cases/:number/actions/:action': OPERATIONS,
  'GET /console/cases/:number/links': WATCHING,
  'POST /console/cases/:number/links': OPERATIONS,
  'POST /console/cases/:number/links/:id/revoke': OPERATIONS,
  'GET /console/cases/:number/retention': OPERATIONS,
  'POST /console/cases/:number/retention': LEAD,
  'GET /console/cases/:number/unmasking': LEAD,
  'POST /console/cases/:number/unmasking': LEAD,
  'GET /console/audit': AUDITING,
  'GET /console/audit/download': AUDITING,
  'GET /console/escalations': WATCHING,
  'GET /console/escalations/:id': WATCHING,
  'POST /console/escalations/:id/claim': OPERATIONS,
  'POST /console/escalations/:id/release': OPERATIONS,
  'POST /console/escalations/:id/resolve': OPERATIONS,
  'GET /console/duplicates': WATCHING,
  'GET /console/duplicates/:number/:otherId': WATCHING,
  'POST /console/duplicates/:number/:otherId': LEAD,
  'GET /console/follow-ups': WATCHING,
  'GET /console/follow-ups/:number': WATCHING,
  'GET /console/follow-ups/:number/:month': OPERATIONS,
  'POST /console/follow-ups/:number/:month': OPERATIONS,
  'GET /console/parked': WATCHING,
  'GET /console/parked/:service/:id': WATCHING,
  'POST /console/parked/redrive': OPERATIONS,
  'POST /console/parked/claim': OPERATIONS,
  'POST /console/parked/release': OPERATIONS,
  'POST /console/parked/skip': LEAD,
  'GET /console/parked/redrives/:service/:id': WATCHING,
  'POST /console/parked/redrives/stop': OPERATIONS,
  'GET /console/parked/:service/:id/edit': LEAD,
  'POST /console/parked/:service/:id/edit': LEAD,
  'GET /console/intake': REGISTERING,
  'POST /console/intake/manifests': REGISTERING,
  'GET /console/intake/manifests/:id': REGISTERING,
  'GET /console/intake/manifests/:id/refused': REGISTERING,
  'GET /console/intake/returnee': REGISTERING,
  'POST /console/intake/returnee': REGISTERING,
  'POST /console/intake/returnee/mrz': REGISTERING,
  'GET /console/help': KNOWN,
  'GET /console/help/:page': KNOWN,
  'GET /console/tour': KNOWN,
  'POST /console/tour/dismiss': OPERATIONS,
  'GET /console/live': WATCHING,
  'GET /console/live/own': WORKERS,
  'GET /console/statistics': FIGURES,
  'GET /console/statistics/table': FIGURES,
  'GET /console/statistics/follow-ups': FIGURES,
  'GET /console/statistics/download': FIGURES,
  'POST /console/live': KNOWN,
  'POST /console/language': KNOWN,
  'GET /console/login': PUBLIC,
  'GET /console/login/callback': PUBLIC,
  'GET /console/login/done': PUBLIC,
  'POST /console/logout': PUBLIC,
  'GET /console/bye': PUBLIC,
  'GET /console/assets/:name': PUBLIC,

  'GET /portal/links': WATCHING,
  'POST /portal/links': OPERATIONS,
  'POST /portal/links/:id/revoke': OPERATIONS,
  'GET /portal/style.css': PUBLIC,
  'GET /portal/my/:token': PUBLIC,
  'GET /portal/my/:token/phone': PUBLIC,
  'GET /portal/my/:token/withdraw': PUBLIC,
  'GET /portal/my/:token/complaint': PUBLIC,
  'GET /portal/my/:token/ledger': PUBLIC,
  'POST /portal/my/:token/word': PUBLIC,
  'POST /portal/my/:token/phone': PUBLIC,
  'POST /portal/my/:token/withdraw': PUBLIC,
  'POST /portal/my/:token/complaint': PUBLIC,

  'GET /agencies/{slug}/referrals': STAFF,
  'GET /agencies/{slug}/live': STAFF,
  'GET /agencies/{slug}/referrals/summary': [...STAFF, ...WATCHING],
  'GET /agencies/{slug}/referrals/:rid': STAFF,
  'POST /agencies/{slug}/referrals/:rid/answers': STAFF,
  'POST /agencies/{slug}/referrals/:rid/corrections': STAFF,
  'GET /agencies/{slug}/offices': KNOWN,
  'PUT /agencies/{slug}/offices/:code/capacity': STAFF,
  'GET /agencies/{slug}/holdings': ['integration', ...OPERATIONS],
  'GET /agencies/{slug}/holdings/:bucket': ['integration'],

  'GET /livez': PUBLIC,
  'GET /readyz': PUBLIC,
  'GET /metrics': PUBLIC,
  'GET /audit': AUDITING,
  'GET /parked': WATCHING,
  'GET /parked/:id': WATCHING,
  'POST /parked/:id/redrive': OPERATIONS,
  'POST /parked/:id/skip': LEAD,
  'POST /parked/:id/claim': OPERATIONS,
  'POST /parked/:id/release': OPERATIONS,
  'POST /parked/claims': OPERATIONS,
  'POST /parked/releases': OPERATIONS,
  'GET /parked/:id/message': LEAD,
  'POST /parked/:id/edit': LEAD,
  'GET /parked/redrives': WATCHING,
  'POST /parked/redrives': OPERATIONS,
  'GET /parked/redrives/:id': WATCHING,
  'POST /parked/redrives/:id/stop': OPERATIONS,
};

const REFERENCE = join(__dirname, '..', 'docs', 'reference', 'roles.md');

/** The table as docs/reference/roles.md has it. */
function inWords(): string {
  const rows = Object.entries(TABLE).map(([route, who]) => {
    if (who === PUBLIC) return `| \`${route}\` | everybody |`;
    if (who === KNOWN) return `| \`${route}\` | whoever has logged in |`;
    return `| \`${route}\` | ${who.map((one) => one.replace('operations-lead', 'lead')).join(', ')} |`;
  });
  return ['| address | who may |', '| --- | --- |', ...rows].join('\n');
}

const SLUGS = fewAgencies().map((agency) => agency.slug);
/** What the services' own routes do not hold: the description of the interface names no person. */
const DOCUMENTED = /^GET \/docs/;

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

/** `GET /cases/:id` as the applications know them, and so all that is answered. */
function routes(): string[] {
  const apps = system.topology.services.map((service) => service.app.getHttpAdapter().getInstance());
  const own = [...apps, system.topology.operations()].flatMap((instance) =>
    (instance as { router: Router }).router.stack.flatMap(({ route }) => {
      const { path, methods } = (route ?? {}) as { path?: string; methods?: Record<string, boolean> };
      return Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${path}`);
    }),
  );
  return own.filter((route) => !DOCUMENTED.test(route));
}

/** A route of one agency stands in the table once for all of them. */
function inTable(route: string): { row: string; agency: string } {
  const [, slug] = /^\w+ \/agencies\/([a-z-]+)\//.exec(route) ?? [];
  if (slug === undefined) return { row: route, agency: 'health' };
  return { row: route.replace(`/agencies/${slug}/`, '/agencies/{slug}/'), agency: slug };
}

function bearerOf(visitor: Visitor, agency: string): Bearer {
  const [role, another] = visitor.split(' of ') as [Role, string | undefined];
  const other = SLUGS.find((slug) => slug !== agency)!;
  const ofAgency = role === 'agency-worker' || role === 'integration';
  return {
    name: visitor,
    roles: [role],
    ...(ofAgency ? { agency: another ? other : agency } : {}),
  };
}

const MADE_UP = '00000000-0000-7000-8000-000000000000';

/** Status of a request to a route with made-up ids, unless one is given, and nothing in it. */
async function knock(
  route: string,
  agency: string,
  authorization: string | undefined,
  id = MADE_UP,
): Promise<number> {
  const [method, template] = route.split(' ') as [string, string];
  const path = template.replace(':agency', agency).replace(':date', '2026-12-03').replace(/:\w+/g, id);
  const ending = new AbortController();
  const body = method === 'GET' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } };
  const answer = await fetch(`${system.topology.url}${path}`, {
    method,
    redirect: 'manual',
    ...body,
    headers: { ...body.headers, ...(authorization === undefined ? {} : { authorization }) },
    signal: ending.signal,
  });
  // The live view has no end of its own.
  ending.abort();
  const to = answer.headers.get('location');
  // A page sends whoever it does not know to log in.
  return answer.status === 303 && to?.startsWith('/console/login?') ? 401 : answer.status;
}

/** Of the returnees that stories register. */
const OWN = 'consulate:es-madrid';

/** Somebody who registers for one sending authority. */
const registrar = (authority: string): Promise<string> =>
  system.bearer({ name: 'a registrar', roles: ['intake'], authority });

describe('who may do what', () => {
  it('is said of every route there is, and of no other', () => {
    const known = new Set(routes().map((route) => inTable(route).row));
    expect([...known].toSorted()).toEqual(Object.keys(TABLE).toSorted());
  });

  it('is what docs/reference/roles.md says; WRITE_ROLES=1 writes it anew', () => {
    const text = readFileSync(REFERENCE, 'utf8');
    const [before, after] = text.split(/\| address \| who may \|[^]*?(?=\n\n|$)/) as [string, string];
    const now = `${before}${inWords()}${after}`;
    if (process.env['WRITE_ROLES']) writeFileSync(REFERENCE, now);
    expect(readFileSync(REFERENCE, 'utf8')).toBe(now);
  });

  it('is asked for in the description of the interface', async () => {
    const { security, components } = await system.get('/docs-json');
    expect(security).toEqual([{ login: [] }]);
    expect(components.securitySchemes.login).toMatchObject({ type: 'http', scheme: 'bearer' });
  });

  it('is the same for every role, at every route, as the table says', async () => {
    const wrong: string[] = [];
    for (const route of routes()) {
      const { row, agency } = inTable(route);
      const allowed = TABLE[row]!;
      for (const visitor of KNOWN) {
        const status = await knock(route, agency, await system.bearer(bearerOf(visitor, agency)));
        const mayPass = allowed === PUBLIC || allowed.includes(visitor);
        const passed = status !== 401 && status !== 403;
        if (passed !== mayPass || status >= 500) wrong.push(`${route} as ${visitor}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('is nothing for whoever has no login, or one that is not good', async () => {
    const wrong: string[] = [];
    for (const route of routes()) {
      const { row, agency } = inTable(route);
      for (const authorization of [undefined, 'Bearer not.a.token', 'Basic b3BlcmF0aW9uczp4']) {
        const status = await knock(route, agency, authorization);
        const expected = TABLE[row] === PUBLIC ? status !== 401 && status < 500 : status === 401;
        if (!expected) wrong.push(`${route} with ${authorization}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  it('is nothing at what belongs to another sending authority, which does not seem to exist', async () => {
    const { returneeId } = await system.register();
    const sent = await system.call('POST', '/intake/manifests', `external_id\r\n1\r\n`, {
      'content-type': 'text/csv',
      authorization: await registrar(OWN),
    });
    const wrong: string[] = [];
    const about = routes().filter(
      (route) => / \/intake\/.*:id/.test(route) && TABLE[route]!.includes('intake'),
    );
    expect(about.length).toBeGreaterThan(8);
    for (const route of about) {
      const id = route.includes('/manifests/') ? String(sent.body.id) : returneeId;
      const own = await knock(route, 'health', await registrar(OWN), id);
      const another = await knock(route, 'health', await registrar('consulate:us-miami'), id);
      if (own === 404 || own >= 500 || another !== 404) wrong.push(`${route}: ${own} and ${another}`);
    }
    expect(wrong).toEqual([]);
  });

  it('is nothing for whoever is known and has no role here', async () => {
    const nobody = await system.bearer({ name: 'nobody', roles: [] });
    const wrong: string[] = [];
    for (const route of routes()) {
      const { row, agency } = inTable(route);
      const status = await knock(route, agency, nobody);
      const mayPass = TABLE[row] === PUBLIC || TABLE[row] === KNOWN;
      if ((status === 403) === mayPass) wrong.push(`${route}: ${status}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});
