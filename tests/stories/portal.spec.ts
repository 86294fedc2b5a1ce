/** The returnee's own page, and what can be done on it. */
import { needOf, openEscalations, referralOf } from '../support/case-view';
import { restOfTheRoundtable } from '../support/roundtable';
import { System } from '../support/system';
import { alertOf, statusOf, Telephone, textOf } from '../support/telephone';

let system: System;
let telephone: Telephone;
beforeAll(async () => {
  system = await System.start({ fixtures: restOfTheRoundtable() });
  telephone = new Telephone(system);
});
afterAll(() => system.stop());

describe('the page of a returnee', () => {
  it('says where each referral stands and what is next, by number and without a name', async () => {
    const registered = await system.register({ needs: ['civil-certificate', 'employment'] });
    const link = await telephone.linkFor(registered);
    const { answered, page } = await telephone.look(link);
    expect(answered.status).toBe(200);
    expect(textOf(page)).toContain(registered.caseNumber);
    expect(textOf(page)).toContain('Enviado. La institución debe responder.');
    expect(textOf(page)).toContain('Todavía no empieza');
    expect(textOf(page)).not.toMatch(/Rosa|Quispe/);
  });

  it('shows the day in Lima and the office of an appointment', async () => {
    const registered = await system.register({ needs: ['health-care'] });
    const link = await telephone.linkFor(registered);
    await system.answers(
      { id: registered.caseId },
      'medical-care',
      { status: 'accepted' },
      { status: 'in-progress', businessStatus: 'scheduled', scheduledFor: '2026-11-27T14:30:00Z' },
    );
    const { office } = referralOf(await system.caseOf(registered), 'medical-care');
    const text = textOf((await telephone.look(link)).page);
    expect(text).toContain('viernes, 27 de noviembre de 2026');
    expect(text).toMatch(/9:30/);
    expect(office).not.toBeNull();
    expect(text).toContain(office!.name);
  });

  it('takes the word that a delivery arrived, once', async () => {
    const { registered, link } = await telephone.delivered();
    const { page } = await telephone.look(link);
    const first = await telephone.send(page, '/word', { outcome: 'confirmed' });
    expect(statusOf(first.page)).toContain('Gracias');
    expect(needOf(await system.caseOf(registered), 'civil-certificate')).toBe('settled/confirmed');
    const again = await telephone.send(page, '/word', { outcome: 'confirmed' });
    expect(statusOf(again.page)).toContain('Gracias');
    const other = await telephone.send(page, '/word', { outcome: 'disputed' });
    expect(other.answered.status).toBe(409);
    expect(alertOf(other.page)).toContain('ya tiene respuesta');
  });

  it('takes the word that it did not, and the need is open again', async () => {
    const { registered, link } = await telephone.delivered();
    const { page } = await telephone.look(link);
    await telephone.send(page, '/word', { outcome: 'disputed', reason: 'No me dieron nada' });
    const after = await system.caseOf(registered);
    expect(needOf(after, 'civil-certificate')).toBe('open');
    expect(openEscalations(after)).toEqual(['disputed']);
    expect(textOf((await telephone.look(link)).page)).toContain('Usted dijo que no lo recibió');
  });

  it('says so when the time for a word is over', async () => {
    const { link } = await telephone.delivered();
    const { page } = await telephone.look(link);
    await system.advance(11 * 86_400_000);
    const late = await telephone.send(page, '/word', { outcome: 'disputed' });
    expect(late.answered.status).toBe(409);
    expect(alertOf(late.page)).toContain('pasó el plazo');
  });

  it('withdraws consent after saying what that does, and the agencies are asked to stop', async () => {
    const registered = await system.register({ needs: ['civil-certificate'] });
    const link = await telephone.linkFor(registered);
    const { page } = await telephone.look(link, '/withdraw');
    expect(textOf(page)).toContain('Se detendrá:');
    expect((await system.caseOf(registered)).consent).toBe('granted');
    const first = await telephone.send(page, '/withdraw');
    expect(statusOf(first.page)).toContain('retiró su autorización');
    const after = await system.caseOf(registered);
    expect(after.consent).toBe('withdrawn');
    expect(referralOf(after, 'civil-certificate').cancellation).toMatchObject({
      reason: 'consent-withdrawn',
    });
    const again = await telephone.send(page, '/withdraw');
    expect(again.answered.status).toBe(303);
    expect((await system.caseOf(registered)).timeline).toHaveLength(after.timeline.length);
  });

  it('tells a child that somebody else has to withdraw', async () => {
    const registered = await system.register({
      needs: ['school-enrolment'],
      date_of_birth: '2015-01-01',
      relationship: 'child',
    });
    const { page } = await telephone.look(await telephone.linkFor(registered), '/withdraw');
    const refused = await telephone.send(page, '/withdraw');
    expect(refused.answered.status).toBe(409);
    expect(alertOf(refused.page)).toContain('Llámenos');
  });

  it('takes a complaint that nobody but operations sees, once however often it is sent', async () => {
    const registered = await system.register({ needs: ['civil-certificate'] });
    const link = await telephone.linkFor(registered);
    const before = referralOf(await system.caseOf(registered), 'civil-certificate');
    const heldBefore = await system.seenBy(before.agency, before);
    const { page } = await telephone.look(link, '/complaint');
    const text = 'Me hicieron esperar de pie seis horas';
    const sent = await telephone.send(page, '/complaint', { about: before.id, text });
    expect(statusOf(sent.page)).toContain('Recibimos su queja');
    await telephone.send(page, '/complaint', { about: before.id, text });
    const after = await system.caseOf(registered);
    const complaints = after.escalations.filter(({ reason }) => reason === 'complaint');
    expect(complaints).toMatchObject([{ status: 'open', referralId: before.id }]);
    const opened = await system.get(`/escalations/${complaints[0]!.id}`);
    expect(opened.complaint).toMatchObject({ text, channel: 'portal' });
    expect(JSON.stringify(await system.get('/escalations?limit=200'))).not.toContain(text);
    expect(await system.seenBy(before.agency, before)).toEqual(heldBefore);
  });

  it('refuses a complaint without words, and one that is too long, keeping what was typed', async () => {
    const registered = await system.register({ needs: ['civil-certificate'] });
    const { page } = await telephone.look(await telephone.linkFor(registered), '/complaint');
    const empty = await telephone.send(page, '/complaint', { text: '  ' });
    expect([empty.answered.status, alertOf(empty.page)]).toEqual([422, 'Escriba qué pasó.']);
    const long = await telephone.send(page, '/complaint', { text: `Empieza ${'x'.repeat(1_000)}` });
    expect([long.answered.status, alertOf(long.page)]).toEqual([
      422,
      'El texto es demasiado largo: máximo 1000 letras.',
    ]);
    expect(long.page.querySelector('textarea')!.text).toContain('Empieza');
    const huge = await telephone.send(page, '/complaint', { text: 'x'.repeat(50_000) });
    expect([huge.answered.status, alertOf(huge.page)]).toEqual([
      413,
      'El texto es demasiado largo: máximo 1000 letras.',
    ]);
    expect(openEscalations(await system.caseOf(registered))).toEqual([]);
  });

  it('changes the telephone for every agency that sees it, and an old manifest row does not undo it', async () => {
    const body = { external_id: 'portal-phone', needs: ['civil-certificate'], phone: '+51987000001' };
    const registered = await system.register(body);
    const referral = referralOf(await system.caseOf(registered), 'civil-certificate');
    // What is asked for and changed at one instant is told once.
    await system.advance(60_000);
    const { page } = await telephone.look(await telephone.linkFor(registered), '/phone');
    const wrong = await telephone.send(page, '/phone', { phone: '987' });
    expect([wrong.answered.status, alertOf(wrong.page)]).toEqual([
      422,
      'Ese teléfono no es válido. Escriba + y el código del país, sin espacios.',
    ]);
    const changed = await telephone.send(page, '/phone', { phone: '+51987000002' });
    expect(statusOf(changed.page)).toContain('teléfono nuevo');
    const phone = async (): Promise<string> =>
      JSON.stringify((await system.seenBy(referral.agency, referral)).returnee);
    expect(await phone()).toContain('+51987000002');
    const known = await system.get(`/intake/returnees/${registered.returneeId}`);
    const same = {
      given_names: known.person.givenNames,
      document_number: known.person.documentNumber,
      years_abroad: 6,
    };
    await system.register({ ...body, ...same });
    expect(await phone()).toContain('+51987000002');
    await system.register({ ...body, ...same, phone: '+51987000003' });
    expect(await phone()).toContain('+51987000003');
  });

  it('shows who received which data, when and why', async () => {
    const registered = await system.register({ needs: ['civil-certificate'] });
    const { page } = await telephone.look(await telephone.linkFor(registered), '/ledger');
    const text = textOf(page);
    expect(text).toContain('RENIEC');
    expect(text).toContain('nombre, fecha de nacimiento, documento, teléfono, correo e idiomas');
    expect(text).toContain('Usted lo autorizó');
  });

  it.each([
    ['es', 'es', 'Sí, lo recibí'],
    ['qu', 'qu', 'Arí, chaskirqani'],
    ['ay', 'ay', 'Jisa, katuqtwa'],
    ['en', 'en', 'Yes, I received it'],
  ])('speaks %s', async (language, lang, words) => {
    const { registered } = await telephone.delivered();
    const { page } = await telephone.look(await telephone.linkFor(registered, { language }));
    expect(page.querySelector('html')!.getAttribute('lang')).toBe(lang);
    expect(page.structuredText).toContain(words);
    const other = page.querySelectorAll('header nav a').map((a) => a.getAttribute('lang'));
    expect(other).toEqual(['es', 'qu', 'ay', 'en']);
  });
});
