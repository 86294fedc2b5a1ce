/** The link to a returnee's own page, given and taken back at the console, without script. */
import { parse, type HTMLElement } from 'node-html-parser';
import { Browser, type Shown } from '../support/browser';
import { eventually } from '../support/eventually';
import { System } from '../support/system';

const logged: string[] = [];
let system: System;
let desk: Browser;

const textOf = (element: HTMLElement | null) => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
const pageOf = (shown: Shown) => parse(shown.text);
const addressOf = (of: { number: string }) => `/console/cases/${of.number}/links`;

async function loggedIn(login: string): Promise<Browser> {
  const browser = new Browser(system.topology.url);
  await browser.logIn('/console', login, system.topology.logins.password!);
  return browser;
}

beforeAll(async () => {
  system = await System.start({ log: (line) => void logged.push(line) });
  desk = await loggedIn('operations');
}, 60_000);
afterAll(() => system.stop(), 60_000);

/** The address on a card. */
const linkOn = (card: Shown) => new URL(textOf(pageOf(card).querySelector('.ticket .address')));

describe('a link to a returnee’s own page', () => {
  it('is given from the case, shown once on a card, and opens the page', async () => {
    const found = await system.arrive({
      needs: ['health-care'],
      family_names: 'Quispe Tarjeta',
      given_names: 'Ana',
    });
    const start = pageOf(await desk.open(`/console/cases/${found.number}`));
    expect(start.querySelector(`a[href="${addressOf(found)}"]`)).not.toBeNull();
    expect(textOf(pageOf(await desk.open(addressOf(found))).querySelector('.empty'))).toContain(
      'Todavía no se dio ningún enlace',
    );
    const card = await desk.submit(addressOf(found), { language: 'es', days: '10', named: 'yes' });
    expect(card.status).toBe(201);
    const ticket = pageOf(card).querySelector('.ticket')!;
    expect(textOf(ticket)).toContain('Ana Quispe Tarjeta');
    expect(textOf(ticket)).toContain(found.number);
    const link = linkOn(card);
    expect((await fetch(link)).status).toBe(200);
    const list = await desk.open(addressOf(found));
    expect(textOf(pageOf(list).querySelector('tbody'))).toContain('sirve');
    const token = link.pathname.split('/').at(-1)!;
    expect(list.text).not.toContain(token);
    expect(card.headers.get('cache-control')).toBe('no-store');
    // Neither in an address, nor in what is written down of it.
    expect(card.url).not.toContain(token);
    expect(logged.some((line) => line.includes(token))).toBe(false);
    const audit = await eventually(async () => {
      const rows = await system.all(`/audit?case=${found.id}`);
      return rows.some(({ action }) => action === 'POST /portal/links') && rows;
    });
    expect(JSON.stringify(audit)).not.toContain(token);
  });

  it('is taken back with a reason, and opens nothing from then on', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    const link = linkOn(await desk.submit(addressOf(found), { language: 'en', days: '1' }));
    const form = pageOf(await desk.open(addressOf(found))).querySelector('form[action$=revoke]')!;
    const without = await desk.submit(form.getAttribute('action')!, { reason: '' });
    expect(without.status).toBe(422);
    expect(textOf(pageOf(without).querySelector('[role=alert]'))).toContain('Escriba por qué lo anula');
    const after = await desk.submit(form.getAttribute('action')!, { reason: 'perdió el teléfono' });
    expect(after.status).toBe(200);
    expect(textOf(pageOf(after).querySelector('tbody'))).toMatch(/anulado el .* perdió el teléfono/);
    expect(pageOf(after).querySelector('form[action$=revoke]')).toBeNull();
    expect((await fetch(link)).status).toBe(404);
  });

  it('can be on a card that does not say whose it is; the page of anybody says when to choose that', async () => {
    const found = await system.arrive({
      needs: ['health-care'],
      vulnerabilities: ['gender-based-violence'],
      family_names: 'Quispe Secreta',
    });
    const page = pageOf(await desk.open(addressOf(found)));
    // The same as of anybody: operations are not told what is restricted.
    expect(textOf(page.querySelector('.alert'))).toContain('no ponga de quién es');
    expect(page.querySelector('#days')?.getAttribute('value')).toBe('30');
    const card = await desk.submit(addressOf(found), { language: 'es', days: '3' });
    expect(card.text).not.toContain('Quispe');
    expect(textOf(pageOf(card).querySelector('.ticket'))).not.toContain(found.number);
    expect((await fetch(linkOn(card))).status).toBe(200);
  });

  it('is not made for a number of days that there is not, and what was chosen stays', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    for (const days of ['0', '366', 'x', '']) {
      const refused = await desk.submit(addressOf(found), { language: 'ay', days });
      expect([days, refused.status]).toEqual([days, 422]);
      const page = pageOf(refused);
      expect(textOf(page.querySelector('[role=alert]'))).toContain('un número de 1 a 365');
      expect(page.querySelector('#days')?.getAttribute('aria-invalid')).toBe('true');
      expect(page.querySelector('#language option[selected]')?.getAttribute('value')).toBe('ay');
    }
    expect(await system.all(`/portal/links?caseId=${found.id}`)).toEqual([]);
  });

  it('is given by operations; an auditor sees that there is one, others nothing', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    await desk.submit(addressOf(found), { language: 'es', days: '30' });
    const auditor = await loggedIn('auditor');
    const seen = pageOf(await auditor.open(addressOf(found)));
    expect(seen.querySelectorAll('tbody tr')).toHaveLength(1);
    expect(seen.querySelector('main form')).toBeNull();
    expect((await auditor.submit(addressOf(found), { language: 'es', days: '30' })).status).toBe(403);
    expect((await (await loggedIn('health')).open(addressOf(found))).status).toBe(403);
    expect((await desk.open('/console/cases/RT-2026-999999/links')).status).toBe(404);
  });
});
