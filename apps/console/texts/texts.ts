/** The console's words, one file per language: Spanish first, English second. */
import type { Request } from 'express';
import { en } from './en';
import { es, type Words } from './es';

export const LANGUAGES = ['es', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Cookie that keeps the language somebody chose. */
export const LANGUAGE_COOKIE = 'retorno-language';

const WORDS: Record<Language, Words> = { es, en };

export function wordsIn(language: Language): Words {
  return WORDS[language];
}

/** What was chosen; otherwise Spanish, whatever the browser prefers: it is the language of the work. */
export function languageOf(request: Request): Language {
  const [, chosen] =
    new RegExp(`(?:^|; *)${LANGUAGE_COOKIE}=(\\w+)`).exec(request.headers.cookie ?? '') ?? [];
  return chosen === 'en' ? 'en' : 'es';
}

const FORMATS: Record<Language, Intl.DateTimeFormat> = { es: formatOf('es-PE'), en: formatOf('en-GB') };

/** A moment as people in Lima read it. */
export function whenIn(language: Language, iso: string): string {
  return FORMATS[language].format(new Date(iso));
}

function formatOf(locale: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'America/Lima',
  });
}
