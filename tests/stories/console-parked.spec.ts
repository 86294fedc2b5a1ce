/** What could not be handled, as operations see it at the console and settle it, without script. */
import { parse } from 'node-html-parser';
import { Browser, type Shown } from '../support/browser';
import { eventually } from '../support/eventually';
import { System } from '../support/system';

const PATH = '/console/parked';
const CAUSE = 'not a CloudEvents envelope';

let system: System;
let operator: Browser;
let lead: Browser;

const rows = (page: Shown) => parse(page.text).querySelectorAll('tbody tr');
const messagingOf = (service: string) =>
  system.topology.services.find(({ name }) => name === service)!.messaging;

async function loggedIn(login: string): Promise<Browser> {
  const browser = new Browser(system.topology.url);
  await browser.logIn(PATH, login, system.topology.logins.password!);
  return browser;
}

/** As a consumer leaves behind what is no event: outside every stream. */
async function park(service: string, key: string): Promise<void> {
  await messagingOf(service).dataSource.query(
    `insert into parked (consumer, topic, key, key_seq, envelope, parked_at, cause, attempts)
     values ($1, 'requests.test.v1', $2, 0, '{"type":"no-such-event","data":{"name":"Quispe"}}', $3, $4, 1)`,
    [service, key, system.clock.now().toISOString(), CAUSE],
  );
}

beforeAll(async () => {
  system = await System.start();
  operator = await loggedIn('operations');
  lead = await loggedIn('operations-lead');
});
afterAll(() => system.stop());

describe('parked messages at the console', () => {
  it('stand in one group for one cause, whichever service they are at; the rest is told when none are', async () => {
    expect((await operator.open(PATH)).text).toContain('Nada está detenido');
    await park('health', 'outside-1');
    await park('identity', 'outside-2');
    const page = await operator.open(PATH);
    expect(
      parse(page.text)
        .querySelectorAll('section h2')
        .map((h2) => h2.text),
    ).toEqual(['No se pudo procesar: 2 asuntos detenidos']);
    expect(
      rows(page)
        .map((row) => row.querySelector('td')!.text)
        .toSorted(),
    ).toEqual(['health', 'identity']);
  });

  it('show the sequence and nothing of what the messages say', async () => {
    const link = rows(await operator.open(PATH))[0]!
      .querySelector('td a')!
      .getAttribute('href')!;
    const page = await operator.open(link);
    expect(rows(page).map((row) => row.querySelector('th')!.text)).toEqual([
      expect.stringContaining('no-such-event'),
    ]);
    expect(page.text).not.toContain('Quispe');
    expect((await operator.open(`${PATH}/no-such-service/1`)).status).toBe(404);
  });

  it('that fail again stay, and the page of their redrive says why', async () => {
    const form = parse((await operator.open(PATH)).text).querySelector('input[name=group]')!;
    const group = form.getAttribute('value')!;
    const wrong = await operator.submit(`${PATH}/redrive`, { group, count: '0' });
    expect(wrong.text).toContain('Escriba un número de asuntos');
    const begun = await operator.submit(`${PATH}/redrive`, { group, perSecond: '50' });
    expect(begun.text).toContain('Empezaron a procesarse de nuevo 2 asuntos');
    // One for each service of the group.
    const jobs = await eventually(async () => {
      const { items } = await system.get('/parked/redrives');
      return items.every(({ state }: { state: string }) => state === 'done') && items;
    });
    expect(jobs.map(({ service }: { service: string }) => service).toSorted()).toEqual([
      'health',
      'identity',
    ]);
    const page = await operator.open(`${PATH}/redrives/${jobs[0].service}/${jobs[0].id}`);
    expect(page.text).toContain('Procesados: 0; volvieron a fallar: 1; faltan: 0 (terminado)');
    const [failure] = rows(page);
    expect(failure!.querySelector('code')!.text).toContain('not a CloudEvents envelope');
    const link = failure!.querySelector('a')!.getAttribute('href')!;
    expect((await operator.open(link)).text).toContain('no-such-event');
    expect(rows(await operator.open(PATH))).toHaveLength(2);
  });

  it('are skipped by a lead alone, with a reason that is kept', async () => {
    const { items } = await system.get('/parked');
    for (const { service, id } of items) {
      const fields = { service, id, reason: 'la oficina lo registró por teléfono' };
      expect((await operator.submit(`${PATH}/skip`, fields)).status).toBe(403);
      const refused = await lead.submit(`${PATH}/skip`, { ...fields, reason: '' });
      expect([refused.status, refused.text.includes('Escriba el motivo')]).toEqual([422, true]);
      const skipped = await lead.submit(`${PATH}/skip`, fields);
      expect(skipped.text).toContain('El mensaje se dejó fuera');
      const kept = await messagingOf(service).dataSource.query('select reason, skipped_by from skipped');
      expect(kept).toEqual([{ reason: fields.reason, skipped_by: expect.stringContaining('Jefatura') }]);
    }
    expect((await operator.open(PATH)).text).toContain('Nada está detenido');
    const again = await operator.submit(`${PATH}/redrive`, { service: items[0].service, id: items[0].id });
    expect(again.text).toContain('Ya no está detenido');
  });
});
