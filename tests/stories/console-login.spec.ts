import { parse } from 'node-html-parser';
import { Browser } from '../support/browser';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

const browser = () => new Browser(system.topology.url);
const password = () => system.topology.logins.password!;

describe('logging in to the console', () => {
  it('leads back to the page that was asked for', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    const person = browser();
    const page = await person.logIn('/console/cases?status=open', 'operations', password());
    expect([page.status, new URL(page.url).pathname]).toEqual([200, '/console/cases']);
    expect(page.text).toContain(found.number);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  it('needs the right password', async () => {
    const page = await browser().logIn('/console', 'operations', 'wrong');
    expect(page.status).toBe(401);
    expect(page.text).toContain('contraseña no es correcta');
  });

  it('shows each role its own pages only', async () => {
    const person = browser();
    await person.logIn('/console', 'health', password());
    const page = await person.open('/console/cases');
    expect(page.status).toBe(403);
    expect(page.text).toContain('No es para su rol');
  });

  it('ends with logging out, here and at the issuer', async () => {
    const person = browser();
    await person.logIn('/console', 'operations', password());
    const page = await person.submit('/console/logout', {});
    const form = parse(page.text).querySelector('form')!;
    const xsrf = form.querySelector('input[name=xsrf]')!.getAttribute('value')!;
    const bye = await person.submit(form.getAttribute('action')!, { xsrf, logout: 'yes' });
    expect(new URL(bye.url).pathname).toBe('/console/bye');
    const again = await person.open('/console/cases');
    expect(new URL(again.url).pathname).toMatch(/^\/login\/interaction\//);
  });

  it('takes no form of another site', async () => {
    const person = browser();
    await person.logIn('/console', 'operations', password());
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }, {}]) {
      const answer = await person.request(
        'POST',
        '/console/language',
        new URLSearchParams({ language: 'en' }),
        {
          ...headers,
        },
      );
      expect(answer.status).toBe(403);
    }
  });

  it('speaks the language that was chosen', async () => {
    const person = browser();
    await person.logIn('/console', 'operations', password());
    const page = await person.submit('/console/language', { language: 'en', to: '/console/cases' });
    expect(page.text).toContain('<html lang="en">');
    expect(page.text).toContain('Log out');
  });
});
