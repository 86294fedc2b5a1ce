/** What the fields of every table mean. */
import { DIMENSIONS } from './dimensions';
import { definitionsOf, GROUPS, type Words } from './figures';
import { FOLLOW_UP_DIMENSIONS, FOLLOW_UP_GROUPS, WAVE } from './follow-up-figures';

/** Fields about a table itself. */
export const ABOUT: Readonly<Record<string, Words>> = {
  years: {
    es: 'Años de llegada que el cuadro suma; del primer aviso mientras no se sabe el día de llegada',
    en: 'Years of arrival that the table adds up; of the first notice while the day of arrival is not known',
  },
  asOf: { es: 'Momento en que se contó', en: 'Moment at which it was counted' },
};

const dimensions = [...DIMENSIONS.values(), ...FOLLOW_UP_DIMENSIONS.values(), WAVE];

/** By field. */
export const ALL_DEFINITIONS: Readonly<Record<string, Words>> = {
  ...Object.fromEntries(dimensions.map(({ name, words }) => [name, words])),
  ...definitionsOf(GROUPS),
  ...definitionsOf(FOLLOW_UP_GROUPS),
  ...ABOUT,
};
