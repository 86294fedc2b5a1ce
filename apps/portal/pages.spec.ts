import { parse } from 'node-html-parser';
import {
  complaintPage,
  homePage,
  ledgerPage,
  noticePage,
  phonePage,
  withdrawPage,
  type Setting,
} from './pages';
import { STYLE } from './style';
import { aCase, aReferral } from './testing/cases';
import { LANGUAGES } from './texts/texts';

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
const lines = Array.from({ length: 20 }, () => ({
  at: '2026-11-23T15:00:00Z',
  agency: 'identity',
  service: 'civil-certificate',
  referralId: large.referrals[0]!.id,
  sent: ['name', 'birth', 'sex', 'document', 'district', 'contact', 'health-facts', 'certificate'],
  basis: 'consent',
}));

const PAGES: Record<string, (s: Setting) => string> = {
  home: (s) => homePage(s, large),
  phone: (s) => phonePage(s, large, '+51'),
  withdraw: (s) => withdrawPage(s, aCase({ referrals: [aReferral()] })),
  complaint: (s) => complaintPage(s, large, { once: 'x' }),
  ledger: (s) => ledgerPage(s, large, lines, 'next'),
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
    phonePage(setting(), found, evil),
  ];
  for (const page of pages.map((one) => parse(one))) expect(page.querySelectorAll('script')).toEqual([]);
});

describe('the style', () => {
  it('is under 4 KB', () => expect(Buffer.byteLength(STYLE)).toBeLessThan(4_000));

  it.each([
    ['text', '#1b1b1b', '#ffffff'],
    ['links', '#0b3d91', '#ffffff'],
    ['buttons', '#ffffff', '#0b3d91'],
    ['what was wrong', '#1b1b1b', '#fdf1f1'],
    ['what was done', '#1b1b1b', '#f0f7f1'],
  ])('shows %s with the contrast that WCAG 2.2 AA asks for (4.5:1)', (_what, front, behind) => {
    for (const colour of [front, behind]) expect(STYLE).toContain(colour === '#ffffff' ? '#fff' : colour);
    expect(contrast(front, behind)).toBeGreaterThan(4.5);
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
