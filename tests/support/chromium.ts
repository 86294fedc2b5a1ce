/** Specs that need a real browser: a Chromium of the machine, driven by playwright-core. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Where Debian and its kin put it; CHROMIUM names another one. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function findChromium(): string | undefined {
  const given = process.env['CHROMIUM'];
  return (given ? [given] : PLACES).find((path) => existsSync(path));
}

/** A browser without windows yet, so that each one opened in it is somebody's own: cookies are not shared. */
async function startChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(WHY);
  // As root its sandbox does not start; what it opens here are our own pages.
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [] });
}

const WHY = 'no Chromium here: .ci/chromium brings one, CHROMIUM names one';

/** Like describe, with a browser. On a machine without one it is skipped and says so, or fails when REQUIRE_BROWSER=1. */
export function describeWithChromium(title: string, suite: (browser: () => Browser) => void): void {
  if (findChromium() === undefined) return without(title, suite);
  describe(title, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      browser = await startChromium();
    }, 60_000);
    afterAll(() => browser?.close(), 60_000);
    suite(() => browser ?? fail());
  });
}

function without(title: string, suite: (browser: () => Browser) => void): void {
  if (process.env['REQUIRE_BROWSER'] === '1') {
    describe(title, () => {
      it('has a browser, as REQUIRE_BROWSER=1 asks', fail);
    });
    return;
  }
  process.stderr.write(`\nSKIPPED "${title}": ${WHY}. REQUIRE_BROWSER=1 makes this a failure.\n\n`);
  const leaveOut = describe.skip;
  leaveOut(title, () => suite(fail));
}

function fail(): never {
  throw new Error(WHY);
}
