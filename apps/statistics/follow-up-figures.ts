/** How returnees fare 1, 3 and 6 months after the arrival: the figures of follow-ups, and what they are broken down by. */
import { DIMENSIONS, type Dimension } from './dimensions';
import { counted, numbered, type Cell, type Figure, type Group, type Words } from './figures';

/** The scores of a row, in the order in which a cell sums them up. */
export const SCORES = ['economic', 'social', 'psychosocial', 'composite'] as const;

const NAMES: Record<(typeof SCORES)[number], [es: string, en: string]> = {
  economic: ['económica', 'economic situation'],
  social: ['social', 'social situation'],
  psychosocial: ['psicosocial', 'psychosocial situation'],
  composite: ['en conjunto', 'situation over all'],
};

/** The mean of one score, of those who answered: the group's first figure. */
function meanOf(score: (typeof SCORES)[number], place: number) {
  const [es, en] = NAMES[score];
  const words: Words = {
    es: `Puntaje medio de la situación ${es}, de 0 a 1, de quienes respondieron`,
    en: `Mean score of the ${en}, from 0 to 1, of those who answered`,
  };
  const of = (cell: Cell, parts: readonly number[]): number =>
    Math.round(((cell.scores?.[place] ?? 0) / parts[0]!) * 1000) / 1000;
  return { name: `${score}Mean`, words, of };
}

/** What is published of follow-ups. */
export const FOLLOW_UP_GROUPS: readonly Group[] = numbered([
  {
    name: 'follow-ups',
    figures: [counted('followUps', '1', 'Seguimientos registrados', 'Follow-ups recorded')],
  },
  {
    name: 'outcomes',
    within: 'follow-ups',
    figures: [
      counted('answered', `(u.outcome = 'answered')::int`, 'Con respuesta', 'Answered'),
      counted('notReached', `(u.outcome = 'unreachable')::int`, 'Persona no ubicada', 'Person not reached'),
      counted(
        'refused',
        `(u.outcome = 'declined')::int`,
        'La persona no quiso responder',
        'Person would not say',
      ),
    ],
    also: SCORES.map(meanOf),
  },
]);

/** All counts of follow-ups, in the order in which they are published. */
export const FOLLOW_UP_COUNTS: readonly Figure[] = FOLLOW_UP_GROUPS.flatMap((group) => group.figures);

/** The wave: months after the arrival. */
export const WAVE: Dimension = {
  name: 'wave',
  sql: 'u.wave::text',
  words: { es: 'Meses después de la llegada', en: 'Months after the arrival' },
};

/** How much of what was needed was met: whether it shows in how returnees fare. */
const NEEDS_MET: Dimension = {
  name: 'needs-met',
  sql: `case when c.needs = 0 then 'no-needs' when c.confirmed + c.unconfirmed = 0 then 'none'
    when c.confirmed + c.unconfirmed + c.declined = c.needs then 'all' else 'some' end`,
  words: {
    es: 'Necesidades del caso atendidas: todas (all), algunas (some), ninguna (none)',
    en: 'Needs of the case that were met: all, some or none',
  },
};

/** What follow-ups are broken down by, beside the wave. */
export const FOLLOW_UP_DIMENSIONS: ReadonlyMap<string, Dimension> = new Map([
  [NEEDS_MET.name, NEEDS_MET],
  ...DIMENSIONS,
]);
