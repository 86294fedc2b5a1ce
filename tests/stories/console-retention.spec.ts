/** A person's data is held, released and erased at the console, without script. */
import { parse, type HTMLElement } from 'node-html-parser';
import { Browser, type Shown } from '../support/browser';
import { eventually } from '../support/eventually';
import { System } from '../support/system';

let system: System;
let lead: Browser;

const textOf = (element: HTMLElement | null) => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
const mainOf = (shown: Shown) => textOf(parse(shown.text).querySelector('main'));
const addressOf = (of: { number: string }) => `/console/cases/${of.number}/retention`;
const buttonsOf = (shown: Shown) =>
  parse(shown.text)
    .querySelectorAll('button[name=decision]')
    .map((one) => one.getAttribute('value'));

async function loggedIn(login: string): Promise<Browser> {
  const browser = new Browser(system.topology.url);
  await browser.logIn('/console', login, system.topology.logins.password!);
  return browser;
}

beforeAll(async () => {
  system = await System.start();
  lead = await loggedIn('operations-lead');
}, 60_000);
afterAll(() => system.stop(), 60_000);

describe('the data of a person at the console', () => {
  it('is held and released with a reason, and not erased while the case is open', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    const start = await lead.open(addressOf(found));
    expect(buttonsOf(start)).toEqual(['hold']);
    expect(mainOf(start)).toContain('El caso sigue abierto: ciérrelo primero.');
    const without = await lead.submit(addressOf(found), { decision: 'hold', reason: '' });
    expect([without.status, mainOf(without)]).toEqual([422, expect.stringContaining('Escriba por qué')]);
    const held = await lead.submit(addressOf(found), { decision: 'hold', reason: 'proceso 123-2026' });
    expect(mainOf(held)).toContain('Los datos están retenidos');
    expect(mainOf(held)).toContain('proceso 123-2026');
    expect(buttonsOf(held)).toEqual(['release']);
    const released = await lead.submit(addressOf(found), { decision: 'release', reason: 'terminó' });
    expect(buttonsOf(released)).toEqual(['hold']);
    const forced = await lead.submit(addressOf(found), {
      decision: 'erasure',
      reason: 'lo pidió',
      number: found.number,
    });
    expect(forced.status).toBe(409);
  });

  it('is erased once the case is closed, and only when its number is written', async () => {
    const found = await system.arrive({ needs: ['employment'] });
    await system.command(found, 'close', { reason: 'left-country' });
    for (const { agency, id, status } of (await system.caseOf(found)).referrals) {
      if (status !== 'cancelled') await system.answer({ agency, id }, { status: 'cancelled' });
    }
    expect((await system.caseOf(found)).status).toBe('closed');
    expect(buttonsOf(await lead.open(addressOf(found)))).toEqual(['hold', 'erasure']);
    const wrong = await lead.submit(addressOf(found), {
      decision: 'erasure',
      reason: 'lo pidió por escrito',
      number: 'RT-2026-999999',
    });
    expect(wrong.status).toBe(422);
    expect(mainOf(wrong)).toContain('No se borró nada.');
    expect(textOf(parse(wrong.text).querySelector('#reason-erasure'))).toBe('lo pidió por escrito');
    await lead.submit(addressOf(found), {
      decision: 'erasure',
      reason: 'lo pidió por escrito',
      number: found.number.toLowerCase(),
    });
    await system.settle();
    const after = (await eventually(async () => {
      const page = await lead.open(addressOf(found));
      return mainOf(page).includes('Los datos se borraron.') ? page : undefined;
    }))!;
    expect(buttonsOf(after)).toEqual([]);
    expect(mainOf(after)).toContain('lo pidió por escrito');
  });

  it('is decided on by a lead alone; operations see how it stands', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    const desk = await loggedIn('operations');
    expect(buttonsOf(await desk.open(addressOf(found)))).toEqual([]);
    expect((await desk.submit(addressOf(found), { decision: 'hold', reason: 'x' })).status).toBe(403);
    expect((await (await loggedIn('auditor')).open(addressOf(found))).status).toBe(403);
    expect((await lead.open('/console/cases/RT-2026-999999/retention')).status).toBe(404);
  });
});
