/** Who may see a returnee's page, and what it hides when somebody else looks at it. */
import { needOf, referralOf } from '../support/case-view';
import { restOfTheRoundtable } from '../support/roundtable';
import { System } from '../support/system';
import { alertOf, pathOf, Telephone, type Link } from '../support/telephone';

const logged: string[] = [];
let system: System;
let telephone: Telephone;
beforeAll(async () => {
  system = await System.start({ fixtures: restOfTheRoundtable(), log: (line) => void logged.push(line) });
  telephone = new Telephone(system);
}, 120_000);
afterAll(() => system.stop(), 60_000);

describe('for a person at risk', () => {
  const RESTRICTED = [
    'womens-emergency-centre',
    'special-protection-unit',
    'trafficking-care',
    'trafficking-case',
  ];

  it.each([
    ['gender-based-violence', { vulnerabilities: ['gender-based-violence'] }, 'womens-emergency-centre'],
    ['trafficking', { vulnerabilities: ['trafficking'] }, 'trafficking-care'],
    ['trafficking', { vulnerabilities: ['trafficking'] }, 'trafficking-case'],
    [
      'unaccompanied-child',
      { relationship: 'unaccompanied', date_of_birth: '2013-01-01' },
      'special-protection-unit',
    ],
  ])('no page says %s', async (_what, changes, service) => {
    const registered = await system.register({ needs: ['civil-certificate'], ...changes });
    const hidden = referralOf(await system.caseOf(registered), service);
    const catalogue: any[] = await system.all('/agencies');
    const names = catalogue.flatMap(({ slug, name, services }) => [
      ...(['protection', 'interior'].includes(slug) ? [name] : []),
      ...services
        .filter(({ code }: any) => RESTRICTED.includes(code))
        .flatMap(({ code, title }: any) => [code, title.es, title.en]),
    ]);
    const link = await telephone.linkFor(registered);
    for (const below of ['', '/phone', '/withdraw', '/complaint', '/ledger']) {
      for (const lang of ['es', 'qu', 'ay', 'en']) {
        const { answered } = await telephone.look(link, below, lang);
        expect(answered.status).toBe(200);
        const page = String(answered.body);
        for (const name of names) expect([below, lang, page.includes(name)]).toEqual([below, lang, false]);
        expect(page).not.toContain(hidden.id);
        expect(page).not.toMatch(
          /violen|trata|traffick|MIMP|refugio|víctima|victim|restricted|oculto|hidden"? ?dat/i,
        );
      }
    }
    expect((await telephone.look(link)).page.querySelector('a.exit')).not.toBeNull();
  });

  it('the telephone is changed by a call only', async () => {
    const registered = await system.register({
      vulnerabilities: ['gender-based-violence'],
      needs: ['civil-certificate'],
      phone: '+51987000010',
    });
    const link = await telephone.linkFor(registered);
    const { page } = await telephone.look(link, '/phone');
    expect(page.querySelector('form')).toBeNull();
    const complaint = await telephone.look(link, '/complaint');
    const key = complaint.page.querySelector('input[name=key]')!.getAttribute('value')!;
    const forced = await telephone.submit(`${pathOf(link)}/phone`, { key, phone: '+51987000011' });
    expect([forced.answered.status, alertOf(forced.page)]).toEqual([
      409,
      'Esto no se puede hacer aquí. Llámenos.',
    ]);
    const known = await system.get(`/intake/returnees/${registered.returneeId}`);
    expect(known.person.phone).toBe('+51987000010');
  });

  it('a delivery of a hidden service takes no word here', async () => {
    const registered = await system.register({
      vulnerabilities: ['gender-based-violence'],
      needs: ['civil-certificate'],
    });
    const after = await system.complete({ id: registered.caseId }, 'womens-emergency-centre');
    const link = await telephone.linkFor(registered);
    const { page } = await telephone.look(link, '/complaint');
    const key = page.querySelector('input[name=key]')!.getAttribute('value')!;
    const referral = referralOf(after, 'womens-emergency-centre').id;
    const said = await telephone.submit(`${pathOf(link)}/word`, { key, referral, outcome: 'confirmed' });
    expect(said.answered.status).toBe(409);
    expect(await system.caseOf(registered)).toEqual(after);
  });
});

describe('a link', () => {
  it('opens nothing once it is revoked or has expired, with the page of one that never was', async () => {
    const registered = await system.register({ needs: ['civil-certificate'] });
    const [revoked, expired, kept] = [
      await telephone.linkFor(registered, { language: 'en' }),
      await telephone.linkFor(registered, { days: 1, language: 'qu' }),
      await telephone.linkFor(registered, { days: 60 }),
    ];
    const ended = await system.call('POST', `/portal/links/${revoked.id}/revoke`, {
      reason: 'lost telephone',
    });
    expect(ended.status).toBe(200);
    await system.advance(2 * 86_400_000);
    const never = { ...revoked, url: revoked.url.replace(/[^/]+$/, 'A'.repeat(27)) };
    const pages = [];
    for (const link of [revoked, expired, never]) {
      const { answered } = await telephone.look(link);
      pages.push({
        status: answered.status,
        body: answered.body,
        headers: [...answered.headers].filter(([name]) => !['date', 'etag'].includes(name)),
      });
    }
    expect(pages[0]!.status).toBe(404);
    expect(pages[1]).toEqual(pages[0]);
    expect(pages[2]).toEqual(pages[0]);
    expect((await telephone.look(kept)).answered.status).toBe(200);
    const { items } = await system.get(`/portal/links?caseId=${registered.caseId}`);
    expect(items.map((one: Link) => one.id)).toEqual([kept.id, expired.id, revoked.id]);
    expect(JSON.stringify(items)).not.toContain(pathOf(kept).split('/').at(-1));
  });

  it('stands in no log, no figure and no table, and tells no other site of itself', async () => {
    const registered = await system.register({ needs: ['civil-certificate'] });
    const link = await telephone.linkFor(registered);
    const token = pathOf(link).split('/').at(-1)!;
    const { answered } = await telephone.look(link);
    expect(answered.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answered.headers.get('cache-control')).toBe('no-store');
    expect(answered.headers.get('x-robots-tag')).toContain('noindex');
    expect(answered.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answered.headers.get('set-cookie')).toBeNull();
    await system.call('POST', `${pathOf(link)}/word`, '{"a":', { 'content-type': 'application/json' });
    expect(logged.join('\n')).not.toContain(token);
    expect(await system.get<string>('/metrics')).not.toContain(token);
    expect(JSON.stringify(await system.get(`/portal/links?caseId=${registered.caseId}`))).not.toContain(
      token,
    );
  });

  it('takes no form that is not from its own pages', async () => {
    const { registered, link } = await telephone.delivered();
    const referral = referralOf(await system.caseOf(registered), 'civil-certificate').id;
    for (const key of ['', 'x'.repeat(43)]) {
      const fields = { key, referral, outcome: 'confirmed' };
      expect((await telephone.submit(`${pathOf(link)}/word`, fields)).answered.status).toBe(403);
    }
    expect(needOf(await system.caseOf(registered), 'civil-certificate')).toBe('open');
  });

  it('is refused to whoever asks for a case that is not there, or for a wrong time or language', async () => {
    const caseId = '0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee';
    expect((await system.call('POST', '/portal/links', { caseId })).status).toBe(404);
    for (const [field, value] of Object.entries({ caseId: 'x', days: 0, language: 'fr' })) {
      const { status, body } = await system.call('POST', '/portal/links', { caseId, [field]: value });
      expect([status, body.errors[0].pointer]).toEqual([422, `/${field}`]);
    }
    const revoke = await system.call('POST', `/portal/links/${caseId}/revoke`, { reason: 'x' });
    expect(revoke.status).toBe(404);
  });

  it('that is guessed is guessed thirty times a minute; the right ones go on', async () => {
    const registered = await system.register({ needs: ['civil-certificate'] });
    const link = await telephone.linkFor(registered);
    await system.advance(120_000);
    const statuses: number[] = [];
    for (let i = 0; i < 32; i++) statuses.push((await system.call('GET', `/portal/my/guess-${i}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 30 }, () => 404), 429, 429]);
    expect((await telephone.look(link)).answered.status).toBe(200);
    await system.advance(120_000);
    expect((await system.call('GET', '/portal/my/guess')).status).toBe(404);
  });
});
