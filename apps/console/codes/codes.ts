/** The one room of the words of codes, typed alike in both languages: what is missing there does not compile. */
import { wordsOf } from '../frame/texts';
import type { CodeWords } from './code-words';
import { EN } from './en-words';
import { ES } from './es-words';

export const codesIn = wordsOf<CodeWords>({ es: ES, en: EN });

/** The words of a code; the code itself where a newer service knows more than this page. */
export function wordOf(words: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(words, code) ? words[code]! : code;
}

/** Words that begin a line. */
export function begun(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
