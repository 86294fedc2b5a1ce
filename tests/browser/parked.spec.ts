/** A group of parked messages handled again at a pace, followed in a real browser. */
import type { Browser } from 'playwright-core';
import { describeWithChromium } from '../support/chromium';
import { Desk } from '../support/desk';
import { parkForShow, redriveAll } from '../support/parked';
import { System } from '../support/system';

describeWithChromium('a redrive of a group', (browser: () => Browser) => {
  let system: System;
  let desk: Desk;
  beforeAll(async () => {
    system = await System.start();
    for (let i = 0; i < 3; i++) await system.register({ needs: ['health-care'] });
  });
  beforeEach(async () => {
    await parkForShow(system);
    desk = await (await Desk.open(browser(), system)).logIn('operations', '/console/parked');
  });
  afterEach(async () => {
    await desk.close();
    await redriveAll(system);
  });
  afterAll(() => system.stop());

  it('is begun by keyboard, and its progress moves by itself until it is over', async () => {
    const { page } = desk;
    await page.getByLabel('Cuántos por segundo').fill('1');
    await page.getByLabel('Cuántos por segundo').press('Enter');
    await page.getByText('Empezaron a procesarse de nuevo 3 asuntos').waitFor();
    // Gone if the page were loaded anew.
    await page.evaluate('window.sameWindow = true');
    await page.getByText('Procesados: 3; volvieron a fallar: 0; faltan: 0 (terminado)').waitFor();
    await page.getByText('Nada está detenido').waitFor();
    expect(await page.evaluate('window.sameWindow')).toBe(true);
    // What is over is not asked for any more.
    expect(await page.locator('[hx-trigger="every 1s"]').count()).toBe(0);
    expect(desk.complaints).toEqual([]);
  });

  it('is stopped on its page, which is the same for whoever looks on', async () => {
    const { page } = desk;
    await page.getByLabel('Cuántos por segundo').fill('0.1');
    await page.getByRole('button', { name: /todo el grupo/ }).click();
    await page
      .getByRole('link', { name: /^Ver el avance: health/ })
      .first()
      .click();
    await page.getByText('Procesados: 1; volvieron a fallar: 0; faltan: 2 (en curso)').waitFor();
    const other = await (await Desk.open(browser(), system)).logIn('auditor', new URL(page.url()).pathname);
    await page.getByRole('button', { name: 'Detener' }).click();
    await page.getByText('Lo que faltaba sigue detenido').waitFor();
    await other.page.getByText('faltan: 2 (detenido por una persona)').waitFor();
    expect(await other.page.getByRole('button', { name: 'Detener' }).count()).toBe(0);
    expect([...desk.complaints, ...other.complaints]).toEqual([]);
    await other.close();
  });
});
