/** Returnees are asked how they fare, and what they say is recorded, at the console, without script. */
import { parse, type HTMLElement } from 'node-html-parser';
import { Browser, type Shown } from '../support/browser';
import type { Case } from '../support/case-view';
import { System } from '../support/system';

let system: System;
let desk: Browser;
let heard: Case;
let silent: Case;

const LIST = '/console/follow-ups';
const textOf = (element: HTMLElement | null) => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
const pageOf = (shown: Shown) => parse(shown.text);
const formAt = (of: Case, month = 1) => `${LIST}/${of.number}/${month}`;

async function loggedIn(login: string): Promise<Browser> {
  const browser = new Browser(system.topology.url);
  await browser.logIn('/console', login, system.topology.logins.password!);
  return browser;
}

/** Lines of the list: whom, which wave. */
async function listed(query = ''): Promise<string[]> {
  const rows = pageOf(await desk.open(`${LIST}${query}`)).querySelectorAll('tbody tr');
  return rows.map((row) => textOf(row.querySelector('th')));
}

/** The form as a page shows it, each question answered with its first or last but one choice. */
function filledIn(page: Shown, level: 'worst' | 'best'): Record<string, string> {
  const fields: Record<string, string> = { by: 'mesa 4', channel: 'telephone', outcome: 'answered' };
  fields['version'] = pageOf(page).querySelector('input[name=version]')!.getAttribute('value')!;
  for (const question of pageOf(page).querySelectorAll('fieldset')) {
    const choices = question.querySelectorAll('input');
    const chosen = level === 'worst' ? choices[0]! : choices.at(-2)!;
    fields[chosen.getAttribute('name')!] = chosen.getAttribute('value')!;
  }
  return fields;
}

beforeAll(async () => {
  system = await System.start();
  heard = await system.arrive({ needs: ['health-care'], given_names: 'Rosa Seguida', phone: '+51987123456' });
  silent = await system.arrive({ needs: ['health-care'] });
  desk = await loggedIn('operations');
}, 60_000);
afterAll(() => system.stop(), 60_000);

describe('follow-ups at the console', () => {
  it('say what to do while nobody is to be asked, and ask nobody before their time', async () => {
    expect(textOf(pageOf(await desk.open(LIST)).querySelector('.empty'))).toContain(
      'Hoy no hay que preguntar',
    );
    const early = await desk.open(formAt(heard));
    expect(new URL(early.url).pathname).toBe(`${LIST}/${heard.number}`);
    expect(textOf(pageOf(early).querySelector('main'))).toContain('todavía no toca');
  });

  it('list whom to ask by filters in the address, and ask the questions as they are published', async () => {
    await system.moveTo('2026-12-21T15:00:00Z');
    desk = await loggedIn('operations');
    expect(await listed()).toEqual([heard.number, silent.number]);
    expect(await listed('?status=open&month=1')).toEqual([heard.number, silent.number]);
    expect(await listed('?status=overdue')).toEqual([]);
    expect(await listed('?month=3')).toEqual([]);
    const page = await desk.open(formAt(heard));
    const { questionnaire } = await system.get(`/cases/${heard.id}/follow-ups`);
    const shown = pageOf(page).querySelectorAll('legend').map(textOf);
    expect(shown).toEqual(questionnaire.questions.map(({ text }: any) => text.es));
    expect(textOf(pageOf(page).querySelector('dl.facts'))).toContain('+51987123456');
  });

  it('are refused with what is missing, and keep what was answered', async () => {
    const page = await desk.open(formAt(heard));
    const { 'q.work': _unanswered, ...fields } = filledIn(page, 'best');
    const refused = await desk.submit(formAt(heard), { ...fields, note: 'habló <b>poco</b>' });
    expect(refused.status).toBe(422);
    const root = pageOf(refused);
    expect(root.querySelectorAll('[role=alert] li').map(textOf)).toEqual([
      '¿Tiene trabajo o un negocio propio?',
    ]);
    expect(root.querySelectorAll('input[checked]')).toHaveLength(11);
    expect(textOf(root.querySelector('#note-asked'))).toBe('habló <b>poco</b>');
    const without = await desk.submit(formAt(heard), { ...filledIn(page, 'best'), by: '' });
    expect(without.status).toBe(422);
    expect(pageOf(without).querySelector('#by-asked')?.getAttribute('aria-invalid')).toBe('true');
    expect(await listed()).toContain(heard.number);
  });

  it('are recorded with their scores, and leave the list', async () => {
    const page = await desk.open(formAt(heard));
    const done = await desk.submit(formAt(heard), filledIn(page, 'worst'));
    await system.settle();
    expect(done.status).toBe(200);
    expect(textOf(pageOf(done).querySelector('[role=status].notice'))).toContain(
      'Quedó anotado el seguimiento al mes.',
    );
    const [first] = pageOf(done).querySelectorAll('tbody tr');
    expect(first!.querySelectorAll('td.number').map(textOf)).toEqual(['0.00', '0.00', '0.00', '0.00']);
    expect(await listed()).toEqual([silent.number]);
    const raised = await system.all(`/escalations?case=${heard.id}&reason=follow-up-concern`);
    expect(raised).toHaveLength(1);
    // A second time is refused, in words.
    const again = await desk.submit(formAt(heard), filledIn(page, 'best'));
    expect(again.status).toBe(409);
    expect(textOf(pageOf(again).querySelector('[role=alert]'))).toContain('ya está registrado');
  });

  it('record silence as well, which can still be answered later', async () => {
    const fields = { version: '1', by: 'mesa 4', channel: 'telephone', outcome: 'unreachable' };
    const page = pageOf(await desk.submit(formAt(silent), fields));
    await system.settle();
    expect(textOf(page.querySelector('tbody tr'))).toContain('no se le encontró el');
    expect(page.querySelector(`a[href="${formAt(silent)}"]`)).not.toBeNull();
    expect(await listed()).toEqual([]);
    const later = filledIn(await desk.open(formAt(silent)), 'best');
    const scores = pageOf(await desk.submit(formAt(silent), later)).querySelectorAll('tbody tr td.number');
    expect(textOf(scores[3]!)).toBe('1.00');
    await system.settle();
  });

  it('are recorded by operations; an auditor sees when and the scores, not who it is; others nothing', async () => {
    const auditor = await loggedIn('auditor');
    const seen = await auditor.open(`${LIST}/${heard.number}`);
    expect(textOf(pageOf(seen).querySelector('tbody tr'))).toContain('0.00');
    expect(pageOf(seen).querySelector('tbody a')).toBeNull();
    expect(seen.text).not.toContain('Seguida');
    expect((await auditor.open(formAt(heard))).status).toBe(403);
    expect((await (await loggedIn('health')).open(LIST)).status).toBe(403);
    expect((await desk.open(`${LIST}/RT-2026-999999`)).status).toBe(404);
    expect((await desk.open(formAt(heard, 2))).status).toBe(404);
    expect((await desk.open(`${LIST}/${heard.number}/x`)).status).toBe(404);
  });
});
