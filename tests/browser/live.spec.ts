/** Pages that follow what happens, in a real browser on the whole system. */
import type { Browser, Page } from 'playwright-core';
import { describeWithChromium } from '../support/chromium';
import { Desk, type Window } from '../support/desk';
import { System } from '../support/system';

/** Writes down, in the page, when it was told of a change and which cases appeared in its list. */
const NOTE = `
  window.noted = [];
  document.body.addEventListener('changed', () => noted.push({ what: 'told', at: Date.now() }));
  const seen = new Set();
  const look = () => {
    for (const row of document.querySelectorAll('tbody th')) {
      const what = row.textContent.trim();
      if (!seen.has(what)) { seen.add(what); noted.push({ what, at: Date.now() }); }
    }
  };
  look();
  noted.length = 0;
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
`;
type Noted = { what: string; at: number }[];
const notedBy = (page: Page): Promise<Noted> => page.evaluate('noted');
const rowOf = (page: Page, { caseNumber }: { caseNumber: string }) =>
  page.getByRole('row').filter({ hasText: caseNumber });

describeWithChromium('a page that follows what happens', (browser: () => Browser) => {
  let system: System;
  const desks: Desk[] = [];
  const desk = async (window?: Window): Promise<Desk> => {
    const opened = await Desk.open(browser(), system, window);
    desks.push(opened);
    return opened;
  };
  /** Looks at the list of cases, and has been told of everything up to now. */
  const following = async (window?: Window): Promise<Desk> => {
    const opened = await (await desk(window)).logIn('operations', '/console/cases');
    await opened.isFollowing();
    return opened;
  };

  beforeAll(async () => {
    system = await System.start();
    await system.register({ needs: ['health-care'] });
  });
  afterEach(async () => {
    for (const one of desks.splice(0)) await one.close();
  });
  afterAll(() => system.stop());

  it('shows two people side by side the same changes in the same order', async () => {
    const [first, second] = [await following(), await following({ language: 'en', width: 360 })];
    for (const { page } of [first, second]) await page.evaluate(NOTE);
    const made: { caseNumber: string; at: number }[] = [];
    for (let i = 0; i < 3; i++) {
      const at = Date.now();
      const { caseNumber } = await system.register({ needs: ['health-care'] });
      made.push({ caseNumber, at });
      for (const { page } of [first, second]) await rowOf(page, { caseNumber }).waitFor();
    }
    for (const { page, complaints } of [first, second]) {
      const noted = await notedBy(page);
      const cases = noted.filter(({ what }) => what !== 'told');
      expect(cases.map(({ what }) => what)).toEqual(made.map(({ caseNumber }) => caseNumber));
      expect(noted[0]!.what).toBe('told');
      const late = cases.map(({ at }, i) => at - made[i]!.at);
      console.log(`seen so long after the registration was sent, ms: ${late.join(', ')}`);
      expect(complaints).toEqual([]);
    }
  });

  it('leaves focus, place and what is being typed where they are', async () => {
    for (let i = 0; i < 12; i++) await system.register({ needs: ['health-care'] });
    const { page } = await following({ height: 400 });
    const field = page.getByLabel('Número de caso');
    await field.fill('RT-20');
    await page.evaluate(`
      document.querySelector('#q').setSelectionRange(2, 2);
      window.scrollTo(0, 120);
      window.before = document.querySelector('#q');
    `);
    const caseOf = await system.register({ needs: ['health-care'] });
    await rowOf(page, caseOf).waitFor();
    expect(
      await page.evaluate(`({
        same: document.activeElement === before, text: before.value, caret: before.selectionStart, scrolled: scrollY,
      })`),
    ).toEqual({ same: true, text: 'RT-20', caret: 2, scrolled: 120 });
  });

  it('keeps what was typed in a field that was left again', async () => {
    const { page } = await following();
    await page.getByLabel('Número de caso').fill('RT-20');
    await page.getByLabel('Con retraso').check();
    await page.getByLabel('Estado').selectOption('open');
    const caseOf = await system.register({ needs: ['health-care'] });
    await rowOf(page, caseOf).waitFor();
    expect(await page.getByLabel('Número de caso').inputValue()).toBe('RT-20');
    expect(await page.getByLabel('Con retraso').isChecked()).toBe(true);
    expect(await page.getByLabel('Estado').inputValue()).toBe('open');
  });

  it('stays as it is while it is paused, and catches up afterwards', async () => {
    const [paused, other] = [await following(), await following()];
    await paused.page.getByRole('button', { name: 'Pausar cambios en vivo' }).click();
    await paused.page.getByRole('button', { name: 'Reanudar cambios en vivo' }).waitFor();
    const caseOf = await system.register({ needs: ['health-care'] });
    await rowOf(other.page, caseOf).waitFor();
    expect(await rowOf(paused.page, caseOf).count()).toBe(0);
    await paused.page.getByRole('button', { name: 'Reanudar cambios en vivo' }).click();
    await rowOf(paused.page, caseOf).waitFor();
    await paused.isFollowing();
    const next = await system.register({ needs: ['health-care'] });
    await rowOf(paused.page, next).waitFor();
  });

  it('shows the last change over a slow line, too', async () => {
    const { page, context } = await following();
    const line = await context.newCDPSession(page);
    const slow = { offline: false, latency: 600, downloadThroughput: 30_000, uploadThroughput: 10_000 };
    await line.send('Network.emulateNetworkConditions', slow);
    const made = [];
    for (let i = 0; i < 4; i++) made.push(await system.register({ needs: ['health-care'] }));
    for (const caseOf of made) await rowOf(page, caseOf).waitFor();
  });

  it('can be read and used before its scripts have come', async () => {
    const caseOf = await system.register({ needs: ['health-care'] });
    const { page } = await (await desk()).logIn('operations');
    await page.route('**/assets/*.js', () => undefined);
    await page.goto('/console/cases', { waitUntil: 'commit' });
    await page.getByLabel('Número de caso').fill(caseOf.caseNumber);
    await page.getByRole('button', { name: 'Buscar' }).click({ noWaitAfter: true });
    await page.waitForURL(/q=RT-/, { waitUntil: 'commit' });
    await rowOf(page, caseOf).waitFor();
  });

  it('says that the login has ended and keeps what it shows, until somebody logs in beside it', async () => {
    const someone = await following();
    const { page, context } = someone;
    const before = await page.locator('tbody th').count();
    await page.getByLabel('Número de caso').fill('RT-20');
    await context.clearCookies();
    const missed = await system.register({ needs: ['health-care'] });
    await page.getByText('Su sesión terminó: esta página ya no se actualiza.').waitFor();
    expect(await page.locator('tbody th').count()).toBe(before);
    const beside = context.waitForEvent('page');
    await page.getByRole('link', { name: 'Entrar en otra ventana' }).click();
    await someone.enter('operations', await beside);
    const next = await system.register({ needs: ['health-care'] });
    for (const caseOf of [missed, next]) await rowOf(page, caseOf).waitFor();
    expect(await page.locator('#notice').innerText()).toBe('');
    expect(await page.getByLabel('Número de caso').inputValue()).toBe('RT-20');
  });

  it("of an agency's staff follows its own referrals, and keeps what was chosen", async () => {
    await system.register({ needs: ['health-care'] });
    const { page, complaints } = await (await desk()).logIn('health', '/console/worklist');
    await page.locator('[data-followed]').waitFor({ state: 'attached' });
    const chosen = page.getByRole('checkbox', { name: /^Elegir/ }).first();
    await chosen.check();
    const name = await chosen.getAttribute('name');
    const before = await page.locator('tbody tr').count();
    await system.register({ needs: ['school-enrolment'], date_of_birth: '2015-03-02' });
    await system.register({ needs: ['health-care'] });
    await page.locator('tbody tr').nth(before).waitFor();
    expect(await page.locator('tbody tr').count()).toBe(before + 1);
    expect(await page.locator(`input[name="${name}"]`).isChecked()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it("keeps the limit that is being typed on an agency's offices, and shows what changed beside it", async () => {
    const { page, complaints } = await (await desk()).logIn('health', '/console/offices');
    await page.locator('[data-followed]').waitFor({ state: 'attached' });
    const fields = page.locator('input[name="capacity"]');
    await fields.nth(0).fill('7');
    const path = (await page.locator('form[action^="/console/offices/"]').nth(1).getAttribute('action'))!;
    const service = await page.locator('form input[name="service"]').nth(1).inputValue();
    const code = path.split('/').at(-1)!;
    const { status } = await system.call('PUT', `/agencies/health/offices/${code}/capacity`, {
      service,
      capacity: 4321,
    });
    expect(status).toBe(200);
    await page.getByText('4321').first().waitFor();
    expect(await fields.nth(0).inputValue()).toBe('7');
    expect(complaints).toEqual([]);
  });
});
