/** Manifests and the form for one returnee, in a real browser. */
import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import type { Browser, Page } from 'playwright-core';
import { passportZone } from '../support/zones';
import { wrongWith } from '../support/accessible';
import { describeWithChromium } from '../support/chromium';
import { Desk, type Window } from '../support/desk';
import { manifestCsv, type ManifestRow } from '../support/manifest';
import { asCells, returneeBody } from '../support/returnee';
import { System } from '../support/system';

const row = (changes: Partial<ManifestRow> = {}): ManifestRow =>
  ({ ...asCells(returneeBody()), ...changes }) as ManifestRow;

/** Drops a file onto the place for manifests, as from a folder of the machine. */
async function drop(page: Page, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    `(() => { const moved = new DataTransfer(); moved.items.add(new File([${JSON.stringify(text)}], 'vuelo.csv', { type: 'text/csv' })); return moved; })()`,
  );
  await page.dispatchEvent('form[data-upload]', 'dragover', { dataTransfer });
  await page.dispatchEvent('form[data-upload]', 'drop', { dataTransfer });
}

/** New, updated, unchanged, with errors: once the page shows that it is done. */
async function countsWhenDone(page: Page): Promise<number[]> {
  await page.locator('[role=status] strong', { hasText: 'terminado' }).waitFor();
  return (await page.locator('.tiles strong').allInnerTexts()).map(Number);
}

describeWithChromium('somebody who registers arrivals', (browser: () => Browser) => {
  let system: System;
  const desks: Desk[] = [];
  const desk = async (window?: Window): Promise<Desk> => {
    const opened = await Desk.open(browser(), system, window);
    desks.push(opened);
    return opened.logIn('intake', '/console/intake');
  };

  beforeAll(async () => {
    system = await System.start();
  });
  afterEach(async () => {
    for (const one of desks.splice(0)) await one.close();
    await system.settle();
  });
  afterAll(() => system.stop());

  it('drops a manifest, sees it being read, its errors, corrects the file that holds them and drops that', async () => {
    const { page, complaints } = await desk();
    const turn = new Client({ connectionString: system.database.url });
    await turn.connect();
    // Nobody can be registered as long as somebody else has the turn.
    await turn.query('begin; select from intake.registration_turn for update');
    try {
      await drop(page, manifestCsv([row(), row({ sex: 'Z' }), row()]));
      await page.waitForURL('**/console/intake/manifests/*');
      await page.locator('[role=status] strong', { hasText: 'leyéndose' }).waitFor();
      expect(await page.locator('main progress').getAttribute('max')).toBe('4');
    } finally {
      await turn.query('rollback');
      await turn.end();
    }
    expect(await countsWhenDone(page)).toEqual([2, 0, 0, 1]);
    expect(await page.locator('main progress').count()).toBe(0);
    expect(await page.locator('tbody tr td').allInnerTexts()).toEqual([
      '3',
      'sex',
      expect.stringContaining('No es un código conocido.'),
    ]);
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Descargar las filas con errores' }).click();
    const file = await downloading;
    expect(file.suggestedFilename()).toBe('filas-con-errores.csv');
    const refused = await readFile(await file.path(), 'utf8');
    expect(refused).toContain('sex must be one of');
    await page.getByRole('link', { name: 'Todos los manifiestos' }).click();
    await page.waitForURL('**/console/intake');
    await drop(page, refused.replace(',Z,', ',F,'));
    await page.waitForURL('**/console/intake/manifests/*');
    expect(await countsWhenDone(page)).toEqual([1, 0, 0, 0]);
    expect(complaints).toEqual([]);
  });

  it('chooses a file with the keyboard alone and sends it', async () => {
    const { page } = await desk({ width: 360, height: 740 });
    const file = { name: 'vuelo.csv', mimeType: 'text/csv', buffer: Buffer.from(manifestCsv([row()])) };
    await page.getByLabel('Archivo CSV en UTF-8').setInputFiles(file);
    await page.getByLabel('Archivo CSV en UTF-8').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console/intake/manifests/*');
    expect(await countsWhenDone(page)).toEqual([1, 0, 0, 0]);
  });

  it('is told on the same page when a file is refused, or the line is gone, and can send another', async () => {
    const { page, context } = await desk();
    const said = page.locator('form[data-upload] [role=status]');
    await drop(page, '');
    await said.filter({ hasText: 'El archivo está vacío' }).waitFor();
    await context.setOffline(true);
    await drop(page, manifestCsv([row()]));
    await said.filter({ hasText: 'El archivo no llegó' }).waitFor();
    expect(page.url()).toMatch(/\/console\/intake$/);
    await context.setOffline(false);
    await drop(page, manifestCsv([row()]));
    await page.waitForURL('**/console/intake/manifests/*');
    expect(await countsWhenDone(page)).toEqual([1, 0, 0, 0]);
  });

  it('reads a passport’s zone into the form by its button; Enter in a field registers, and does not read', async () => {
    const { page, complaints } = await desk();
    await page.goto('/console/intake/returnee');
    await page.getByLabel('Vuelo').fill('LA2469');
    await page.locator('#mrz').fill(passportZone());
    await page.getByRole('button', { name: 'Leer la zona' }).click();
    await page.locator('#mrz-said').waitFor();
    expect(await page.getByLabel('Apellidos').inputValue()).toBe('Quispe Mamani');
    expect(await page.getByLabel('Vuelo').inputValue()).toBe('LA2469');
    expect(complaints).toEqual([]);
    expect(await wrongWith(page)).toEqual([]);
    await page.getByLabel('Nombres').fill('Otra');
    await page.locator('#mrz').fill(passportZone().replace('123456789', '123456780'));
    await page.getByRole('button', { name: 'Leer la zona' }).click();
    await page.getByText('Línea 2, posición 10').waitFor();
    expect(await page.getByLabel('Nombres').inputValue()).toBe('Otra');
    expect(await wrongWith(page)).toEqual([]);
    await page.locator('#mrz').fill(passportZone());
    await page.getByRole('button', { name: 'Leer la zona' }).click();
    await page.locator('#given_names-mrz').waitFor();
    expect(await wrongWith(page)).toEqual([]);
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await page.getByLabel('Vuelo').press('Enter');
    expect(new URL((await sent).url()).pathname).toBe('/console/intake/returnee');
    await page.getByText('No se registró. Revise los campos señalados.').waitFor();
    expect(await page.getByLabel('Apellidos').inputValue()).toBe('Quispe Mamani');
  });
});
