/** The console's languages: Spanish first, English second. Each screen has its words beside it, in `words.ts`. */
import type { Request } from 'express';

export const LANGUAGES = ['es', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Cookie that keeps the language somebody chose. */
export const LANGUAGE_COOKIE = 'retorno-language';

/** The words of a screen in both languages: what one of them says the other must say, or it does not compile. */
export function wordsOf<W>(words: Readonly<Record<Language, W>>): (language: Language) => W {
  return (language) => words[language];
}

/** What was chosen; otherwise Spanish, whatever the browser prefers: it is the language of the work. */
export function languageOf(request: Request): Language {
  const [, chosen] =
    new RegExp(`(?:^|; *)(?:__Host-)?${LANGUAGE_COOKIE}=(\\w+)`).exec(request.headers.cookie ?? '') ?? [];
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
