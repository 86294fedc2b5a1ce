/** Parked messages as operations live with them: who investigates, an edit by a lead, a group at a pace; without script. */
import { defineAgency } from '@retorno/agency';
import { parse } from 'node-html-parser';
import { Browser, type Shown } from '../support/browser';
import type { Case } from '../support/case-view';
import { eventually } from '../support/eventually';
import { offer } from '../support/fixtures';
import { referralOf } from '../support/case-view';
import { System } from '../support/system';

const PATH = '/console/parked';
const BUREAU = 'bureau';
const PEOPLE = 4;

let isBroken = true;
/** Its register knows only those who are provisional. */
const bureau = defineAgency({
  slug: BUREAU,
  name: 'Night shelters',
  version: 1,
  services: [offer('night-shelter', { for: ['shelter'], basis: 'vital-interests' })],
  policy: ({ provisional }) => {
    if (isBroken && !provisional) throw new Error('the register does not know it');
    return [];
  },
});

let system: System;
let operator: Browser;
let lead: Browser;
let cases: Case[];
let parked: { id: string; since: string }[];

const rows = (page: Shown) => parse(page.text).querySelectorAll('tbody tr');
const textIn = (page: Shown, selector: string): string =>
  parse(page.text).querySelector(selector)!.text.replace(/\s+/g, ' ').trim();
const place = (i: number) => ({ service: BUREAU, id: parked[i]!.id });
const at = (i: number) => `${PATH}/${BUREAU}/${parked[i]!.id}`;
const ofBureau = () => system.topology.services.find(({ name }) => name === BUREAU)!.messaging.dataSource;
const stillParked = async (): Promise<string[]> =>
  (await system.all<{ id: string }>('/parked')).map(({ id }) => id);

async function loggedIn(login: string): Promise<Browser> {
  const browser = new Browser(system.topology.url);
  await browser.logIn(PATH, login, system.topology.logins.password!);
  return browser;
}

beforeAll(async () => {
  system = await System.start({ fixtures: [bureau] });
  operator = await loggedIn('operations');
  lead = await loggedIn('operations-lead');
  cases = [];
  for (let i = 0; i < PEOPLE; i++) cases.push(await system.arrive({ needs: ['shelter'] }));
  parked = (await system.all<{ id: string; since: string }>('/parked')).toSorted((a, b) =>
    a.since < b.since ? -1 : 1,
  );
  expect(parked).toHaveLength(PEOPLE);
});
afterAll(() => system.stop());

describe('parked messages, as operations live with them', () => {
  it('are investigated by somebody, who is seen on the list, taken over from, and lets go', async () => {
    const taken = await operator.submit(`${PATH}/claim`, { ...place(0), note: 'pregunté a la sede' });
    expect(taken.text).toContain('Usted la investiga');
    expect(textIn(await lead.open(PATH), `#stream-${parked[0]!.id}`)).toContain('pregunté a la sede');
    // Somebody else's form of before does not take it away.
    const late = await lead.submit(`${PATH}/claim`, place(0));
    expect(late.text).toContain('1 la investiga otra persona');
    expect((await lead.open(at(0))).text).toContain('Tomarla de ');
    await lead.submit(`${PATH}/claim`, { ...place(0), takeOver: 'yes', note: 'la sede cerró' });
    const list = await operator.open(PATH);
    expect(textIn(list, `#stream-${parked[0]!.id}`)).toMatch(/Jefatura.* la sede cerró/);

    const group = parse(list.text).querySelector('input[name=group]')!.getAttribute('value')!;
    const all = await operator.submit(`${PATH}/claim`, { group, note: 'el registro' });
    expect(all.text).toContain('Usted investiga 3. 1 la investiga otra persona.');
    const released = await operator.submit(`${PATH}/release`, { group });
    expect(released.text).toContain('Ya no investiga 3.');
    expect(released.text.match(/el registro/g)).toBeNull();
  });

  it('are shown to a lead alone, without what is personal, and with why that cannot be edited', async () => {
    expect((await operator.open(`${at(0)}/edit`)).status).toBe(403);
    expect((await operator.open(at(0))).text).not.toContain('/edit');
    const page = await lead.open(`${at(0)}/edit`);
    expect(textIn(page, '#sealed')).toContain('Son datos personales: returnee.');
    const data = JSON.parse(parse(page.text).querySelector('#data')!.text);
    expect(data).toMatchObject({ service: 'night-shelter', provisional: false });
    expect(Object.keys(data)).not.toContain('returnee');
    expect(page.text).not.toMatch(/Quispe|Mamani|familyNames/);
  });

  it('that are edited wrongly lose nothing of what was written, and change nothing', async () => {
    const form = parse((await lead.open(`${at(0)}/edit`)).text);
    const data = JSON.parse(form.querySelector('#data')!.text);
    const reason = 'la sede lo pidió';
    const refusals: [data: string, reason: string, status: number, said: string][] = [
      ['{"service": }', reason, 422, 'No es JSON válido'],
      [JSON.stringify({ ...data, provisional: 'yes' }), reason, 422, '/provisional'],
      [JSON.stringify({ ...data, returnee: { familyNames: 'Soto' } }), reason, 422, '/returnee'],
      [JSON.stringify({ ...data, provisional: true }), '', 422, 'Escriba el motivo'],
      // The register still does not know this one.
      [JSON.stringify({ ...data, offices: [] }), reason, 409, 'Nada cambió: el mensaje 1 de la secuencia'],
    ];
    for (const [written, why, status, said] of refusals) {
      const page = await lead.submit(`${at(0)}/edit`, { data: written, reason: why });
      expect([page.status, textIn(page, '[role=alert]')]).toEqual([status, expect.stringContaining(said)]);
      const again = parse(page.text);
      expect([again.querySelector('#data')!.text.trim(), again.querySelector('#why')!.text.trim()]).toEqual([
        written,
        why,
      ]);
    }
    expect((await operator.submit(`${at(0)}/edit`, { data: '{}', reason })).status).toBe(403);
    expect(await ofBureau().query('select * from edited')).toEqual([]);
    expect(await stillParked()).toHaveLength(PEOPLE);
  });

  it('that are edited are handled with all behind them; the case goes on, and the original is kept', async () => {
    const data = JSON.parse(parse((await lead.open(`${at(0)}/edit`)).text).querySelector('#data')!.text);
    const found = cases.find(({ referrals }) => referrals.some(({ id }) => id === data.referralId))!;
    await system.command(found, 'referrals/night-shelter/remind', { reason: 'nobody answers' });
    const before = await lead.open(at(0));
    expect(rows(before).map((row) => row.querySelector('td')!.text)).toEqual(['1', '2']);
    const sent = { data: JSON.stringify({ ...data, provisional: true }), reason: 'la sede lo pidió' };
    const edited = await lead.submit(`${at(0)}/edit`, sent);
    expect(edited.text).toContain('Se guardó y se procesaron 2 mensajes.');
    await system.settle();

    const referral = referralOf(await system.caseOf(found), 'night-shelter');
    expect(referral.status).toBe('received');
    expect(await system.seenBy(BUREAU, referral)).toMatchObject({
      provisional: true,
      remindedAt: expect.any(String),
      returnee: { familyNames: 'Quispe Mamani' },
    });
    const [kept] = await ofBureau().query('select * from edited');
    expect(kept).toMatchObject({ reason: sent.reason, edited_by: expect.stringContaining('Jefatura') });
    expect(JSON.parse(kept.original).data).toMatchObject({ provisional: false });
    expect(JSON.stringify(kept)).not.toContain('Quispe');
    const again = await lead.submit(`${at(0)}/edit`, sent);
    expect(again.text).toContain('Ya no está detenido');
    // Who was told what stands as it was written, and its chain holds.
    expect((await system.get(`/cases/${found.id}/disclosures`)).items).not.toEqual([]);
  });

  it('are handled again as a group: so many, at a pace, with their progress, and stopped', async () => {
    const list = await operator.open(PATH);
    const group = parse(list.text).querySelector('input[name=group]')!.getAttribute('value')!;
    isBroken = false;
    const begun = await operator.submit(`${PATH}/redrive`, { group, count: '1', perSecond: '10' });
    expect(begun.text).toContain('Empezó a procesarse de nuevo 1 asunto');
    await eventually(async () => (await stillParked()).length === PEOPLE - 2);
    const after = await operator.open(PATH);
    expect(textIn(after, '#redrives')).toContain('Procesados: 1; volvieron a fallar: 0; faltan: 0');

    // So slowly that the second one does not come before it is stopped.
    await operator.submit(`${PATH}/redrive`, { group, perSecond: '0,1' });
    const [job] = (await system.get('/parked/redrives')).items;
    const jobPath = `${PATH}/redrives/${BUREAU}/${job.id}`;
    await eventually(async () =>
      (await operator.open(jobPath)).text.includes('Procesados: 1; volvieron a fallar: 0'),
    );
    const stopped = await operator.submit(`${PATH}/redrives/stop`, { service: BUREAU, id: job.id });
    expect(stopped.text).toContain('Lo que faltaba sigue detenido');
    expect(textIn(stopped, 'main label')).toContain('faltan: 1 (detenido por una persona)');
    const over = await operator.submit(`${PATH}/redrives/stop`, { service: BUREAU, id: job.id });
    expect(over.text).toContain('Ya había terminado');
    const [left] = await stillParked();
    await operator.submit(`${PATH}/redrive`, { service: BUREAU, id: left! });
    await system.settle();
    expect((await operator.open(PATH)).text).toContain('Nada está detenido');
  });
});
