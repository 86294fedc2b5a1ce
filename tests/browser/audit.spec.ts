/** Seeing what is restricted, and who saw it, in a real browser on the whole system. */
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { describeWithChromium } from '../support/chromium';
import { Desk } from '../support/desk';
import { System, type Registered } from '../support/system';

describeWithChromium('what is restricted in a case', (browser: () => Browser) => {
  let system: System;
  let returnee: Registered;
  const desks: Desk[] = [];
  const deskOf = async (login: string, path: string): Promise<Desk> => {
    const desk = await Desk.open(browser(), system);
    desks.push(desk);
    return desk.logIn(login, path);
  };

  beforeAll(async () => {
    system = await System.start();
    returnee = await system.register({ vulnerabilities: ['gender-based-violence'] });
  });
  afterAll(async () => {
    for (const desk of desks) await desk.close();
    await system.stop();
  });

  it('is shown to a lead, then also in the case, and what was answered is not kept by the browser', async () => {
    const { page, complaints } = await deskOf('operations-lead', `/console/cases/${returnee.caseNumber}`);
    expect(await page.content()).not.toContain('violencia de género');
    await page.getByRole('link', { name: 'Ver lo restringido' }).click();
    await page.getByLabel('¿Por qué necesita verlo?').fill('lo pide la fiscalía');
    await page.getByRole('button', { name: 'Mostrar y anotar' }).click();
    await page.getByText('violencia de género').first().waitFor();
    expect(await page.getByRole('status').filter({ hasText: 'Quedó anotado' }).count()).toBe(1);
    await page.getByRole('link', { name: 'Volver al caso' }).click();
    await page.waitForURL(`**/console/cases/${returnee.caseNumber}`);
    await page.getByText('se le muestra hasta').waitFor();
    await page.getByText('violencia de género').first().waitFor();
    // The browser kept nothing, and would have to send the form again.
    await page.goBack().catch(() => undefined);
    await page.waitForLoadState();
    expect(await page.getByText('violencia de género').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('is found in the audit by an auditor, who downloads it', async () => {
    const { page, complaints } = await deskOf('auditor', `/console/cases/${returnee.caseNumber}`);
    await page.getByRole('link', { name: 'Quién vio y qué hizo en este caso' }).click();
    await page.getByLabel('Qué hizo').selectOption({ label: 'Vio lo restringido de un caso' });
    await page.getByRole('button', { name: 'Buscar' }).click();
    await page.waitForURL(/action=unmask/);
    expect(await page.locator('tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/Jefatura de operaciones.*lo pide la fiscalía/s),
    ]);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Descargar (CSV)' }).click(),
    ]);
    const text = await readFile(await file.path(), 'utf8');
    expect(text.split('\r\n').slice(0, -1)).toEqual([
      expect.stringContaining('cuándo'),
      expect.stringContaining('lo pide la fiscalía'),
    ]);
    expect(complaints).toEqual([]);
  });
});
