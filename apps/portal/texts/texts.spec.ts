import { es } from './es';
import { LANGUAGES, sayIn, sayWith, TRANSLATIONS, whenIn } from './texts';
import type { TextKey } from './translation';

const KEYS = Object.keys(es.texts) as TextKey[];
/** Words that Quechua and Aymara have not borrowed. */
const SPANISH = /\b(el|la|los|las|de|del|que|para|con|por|su|sus|usted|una|está|puede|y)\b/i;

describe('the texts', () => {
  it.each(LANGUAGES)('%s has every key and no other', (language) => {
    expect(Object.keys(TRANSLATIONS[language].texts).sort()).toEqual([...KEYS].sort());
  });

  it.each(['es', 'en'] as const)('%s lacks no words', (language) => {
    expect(KEYS.filter((key) => !TRANSLATIONS[language].texts[key])).toEqual([]);
  });

  it.each(['qu', 'ay', 'en'] as const)('%s has no left-over Spanish', (language) => {
    const { texts } = TRANSLATIONS[language];
    const left = KEYS.filter((key) => texts[key] === es.texts[key] || SPANISH.test(texts[key] ?? ''));
    expect(left).toEqual([]);
  });

  it.each(LANGUAGES)('%s names the same values', (language) => {
    const valuesIn = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const key of KEYS) {
      const own = TRANSLATIONS[language].texts[key];
      if (own !== null) expect([key, valuesIn(own)]).toEqual([key, valuesIn(es.texts[key])]);
    }
  });

  it('of Quechua and Aymara say that nobody has reviewed them', () => {
    expect(LANGUAGES.filter((language) => !TRANSLATIONS[language].reviewed)).toEqual(['qu', 'ay']);
  });

  it('fall back to Spanish one by one, marked as Spanish', () => {
    const say = sayWith({ reviewed: true, texts: { ...TRANSLATIONS.qu.texts, none: null } });
    expect(say('none').text).toBe(`<span lang="es">${es.texts.none}</span>`);
    expect(say('confirm.yes').text).toBe('Arí, chaskirqani');
  });

  it.each(['qu', 'ay'] as const)(
    '%s, unreviewed, has the Spanish beside what would harm if misunderstood',
    (language) => {
      for (const key of KEYS.filter((one) => /^(withdraw|confirm\.(yes|no)|done\.withdrawn)/.test(one))) {
        expect(sayIn(language)(key).text).toContain(`<span lang="es">(${es.texts[key]})</span>`);
      }
      expect(sayIn(language)('none').text).toBe(TRANSLATIONS[language].texts.none);
      expect(sayIn('en')('withdraw.yes').text).toBe('Yes, take back my permission');
    },
  );

  it('take what is put in as text', () => {
    expect(sayIn('es')('case', { number: '<b>' }).text).toBe('Número: &lt;b&gt;');
  });
});

it('days and times are those of Lima', () => {
  expect(whenIn('en', '2026-11-28T03:30:00Z')).toMatch(/27 November 2026.*22:30/);
  expect(whenIn('es', '2026-11-28T03:30:00Z')).toMatch(/27 de noviembre de 2026.*10:30/);
});
