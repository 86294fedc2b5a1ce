/** Who saw and did what, as auditors read it: over HTTP and at the console, without script. */
import { parse } from 'node-html-parser';
import { Client } from 'pg';
import { Browser } from '../support/browser';
import type { Bearer } from '../support/bearers';
import { eventually } from '../support/eventually';
import { System, type Registered } from '../support/system';

const LEAD: Bearer = { name: 'Luz Jefa', roles: ['operations-lead'] };
const OPERATOR: Bearer = { name: 'Ana Operadora', roles: ['operations'] };
const AUDITOR: Bearer = { name: 'Eva Auditora', roles: ['auditor'] };
const WORKER: Bearer = { name: 'Teo de salud', roles: ['agency-worker'], agency: 'health' };
const REASON = '=HYPERLINK("x") lo pide la fiscalía';

let system: System;
let returnee: Registered;

beforeAll(async () => {
  system = await System.start();
  returnee = await system.register({ vulnerabilities: ['gender-based-violence'], needs: ['employment'] });
});
afterAll(() => system.stop());

async function as(who: Bearer | undefined, method: string, path: string, body?: object) {
  const answer = await fetch(`${system.topology.url}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(who ? { authorization: await system.bearer(who) } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any };
}

/** The rows that an auditor finds, once there are as many as expected. */
async function found(query: string, count: number): Promise<any[]> {
  let items: any[] = [];
  await eventually(async () => {
    ({ items } = (await as(AUDITOR, 'GET', `/audit?${query}`)).body);
    return items.length >= count;
  });
  expect(items).toHaveLength(count);
  return items;
}

async function inDatabase(sql: string): Promise<void> {
  const admin = new Client({ connectionString: system.database.url });
  await admin.connect();
  await admin.query(sql);
  await admin.end();
}

async function browserOf(login: string, path: string): Promise<Browser> {
  const browser = new Browser(system.topology.url);
  await browser.logIn(path, login, system.topology.logins.password!);
  return browser;
}

describe('the audit', () => {
  it('names who opened and changed a case, by number or id, and not what systems did', async () => {
    await as(OPERATOR, 'GET', `/cases/${returnee.caseNumber}`);
    await as(OPERATOR, 'POST', `/cases/${returnee.caseId}/needs`, { code: 'shelter', reason: 'lo pidió' });
    await as(OPERATOR, 'POST', `/cases/${returnee.caseId}/reopen`, { reason: 'no estaba cerrado' });
    const rows = await found(`who=ana&case=${returnee.caseNumber},${returnee.caseId}`, 3);
    expect(rows.map(({ action, status, service }) => [service, action, status])).toEqual(
      expect.arrayContaining([
        ['coordinator', 'GET /cases/:id', 200],
        ['coordinator', 'POST /cases/:id/needs', 200],
        ['coordinator', 'POST /cases/:id/reopen', 409],
      ]),
    );
    const system_: Bearer = { name: 'sistema de salud', roles: ['integration'], agency: 'health' };
    await as(system_, 'PUT', '/agencies/health/offices/x/capacity', {});
    await as(WORKER, 'PUT', '/agencies/health/offices/x/capacity', {});
    const [change] = await found('action=PUT%20/agencies/:agency/offices/:code/capacity', 1);
    expect(change).toMatchObject({ name: WORKER.name, agency: 'health', service: 'health' });
  });

  it('names every refusal and why, whoever it was', async () => {
    await as(WORKER, 'GET', '/cases');
    await as(WORKER, 'GET', `/agencies/identity/referrals`);
    await as(undefined, 'GET', `/cases/${returnee.caseId}`);
    const consulate: Bearer = { name: 'Consulado', roles: ['intake'], authority: 'consulate:us-miami' };
    expect((await as(consulate, 'GET', `/intake/returnees/${returnee.returneeId}`)).status).toBe(404);
    const refused = await found('outcome=not-allowed&who=Teo', 2);
    expect(new Set(refused.map((row) => row.service))).toEqual(new Set(['coordinator', 'identity']));
    const [unknown] = await found('outcome=not-logged-in', 1);
    expect(unknown).toMatchObject({ subject: null, name: null, about: [], status: 401 });
    const [ofAnother] = await found(`returnee=${returnee.returneeId}&outcome=of-another`, 1);
    expect(ofAnother).toMatchObject({ authority: 'consulate:us-miami', status: 404, service: 'intake' });
  });

  it('is a row or two of a flood, and whole after a restart', async () => {
    const ids = Array.from({ length: 150 }, (_, i) => `${returnee.caseId.slice(0, -3)}${100 + i}`);
    for (const id of ids) await as(WORKER, 'GET', `/cases/${id}`);
    for (let i = 0; i < 100; i++) await as(undefined, 'POST', '/escalations/x/claim', {});
    await system.restart();
    const mine = await found('who=Teo&action=GET%20/cases/:id&limit=200', 62);
    expect(mine.reduce((sum, row) => sum + row.times, 0)).toBe(150);
    const unknown = await found('action=POST%20/escalations/:id/claim', 2);
    expect(unknown.map((row) => row.times).toSorted((a, b) => a - b)).toEqual([1, 99]);
  });

  it('is read page by page over all services, by leads and auditors, and wrong questions are named', async () => {
    const first = (await as(AUDITOR, 'GET', '/audit?limit=2')).body;
    const second = (await as(LEAD, 'GET', `/audit?limit=2&cursor=${first.next}`)).body;
    const ids = [...first.items, ...second.items].map((row: { id: string }) => row.id);
    expect(new Set(ids).size).toBe(4);
    expect((await as(OPERATOR, 'GET', '/audit')).status).toBe(403);
    const wrong = await as(AUDITOR, 'GET', '/audit?case=a%20b&outcome=x&from=yesterday');
    expect([wrong.status, wrong.body.errors.map((e: { pointer: string }) => e.pointer)]).toEqual([
      422,
      ['/case', '/outcome', '/from'],
    ]);
  });
});

describe('what is restricted in a case', () => {
  const path = () => `/cases/${returnee.caseNumber}/unmasking`;

  it('is shown to a lead alone, with a reason that is written down first', async () => {
    for (const who of [OPERATOR, AUDITOR, WORKER]) {
      expect((await as(who, 'POST', path(), { reason: REASON })).status).toBe(403);
    }
    for (const reason of [undefined, 'porque sí', '          .']) {
      const { status, body } = await as(LEAD, 'POST', path(), { reason });
      expect([status, body.errors[0].pointer]).toEqual([422, '/reason']);
    }
    const { status, headers, body } = await as(LEAD, 'POST', path(), { reason: REASON });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toMatchObject({
      number: returnee.caseNumber,
      vulnerabilities: ['gender-based-violence'],
      needs: ['gender-based-violence'],
    });
    const [row] = (
      await as(AUDITOR, 'GET', `/audit?case=${returnee.caseId}&action=POST%20/cases/:id/unmasking`)
    ).body.items;
    expect(row).toMatchObject({ name: LEAD.name, reason: REASON, status: 200 });
    expect(row.about).toContain(`case:${returnee.caseNumber}`);
  });

  it('stays hidden while nobody can write that it was seen', async () => {
    await inDatabase('alter table audit.coordinator rename to coordinator_away');
    const answer = await as(LEAD, 'POST', path(), { reason: REASON });
    expect([answer.status, answer.body.type]).toEqual([503, 'urn:retorno:problem:not-recorded']);
    expect(JSON.stringify(answer.body)).not.toContain('violence');
    // Everything else goes on.
    expect((await as(OPERATOR, 'GET', `/cases/${returnee.caseNumber}`)).status).toBe(200);
    await inDatabase('alter table audit.coordinator_away rename to coordinator');
  });
});

describe('the audit at the console', () => {
  it('says in words who did what in a case, from the case on, and to nobody of operations', async () => {
    const lead = await browserOf('operations-lead', '/console/cases');
    const page = parse((await lead.open(`/console/cases/${returnee.caseNumber}`)).text);
    const links = page.querySelectorAll('a').map((a) => a.getAttribute('href'));
    expect(links).toContain(`/console/audit?case=${returnee.caseNumber}`);
    const shown = await lead.open(`/console/audit?case=${returnee.caseNumber}&who=luz`);
    const cells = parse(shown.text).querySelectorAll('tbody tr td');
    expect(cells.map((cell) => cell.text.trim())).toEqual(
      expect.arrayContaining(['Vio lo restringido de un caso', 'hecho', REASON]),
    );
    const operator = await browserOf('operations', '/console/cases');
    expect((await operator.open('/console/audit')).status).toBe(403);
    const own = await operator.open(`/console/cases/${returnee.caseNumber}`);
    expect(own.text).not.toMatch(/console\/audit|unmasking/);
    const wrong = await lead.open('/console/audit?case=Rosa');
    expect([wrong.status, wrong.text.includes('RT-2026-000123')]).toEqual([422, true]);
  });

  it('is downloaded as a table without formulas, and that is written down', async () => {
    const auditor = await browserOf('auditor', '/console/audit');
    const file = await auditor.open('/console/audit/download?action=unmask');
    expect(file.headers.get('content-disposition')).toContain('retorno-audit.csv');
    const lines = file.text.split('\r\n');
    expect(lines[0]).toMatch(/^cuándo,quién,/);
    expect(file.text).toContain(`"'=HYPERLINK(""x"") lo pide la fiscalía"`);
    const [row] = await found('action=GET%20/console/audit/download', 1);
    expect(row).toMatchObject({ service: 'console', roles: ['auditor'], status: 200 });
  });

  it('has the form for what is restricted, which shows it once', async () => {
    const lead = await browserOf('operations-lead', '/console/cases');
    const path = `/console/cases/${returnee.caseNumber}/unmasking`;
    expect((await lead.open(path)).text).not.toContain('violencia de género');
    const short = await lead.submit(path, { reason: 'porque sí' });
    expect([short.status, short.text.includes('al menos 10 letras')]).toEqual([422, true]);
    const shown = await lead.submit(path, { reason: 'lo pide la fiscalía de familia' });
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect(shown.text).toContain('violencia de género');
    expect(shown.text).toContain('Quedó anotado');
    const operator = await browserOf('operations', '/console/cases');
    expect((await operator.submit(path, { reason: 'lo pide la fiscalía' })).status).toBe(403);
  });
});
