/** Every figure that is published: what it counts, in words, and which belong together. */
import { UNMET_REASONS } from '@retorno/contracts';

/** A text in the two languages of reports. */
export interface Words {
  readonly es: string;
  readonly en: string;
}

/** A figure of a table; its name is the field in JSON and the header in CSV. */
export interface Figure {
  readonly name: string;
  /** SQL over a row `f` of counts (and `c`, its case): what one row adds. Absent for what `unmet` lists. */
  readonly sql?: string;
  readonly words: Words;
  /** Its place among a cell's counts. */
  readonly at: number;
}

/** The field under which a reason for unmet needs is published: `unmetNoProvider`. */
export function unmetField(reason: string): string {
  const words = reason.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `unmet${words.join('')}`;
}

/** A count with its words. */
export const counted = (name: string, sql: string | undefined, es: string, en: string): Plain => ({
  name,
  ...(sql === undefined ? {} : { sql }),
  words: { es, en },
});

const WHY: Record<(typeof UNMET_REASONS)[number], [es: string, en: string]> = {
  'no-provider': ['ninguna entidad ofrece el servicio', 'no agency offers the service'],
  'not-eligible': ['no cumple una condición del servicio', 'a condition of the service does not hold'],
  'no-capacity': ['sin cupo', 'no capacity'],
  'consent-refused': ['consentimiento negado', 'consent refused'],
  'consent-withdrawn': ['consentimiento retirado', 'consent withdrawn'],
  'consent-expired': ['consentimiento vencido', 'consent expired'],
  unreachable: ['persona no ubicada', 'person not reached'],
  failed: ['el servicio no se logró', 'the service failed'],
  'decided-by-operations': ['decidido por la mesa', 'decided by operations'],
  'case-closed': ['el caso se cerró', 'the case was closed'],
};

const unmet = UNMET_REASONS.map((reason) =>
  counted(
    unmetField(reason),
    undefined,
    `Necesidades no atendidas: ${WHY[reason][0]}`,
    `Needs unmet: ${WHY[reason][1]}`,
  ),
);

/** A figure before it has its place. */
type Plain = Omit<Figure, 'at'>;

/** One cell of a table as counted; `days` and `scores` (summed up) where there are such figures. */
export interface Cell {
  /** In the order of the groups' figures. */
  readonly counts: readonly number[];
  /** Cases by the days that they waited for their first service. */
  readonly days?: ReadonlyMap<number, number>;
  readonly scores?: readonly number[];
}

/** A figure that is made of a cell, and of the counts of its group. */
export interface Derived {
  readonly name: string;
  readonly words: Words;
  of(cell: Cell, parts: readonly number[]): number | null;
}

/**
 * Figures that are published all or none. The parts of a group add up to its whole, a figure of the group `within`, where
 * something hidden stays hidden here.
 */
export interface Group {
  readonly name: string;
  readonly within?: string;
  readonly figures: readonly Figure[];
  /** Under which figures that are rare in a year are told as one sum, so that they do not hide all the others. */
  readonly rest?: Pick<Figure, 'name' | 'words'>;
  /** Derived figures, shown where the group is and its first figure counts five or more. */
  readonly also?: readonly Derived[];
}

/** In an order in which a group comes after the one that it is within. */
export const GROUPS: readonly Group[] = numbered([
  {
    name: 'cases',
    figures: [
      counted(
        'cases',
        '1',
        'Casos: un retorno de una persona. Los casos unidos por ser la misma persona cuentan una vez',
        'Cases: one return of one person. Cases merged as one person count once',
      ),
    ],
  },
  {
    name: 'case-status',
    within: 'cases',
    figures: [
      counted(
        'completed',
        `(c.status = 'completed')::int`,
        'Casos con todas sus necesidades resueltas o no atendidas con motivo',
        'Cases whose needs are all settled, or unmet with a reason',
      ),
      counted('closed', `(c.status = 'closed')::int`, 'Casos cerrados antes de tiempo', 'Cases closed early'),
      counted('open', `(c.status in ('open', 'closing'))::int`, 'Casos en curso', 'Cases under way'),
    ],
  },
  {
    name: 'service',
    within: 'cases',
    figures: [
      counted(
        'served',
        '(f.service_days is not null)::int',
        'Casos en que se prestó al menos un servicio',
        'Cases in which a service was delivered',
      ),
      counted(
        'notServed',
        '(f.service_days is null)::int',
        'Casos en que aún no se prestó ninguno',
        'Cases in which none was delivered yet',
      ),
    ],
    also: [
      {
        name: 'firstServiceMedianDays',
        of: (cell) => daysAt(cell, 0.5),
        words: {
          es: 'Mediana de días enteros desde la llegada (o el primer aviso, si fue después) hasta el primer servicio prestado',
          en: 'Median of whole days from the arrival (or first notice, if later) to the first service delivered',
        },
      },
      {
        name: 'firstServiceP90Days',
        of: (cell) => daysAt(cell, 0.9),
        words: {
          es: 'Los mismos días: nueve de cada diez casos esperaron a lo más tanto',
          en: 'The same days: nine of ten cases waited no longer than this',
        },
      },
    ],
  },
  {
    name: 'needs',
    within: 'cases',
    figures: [
      counted(
        'needs',
        'f.needs',
        'Necesidades expresadas por la persona o evaluadas',
        'Needs, asked for by the person or assessed',
      ),
    ],
  },
  {
    name: 'need-status',
    within: 'needs',
    figures: [
      counted(
        'met',
        'f.confirmed + f.unconfirmed',
        'Necesidades atendidas, confirmadas o no',
        'Needs met, confirmed or not',
      ),
      counted(
        'declined',
        'f.declined',
        'Necesidades a las que la persona renunció',
        'Needs that the person gave up',
      ),
      counted(
        'unmet',
        'cardinality(f.unmet)',
        'Necesidades no atendidas, con un motivo',
        'Needs unmet, with a reason',
      ),
      counted('needsOpen', 'f.needs_open', 'Necesidades en curso', 'Needs under way'),
    ],
  },
  {
    name: 'met',
    within: 'need-status',
    figures: [
      counted(
        'confirmed',
        'f.confirmed',
        'Necesidades cuya atención confirmó la persona',
        'Needs whose delivery the person confirmed',
      ),
      counted(
        'deliveredUnconfirmed',
        'f.unconfirmed',
        'Necesidades atendidas según la entidad, sin respuesta de la persona en 10 días',
        'Needs met as the agency says, without a word of the person within 10 days',
      ),
    ],
  },
  {
    name: 'unmet',
    within: 'need-status',
    figures: unmet,
    rest: {
      name: unmetField('other'),
      words: {
        es: 'Necesidades no atendidas por los motivos que no se muestran, raros en alguno de los años',
        en: 'Needs unmet for the reasons that are not shown, which are rare in one of the years',
      },
    },
  },
  {
    name: 'referrals',
    within: 'cases',
    figures: [
      counted(
        'referrals',
        'f.referrals',
        'Derivaciones a una entidad, cada intento cuenta',
        'Referrals to an agency, each attempt counts',
      ),
    ],
  },
  {
    name: 'referral-status',
    within: 'referrals',
    figures: [
      counted('referralsCompleted', 'f.referrals_completed', 'Derivaciones cumplidas', 'Referrals completed'),
      counted('referralsRejected', 'f.referrals_rejected', 'Derivaciones rechazadas', 'Referrals rejected'),
      counted(
        'referralsFailed',
        'f.referrals_failed',
        'Derivaciones que no lograron su fin',
        'Referrals that failed',
      ),
      counted('referralsCancelled', 'f.referrals_cancelled', 'Derivaciones anuladas', 'Referrals cancelled'),
      counted(
        'referralsOpen',
        'f.referrals - f.referrals_completed - f.referrals_rejected - f.referrals_failed - f.referrals_cancelled',
        'Derivaciones en curso',
        'Referrals under way',
      ),
    ],
  },
]);

/** All counts, in the order in which they are published. */
export const COUNTS: readonly Figure[] = GROUPS.flatMap((group) => group.figures);

/** Names of all figures of a table, counts and derived, in the order of publication. */
export function fieldsOf(groups: readonly Group[]): string[] {
  return groups.flatMap(publishedOf).map((figure) => figure.name);
}

/** What each figure of a table means. */
export function definitionsOf(groups: readonly Group[]): Record<string, Words> {
  return Object.fromEntries(groups.flatMap(publishedOf).map(({ name, words }) => [name, words]));
}

function publishedOf({ figures, rest, also = [] }: Group): Pick<Figure, 'name' | 'words'>[] {
  return [...figures, ...(rest ? [rest] : []), ...also];
}

function daysAt(cell: Cell, share: number): number | null {
  const days = [...(cell.days ?? [])].sort(([a], [b]) => a - b);
  const wanted = days.reduce((total, [, cases]) => total + cases, 0) * share;
  let passed = 0;
  for (const [day, cases] of days) {
    passed += cases;
    if (passed >= wanted) return day;
  }
  return null;
}

/** A cell that counts nothing. */
export const NOTHING: Cell = { counts: [] };

/** Cells added up. */
export function added(cells: readonly Cell[]): Cell {
  const counts: number[] = [];
  const days = new Map<number, number>();
  const scores: number[] = [];
  for (const cell of cells) {
    cell.counts.forEach((count, i) => (counts[i] = (counts[i] ?? 0) + count));
    cell.scores?.forEach((score, i) => (scores[i] = (scores[i] ?? 0) + score));
    for (const [day, cases] of cell.days ?? []) days.set(day, (days.get(day) ?? 0) + cases);
  }
  return { counts, days, scores };
}

/** The groups, with the places of their figures in the order in which they stand. */
export function numbered(
  groups: readonly (Omit<Group, 'figures'> & { readonly figures: readonly Plain[] })[],
): Group[] {
  let at = 0;
  return groups.map((group) => ({
    ...group,
    figures: group.figures.map((figure) => ({ ...figure, at: at++ })),
  }));
}
