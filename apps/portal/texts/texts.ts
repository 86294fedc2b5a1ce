/** The words of the pages in four languages, one file each, so that whoever speaks one can review it alone. */
import { html, type Html } from '@retorno/service';
import { ay } from './ay';
import { en } from './en';
import { es } from './es';
import { qu } from './qu';
import type { TextKey, Translation } from './translation';

export const LANGUAGES = ['es', 'qu', 'ay', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export const TRANSLATIONS: Readonly<Record<Language, Translation>> = { es, qu, ay, en };

/** What somebody would be harmed by if it were misunderstood: taking back consent, and their word about a delivery. */
const WEIGHTY: readonly TextKey[] = [
  'confirm.yes',
  'confirm.no',
  'done.confirmed',
  'done.disputed',
  'withdraw.title',
  'withdraw.effect',
  'withdraw.stops',
  'withdraw.goes',
  'withdraw.again',
  'withdraw.listed',
  'withdraw.yes',
  'done.withdrawn',
  'complaint.effect',
  'unreviewed',
];

/**
 * Says something in a language; `{name}` in it is replaced. What is said in Spanish instead is marked as Spanish, and in a
 * translation that nobody reviewed the Spanish words stand beside those that have weight.
 */
export type Say = (key: TextKey, values?: Readonly<Record<string, string | number>>) => Html;

export function sayIn(language: Language): Say {
  return sayWith(TRANSLATIONS[language]);
}

/** The same with the words of one translation. */
export function sayWith({ texts, reviewed }: Pick<Translation, 'texts' | 'reviewed'>): Say {
  return (key, values = {}) => {
    const own = texts[key];
    const spanish = filled(es.texts[key], values);
    if (own === null) return html`<span lang="es">${spanish}</span>`;
    const text = filled(own, values);
    return !reviewed && WEIGHTY.includes(key)
      ? html`${text} <span lang="es">(${spanish})</span>`
      : html`${text}`;
  };
}

/** The same where no mark can stand: in a title, an option, an attribute. */
export function plainIn(language: Language, key: TextKey): string {
  return TRANSLATIONS[language].texts[key] ?? es.texts[key];
}

/** The language that an address asks for; undefined when it asks for none that there is. */
export function languageOf(value: unknown): Language | undefined {
  return LANGUAGES.find((language) => language === value);
}

/** Where and when something is, in words: days and times are Lima's. CLDR has no Aymara; Quechua's dates are Spanish ones. */
export function whenIn(language: Language, at: string): string {
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'es-PE', {
    timeZone: 'America/Lima',
    dateStyle: 'full',
    timeStyle: 'short',
  });
  return format.format(new Date(at));
}

function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}
