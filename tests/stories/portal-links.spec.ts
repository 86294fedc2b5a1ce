/** Who may see a returnee's page, and what it hides when somebody else looks at it. */
import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { needOf, referralOf } from '../support/case-view';
import { restOfTheRoundtable } from '../support/roundtable';
import { System } from '../support/system';
import { alertOf, pathOf, statusOf, Telephone, textOf, type Link } from '../support/telephone';

const logged: string[] = [];
let system: System;
let telephone: Telephone;
beforeAll(async () => {
  system = await System.start({ fixtures: restOfTheRoundtable(), log: (line) => void logged.push(line) });
  telephone = new Telephone(system);
});
afterAll(() => system.stop());

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

  it('no page says where and when they will be, nor that they asked for a shelter', async () => {
    const registered = await system.register({
      vulnerabilities: ['gender-based-violence'],
      needs: ['health-care', 'shelter'],
    });
    await system.answers(
      { id: registered.caseId },
      'medical-care',
      { status: 'accepted' },
      { status: 'in-progress', businessStatus: 'scheduled', scheduledFor: '2026-11-27T14:30:00Z' },
    );
    const { office } = referralOf(await system.caseOf(registered), 'medical-care');
    expect(office).not.toBeNull();
    const link = await telephone.linkFor(registered);
    for (const below of ['', '/withdraw', '/complaint', '/ledger']) {
      const text = textOf((await telephone.look(link, below)).page);
      expect([below, text]).toEqual([below, expect.not.stringContaining(office!.name)]);
      expect([below, text]).toEqual([below, expect.not.stringMatching(/27 de noviembre|Albergue/)]);
    }
    const home = textOf((await telephone.look(link)).page);
    expect(home).toMatch(/Tiene una cita\.\s+Llámenos/);
  });

  it('a withdrawal of consent is read by a person first, and stops nothing before', async () => {
    const body = { phone: '+51987000030', vulnerabilities: ['trafficking'] };
    const registered = await system.register(body);
    const link = await telephone.linkFor(registered);
    const { page } = await telephone.look(link, '/withdraw');
    const sent = await telephone.send(page, '/withdraw');
    expect(statusOf(sent.page)).toContain('retiró su autorización');
    await system.settle();
    const found = await system.caseOf(registered);
    expect(found.consent).toBe('granted');
    expect(found.referrals.filter((r) => r.cancellation)).toEqual([]);
    expect(found.escalations.map((e) => e.reason)).toContain('complaint');
  });

  it('a new telephone is read by a person first; the page and its answer are those of anybody', async () => {
    const body = { needs: ['civil-certificate'], phone: '+51987000010' };
    const atRisk = await system.register({ ...body, vulnerabilities: ['gender-based-violence'] });
    const anybody = await system.register({ ...body, phone: '+51987000020' });
    const seen = [];
    for (const registered of [atRisk, anybody]) {
      const link = await telephone.linkFor(registered);
      const { page } = await telephone.look(link, '/phone');
      const wrong = await telephone.send(page, '/phone', { phone: '+5198' });
      const sent = await telephone.send(page, '/phone', { phone: '+51987000011' });
      await telephone.send(page, '/phone', { phone: '+51987000011' });
      seen.push({
        form: page.querySelector('form')!.childNodes.length,
        wrong: [wrong.answered.status, alertOf(wrong.page)],
        sent: [sent.answered.status, statusOf(sent.page)],
        headers: [...sent.answered.headers.keys()],
      });
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]!.wrong[0]).toBe(422);
    const phoneOf = async ({ returneeId }: { returneeId: string }): Promise<string> =>
      (await system.get(`/intake/returnees/${returneeId}`)).person.phone;
    expect([await phoneOf(atRisk), await phoneOf(anybody)]).toEqual(['+51987000010', '+51987000011']);
    const { escalations } = await system.caseOf(atRisk);
    const asked = escalations.filter(({ reason }) => reason === 'complaint');
    expect(asked).toHaveLength(1);
    const { complaint } = await system.get(`/escalations/${asked[0]!.id}`);
    expect(complaint.text).toContain('+51987000011');
    expect(complaint.text).toContain('Nothing was changed');
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

  it('is 160 random bits, of which the database keeps the SHA-256 alone', async () => {
    const registered = await system.register({ needs: ['civil-certificate'] });
    const tokens: string[] = [];
    for (let i = 0; i < 20; i++)
      tokens.push(
        pathOf(await telephone.linkFor(registered))
          .split('/')
          .at(-1)!,
      );
    expect(new Set(tokens).size).toBe(20);
    const bytes = tokens.map((token) => Buffer.from(token, 'base64url'));
    expect(bytes.map(({ length }) => length)).toEqual(tokens.map(() => 20));
    // No byte is the same in all of them, as a time or a counter would be.
    for (let place = 0; place < 20; place++) {
      expect(new Set(bytes.map((one) => one[place])).size).toBeGreaterThan(1);
    }
    const client = new Client({ connectionString: system.database.url });
    await client.connect();
    const { rows } = await client.query('select token_hash, link::text as line from portal.link');
    await client.end();
    const lines = rows.map(({ line }: { line: string }) => line).join('\n');
    for (const [i, token] of tokens.entries()) {
      expect(lines).not.toContain(token);
      expect(lines).not.toContain(bytes[i]!.toString('hex'));
      const hash = createHash('sha256').update(token).digest('hex');
      expect(rows.some((row: { token_hash: Buffer }) => row.token_hash.toString('hex') === hash)).toBe(true);
    }
  });

  it('gives every answer of its pages, refusals too, headers that keep it to itself', async () => {
    const registered = await system.register({ needs: ['civil-certificate'] });
    const link = await telephone.linkFor(registered);
    const { page } = await telephone.look(link, '/phone');
    const answers = [
      (await telephone.look(link)).answered,
      await system.call('GET', '/portal/my/never-was'),
      (await telephone.submit(`${pathOf(link)}/word`, { key: 'no' })).answered,
      (await telephone.send(page, '/phone', { phone: 'x' })).answered,
      (await telephone.submit(`${pathOf(link)}/word`, { reason: 'x'.repeat(50_000) })).answered,
      (await telephone.send(page, '/phone', { phone: '+51987000031' })).answered,
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 403, 422, 413, 303]);
    for (const { status, headers } of answers) {
      expect([status, headers.get('referrer-policy')]).toEqual([status, 'no-referrer']);
      expect([status, headers.get('cache-control')]).toEqual([status, 'no-store']);
      expect([status, headers.get('x-content-type-options')]).toEqual([status, 'nosniff']);
      expect([status, headers.get('set-cookie')]).toEqual([status, null]);
      expect([status, headers.get('content-security-policy')]).toEqual([
        status,
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      ]);
    }
  });

  it('opens 120 times a minute, and those of others go on', async () => {
    const registered = await system.register({ needs: ['civil-certificate'] });
    const [mine, other] = [await telephone.linkFor(registered), await telephone.linkFor(registered)];
    await system.advance(120_000);
    const statuses: number[] = [];
    for (let i = 0; i < 122; i++) statuses.push((await system.call('GET', pathOf(mine))).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(120);
    expect(statuses.slice(-2)).toEqual([429, 429]);
    expect((await telephone.look(other)).answered.status).toBe(200);
    await system.advance(60_000);
    expect((await telephone.look(mine)).answered.status).toBe(200);
  });

  it('of a case that was merged shows the one that goes on, and what was told under both', async () => {
    const same = { needs: ['civil-certificate'], document_type: 'none', date_of_birth: '1949-05-17' };
    const [older, newer] = [
      await system.register({ ...same, sending_authority: 'consulate:cl-santiago' }),
      await system.register({ ...same, sending_authority: 'consulate:es-madrid' }),
    ];
    const link = await telephone.linkFor(newer);
    const told = async (): Promise<number> =>
      (await telephone.look(link, '/ledger')).page.querySelectorAll('article').length;
    const each = await Promise.all(
      [older, newer].map(
        async ({ caseId }) => (await system.get(`/cases/${caseId}/disclosures`)).items.length,
      ),
    );
    expect(await told()).toBe(each[1]);
    const { status } = await system.call('POST', `/cases/${older.caseId}/duplicates/${newer.caseId}`, {
      decision: 'same',
      reason: 'seen together',
      by: 'operations',
    });
    expect(status).toBe(200);
    await system.settle();
    const { page } = await telephone.look(link);
    expect(textOf(page)).toContain(older.caseNumber);
    expect(await told()).toBeGreaterThanOrEqual(each[0]! + each[1]!);
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
