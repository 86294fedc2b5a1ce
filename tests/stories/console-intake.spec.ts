import { parse } from 'node-html-parser';
import { passportZone } from '../support/zones';
import { Browser, type Shown } from '../support/browser';
import { eventually } from '../support/eventually';
import { manifestCsv, type ManifestRow } from '../support/manifest';
import { asCells, returneeBody, type ReturneeBody } from '../support/returnee';
import { System } from '../support/system';

let system: System;
let person: Browser;
beforeAll(async () => {
  system = await System.start();
  person = new Browser(system.topology.url);
  await person.logIn('/console/intake', 'intake', system.topology.logins.password!);
});
afterAll(() => system.stop());

const row = (changes: Partial<ReturneeBody> = {}): ManifestRow =>
  asCells(returneeBody(changes)) as ManifestRow;
const OURS = { 'sec-fetch-site': 'same-origin' };

const sendAsItIs = (csv: string) =>
  person.request('POST', '/console/intake/manifests', csv, { ...OURS, 'content-type': 'text/csv' });

function sendInForm(csv: string): Promise<Shown> {
  const form = new FormData();
  form.set('file', new File([csv], 'manifest.csv', { type: 'text/csv' }));
  return person.request('POST', '/console/intake/manifests', form, OURS);
}

/** The page of a manifest once it is read to its end. */
async function finished(shown: Shown): Promise<Shown> {
  const page = await eventually(async () => {
    const now = await person.open(new URL(shown.url).pathname);
    return now.text.includes('hx-trigger="every 1s"') ? undefined : now;
  });
  return page!;
}
/** What a browser would send of the form for one returnee. */
function fieldsOn(page: Shown): Record<string, string> {
  const form = parse(page.text).querySelector('form[action="/console/intake/returnee"]')!;
  const inputs = form
    .querySelectorAll('input[value]:not([type=checkbox])')
    .map((input): [string, string] => [input.getAttribute('name')!, input.getAttribute('value')!]);
  const chosen = form
    .querySelectorAll('select')
    .map((select): [string, string] => [
      select.getAttribute('name')!,
      select.querySelector('option[selected]')?.getAttribute('value') ?? '',
    ]);
  return Object.fromEntries([...inputs, ...chosen, ['mrz', form.querySelector('#mrz')!.text.trim()]]);
}

/** New, updated, unchanged, with errors. */
const countsOn = (page: Shown) =>
  parse(page.text)
    .querySelectorAll('.tiles strong')
    .map((count) => Number(count.text));

describe('one returnee by form', () => {
  const form = (changes: Partial<ReturneeBody> = {}) => {
    const { needs, ...cells } = asCells(returneeBody(changes)) as ManifestRow;
    const boxes = needs.split('|').map((need) => [`needs.${need}`, 'yes']);
    const { vulnerabilities: _none, ...rest } = cells;
    return { ...rest, consent_at: '2026-11-20T08:44', ...Object.fromEntries(boxes) } as Record<
      string,
      string
    >;
  };

  it('becomes a case with what was ticked', async () => {
    const page = await person.submit('/console/intake/returnee', form({ needs: ['health-care'] }));
    const [number] = /RT-2026-\d{6}/.exec(parse(page.text).querySelector('[role=status].done')!.text)!;
    await system.settle();
    const { needs } = await system.get(`/cases/${number}`);
    expect(needs.map(({ code }: { code: string }) => code)).toContain('health-care');
  });

  it('that is refused keeps what was typed, with each error beside its field', async () => {
    const typed = form({ family_names: '<b>Quispe</b>', needs: ['health-care'] });
    const page = await person.submit('/console/intake/returnee', { ...typed, sex: '' });
    expect(page.status).toBe(422);
    const shown = parse(page.text);
    expect(shown.querySelector('#family_names')!.getAttribute('value')).toBe('<b>Quispe</b>');
    expect(shown.querySelector('#sex-error')!.text).toContain('Falta');
    expect(shown.querySelector('#sex')!.getAttribute('aria-describedby')).toBe('sex-error');
    expect(shown.querySelector('input[name="needs.health-care"]')!.hasAttribute('checked')).toBe(true);
  });
});

describe('the machine-readable zone of a passport on the form', () => {
  const mrz = passportZone({ number: 'AB1234567' });
  const form = () => {
    const cells = asCells(
      returneeBody({ document_type: 'passport', document_number: 'AB1234567' }),
    ) as Record<string, string>;
    const { needs: _needs, vulnerabilities: _none, family_names: _f, given_names: _g, ...rest } = cells;
    return { ...rest, date_of_birth: '', sex: '', consent_at: '2026-11-20T08:44' } as Record<string, string>;
  };
  const casesNow = async (): Promise<number> => (await system.all('/cases')).length;

  it('fills the form and registers nothing; registered, it is whom the zone says', async () => {
    const before = await casesNow();
    const read = await person.submit('/console/intake/returnee/mrz', { ...form(), mrz });
    expect(read.status).toBe(200);
    await system.settle();
    expect(await casesNow()).toBe(before);
    const saved = await person.submit('/console/intake/returnee', fieldsOn(read));
    const [number] = /RT-2026-\d{6}/.exec(parse(saved.text).querySelector('[role=status].done')?.text ?? '')!;
    await system.settle();
    const { body } = await system.call('POST', '/intake/searches', { document: 'AB1234567' });
    expect(body.items.map(({ caseNumber }: { caseNumber: string }) => caseNumber)).toEqual([number]);
    const { body: her } = await system.call('GET', `/intake/returnees/${body.items[0].returneeId}`);
    expect(JSON.stringify(her)).toMatch(/Quispe Mamani.*1985-02-14|1985-02-14.*Quispe Mamani/);
  });

  it('that contradicts the form holds registering up once, and what was typed stands', async () => {
    const before = await casesNow();
    const typed = { ...form(), family_names: 'Quispe Mamani', given_names: 'Rosa', sex: 'F', mrz };
    const held = await person.submit('/console/intake/returnee', { ...typed, date_of_birth: '1985-02-14' });
    expect(held.status).toBe(422);
    expect(parse(held.text).querySelector('#given_names-mrz')!.text).toContain('Rosa Maria');
    expect(parse(held.text).querySelector('#given_names')!.getAttribute('value')).toBe('Rosa');
    await system.settle();
    expect(await casesNow()).toBe(before);
  });
});

describe('a manifest on the screen', () => {
  it.each([
    ['as it is', sendAsItIs],
    ['in a form', sendInForm],
  ])('sent %s registers its rows, and its page says how many', async (_how, send) => {
    const page = await finished(await send(manifestCsv([row(), row()])));
    expect(countsOn(page)).toEqual([2, 0, 0, 0]);
    expect((await person.open('/console/intake')).text).toContain(new URL(page.url).pathname);
    await system.settle();
  });

  it('gives its refused rows as a file that is corrected and sent again', async () => {
    const bad = { ...row({ phone: '+51987654321' }), sex: 'Z' };
    const page = await finished(await sendAsItIs(manifestCsv([row(), bad])));
    expect(countsOn(page)).toEqual([1, 0, 0, 1]);
    const file = await person.open(`${new URL(page.url).pathname}/refused`);
    expect(file.headers.get('content-disposition')).toContain('attachment');
    expect(file.text).toContain("'+51987654321");
    expect(file.text).toContain('sex must be one of');
    expect(file.text.trim().split('\r\n')).toHaveLength(2);
    const again = await finished(await sendAsItIs(file.text.replace(',Z,', ',F,')));
    expect(countsOn(again)).toEqual([1, 0, 0, 0]);
    await system.settle();
  });

  it('that is empty, or not CSV, is refused with a word on what to do', async () => {
    const empty = await sendAsItIs('');
    expect([empty.status, parse(empty.text).querySelector('[role=alert]')?.text]).toEqual([
      422,
      expect.stringContaining('El archivo está vacío'),
    ]);
    const nothing = await person.request('POST', '/console/intake/manifests', new FormData(), OURS);
    expect([nothing.status, parse(nothing.text).querySelector('[role=alert]')?.text]).toEqual([
      422,
      expect.stringContaining('Elija un archivo'),
    ]);
  });

  it('full of HTML shows as text, wherever it shows', async () => {
    const html = '<script>alert(1)</script><img src=x onerror=alert(1)>';
    const csv = manifestCsv([{ ...row(), external_id: html, family_names: html, sex: html }, row()]);
    const withHeader = csv.replace('external_id', `<b>external_id</b>`);
    for (const file of [csv, withHeader]) {
      const page = await finished(await sendAsItIs(file));
      const shown = parse(page.text).querySelector('#content')!;
      expect(shown.querySelectorAll('script, img, b')).toHaveLength(0);
    }
    await system.settle();
  });

  it('keeps its refused rows for seven days and no longer', async () => {
    const page = await finished(await sendAsItIs(manifestCsv([{ ...row(), sex: 'Z' }])));
    const address = `${new URL(page.url).pathname}/refused`;
    await system.advance(6 * 24 * 3_600_000);
    expect((await person.open(address)).status).toBe(200);
    await system.advance(24 * 3_600_000);
    expect((await person.open(address)).status).toBe(410);
    await system.restart();
    const [kept] = await refusedRowsIn();
    expect(kept).toEqual({ kept: 0 });
  });
});

function refusedRowsIn(): Promise<{ kept: number }[]> {
  const intake = system.topology.services.find(({ name }) => name === 'intake')!;
  return intake.messaging.dataSource.query(
    'select count(*)::int as kept from manifest_row where refused is not null',
  );
}
