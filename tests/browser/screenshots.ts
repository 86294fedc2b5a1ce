/**
 * `npm run screenshots`: a picture of every page of the console, of the demonstration's cases at a fixed time, in every
 * window that people have. All of them go to a temporary folder, to be looked at; a few are kept in docs/screenshots.
 * Not a test of the suite: a person looks at what it makes.
 */
import { mkdir, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { describeWithChromium } from '../support/chromium';
import { startDemonstration } from '../support/demonstration';
import { Desk, type Window } from '../support/desk';
import { redriveAll } from '../support/parked';
import type { System } from '../support/system';
import { stopsOf } from './screens';

const ALL = join(tmpdir(), 'retorno-screenshots');
const DOCS = join(__dirname, '..', '..', 'docs', 'screenshots');
/** By the end of the file's name. */
const WINDOWS: Readonly<Record<string, Window>> = {
  desk: { width: 1280, height: 800 },
  'desk-dark': { width: 1280, height: 800, scheme: 'dark' },
  telephone: { width: 360, height: 740 },
  'telephone-dark': { width: 360, height: 740, scheme: 'dark' },
  english: { width: 1280, height: 800, language: 'en' },
};
/** Those that the documentation shows; they live in the repository for good. */
const KEPT = [
  'home-english',
  'home-telephone-dark',
  'cases-desk',
  'case-english',
  'case-desk-dark',
  'escalations-desk',
  'duplicates-pair-english',
  'follow-ups-desk',
  'parked-desk',
  'parked-sequence-english',
  'worklist-desk',
  'worklist-telephone',
  'intake-desk',
  'agencies-desk',
  'statistics-map-english',
  'audit-english',
  'help-page-telephone',
];
/** Longest of all that are kept, bytes. */
const MOST_BYTES = 3_000_000;

describeWithChromium('pictures', (browser: () => Browser) => {
  let system: System;
  let stops: Awaited<ReturnType<typeof stopsOf>>;
  beforeAll(async () => {
    system = await startDemonstration(60);
    stops = await stopsOf(system);
    await mkdir(ALL, { recursive: true });
    await mkdir(DOCS, { recursive: true });
  }, 300_000);
  afterAll(async () => {
    await redriveAll(system);
    await system.stop();
  }, 60_000);

  it.each(Object.entries(WINDOWS))(
    'of every page: %s',
    async (name, window) => {
      for (const login of new Set(stops.map(({ as }) => as))) {
        const own = stops.filter(({ as }) => as === login);
        const desk = await Desk.open(browser(), system, window);
        if (login !== 'nobody') await desk.logIn(login, own[0]!.path);
        for (const stop of own) {
          await desk.page.goto(stop.path);
          const path = join(ALL, `${stop.name}-${name}.png`);
          await desk.page.screenshot({ path, animations: 'disabled', fullPage: true });
          if (!KEPT.includes(`${stop.name}-${name}`)) continue;
          // What somebody sees without scrolling is enough for a picture in a text.
          await desk.page.screenshot({
            path: join(DOCS, `${stop.name}-${name}.png`),
            animations: 'disabled',
          });
        }
        await desk.close();
      }
    },
    300_000,
  );

  it('that are kept are small, all together', async () => {
    const files = await readdir(DOCS);
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(DOCS, file))).size));
    expect(files.toSorted()).toEqual(KEPT.map((name) => `${name}.png`).toSorted());
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
    console.log(`all pictures: ${ALL}`);
  });
});
