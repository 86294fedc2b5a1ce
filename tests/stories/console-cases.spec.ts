import { parse } from 'node-html-parser';
import { Browser, type Shown } from '../support/browser';
import { System } from '../support/system';

let system: System;
let person: Browser;
beforeAll(async () => {
  system = await System.start();
  person = await loggedIn('operations');
});
afterAll(() => system.stop());

async function loggedIn(login: string): Promise<Browser> {
  const browser = new Browser(system.topology.url);
  await browser.logIn('/console/cases', login, system.topology.logins.password!);
  return browser;
}

const numbersIn = (page: Shown) =>
  parse(page.text)
    .querySelectorAll('tbody th a')
    .map((link) => link.text);

/** What a browser would send of the form that confirms. */
function stepsIn(page: Shown): Record<string, string> {
  const fields = parse(page.text).querySelectorAll(
    'form[action="/console/cases/bulk/do"] input[type=hidden]',
  );
  return Object.fromEntries(
    fields.map((field) => [field.getAttribute('name')!, field.getAttribute('value')!]),
  );
}

describe('the list of cases', () => {
  it('finds a person by name, without the name in any address', async () => {
    const found = await system.arrive({ family_names: 'Ñaupari Yaranga', given_names: 'Hermelinda' });
    await system.arrive();
    const page = await person.submit('/console/cases/find', {
      names: 'hermelinda naupari YARANGA',
      born: '',
      document: '',
    });
    expect(numbersIn(page)).toEqual([found.number]);
    expect(new URL(page.url).search).toBe(`?ids=${found.id}`);
  });

  it('says so when nobody is found, and what is missing when it is too little to look for', async () => {
    const nobody = await person.submit('/console/cases/find', { document: '00000001' });
    expect(nobody.text).toContain('No se encontró a nadie');
    expect(numbersIn(nobody)).toEqual([]);
    const little = await person.submit('/console/cases/find', { names: 'Quispe' });
    expect(little.text).toContain('Faltan datos');
  });

  it('is kept under a name by each person for themselves', async () => {
    const kept = await person.submit('/console/cases/views', {
      name: 'Salud tarde',
      agency: 'health',
      overdue: 'true',
      ids: 'x',
    });
    const link = parse(kept.text).querySelector('.views a')!;
    expect([link.text, link.getAttribute('href')]).toEqual([
      'Salud tarde',
      '/console/cases?agency=health&overdue=true',
    ]);
    const other = await loggedIn('auditor');
    expect((await other.open('/console/cases')).text).not.toContain('Salud tarde');
    const forget = parse(kept.text).querySelector('.views form')!.getAttribute('action')!;
    await other.submit(forget, {});
    expect((await person.open('/console/cases')).text).toContain('Salud tarde');
    expect((await person.submit(forget, {})).text).not.toContain('Salud tarde');
  });

  it('is shared with everybody under the name of who made it, who alone removes it, or a lead', async () => {
    const saved = await person.submit('/console/cases/views', {
      name: 'Ronda',
      overdue: 'true',
      shared: 'yes',
    });
    const forget = parse(saved.text).querySelector('.views form')!.getAttribute('action')!;
    const maker = parse(saved.text).querySelector('form.who span')!.text;
    const auditor = await loggedIn('auditor');
    const shown = parse((await auditor.open('/console/cases')).text).querySelector('.views')!;
    expect(shown.text.replace(/\s+/g, ' ')).toContain(`Ronda (de ${maker})`);
    expect(shown.querySelector('form')).toBeNull();
    expect((await auditor.submit(forget, {})).status).toBe(403);
    expect((await auditor.open('/console/cases')).text).toContain('Ronda');

    const lead = await loggedIn('operations-lead');
    const offered = parse((await lead.open('/console/cases')).text).querySelector('.views form');
    expect(offered?.getAttribute('action')).toBe(forget);
    await lead.submit(forget, {});
    expect((await person.open('/console/cases')).text).not.toContain('Ronda');
  });

  it('is shared by operations only, and is private again when it is saved so', async () => {
    const auditor = await loggedIn('auditor');
    const view = { name: 'Para todos', status: 'open' };
    expect((await auditor.submit('/console/cases/views', { ...view, shared: 'yes' })).status).toBe(403);
    expect((await auditor.open('/console/cases?status=open')).text).not.toContain('name="shared"');
    await person.submit('/console/cases/views', { ...view, shared: 'yes' });
    expect((await auditor.open('/console/cases')).text).toContain('Para todos');
    await person.submit('/console/cases/views', view);
    expect((await auditor.open('/console/cases')).text).not.toContain('Para todos');
  });

  it('offers an auditor nothing to do', async () => {
    const page = await (await loggedIn('auditor')).open('/console/cases');
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/cases\/bulk|cases\/find|type="checkbox" name="case/);
  });
});

describe('several cases at once', () => {
  it('does to what was shown what was confirmed, and counts what had changed', async () => {
    const cases = [
      await system.arrive({ needs: ['health-care'] }),
      await system.arrive({ needs: ['health-care'] }),
    ];
    await system.advance('5 d');
    const chosen = Object.fromEntries(cases.map(({ id }) => [`case.${id}`, 'yes']));
    const preview = await person.submit('/console/cases/bulk', { ...chosen, action: 'claim' });
    const steps = stepsIn(preview);
    const open = await Promise.all(
      cases.map(async ({ id }) => (await escalationsOf(id)).map((e) => `step.${id}.${e.id}`)),
    );
    expect(Object.keys(steps).toSorted()).toEqual(open.flat().toSorted());
    expect(open.flat().length).toBeGreaterThan(1);

    const [first] = Object.keys(steps);
    await system.call('POST', `/escalations/${first!.split('.')[2]}/claim`, { by: 'somebody else' });
    const done = await person.submit('/console/cases/bulk/do', {
      ...steps,
      action: 'claim',
      reason: 'turno noche',
    });
    expect(done.text).toContain(`Alertas tomadas: ${open.flat().length - 1}.`);
    expect(done.text).toContain('No se hicieron: 1');
    expect(numbersIn(done).toSorted()).toEqual(cases.map(({ number }) => number).toSorted());
    const notes = (await Promise.all(cases.map(({ id }) => escalationsOf(id)))).flat().map((e) => e.note);
    expect(notes.filter((note) => note === 'turno noche')).toHaveLength(open.flat().length - 1);
  });

  it('reminds the agencies that are late', async () => {
    const late = await system.arrive({ needs: ['health-care'] });
    await system.advance('25 d');
    const preview = await person.submit('/console/cases/bulk', {
      [`case.${late.id}`]: 'yes',
      action: 'remind',
    });
    const steps = stepsIn(preview);
    const count = Object.keys(steps).length;
    expect(count).toBeGreaterThan(0);
    const done = await person.submit('/console/cases/bulk/do', {
      ...steps,
      action: 'remind',
      reason: 'sin respuesta',
    });
    expect(done.text).toContain(`Recordatorios registrados: ${count}.`);
    expect(done.text).not.toContain('No se hicieron');
  });
});

async function escalationsOf(id: string): Promise<{ id: string; note: string | null }[]> {
  return (await system.get(`/escalations?case=${id}`)).items;
}
