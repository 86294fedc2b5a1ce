import { BASES, DISCLOSED_FIELDS, PURPOSES } from '@retorno/contracts';
import { parse } from 'node-html-parser';
import type { Setting } from './frame';
import { ledgerPage } from './ledger-page';
import { complaintPage, homePage, noticePage, phonePage, withdrawPage } from './pages';
import { STYLE } from './style';
import { aCase, aDisclosure, aReferral } from './testing/cases';
import { LANGUAGES, TRANSLATIONS } from './texts/texts';

const NOW = new Date('2026-11-23T15:00:00Z');
const setting = (changes: Partial<Setting> = {}): Setting => ({
  language: 'es',
  base: `/portal/my/${'t'.repeat(27)}`,
  formKey: 'k'.repeat(43),
  now: NOW,
  helpPhone: '+51 1 234 5678',
  exitUrl: 'https://www.google.com/',
  ...changes,
});
const large = aCase({
  referrals: Array.from({ length: 12 }, (_, i) =>
    aReferral({
      id: `0199aaaa-bbbb-7ccc-8ddd-00000000000${i.toString(16)}`,
      status: 'completed',
      businessStatus: 'delivered-unconfirmed',
      confirmBy: '2026-11-30T15:00:00Z',
      office: {
        name: 'Oficina de Lima Centro',
        address: 'Jr. Bolivia 109',
        phone: '01 315 4000',
        hours: 'L-V 8-16',
      },
    }),
  ),
});
const lines = Array.from({ length: 45 }, () =>
  aDisclosure({
    referralId: large.referrals[0]!.id,
    sent: ['name', 'birth', 'sex', 'document', 'district', 'contact', 'health-facts', 'certificate'],
  }),
);

const PAGES: Record<string, (s: Setting) => string> = {
  home: (s) => homePage(s, large),
  phone: (s) => phonePage(s, { once: 'x', phone: '+51' }),
  withdraw: (s) => withdrawPage(s, aCase({ referrals: [aReferral()] })),
  complaint: (s) => complaintPage(s, large, { once: 'x' }),
  ledger: (s) => ledgerPage(s, large, lines, 0),
  notice: (s) => noticePage(s, 'wrong.link'),
};
const each = LANGUAGES.flatMap((language) => Object.keys(PAGES).map((name) => [name, language] as const));

describe.each(each)('the page %s in %s', (name, language) => {
  const text = PAGES[name]!(setting({ language, wrong: 'wrong.later' }));
  const page = parse(text);

  it('is under 20 KB', () => expect(Buffer.byteLength(text)).toBeLessThan(20_000));

  it('has a language, a title, one heading of the first order, and room for small screens', () => {
    expect(page.querySelector('html')!.getAttribute('lang')).toBe(language);
    expect(page.querySelector('title')!.text).not.toBe('');
    expect(page.querySelectorAll('h1')).toHaveLength(1);
    expect(page.querySelectorAll('main')).toHaveLength(1);
    expect(page.querySelector('meta[name=viewport]')!.getAttribute('content')).toContain(
      'width=device-width',
    );
  });

  it('runs nothing and loads nothing but its style', () => {
    expect(page.querySelectorAll('script, iframe, img, object, embed, style, [style]')).toEqual([]);
    expect(page.querySelectorAll('link').map((link) => link.getAttribute('href'))).toEqual([
      '/portal/style.css',
    ]);
    const handlers = page
      .querySelectorAll('*')
      .flatMap((one) => Object.keys(one.attributes).filter((a) => a.startsWith('on')));
    expect(handlers).toEqual([]);
  });

  it('labels every field, and names every link and button', () => {
    for (const field of page.querySelectorAll('input, select, textarea')) {
      if (field.getAttribute('type') === 'hidden') continue;
      const id = field.getAttribute('id')!;
      expect(page.querySelectorAll('label').filter((label) => label.getAttribute('for') === id)).toHaveLength(
        1,
      );
    }
    const ids = page.querySelectorAll('[id]').map((one) => one.getAttribute('id'));
    expect(new Set(ids).size).toBe(ids.length);
    for (const one of page.querySelectorAll('a, button')) expect(one.text.trim()).not.toBe('');
  });

  it('says whom to call', () => {
    expect(page.querySelector('footer a')!.getAttribute('href')).toBe('tel:+5112345678');
  });

  it('marks what is Spanish on a page in another language', () => {
    const agencies = page
      .querySelectorAll('*')
      .filter((one) => one.childNodes.some((n) => n.nodeType === 3 && n.text.includes('RENIEC')));
    for (const one of agencies) {
      const lang = one.closest('[lang]')!.getAttribute('lang');
      // An option is in one language: in English its title is, and the agency's name goes with it.
      expect([one.tagName, lang]).toEqual([
        one.tagName,
        one.tagName === 'OPTION' && language === 'en' ? 'en' : 'es',
      ]);
    }
    expect(page.querySelectorAll('option *')).toEqual([]);
  });

  it('says aloud what was wrong', () => {
    expect(page.querySelector('[role=alert]')!.text.trim()).not.toBe('');
  });
});

it('what agencies and returnees typed is text and nothing else', () => {
  const evil = '</textarea><script>alert("1")</script>';
  const found = aCase({ referrals: [aReferral({ agencyName: evil, title: { es: evil, en: evil } })] });
  const pages = [
    homePage(setting(), found),
    complaintPage(setting(), found, { once: 'x', text: evil }),
    phonePage(setting(), { once: 'x', phone: evil }),
  ];
  for (const page of pages.map((one) => parse(one))) expect(page.querySelectorAll('script')).toEqual([]);
});

describe('the ledger', () => {
  const text = (page: string): string => parse(page).querySelector('main')!.structuredText;
  const of = (language: 'es' | 'en', changes: object): string =>
    text(ledgerPage(setting({ language }), aCase({ referrals: [aReferral()] }), [aDisclosure(changes)], 0));

  it('says who got what, why, what for and by what right', () => {
    expect(of('es', {}).replace(/\s+/g, ' ')).toContain(
      'RENIEC lunes, 23 de noviembre de 2026, 10:00 a. m. Acta de estado civil ' +
        'Datos: nombre, fecha de nacimiento, documento, teléfono, correo e idiomas ' +
        'Motivo: Le pedimos a la institución que le atienda. Para qué: sus documentos Con qué permiso: Usted lo autorizó.',
    );
    expect(
      of('en', { kind: 'updated', basis: 'vital-interests', purpose: 'health' }).replace(/\s+/g, ' '),
    ).toContain(
      'Reason: Something about you changed. What for: your health By what right: It was urgent, and the law allows it.',
    );
  });

  it.each(['requested', 'updated', 'information'])('has words for why, of the kind %s', (kind) => {
    for (const language of ['es', 'en'] as const) {
      expect(of(language, { kind })).toMatch(/(Motivo|Reason): \S/);
      expect(of(language, { kind })).not.toContain(kind);
    }
  });

  it('has words for every purpose, every field and every right that there is', () => {
    const known = Object.keys(TRANSLATIONS.es.texts);
    const needed = [
      ...PURPOSES.map((one) => `purpose.${one}`),
      ...DISCLOSED_FIELDS.map((one) => `field.${one}`),
      ...BASES.map((one) => `basis.${one}`),
    ];
    expect(needed.filter((one) => !known.includes(one))).toEqual([]);
  });

  it('of a person at risk has pages as full as any, and none that leads nowhere', () => {
    const hidden = aReferral({ id: 'hidden', restricted: true });
    const found = aCase({ atRisk: true, referrals: [aReferral(), hidden] });
    const mixed = (shown: number): ReturnType<typeof aDisclosure>[] => [
      ...Array.from({ length: 30 }, () => aDisclosure({ referralId: 'hidden' })),
      ...Array.from({ length: shown }, () => aDisclosure()),
    ];
    const articles = (page: string): number => parse(page).querySelectorAll('article').length;
    const first = ledgerPage(setting(), found, mixed(20), 0);
    expect([articles(first), first.includes('from=')]).toEqual([20, false]);
    const plain = ledgerPage(
      setting(),
      { ...found, atRisk: false, referrals: [aReferral()] },
      mixed(20).slice(30),
      0,
    );
    expect(first).toBe(plain);
    const long = ledgerPage(setting(), found, mixed(25), 0);
    expect(long).toContain('from=20');
    expect(articles(ledgerPage(setting(), found, mixed(25), 20))).toBe(5);
  });
});

describe('the style', () => {
  it('is under 4 KB', () => expect(Buffer.byteLength(STYLE)).toBeLessThan(4_000));

  it.each([
    ['text', '#1b1b1b', '#ffffff'],
    ['links', '#0b3d91', '#ffffff'],
    ['buttons', '#ffffff', '#0b3d91'],
    ['what was wrong', '#1b1b1b', '#fdf1f1'],
    ['what was done', '#1b1b1b', '#f0f7f1'],
    ['text by night', '#f0f0f0', '#121212'],
    ['links by night', '#a8c7fa', '#121212'],
    ['what is typed by night', '#f0f0f0', '#1e1e1e'],
    ['what was wrong by night', '#f0f0f0', '#3b1212'],
    ['what was done by night', '#f0f0f0', '#12301b'],
  ])('shows %s with the contrast that WCAG 2.2 AAA asks for (7:1)', (_what, front, behind) => {
    for (const colour of [front, behind]) expect(STYLE).toContain(colour === '#ffffff' ? '#fff' : colour);
    expect(contrast(front, behind)).toBeGreaterThan(7);
  });
});

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(colour.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
