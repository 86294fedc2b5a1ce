import { parse as parseCsv } from 'csv-parse/sync';
import { parse } from 'node-html-parser';
import { Browser, type Shown } from '../support/browser';
import { manifestCsv, manifestRows } from '../support/manifest';
import { System } from '../support/system';

const ROWS = 60;

let system: System;
beforeAll(async () => {
  system = await System.start();
  await system.manifest(manifestCsv(manifestRows({ rows: ROWS, seed: 7 })));
});
afterAll(() => system.stop());

async function open(path: string, login: string): Promise<{ person: Browser; page: Shown }> {
  const person = new Browser(system.topology.url);
  return { person, page: await person.logIn(path, login, system.topology.logins.password!) };
}

/** The figure that leads to a list. */
function figureOf(page: Shown, href: string): number {
  return Number(parse(page.text).querySelector(`.tiles a[href="${href}"] strong`)!.text);
}

describe('the first page of operations', () => {
  it('shows the same figures as the lists behind them, under 150 KB', async () => {
    const { page } = await open('/console', 'operations');
    const listed = await system.all('/cases?status=open');
    expect(figureOf(page, '/console/cases?status=open')).toBe(listed.length);
    expect(listed.length).toBeGreaterThan(0);
    expect(figureOf(page, '/console/escalations?owner=none')).toBe((await system.all('/escalations')).length);
    expect(figureOf(page, '/console/escalations?owner=mine')).toBe(0);
    expect(page.text.length).toBeLessThan(150_000);
  });

  it('shows what becomes late, and which agencies owe it', async () => {
    const { person, page } = await open('/console', 'operations');
    expect(figureOf(page, '/console/cases?overdue=true')).toBe(0);
    await system.advance('3 d');
    const later = await person.open('/console');
    const late = await system.all('/cases?overdue=true');
    expect(late.length).toBeGreaterThan(0);
    expect(figureOf(later, '/console/cases?overdue=true')).toBe(late.length);
    const owed = await system.all('/cases?agency=health&overdue=true');
    expect(owed.length).toBeGreaterThan(0);
    const figure = parse(later.text).querySelector('a[href="/console/cases?agency=health&overdue=true"]');
    expect(figure?.text).toBe(String(owed.length));
  });

  it('tells mine from nobody’s', async () => {
    const { person, page } = await open('/console', 'operations');
    const unowned = figureOf(page, '/console/escalations?owner=none');
    const [escalation] = await system.all('/escalations');
    const claimed = await fetch(`${system.topology.url}/escalations/${escalation.id}/claim`, {
      method: 'POST',
      headers: {
        authorization: await system.bearer({ name: nameOf(page), roles: ['operations'] }),
        'content-type': 'application/json',
      },
      body: '{}',
    });
    expect(claimed.status).toBe(200);
    const later = await person.open('/console');
    expect(figureOf(later, '/console/escalations?owner=mine')).toBe(1);
    expect(figureOf(later, '/console/escalations?owner=none')).toBe(unowned - 1);
  });
});

/** Under which name somebody is logged in. */
function nameOf(page: Shown): string {
  return parse(page.text).querySelector('form.who span')!.text;
}

describe('statistics at the console', () => {
  it('are what somebody of statistics begins with', async () => {
    const { page } = await open('/console', 'statistics');
    expect(new URL(page.url).pathname).toBe('/console/statistics');
    expect(parse(page.text).querySelector('.tiles strong')!.text).toBe(String(ROWS));
    expect(page.text).not.toMatch(/ style=|<style|undefined/);
  });

  it('come as chart and table, by every dimension that the form offers', async () => {
    const { person, page } = await open('/console/statistics/table', 'statistics');
    const offered = parse(page.text).querySelectorAll('#by option');
    expect(offered.length).toBeGreaterThan(10);
    for (const option of offered) {
      const by = option.getAttribute('value')!;
      const shown = await person.open(`/console/statistics/table?by=${by}`);
      const page = parse(shown.text);
      expect([by, shown.status, page.querySelector('svg.chart') !== null]).toEqual([by, 200, true]);
      expect([by, page.querySelectorAll('table tbody tr').at(-1)!.text.includes(`Total`)]).toEqual([
        by,
        true,
      ]);
    }
    const refused = await person.open('/console/statistics/table?by=agency&and=service');
    expect([refused.status, refused.text.includes('Ese cruce no existe')]).toEqual([422, true]);
    const years = await person.open('/console/statistics/table?from=soon');
    expect([years.status, years.text.includes('cuatro cifras')]).toEqual([422, true]);
  });

  it('are downloaded with the login, the same as the service gives', async () => {
    const { person } = await open('/console/statistics', 'auditor');
    const csv = await person.open('/console/statistics/download?of=table&by=region&and=sex');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename=retorno-region-sex.csv');
    const rows = parseCsv(csv.text, { columns: true });
    expect(rows).toHaveLength((await system.get('/statistics?by=region,sex')).items.length);
    const followUps = await person.open('/console/statistics/download?of=follow-ups&by=sex');
    expect(followUps.text.split(',')[0]).toBe('wave');
    const words = await person.open('/console/statistics/download?of=definitions');
    expect(words.text.split('\r\n')[0]).toBe('field,es,en');
  });

  it('say so while nobody was asked how they fare', async () => {
    const { page } = await open('/console/statistics/follow-ups', 'operations');
    expect([page.status, parse(page.text).querySelector('.empty') !== null]).toEqual([200, true]);
  });
});
