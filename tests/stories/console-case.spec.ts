import { parse, type HTMLElement } from 'node-html-parser';
import { Browser, type Shown } from '../support/browser';
import { referralOf, type Case } from '../support/case-view';
import { agency, offer } from '../support/fixtures';
import { System } from '../support/system';

let system: System;
let person: Browser;
beforeAll(async () => {
  const terms = { ack: '2 h', done: '24 h', basis: 'vital-interests' } as const;
  system = await System.start({
    fixtures: [
      agency('refuge', offer('shelter', { for: ['shelter'], ...terms })),
      agency('hostel', offer('temporary-housing', { equivalentTo: ['shelter'], ...terms })),
    ],
  });
  person = new Browser(system.topology.url);
  await person.logIn('/console', 'operations', system.topology.logins.password!);
});
afterAll(() => system.stop());

const open = (of: Case, rest = '') => person.open(`/console/cases/${of.number}${rest}`);
const wordsOf = (element: HTMLElement) => element.textContent.replace(/\s+/g, ' ').trim();
const sentenceOf = (page: Shown) => wordsOf(parse(page.text).querySelector('.sentence')!);

/** Opens the form of an action and sends it with what is given. */
async function act(of: Case, action: string, service: string | null, fields: Record<string, string>) {
  const referral = service === null ? '' : `?referral=${referralOf(of, service).id}`;
  const page = await open(of, `/actions/${action}${referral}`);
  expect(page.status).toBe(200);
  const form = parse(page.text).querySelector('main form')!;
  const hidden = Object.fromEntries(
    form
      .querySelectorAll('input[type=hidden]')
      .map((one) => [one.getAttribute('name'), one.getAttribute('value')]),
  ) as Record<string, string>;
  const answer = await person.submit(form.getAttribute('action')!, { ...hidden, ...fields });
  await system.settle();
  return answer;
}

describe('the screen of a case', () => {
  it('says who acts next, draws the plan, and shows what was disclosed and what happened', async () => {
    const found = await system.arrive({ needs: ['employment'] });
    const page = await open(found);
    expect(page.status).toBe(200);
    expect(sentenceOf(page)).toMatch(
      /^Se espera que .+ acepte o rechace «.+», a más tardar el .+ De esto depende: /,
    );
    const root = parse(page.text);
    expect(root.querySelectorAll('svg.plan .step')).toHaveLength(found.referrals.length);
    expect(root.querySelectorAll('svg.plan .edge.critical').length).toBeGreaterThan(0);
    for (const heading of ['Derivaciones', 'Necesidades', 'Alertas', 'Quién recibió qué datos', 'Historia']) {
      expect(root.querySelectorAll('h2').map(wordsOf)).toContain(heading);
    }
    expect(wordsOf(root.querySelector('[aria-label="Quién recibió qué datos"]')!)).toContain('nombre');
    expect(wordsOf(root.querySelector('[aria-label="Historia"]')!)).toContain('Se abrió el caso');
  });

  it('tells what is late, takes a reroute with its reason, and shows the case moving on', async () => {
    const found = await system.arrive({ document_type: 'passport', needs: ['shelter'] });
    await system.advance('4 h');
    const late = await system.caseOf({ id: found.id });
    expect(sentenceOf(await open(late))).toMatch(/no ha respondido si acepta/);
    const done = await act(late, 'reroute', 'shelter', { agency: '', reason: 'No contestan el teléfono.' });
    expect([done.status, new URL(done.url).search]).toEqual([200, '?done=reroute']);
    const history = wordsOf(parse(done.text).querySelector('[aria-label="Historia"]')!);
    expect(history).toContain('No contestan el teléfono.');
    expect(sentenceOf(done)).toContain('Se pidió detener');
    const moved = await system.answers(late, 'shelter', { status: 'cancelled' });
    expect(sentenceOf(await open(moved))).toMatch(/^Se espera que Agency hostel acepte/);
  });

  it('keeps what was typed when the service refuses, and says why beside the form', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    const without = await act(found, 'close', null, { code: 'died', reason: '' });
    expect(without.status).toBe(422);
    const form = parse(without.text).querySelector('main form')!;
    expect(form.querySelector('#code option[selected]')?.getAttribute('value')).toBe('died');
    expect(form.querySelector('#reason')?.getAttribute('aria-invalid')).toBe('true');
    await system.command(found, 'close', { reason: 'died', note: 'told by the consulate', by: 'lead' });
    const address = `/console/cases/${found.number}/actions/add-need`;
    const closed = await person.submit(address, { need: 'shelter', reason: 'Lo pidió <b>hoy</b>' });
    expect(closed.status).toBe(409);
    const root = parse(closed.text);
    expect(wordsOf(root.querySelector('[role=alert]')!)).toContain('El caso no está abierto.');
    expect(closed.text).toContain('Lo pidió &lt;b&gt;hoy&lt;/b&gt;');
    expect(closed.text).not.toContain('<b>hoy');
  });

  it('settles a need with its words, and answers what an agency asked', async () => {
    const found = await system.arrive({ needs: ['health-care', 'emotional-support'] });
    const asked = await system.answers(
      found,
      'medical-care',
      { status: 'accepted' },
      { status: 'accepted', businessStatus: 'info-requested', note: '¿Toma alguna medicina?' },
    );
    const page = await open(asked);
    expect(sentenceOf(page)).toContain('hace una pregunta');
    expect(page.text).toContain('¿Toma alguna medicina?');
    await act(asked, 'information', 'medical-care', { information: 'No toma ninguna.' });
    expect(referralOf(await system.caseOf(found), 'medical-care').businessStatus).toBeNull();
    const need = found.needs.find(({ code }) => code === 'emotional-support')!.id;
    await act(asked, 'settle-need', null, { need, as: 'person-declined', reason: 'Dijo que no.' });
    const settled = await system.caseOf(found);
    expect(settled.needs).toContainEqual(
      expect.objectContaining({ code: 'emotional-support', status: 'settled', reason: 'person-declined' }),
    );
    expect(wordsOf(parse((await open(settled)).text))).toContain('Dijo que no.');
  });

  it('names nothing that lists do not name, and nobody', async () => {
    const found = await system.arrive({
      needs: ['health-care'],
      vulnerabilities: ['gender-based-violence'],
      family_names: 'Quispe Oculta',
    });
    const { text } = await open(found, '?timeline=all');
    expect(text).toContain('restringido');
    for (const secret of ['gender-based-violence', 'violencia', 'womens-emergency', 'Quispe']) {
      expect(text).not.toContain(secret);
    }
  });

  it('offers each role what it may do: nothing to an auditor, waiving to a lead alone', async () => {
    const found = await system.arrive({ needs: ['employment'] });
    const actions = async (login: string) => {
      const other = new Browser(system.topology.url);
      const page = await other.logIn(
        `/console/cases/${found.number}`,
        login,
        system.topology.logins.password!,
      );
      return parse(page.text)
        .querySelectorAll('main a[href*="/actions/"]')
        .map((link) => /actions\/([\w-]+)/.exec(link.getAttribute('href')!)![1]);
    };
    expect(await actions('auditor')).toEqual([]);
    expect(await actions('operations')).not.toContain('waive');
    expect(await actions('operations-lead')).toContain('waive');
  });

  it('says so when there is no such case, or the action is over', async () => {
    expect((await person.open('/console/cases/RT-2026-999999')).status).toBe(404);
    const found = await system.arrive({ needs: ['health-care'] });
    const page = await open(found, '/actions/reopen');
    expect([page.status, wordsOf(parse(page.text))]).toEqual([
      409,
      expect.stringContaining('el caso cambió'),
    ]);
  });
});
