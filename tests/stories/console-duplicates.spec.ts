/** Likely duplicates as they are decided at the console, without script: what was shown is what is done. */
import { parse, type HTMLElement } from 'node-html-parser';
import { Browser, type Shown } from '../support/browser';
import { referralOf, type Case } from '../support/case-view';
import type { ReturneeBody } from '../support/returnee';
import { System, type Registered } from '../support/system';
import { registerTwice } from '../support/twins';

let system: System;
let lead: Browser;
let people = 0;

const QUEUE = '/console/duplicates';
const textOf = (element: HTMLElement | null) => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
const pageOf = (shown: Shown) => parse(shown.text);

async function loggedIn(login: string): Promise<Browser> {
  const browser = new Browser(system.topology.url);
  await browser.logIn(QUEUE, login, system.topology.logins.password!);
  return browser;
}

beforeAll(async () => {
  system = await System.start();
  lead = await loggedIn('operations-lead');
}, 60_000);
afterAll(() => system.stop(), 60_000);

/** One person registered twice, written differently; the older one first. */
async function two(
  older: Partial<ReturneeBody>,
  newer: Partial<ReturneeBody> = {},
): Promise<[Registered, Registered]> {
  people++;
  const born = `${1940 + 11 * people}-0${people}-1${people}`;
  return registerTwice(system, born, older, newer);
}

const addressOf = ([older, newer]: readonly Registered[]) =>
  `${QUEUE}/${newer!.caseNumber}/${older!.caseNumber}`;

/** Sends the form of a decision as it stands on a page. */
async function decide(page: Shown, decision: string, reason: string): Promise<Shown> {
  const form = pageOf(page).querySelector(`form:has(button[value=${decision}])`)!;
  const hidden = form
    .querySelectorAll('input[type=hidden]')
    .map((one) => [one.getAttribute('name')!, one.getAttribute('value')!]);
  const fields = { ...Object.fromEntries(hidden), decision, reason } as Record<string, string>;
  const answer = await lead.submit(form.getAttribute('action')!, fields);
  await system.settle();
  return answer;
}

/** `service: fate; what its agency is told` of each line of the preview. */
function previewed(page: Shown): string[] {
  return pageOf(page)
    .querySelectorAll('[aria-label="Qué pasa con cada derivación"] tbody tr')
    .map((row) => row.querySelectorAll('th,td').map(textOf).join(' | '));
}

describe('two cases that may be of one person, at the console', () => {
  it('stand in the queue, and side by side with what they agree in', async () => {
    const pair = await two({ needs: ['health-care'] }, { needs: ['emotional-support'] });
    const queue = pageOf(await lead.open(QUEUE));
    const link = queue.querySelector(`a[href="${addressOf(pair)}"]`);
    expect(textOf(link)).toBe(`${pair[1].caseNumber} y ${pair[0].caseNumber}`);
    const page = await lead.open(addressOf(pair));
    const rows = pageOf(page)
      .querySelectorAll('[aria-label="Los dos casos"] tbody tr')
      .map((row) => row.querySelectorAll('th,td').map(textOf).join(' | '));
    expect(rows).toContain('Nombres | casi igual | GUAMAN, Luz | Huamán Ñahui, Luz Marina');
    expect(rows.find((row) => row.startsWith('Nacimiento'))).toMatch(/^Nacimiento \| igual \| /);
    // From the case and from its escalation.
    const found = await system.caseOf(pair[1]);
    const escalation = found.escalations.find((e) => e.reason === 'duplicate-suspected')!;
    for (const path of [`/console/cases/${found.number}`, `/console/escalations/${escalation.id}`]) {
      expect(pageOf(await lead.open(path)).querySelector(`main a[href="${addressOf(pair)}"]`)).not.toBeNull();
    }
  });

  it('become one exactly as the page said: what comes along, what is recalled, and who is told', async () => {
    const [older, newer] = await two(
      { needs: ['health-care'], phone: '' },
      { needs: ['health-care', 'emotional-support'], phone: '+51987000111' },
    );
    await system.answer(referralOf(await system.caseOf(newer), 'mental-health'), { status: 'accepted' });
    // What is asked for in the same moment carries what is known then.
    await system.advance('1 h');
    const page = await lead.open(addressOf([older, newer]));
    const lines = previewed(page);
    const line = (of: string, fate: string) =>
      lines.find((one) => one.includes(`| ${of} |`) && one.includes(fate)) ?? lines.join('\n');
    expect(line(newer.caseNumber, 'sigue en el caso')).toMatch(/mental/i);
    expect(line(newer.caseNumber, 'se pide detenerla')).toContain('se le pide detenerse');
    expect(line(older.caseNumber, 'queda como está')).toContain('se le dicen los datos que cambiaron');
    expect(textOf(pageOf(page).querySelector('main'))).toContain(
      'se completan con los del otro caso: contacto',
    );
    // Looking at it has changed nothing.
    expect((await system.caseOf(newer)).status).toBe('open');

    const result = await decide(page, 'same', 'un solo pasaporte, visto en ventanilla');
    const said = textOf(pageOf(result).querySelector('[role=status].notice'));
    expect(said).toContain(`${newer.caseNumber}: cerrándose. Falta que las instituciones confirmen`);
    const merged = await system.caseOf(older);
    expect(referralOf(merged, 'mental-health')).toMatchObject({
      underCase: newer.caseId,
      status: 'accepted',
    });
    const left = referralOf(await system.caseOf(newer), 'medical-care');
    expect(left.businessStatus).toBe('cancellation-requested');
    expect(merged.needs.map(({ code }) => code)).toContain('emotional-support');
    await system.answer(left, { status: 'cancelled' });
    expect(textOf(pageOf(await lead.open(addressOf([older, newer]))).querySelector('main'))).toContain(
      `${newer.caseNumber}: cerrado.`,
    );
  });

  it('are left alone when one has changed since the page was shown, and the reason is kept', async () => {
    const [older, newer] = await two({ needs: ['health-care'] }, { needs: ['emotional-support'] });
    const page = await lead.open(addressOf([older, newer]));
    await system.answer(referralOf(await system.caseOf(newer), 'mental-health'), {
      status: 'rejected',
      code: 'no-capacity',
    });
    const refused = await decide(page, 'same', 'un solo <b>pasaporte</b>');
    expect(refused.status).toBe(409);
    expect(textOf(pageOf(refused).querySelector('[role=alert]'))).toContain('cambió mientras usted miraba');
    expect(textOf(pageOf(refused).querySelector('#reason-same'))).toBe('un solo <b>pasaporte</b>');
    expect((await system.caseOf(newer)).status).toBe('open');
    // What the page shows now can be decided on.
    await decide(refused, 'same', 'un solo pasaporte');
    expect((await system.caseOf(newer)).mergedInto).toMatchObject({ number: older.caseNumber });
  });

  it('go on as the case that was chosen', async () => {
    const pair = await two({ needs: ['health-care'] }, { needs: ['emotional-support'] });
    const [older, newer] = pair;
    const page = await lead.open(`${addressOf(pair)}?into=${newer.caseNumber}`);
    expect(textOf(pageOf(page).querySelector('section[aria-labelledby=same]'))).toContain(
      `Sigue ${newer.caseNumber}; ${older.caseNumber} termina.`,
    );
    await decide(page, 'same', 'el más nuevo está completo');
    expect((await system.caseOf(older)).mergedInto).toMatchObject({ number: newer.caseNumber });
  });

  it('are two people when a lead says so with a reason, and leave the queue', async () => {
    const pair = await two({ needs: ['health-care'] });
    const page = await lead.open(addressOf(pair));
    const without = await decide(page, 'different', '');
    expect(without.status).toBe(422);
    expect(pageOf(without).querySelector('#reason-different')?.getAttribute('aria-invalid')).toBe('true');
    const result = await decide(page, 'different', 'gemelas, vistas en ventanilla');
    expect(textOf(pageOf(result).querySelector('main'))).toContain('Quedó anotado que son dos personas');
    expect((await lead.open(QUEUE)).text).not.toContain(addressOf(pair));
    const { timeline } = (await system.caseOf(pair[1])) as Case & {
      timeline: { detail: { note?: string } }[];
    };
    expect(timeline.map(({ detail }) => detail.note)).toContain('gemelas, vistas en ventanilla');
  });

  it('are decided by a lead alone; an auditor sees in what they agree, and nobody’s data', async () => {
    const pair = await two({ needs: ['health-care'] });
    const operator = await (await loggedIn('operations')).open(addressOf(pair));
    expect(operator.text).toContain('GUAMAN');
    expect(pageOf(operator).querySelector('button[name=decision]')).toBeNull();
    const auditor = await loggedIn('auditor');
    const seen = await auditor.open(addressOf(pair));
    expect(textOf(pageOf(seen).querySelector('main'))).toContain('Nombres casi igual');
    expect(seen.text).not.toMatch(/guaman|huamán/i);
    const refused = await auditor.submit(addressOf(pair), { decision: 'different', reason: 'no' });
    expect(refused.status).toBe(403);
    expect((await (await loggedIn('health')).open(QUEUE)).status).toBe(403);
    expect((await lead.open(`${QUEUE}/RT-2026-999999/${pair[0].caseNumber}`)).status).toBe(404);
  });
});
