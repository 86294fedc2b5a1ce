/** The queue of escalations as operations work it at the console, without script. */
import { parse } from 'node-html-parser';
import type { Case } from '../support/case-view';
import { Browser, type Shown } from '../support/browser';
import { System } from '../support/system';

let system: System;
let found: Case;
let escalation: string;
let operator: Browser;
let lead: Browser;

const QUEUE = '/console/escalations';
const OTHER = 'desk 9';
const rows = (page: Shown): number => parse(page.text).querySelectorAll('tbody tr').length;
const listed = async () => (await system.all(`/escalations?case=${found.id}`))[0];

async function loggedIn(login: string): Promise<Browser> {
  const browser = new Browser(system.topology.url);
  await browser.logIn(QUEUE, login, system.topology.logins.password!);
  return browser;
}

beforeAll(async () => {
  system = await System.start();
  operator = await loggedIn('operations');
  lead = await loggedIn('operations-lead');
});
afterAll(() => system.stop());
beforeEach(async () => {
  found = await system.arrive({ needs: ['shelter'] });
  escalation = `${QUEUE}/${found.escalations[0]!.id}`;
});
afterEach(async () => {
  await system.call('POST', '/escalations/group:no-provider:shelter/resolve', { reason: 'the test is over' });
});

describe('escalations at the console', () => {
  it('are claimed, handed over with a note that the next owner still reads, and resolved with a reason', async () => {
    const claimed = await operator.submit(`${escalation}/claim`, { to: `${QUEUE}?owner=none` });
    expect(new URL(claimed.url).searchParams.get('did')).toBe('claimed');
    expect(claimed.text).toContain('La alerta es suya.');
    expect(rows(await operator.open(`${QUEUE}?owner=mine&each=true`))).toBe(1);
    expect(rows(await lead.open(`${QUEUE}?owner=mine&each=true`))).toBe(0);
    expect(rows(await lead.open(`${QUEUE}?owner=none&each=true`))).toBe(0);

    const note = 'llamé al albergue, responde mañana';
    const handed = await operator.submit(`${escalation}/release`, { to: escalation, note });
    expect(handed.text).toContain('Entregó la alerta: está sin responsable.');
    expect(await listed()).toMatchObject({ status: 'open', owner: null });
    const before = await lead.open(escalation);
    expect(before.text).toContain(note);
    await lead.submit(`${escalation}/claim`, { to: escalation });
    const after = await lead.open(escalation);
    expect(parse(after.text).querySelector('.note')!.text).toBe(note);
    expect(rows(await lead.open(`${QUEUE}?owner=mine&each=true`))).toBe(1);

    const resolved = await lead.submit(`${escalation}/resolve`, { to: QUEUE, reason: 'hay cama' });
    expect(resolved.text).toContain('La alerta quedó resuelta.');
    expect(await listed()).toBeUndefined();
  });

  it('that somebody else took meanwhile are not taken away by a claim: the page says so and offers to take over', async () => {
    await system.call('POST', `/escalations/${found.escalations[0]!.id}/claim`, { by: OTHER });
    const refused = await operator.submit(`${escalation}/claim`, { to: QUEUE });
    expect(refused.status).toBe(409);
    const page = parse(refused.text);
    expect(page.querySelector('[role=alert]')!.text).toContain('Otra persona ya tomó esta alerta');
    expect(page.querySelector('[name=takeOver]')).not.toBeNull();
    expect((await listed()).owner).toBe(OTHER);
  });

  it('of one person are handed over all at once at the end of a shift, and nobody else’s with them', async () => {
    await system.arrive({ needs: ['shelter'] });
    await system.arrive({ needs: ['shelter'] });
    const ids = (await system.all('/escalations?reason=no-provider')).map(({ id }) => id as string);
    for (const id of ids.slice(0, 2)) await operator.submit(`${QUEUE}/${id}/claim`, { to: QUEUE });
    await lead.submit(`${QUEUE}/${ids[2]}/claim`, { to: QUEUE });
    const mine = parse((await operator.open(`${QUEUE}?owner=mine`)).text);
    const form = mine.querySelector('form[action$="/mine/release"]')!;
    const to = form.querySelector('[name=to]')!.getAttribute('value')!;
    const refused = await operator.submit(form.getAttribute('action')!, { to, note: '' });
    expect([refused.status, parse(refused.text).querySelector('[role=alert]')!.text.trim()]).toEqual([
      422,
      'Escriba la nota para quien sigue, en 500 letras como máximo.',
    ]);
    const note = 'falta llamar a dos albergues';
    const handed = await operator.submit(form.getAttribute('action')!, { to, note });
    expect(handed.text).toContain('Entregó 2 alertas: están sin responsable.');
    const after = await system.all('/escalations?reason=no-provider');
    expect(after.filter((one) => one.owner === null).map((one) => one.note)).toEqual([note, note]);
    expect(after.filter((one) => one.owner !== null).map(({ id }) => id)).toEqual([ids[2]]);
    const again = await operator.submit(form.getAttribute('action')!, { to, note });
    expect(again.status).toBe(404);
  });

  it('are handed over by their owner only', async () => {
    await lead.submit(`${escalation}/claim`, { to: QUEUE });
    const refused = await operator.submit(`${escalation}/release`, { to: escalation, note: 'no es mía' });
    expect(refused.status).toBe(409);
    expect(parse(refused.text).querySelector('[role=alert]')!.text.trim()).toBe(
      'Solo puede entregar lo que usted había tomado.',
    );
    expect((await listed()).status).toBe('claimed');
  });

  it('are not resolved without a reason, nor handed over without a note', async () => {
    const resolved = await operator.submit(`${escalation}/resolve`, { to: QUEUE, reason: ' ' });
    await operator.submit(`${escalation}/claim`, { to: QUEUE });
    const handed = await operator.submit(`${escalation}/release`, { to: escalation, note: '' });
    expect([resolved.status, handed.status]).toEqual([422, 422]);
    expect((await listed()).status).toBe('claimed');
  });

  it('of one cause are claimed and resolved together', async () => {
    await system.arrive({ needs: ['shelter'] });
    const queue = parse((await operator.open(QUEUE)).text);
    const row = queue.querySelectorAll('tbody tr').find((one) => one.text.includes('albergue'))!;
    expect(row.querySelectorAll('td')[1]!.text).toContain('2 casos');
    const page = await operator.open(
      row.querySelector('th a')!.getAttribute('href')!.replaceAll('&amp;', '&'),
    );
    expect(rows(page)).toBe(2);
    const [claim] = parse(page.text).querySelectorAll('section form[action$="/claim"]');
    const to = claim!.querySelector('[name=to]')!.getAttribute('value')!;
    const claimed = await operator.submit(claim!.getAttribute('action')!, { to });
    expect(claimed.text).toContain('Tomó 2 alertas.');
    const form = parse(claimed.text).querySelector('form[action$="/resolve"]')!;
    const resolved = await operator.submit(form.getAttribute('action')!, { to, reason: 'nuevo albergue' });
    expect(resolved.text).toContain('Resolvió 2 alertas.');
    expect(rows(resolved)).toBe(0);
  });

  it('cannot be told apart by the name of a group that lists do not tell', async () => {
    const fresh = await system.arrive({ vulnerabilities: ['gender-based-violence'] });
    const all = await system.all('/escalations?grouped=true');
    const restricted = all.filter(({ group }) => group === 'no-provider:restricted');
    expect(fresh.escalations.map(({ group }) => group)).toContain('no-provider:gender-based-violence');
    expect(restricted).toHaveLength(1);
    expect(await system.all('/escalations?group=no-provider:gender-based-violence')).toEqual([]);
    expect(await system.all('/escalations?group=no-provider:restricted')).toHaveLength(restricted[0].cases);
  });

  it('are looked at by an auditor, who can do nothing with them', async () => {
    const auditor = await loggedIn('auditor');
    expect((await auditor.open(escalation)).status).toBe(200);
    expect((await auditor.submit(`${escalation}/claim`, { to: QUEUE })).status).toBe(403);
    expect((await listed()).status).toBe('open');
  });
});
