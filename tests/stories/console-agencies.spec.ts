import { parse } from 'node-html-parser';
import { Browser } from '../support/browser';
import { referralOf } from '../support/case-view';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
}, 60_000);
afterAll(() => system.stop(), 60_000);

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
    const [open, late, rejections] = health.querySelectorAll('td').map((cell) => cell.text.trim());
    expect([open, late, rejections]).toEqual(['1', '1', 'Fuera de la zona: 1']);
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
