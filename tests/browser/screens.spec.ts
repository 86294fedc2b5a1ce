/** What holds of every page of the console: everybody can use it (WCAG 2.2 AA as far as axe sees it), and nothing complains. */
import type { Browser } from 'playwright-core';
import { parse } from 'node-html-parser';
import { wrongWith } from '../support/accessible';
import { Browser as Visitor } from '../support/browser';
import { describeWithChromium } from '../support/chromium';
import { startDemonstration } from '../support/demonstration';
import { Desk } from '../support/desk';
import { redriveAll } from '../support/parked';
import type { System } from '../support/system';
import { stopsOf, type Stop } from './screens';

/**
 * At each width. A language changes what is said and how long it is, and no colour; a scheme changes colours and nothing
 * else: all rules in Spanish and light, those of colours once more in dark, all others once more in English.
 */
const LOOKS = {
  es: {
    title: 'Spanish, light and dark',
    at: [
      ['light', 'all'],
      ['dark', 'colours'],
    ],
  },
  en: { title: 'English', at: [['light', 'all-but-colours']] },
} as const;

describeWithChromium('every page of the console', (browser: () => Browser) => {
  let system: System;
  let stops: readonly Stop[];
  beforeAll(async () => {
    system = await startDemonstration(30);
    stops = await stopsOf(system);
  });
  afterAll(async () => {
    await redriveAll(system);
    await system.stop();
  });

  it('is looked at here', async () => {
    const looked = new Set(stops.map(({ path }) => path));
    const missing: string[] = [];
    for (const login of ['operations', 'health', 'intake', 'statistics', 'auditor']) {
      const visitor = new Visitor(system.topology.url);
      const { text } = await visitor.logIn('/console', login, system.topology.logins.password!);
      const menu = parse(text)
        .querySelectorAll('header nav a')
        .map((link) => link.getAttribute('href')!);
      expect(menu).not.toEqual([]);
      missing.push(...menu.filter((path) => !looked.has(path)));
    }
    expect(missing).toEqual([]);
  });

  for (const language of ['es', 'en'] as const) {
    it(`can be used by everybody, in ${LOOKS[language].title}, on a telephone and a desk`, async () => {
      const wrong: string[] = [];
      for (const login of new Set(stops.map(({ as }) => as))) {
        const desk = await Desk.open(browser(), system, { language, width: 360 });
        const own = stops.filter(({ as }) => as === login);
        if (login !== 'nobody') await desk.logIn(login, own[0]!.path);
        for (const stop of own) {
          const answer = await desk.page.goto(stop.path);
          if (answer!.status() !== (stop.status ?? 200)) {
            wrong.push(`${stop.name}: answered ${answer!.status()}`);
          }
          for (const width of [360, 1280]) {
            await desk.page.setViewportSize({ width, height: 800 });
            for (const [colorScheme, look] of LOOKS[language].at) {
              await desk.page.emulateMedia({ colorScheme });
              const found = await wrongWith(desk.page, look);
              wrong.push(...found.map((one) => `${stop.name} at ${width} px, ${colorScheme}: ${one}`));
            }
          }
        }
        wrong.push(...desk.complaints.filter((one) => !isRefusal(one)).map((one) => `${login}: ${one}`));
        await desk.close();
      }
      expect(wrong).toEqual([]);
    }, 600_000);
  }

  it('is less than 150 KB over the wire when somebody comes home for the first time', async () => {
    const desk = await (await Desk.open(browser(), system)).logIn('operations', '/console/cases');
    const line = await desk.context.newCDPSession(desk.page);
    await line.send('Network.enable');
    await line.send('Network.setCacheDisabled', { cacheDisabled: true });
    let bytes = 0;
    line.on('Network.dataReceived', ({ encodedDataLength }) => (bytes += encodedDataLength));
    line.on('Network.responseReceived', ({ response }) => (bytes += response.encodedDataLength));
    await desk.page.goto('/console', { waitUntil: 'load' });
    await desk.isFollowing();
    console.log(
      `home over the wire, once more when told of a change included: ${Math.round(bytes / 1024)} KB`,
    );
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(150 * 1024);
    await desk.close();
  });
});

/** A page that is refused or missing on purpose is written down by the browser as well. */
function isRefusal(complaint: string): boolean {
  return /status of 4\d\d/.test(complaint);
}
