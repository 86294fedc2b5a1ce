/** Somebody who asks too much is told so on a page they can read, and nobody else waits. */
import { parse } from 'node-html-parser';
import { Browser, type Shown } from '../support/browser';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start({ env: { THROTTLE_READS: '5', THROTTLE_FAILURES: '3' } });
});
afterAll(() => system.stop());

async function loggedIn(login: string): Promise<Browser> {
  const browser = new Browser(system.topology.url);
  await browser.logIn('/console/cases', login, system.topology.logins.password!);
  return browser;
}

/** Opens a page until somebody is told to wait. */
async function flood(person: Browser, path: string): Promise<Shown> {
  for (let i = 0; i < 300; i++) {
    const page = await person.open(path);
    if (page.status === 429) return page;
  }
  throw new Error('nobody was told to wait');
}

describe('somebody who asks too much', () => {
  it('reads so on the page, in its language, and the others go on', async () => {
    const [person, other] = [await loggedIn('operations'), await loggedIn('auditor')];
    const page = await flood(person, '/console/cases');
    expect(parse(page.text).querySelector('main p')!.text).toContain('Espere unos segundos');
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await other.open('/console/cases')).status).toBe(200);
    const metrics = await system.metrics();
    expect(metrics['retorno_throttled_total']).toBeGreaterThanOrEqual(1);
  });
});

describe('whoever tries logins that nobody began', () => {
  it('is told to wait, and people log in meanwhile', async () => {
    const page = await flood(new Browser(system.topology.url), '/console/login/callback?code=x');
    expect(page.text).toContain('Espere unos segundos');
    expect((await (await loggedIn('statistics')).open('/console/statistics')).status).toBe(200);
  });
});

describe('somebody who asks for what is not there', () => {
  it('reads so in the language of the page', async () => {
    const person = await loggedIn('operations-lead');
    const missing = await person.open('/console/escalations/none');
    expect([missing.status, parse(missing.text).querySelector('main p')!.text]).toEqual([
      404,
      'No hay ninguna alerta abierta con esa dirección.',
    ]);
    await person.submit('/console/language', { language: 'en', to: '/console/language' });
    const english = await person.open('/console/escalations/none');
    expect(parse(english.text).querySelector('main p')!.text).toBe(
      'There is no open escalation with this id.',
    );
  });
});
