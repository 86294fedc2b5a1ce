/** What somebody reads where there is nothing to show. */
import { parse } from 'node-html-parser';
import { SCREENS } from '../../apps/console/frame/page';
import { Browser } from '../support/browser';
import { System } from '../support/system';

/** The login of the demonstration that begins with a screen of this role. */
const LOGINS: Readonly<Record<string, string>> = { 'agency-worker': 'health' };

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
}, 60_000);
afterAll(() => system.stop(), 60_000);

describe('a screen without anything in it', () => {
  const places = [
    ...SCREENS.map(({ roles, path }) => [LOGINS[roles[0]] ?? roles[0], path] as const),
    ...FOUND_NOTHING,
  ];
  it.each(places)('tells %s at %s what that means, and what comes next', async (login, path) => {
    const browser = new Browser(system.topology.url);
    await browser.logIn(path, login, system.topology.logins.password!);
    for (const language of ['es', 'en']) {
      const page = await browser.submit('/console/language', { language, to: path });
      const main = parse(page.text).querySelector('main')!;
      const tables = main.querySelectorAll('tbody').map((body) => body.querySelectorAll('tr').length);
      expect({ language, tables }).toEqual({ language, tables: tables.filter((rows) => rows > 0) });
      if (tables.length > 0) continue;
      const told = main.querySelectorAll('.empty').map((one) => one.textContent.replace(/\s+/g, ' ').trim());
      // One sentence says what it means; the other one what to do, or what will show up.
      const says = /\p{L}{3}[.:] .{12}/u;
      expect({ language, told: told.length > 0 && told.filter((one) => !says.test(one)) }).toEqual({
        language,
        told: [],
      });
    }
  });
});
