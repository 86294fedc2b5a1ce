import { parse, type HTMLElement } from 'node-html-parser';
import { Browser, type Shown } from '../support/browser';
import { referralOf, type Case } from '../support/case-view';
import { System } from '../support/system';

let system: System;
let worker: Browser;
beforeAll(async () => {
  system = await System.start();
  worker = await loggedIn('health');
});
afterAll(() => system.stop());

async function loggedIn(login: string): Promise<Browser> {
  const browser = new Browser(system.topology.url);
  await browser.logIn('/console/worklist', login, system.topology.logins.password!);
  return browser;
}

const care = async (of: Case) => referralOf(await system.caseOf(of), 'medical-care');
const addressOf = async (of: Case) => `/console/worklist/${(await care(of)).id}`;
const ill = () => system.arrive({ needs: ['health-care'] });

/** The form for one answer, with what a browser would send of it. */
async function formFor(of: Case, action: string): Promise<Record<string, string>> {
  const page = await worker.open(await addressOf(of));
  const form = formIn(page, action);
  return Object.fromEntries(
    form
      .querySelectorAll('input[type=hidden]')
      .map((field) => [field.getAttribute('name')!, field.getAttribute('value')!]),
  );
}

function formIn(page: Shown, action: string): HTMLElement {
  const form = parse(page.text).querySelector(`#answer-${action} form`);
  if (!form) throw new Error(`no form to ${action} in ${page.status} ${page.url}`);
  return form;
}

async function answer(of: Case, action: string, fields: Record<string, string> = {}): Promise<Shown> {
  const form = await formFor(of, action);
  const shown = await worker.submit(await addressOf(of), { ...form, ...fields });
  await system.settle();
  return shown;
}

describe("an agency's worklist", () => {
  it('shows what waits for an answer, and not what was answered', async () => {
    const [waits, done] = [await ill(), await ill()];
    await answer(done, 'reject', { code: 'person-declined' });
    const page = await worker.open('/console/worklist');
    expect(page.text).toContain((await care(waits)).id);
    expect(page.text).not.toContain((await care(done)).id);
    const rejected = await worker.open('/console/worklist?status=rejected');
    expect(rejected.text).toContain((await care(done)).id);
  });

  it("shows nothing of another agency's, whatever is asked for", async () => {
    const found = await ill();
    const other = await loggedIn('education');
    expect((await other.open('/console/worklist?status=all')).text).not.toContain((await care(found)).id);
    expect((await other.open(await addressOf(found))).status).toBe(404);
  });

  it('accepts those that were chosen, and says how many had changed', async () => {
    const [one, two, gone] = [await ill(), await ill(), await ill()];
    const page = await worker.open('/console/worklist');
    const boxes = parse(page.text).querySelectorAll('input[name^="accept."]');
    const ids = await Promise.all([one, two, gone].map(async (of) => (await care(of)).id));
    const chosen = boxes.filter((box) => ids.some((id) => box.getAttribute('name') === `accept.${id}`));
    expect(chosen).toHaveLength(3);
    await answer(gone, 'reject', { code: 'duplicate' });
    const fields = chosen.map((box) => [box.getAttribute('name')!, box.getAttribute('value')!]);
    const shown = await worker.submit('/console/worklist/accept', Object.fromEntries(fields));
    expect(shown.text).toContain('Aceptadas: 2.');
    expect(shown.text).toContain('No se aceptaron: 1.');
    await system.settle();
    expect((await care(one)).status).toBe('accepted');
    expect((await care(gone)).status).toBe('rejected');
  });

  it('is printed without anything to press', async () => {
    await ill();
    const page = parse((await worker.open('/console/worklist?print=true')).text);
    expect(page.querySelectorAll('main button, main input')).toHaveLength(0);
    expect(page.querySelectorAll('tbody tr').length).toBeGreaterThan(0);
  });
});

describe('a referral on the screen', () => {
  it('is led from the acceptance to its end, each step by the form that is possible then', async () => {
    const found = await ill();
    await answer(found, 'schedule', { when: '2026-11-27T09:30' });
    expect(await system.seenBy('health', await care(found))).toMatchObject({
      status: 'accepted',
      businessStatus: 'scheduled',
      scheduledFor: '2026-11-27T14:30:00.000Z',
    });
    await answer(found, 'no-show');
    await answer(found, 'start');
    await answer(found, 'hold', { note: 'espera un examen' });
    const shown = await answer(found, 'complete');
    expect(shown.text).toContain('Su respuesta quedó registrada');
    expect((await care(found)).status).toBe('completed');
    await answer(found, 'correct', { status: 'failed', reason: 'se marcó la fila de al lado' });
    expect(await system.seenBy('health', await care(found))).toMatchObject({ status: 'failed' });
  });

  it('that is refused keeps what was typed, beside what is wrong', async () => {
    const found = await ill();
    const shown = await answer(found, 'reject', { note: '<b>vive</b> en otra ciudad' });
    expect(shown.status).toBe(422);
    const form = formIn(shown, 'reject');
    expect(form.querySelector('[role=alert]')!.text).toContain('Elija un motivo.');
    expect(form.querySelector('select[name=code]')!.getAttribute('aria-invalid')).toBe('true');
    expect(form.querySelector('textarea')!.text).toContain('vive');
    expect(shown.text).toContain('&lt;b&gt;vive&lt;/b&gt;');
    expect((await care(found)).status).toBe('received');
  });

  it('is answered once by a double click', async () => {
    const found = await ill();
    const [form, address] = [await formFor(found, 'ask'), await addressOf(found)];
    const shown = await Promise.all(
      [1, 2].map(() => worker.submit(address, { ...form, note: '¿qué toma?' })),
    );
    expect(shown.map(({ status }) => status)).toEqual([200, 200]);
    await system.settle();
    const { history } = await system.seenBy('health', await care(found));
    expect(history.filter((line: any) => line.businessStatus === 'info-requested')).toHaveLength(1);
  });

  it('says who answered, by their login', async () => {
    const found = await ill();
    await answer(found, 'accept');
    const { history } = await system.seenBy('health', await care(found));
    expect(history.at(-1).by).toBe('Personal de health (demostración)');
  });

  it('whose cancellation is asked for can be acknowledged, or was done already', async () => {
    const found = await ill();
    await answer(found, 'accept');
    await system.command(found, 'referrals/medical-care/cancel', { reason: 'se fue' });
    const page = parse((await worker.open(await addressOf(found))).text);
    const offered = page.querySelectorAll('details.answer').map((one) => one.id);
    expect(offered).toEqual(['answer-complete', 'answer-cancel']);
    await answer(found, 'cancel');
    expect((await care(found)).status).toBe('cancelled');
  });

  it('keeps what was typed when somebody else was faster', async () => {
    const found = await ill();
    const form = await formFor(found, 'reject');
    await answer(found, 'accept');
    const shown = await worker.submit(await addressOf(found), { ...form, code: 'safety', note: 'mi nota' });
    expect(shown.status).toBe(409);
    expect(formIn(shown, 'reject').text).toContain('mi nota');
    expect(shown.text).toContain('quizá otra persona ya respondió');
  });

  it('is completed with the outcome that its service requires', async () => {
    const found = await system.arrive({
      needs: ['identity-document'],
      document_type: 'none',
      document_number: '',
    });
    const reniec = await loggedIn('identity');
    const { id } = referralOf(await system.caseOf(found), 'dni-issue');
    const address = `/console/worklist/${id}`;
    await system.answers(found, 'dni-issue', { status: 'accepted' });
    const page = await reniec.open(address);
    expect(formIn(page, 'complete').querySelector('input[name=document]')).not.toBeNull();
    const refused = await reniec.submit(address, { action: 'complete', document: '12' });
    expect([refused.status, formIn(refused, 'complete').text]).toEqual([
      422,
      expect.stringContaining('no tiene la forma debida'),
    ]);
    await reniec.submit(address, { action: 'complete', document: '45678912' });
    await system.settle();
    expect(referralOf(await system.caseOf(found), 'dni-issue').status).toBe('completed');
  });
});
