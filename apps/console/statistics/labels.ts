/** How values, dimensions and figures are called. Pure. */
import { codesIn, wordOf } from '../codes/codes';
import type { Language } from '../frame/texts';
import { DEPARTMENTS } from './departments';
import { wordsIn } from './words';

/** The value of a dimension in the rows that hold totals. */
export const TOTAL = 'total';

/** What each field means, as the service of statistics says it. */
export type Definitions = Readonly<Record<string, Readonly<Record<Language, string>>>>;

const COUNTRIES = ['origin-country', 'nationality'];
const COUNTRY_NAMES: Record<Language, Intl.DisplayNames> = {
  es: new Intl.DisplayNames('es', { type: 'region' }),
  en: new Intl.DisplayNames('en', { type: 'region' }),
};
const NUMBERS: Record<Language, Intl.NumberFormat> = {
  es: new Intl.NumberFormat('es-PE'),
  en: new Intl.NumberFormat('en-GB'),
};

/** A value of a dimension in words; as it is where there are none, such as an agency's name. */
export function valueName(language: Language, dimension: string, value: string): string {
  const words = wordsIn(language);
  if (value === TOTAL) return words.total;
  if (dimension === 'region') return DEPARTMENTS.get(value)?.name ?? value;
  if (COUNTRIES.includes(dimension) && /^[A-Z]{2}$/.test(value)) {
    return COUNTRY_NAMES[language].of(value) ?? value;
  }
  const codes = { ...codesIn(language).need, ...codesIn(language).returnType, ...codesIn(language).sex };
  return named(words.values, value) ?? wordOf(codes, value);
}

export function dimensionName(language: Language, dimension: string): string {
  return named(wordsIn(language).dimensions, dimension) ?? dimension;
}

/** The short name of a figure, or else what it means. */
export function figureName(language: Language, figure: string, definitions: Definitions): string {
  return named(wordsIn(language).figures, figure) ?? definitions[figure]?.[language] ?? figure;
}

/** A figure as it is written; a hidden one says so. */
export function written(language: Language): (figure: number | null) => string {
  return (figure) => (figure === null ? wordsIn(language).hidden : NUMBERS[language].format(figure));
}

/** Values in the order of their names, numbers by size; without the total. */
export function inOrder(language: Language, dimension: string, values: Iterable<string>): string[] {
  const collator = new Intl.Collator(language, { numeric: true });
  const name = (value: string): string => valueName(language, dimension, value);
  return [...new Set(values)]
    .filter((value) => value !== TOTAL)
    .sort((a, b) => collator.compare(name(a), name(b)));
}

function named(words: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}
