import { parse } from 'node-html-parser';
import { Browser } from '../support/browser';
import { referralOf } from '../support/case-view';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

async function loggedIn(login: string): Promise<Browser> {
  const browser = new Browser(system.topology.url);
  await browser.logIn('/console', login, system.topology.logins.password!);
  return browser;
}

describe('the agencies on the screen', () => {
  it('stand with what is open, what is late and why they rejected, and lead to their cases', async () => {
    const found = await system.arrive({ needs: ['health-care', 'emotional-support'] });
    const rejected = referralOf(found, 'mental-health');
    await system.answer(rejected, { status: 'rejected', code: 'out-of-area' });
    await system.advance('2 d');
    const page = await (await loggedIn('auditor')).open('/console/agencies');
    const health = parse(page.text).querySelector('#agency-health')!;
    const [state, open, late, rejections] = health.querySelectorAll('td').map((cell) => cell.text.trim());
    expect([open, late, rejections]).toEqual(['1', '1', 'Fuera de su zona: 1']);
    expect(state).toContain('Una derivación pasó su plazo.');
    expect(health.querySelector('a[href="/console/cases?agency=health"]')).not.toBeNull();
  });

  it('show what each offers, to whom it tells what, and its offices', async () => {
    const page = await (await loggedIn('operations')).open('/console/agencies/health');
    expect(page.status).toBe(200);
    const text = parse(page.text).text;
    expect(text).toContain('medical-care');
    const { items } = await system.get('/agencies/health/offices');
    for (const { name } of items) expect(text).toContain(name);
  });
});

describe('the capacity of an office', () => {
  it("is set by its own agency's staff, and nobody else's", async () => {
    const worker = await loggedIn('health');
    const saved = await worker.submit('/console/offices/tacna', { service: 'mental-health', capacity: '3' });
    expect(saved.text).toContain('Cupo guardado');
    const capacityIn = async (agency: string) => {
      const { items } = await system.get(`/agencies/${agency}/offices?service=mental-health`);
      const tacna = items.find(({ code }: { code: string }) => code === 'tacna');
      return tacna.services[0].capacity;
    };
    expect(await capacityIn('health')).toBe(3);
    const other = await loggedIn('education');
    const refused = await other.submit('/console/offices/tacna', { service: 'mental-health', capacity: '0' });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(await capacityIn('health')).toBe(3);
    await worker.submit('/console/offices/tacna', { service: 'mental-health', capacity: '' });
    expect(await capacityIn('health')).toBeNull();
  });

  it('that is no number is refused beside its field, with what was typed', async () => {
    const worker = await loggedIn('health');
    const page = await worker.submit('/console/offices/tacna', {
      service: 'mental-health',
      capacity: '"><b>',
    });
    expect(page.status).toBe(422);
    const field = parse(page.text).querySelector('input[aria-invalid]')!;
    expect(field.getAttribute('value')).toBe('"><b>');
    expect(parse(page.text).querySelectorAll('[role=alert]')).toHaveLength(1);
  });
});

describe('an agency that is paused on the screen', () => {
  const page = '/console/agencies/education';
  const textOf = async (browser: Browser) =>
    parse((await browser.open(page)).text).querySelector('main')!.text;

  it('says who did it and why, what is left and what waits, until it is resumed', async () => {
    const lead = await loggedIn('operations-lead');
    const enrolment = { needs: ['school-enrolment'], date_of_birth: '2015-03-02' };
    await system.arrive(enrolment);
    const done = await lead.submit(`${page}/pause`, { reason: 'no hay luz en la sede' });
    expect(parse(done.text).querySelector('[role=status]')).not.toBeNull();
    await system.arrive(enrolment);
    const said = await textOf(await loggedIn('auditor'));
    expect(said).toMatch(/En pausa desde el .*«no hay luz en la sede»/s);
    expect(said).toMatch(/queda un caso.*Un caso espera a que se reanude/s);
    const again = await lead.submit(`${page}/pause`, { reason: 'otra vez' });
    expect([again.status, parse(again.text).querySelector('[role=alert]')!.text]).toEqual([
      409,
      expect.stringContaining('Ya está en pausa'),
    ]);
    await lead.submit(`${page}/resume`, { reason: 'volvió la luz' });
    expect(await textOf(lead)).not.toContain('En pausa desde');
  });

  it('is paused by a lead only, and with a reason that is kept when it is refused', async () => {
    const staff = await loggedIn('operations');
    expect((await staff.open(page)).text).not.toContain(`${page}/pause`);
    expect((await staff.submit(`${page}/pause`, { reason: 'x' })).status).toBe(403);
    const lead = await loggedIn('operations-lead');
    const refused = await lead.submit(`${page}/pause`, { reason: 'x'.repeat(501) });
    expect(refused.status).toBe(422);
    const field = parse(refused.text).querySelector('textarea[aria-invalid]')!;
    expect(field.text.trim()).toHaveLength(501);
  });
});

describe('the maintenance of an agency on the screen', () => {
  const page = '/console/agencies/education';

  it('is announced in Lima time, shown in the list, and ended', async () => {
    const staff = await loggedIn('operations');
    const wrong = await staff.submit(`${page}/maintenance`, {
      from: '2026-12-01T22:00',
      until: '2026-12-01T20:00',
      note: '<b>servidores</b>',
    });
    expect(wrong.status).toBe(422);
    expect(parse(wrong.text).querySelector('#until')!.getAttribute('aria-invalid')).toBe('true');
    expect(wrong.text).toContain('&lt;b&gt;servidores&lt;/b&gt;');
    await staff.submit(`${page}/maintenance`, {
      from: '2026-12-01T20:00',
      until: '2026-12-02T06:00',
      note: 'cambio de servidores',
    });
    expect((await system.get('/roundtable/education')).maintenance).toMatchObject({
      from: '2026-12-02T01:00:00.000Z',
      until: '2026-12-02T11:00:00.000Z',
    });
    const list = parse((await staff.open('/console/agencies')).text);
    expect(list.querySelector('#agency-education')!.text).toContain('cambio de servidores');
    await staff.submit(`${page}/maintenance-end`, { reason: 'no se hará' });
    expect((await staff.open(page)).text).not.toContain('Mantenimiento anunciado');
  });
});

describe('the contact of an agency on the screen', () => {
  it('is corrected with a reason, which is kept', async () => {
    const staff = await loggedIn('operations');
    const shown = await staff.submit('/console/agencies/education/contact', {
      phone: '+51 1 555 0100',
      reason: 'cambió la central',
    });
    const text = parse(shown.text).querySelector('main')!.text;
    expect(text).toContain('+51 1 555 0100');
    expect(text).toContain('cambió la central');
  });
});
