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

const LOCALES: Record<Language, string> = { es: 'es-PE', en: 'en-GB' };
const MOMENTS = formatsOf({ dateStyle: 'medium', timeStyle: 'short', timeZone: 'America/Lima' });
const DAYS = formatsOf({ dateStyle: 'medium', timeZone: 'UTC' });

/** A moment as people in Lima read it. */
export function whenIn(language: Language, iso: string): string {
  return MOMENTS[language].format(new Date(iso));
}

/** A calendar day (`YYYY-MM-DD`) in words. */
export function dayIn(language: Language, day: string): string {
  return DAYS[language].format(new Date(day));
}

function formatsOf(options: Intl.DateTimeFormatOptions): Record<Language, Intl.DateTimeFormat> {
  const of = (locale: string) => new Intl.DateTimeFormat(locale, options);
  return { es: of(LOCALES.es), en: of(LOCALES.en) };
}
