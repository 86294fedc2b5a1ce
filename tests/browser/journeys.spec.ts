/** What people do at the console, in a real browser on the whole system. */
import type { Browser, Page } from 'playwright-core';
import { describeWithChromium } from '../support/chromium';
import { Desk, type Window } from '../support/desk';
import { System } from '../support/system';

/** Somebody who presses Tab until the focus is where they want it; throws when it never comes there. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`${selector} cannot be reached with the Tab key`);
}

describeWithChromium('somebody at the console', (browser: () => Browser) => {
  let system: System;
  const desks: Desk[] = [];
  const desk = async (window?: Window): Promise<Desk> => {
    const opened = await Desk.open(browser(), system, window);
    desks.push(opened);
    return opened;
  };

  beforeAll(async () => {
    system = await System.start();
  });
  afterEach(async () => {
    for (const one of desks.splice(0)) await one.close();
  });
  afterAll(() => system.stop());

  it('finds a case by its number among others, opens it and comes back', async () => {
    await system.register({ needs: ['health-care'] });
    const wanted = await system.register({ needs: ['health-care'] });
    const { page, complaints } = await (await desk()).logIn('operations', '/console/cases');
    await page.getByLabel('Número de caso').fill(wanted.caseNumber);
    await page.getByRole('button', { name: 'Buscar' }).click();
    await page.waitForURL(/q=RT-/);
    expect(await page.locator('tbody th').allInnerTexts()).toEqual([wanted.caseNumber]);
    await page.getByRole('link', { name: wanted.caseNumber }).click();
    await page.waitForURL(`**/console/cases/${wanted.caseNumber}`);
    expect(await page.locator('h1').innerText()).toContain(wanted.caseNumber);
    await page.goBack();
    expect(await page.getByLabel('Número de caso').inputValue()).toBe(wanted.caseNumber);
    expect(complaints).toEqual([]);
  });

  it('gets everywhere with the keyboard alone: past the menu, to another screen, through filters into the table', async () => {
    const wanted = await system.register({ needs: ['health-care'] });
    const { page } = await (await desk()).logIn('operations');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await page.goto('/console');
    await tabTo(page, 'nav a[href="/console/cases"]');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console/cases');
    await tabTo(page, '#q');
    await page.keyboard.type(wanted.caseNumber);
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=RT-/);
    await tabTo(page, 'tbody th a');
    expect(await page.evaluate('document.activeElement.textContent')).toBe(wanted.caseNumber);
  });

  it('loses nothing of a form when the login ended meanwhile', async () => {
    const someone = await (await desk()).logIn('operations', '/console/cases?status=open');
    const { page, context } = someone;
    await context.clearCookies();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Su sesión terminó' }).waitFor();
    const beside = context.waitForEvent('page');
    await page.getByRole('link', { name: 'Entrar en otra ventana' }).click();
    await someone.enter('operations', await beside);
    await (await beside).getByRole('heading', { name: 'Ya entró' }).waitFor();
    await page.getByRole('button', { name: 'Enviar otra vez' }).click();
    await page.waitForURL('**/console/cases?status=open');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('sees the referrals of their own agency and nothing of others', async () => {
    const both = await system.register({
      needs: ['health-care', 'school-enrolment'],
      date_of_birth: '2015-05-05',
    });
    const [elsewhere] = await system.all<{ id: string }>('/agencies/education/referrals');
    const own = await system.all<{ id: string }>('/agencies/health/referrals');
    const { page, complaints } = await (await desk()).logIn('health', '/console/worklist');
    await page.waitForURL('**/console/worklist');
    const shown = await page.evaluate<string[]>(
      `Array.from(document.querySelectorAll('tbody th a'), (link) => link.getAttribute('href'))`,
    );
    expect(shown.toSorted()).toEqual(own.map(({ id }) => `/console/worklist/${id}`).toSorted());
    expect(await page.locator('body').innerText()).not.toContain(both.caseNumber);
    expect(complaints).toEqual([]);
    for (const [path, status] of [
      [`/console/worklist/${elsewhere!.id}`, 404],
      ['/console/agencies/education', 403],
      [`/console/cases/${both.caseNumber}`, 403],
    ] as const) {
      expect([path, (await page.goto(path))!.status()]).toEqual([path, status]);
    }
  });

  it('loses nothing of an answer in several lines when the login ended meanwhile', async () => {
    await system.register({ needs: ['health-care'] });
    const [referral] = await system.all<{ id: string }>('/agencies/health/referrals?status=received');
    const someone = await (await desk()).logIn('health', `/console/worklist/${referral!.id}`);
    const { page, context } = someone;
    const form = page.locator('#answer-accept');
    await form.locator('textarea').fill('Primera línea: <b>"ñ"</b> & más\nSegunda línea');
    await context.clearCookies();
    await form.getByRole('button').click();
    await page.getByRole('heading', { name: 'Su sesión terminó' }).waitFor();
    const beside = context.waitForEvent('page');
    await page.getByRole('link', { name: 'Entrar en otra ventana' }).click();
    await someone.enter('health', await beside);
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await page.getByRole('button', { name: 'Enviar otra vez' }).click();
    const fields = new URLSearchParams((await sent).postData()!);
    expect([...fields.values()]).toContain('Primera línea: <b>"ñ"</b> & más\r\nSegunda línea');
    await page.waitForURL(`**/console/worklist/${referral!.id}**`);
  });

  it('is not made to send a form of another site after a login', async () => {
    const { page, context } = await (await desk()).logIn('operations');
    await context.clearCookies();
    await page.route('http://another.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<form method="post" action="${system.topology.url}/console/language"><button name="language" value="en">x</button></form>`,
      }),
    );
    await page.goto('http://another.example/');
    await page.getByRole('button').click();
    await page.locator('#password').waitFor();
  });
});
