/** What somebody reads where there is nothing to show. */
import { parse } from 'node-html-parser';
import { Browser } from '../support/browser';
import { System } from '../support/system';

/** Between them they have every screen of the menu. */
const LOGINS = ['operations-lead', 'intake', 'statistics', 'auditor', 'health'];

/** Filters and pages that find nothing, beside the screens of the menu. */
const FOUND_NOTHING: readonly (readonly [login: string, path: string])[] = [
  ['operations', '/console/cases?status=closed&overdue=true'],
  ['operations', '/console/cases?q=RT-1999-000001'],
  ['operations', '/console/escalations?owner=mine'],
  ['operations', '/console/escalations?owner=none'],
  ['operations', '/console/escalations?reason=complaint'],
  ['operations', '/console/agencies/health'],
  ['health', '/console/worklist?status=accepted&overdue=true'],
  ['health', '/console/worklist?print=true'],
  ['statistics', '/console/statistics/table'],
  ['statistics', '/console/statistics/follow-ups'],
];

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

async function loggedIn(login: string, path: string): Promise<Browser> {
  const browser = new Browser(system.topology.url);
  await browser.logIn(path, login, system.topology.logins.password!);
  return browser;
}

async function saysWhatComesNext(browser: Browser, path: string): Promise<void> {
  for (const language of ['es', 'en']) {
    const page = await browser.submit('/console/language', { language, to: path });
    const main = parse(page.text).querySelector('main')!;
    const tables = main.querySelectorAll('tbody').map((body) => body.querySelectorAll('tr').length);
    expect({ path, language, tables }).toEqual({ path, language, tables: tables.filter((rows) => rows > 0) });
    if (tables.length > 0) continue;
    const told = main.querySelectorAll('.empty').map((one) => one.textContent.replace(/\s+/g, ' ').trim());
    // One sentence says what it means; the other one what to do, or what will show up.
    const says = /\p{L}{2}[.:] .{12}/u;
    expect({ path, language, told: told.length > 0 && told.filter((one) => !says.test(one)) }).toEqual({
      path,
      language,
      told: [],
    });
  }
}

describe('a screen without anything in it', () => {
  it.each(LOGINS)(
    'tells %s what that means and what comes next, whatever stands in the menu',
    async (login) => {
      const browser = await loggedIn(login, '/console');
      const menu = parse((await browser.open('/console')).text).querySelectorAll('header nav a');
      const paths = menu.map((link) => link.getAttribute('href')!);
      expect(paths.length).toBeGreaterThan(0);
      for (const path of paths) await saysWhatComesNext(browser, path);
    },
  );

  it.each(FOUND_NOTHING)('tells %s at %s what that means, and what comes next', async (login, path) => {
    await saysWhatComesNext(await loggedIn(login, path), path);
  });
});
