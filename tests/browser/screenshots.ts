/**
 * `npm run screenshots`: a picture of every page of the console for docs/images, of the demonstration's cases at a fixed
 * time. Not a test of the suite: a person looks at what it makes.
 */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { describeWithChromium } from '../support/chromium';
import { startDemonstration } from '../support/demonstration';
import { Desk, type Window } from '../support/desk';
import { redriveAll } from '../support/parked';
import type { System } from '../support/system';
import { stopsOf, type Stop } from './screens';

const FOLDER = join(__dirname, '..', '..', 'docs', 'images');
const DESK = { width: 1280, height: 600 };
/** Pictures live in the repository for good, bytes. */
const LARGEST = 150_000;

describeWithChromium('pictures', (browser: () => Browser) => {
  let system: System;
  let stops: readonly Stop[];
  beforeAll(async () => {
    system = await startDemonstration(60);
    stops = await stopsOf(system);
    await mkdir(FOLDER, { recursive: true });
  }, 300_000);
  afterAll(async () => {
    await redriveAll(system);
    await system.stop();
  }, 60_000);

  const picture = async (stop: Stop, suffix: string, window: Window): Promise<void> => {
    const desk = await Desk.open(browser(), system, window);
    if (stop.as === 'nobody') await desk.page.goto(stop.path);
    else await desk.logIn(stop.as, stop.path);
    const path = join(FOLDER, `console-${stop.name}${suffix}.png`);
    await desk.page.screenshot({ path, animations: 'disabled' });
    await desk.close();
    expect({ path, fits: (await stat(path)).size < LARGEST }).toEqual({ path, fits: true });
  };

  it('of every page', async () => {
    for (const stop of stops) await picture(stop, '', DESK);
  }, 300_000);

  it('of the menu in the dark, on a telephone, and in English', async () => {
    const shown = new Set(['beside']);
    for (const stop of stops) {
      if (shown.has(stop.screen)) continue;
      shown.add(stop.screen);
      await picture(stop, '-dark', { ...DESK, scheme: 'dark' });
      await picture(stop, '-telephone', { width: 360, height: 700 });
      await picture(stop, '-en', { ...DESK, language: 'en' });
    }
  }, 300_000);
});
