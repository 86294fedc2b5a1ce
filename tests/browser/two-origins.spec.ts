/** The issuer of logins on an origin of its own, as Keycloak is. */
import type { Browser } from 'playwright-core';
import { freePort } from '../../apps/local/processes/ports';
import { describeWithChromium } from '../support/chromium';
import { System } from '../support/system';

describeWithChromium('with the issuer on another origin', (browser: () => Browser) => {
  let system: System;
  let console_: string;
  beforeAll(async () => {
    const port = await freePort();
    // The same machine by two names: two origins, and two sites, for a browser.
    console_ = `http://localhost:${port}`;
    system = await System.start({ port, env: { PUBLIC_URL: console_ } });
  });
  afterAll(() => system.stop());

  it('somebody logs in, and logging out ends the session at the issuer as well', async () => {
    const context = await browser().newContext({ locale: 'es-PE' });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(`${console_}/console`);
    expect(new URL(page.url()).origin).toBe(system.topology.url);
    await page.locator('#login').selectOption('operations');
    await page.locator('#password').fill(system.topology.logins.password!);
    await page.getByRole('button', { name: 'Entrar' }).click();
    await page.waitForURL(`${console_}/console`);
    await page.getByRole('button', { name: 'Salir' }).click();
    // The issuer asks again, at its own address.
    await page.waitForURL(`${system.topology.url}/login/session/end**`);
    await page.getByRole('button', { name: 'Salir' }).click();
    await page.waitForURL(`${console_}/console/bye**`);
    expect(complaints).toEqual([]);
    // Nobody is let in any more without a password.
    await page.goto(`${console_}/console`);
    await page.locator('#password').waitFor();
    await context.close();
  });
});
