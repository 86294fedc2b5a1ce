/** What the database counts: the cells of a table, year by year. */
import { UNMET_REASONS } from '@retorno/contracts';
import type { DataSource } from 'typeorm';
import type { Dimension } from './dimensions';
import { COUNTS, unmetField, type Cell } from './figures';
import { FOLLOW_UP_COUNTS, SCORES } from './follow-up-figures';

/** Which cases: by the years of their arrival, both included. */
export interface Years {
  readonly from?: number;
  readonly to?: number;
}

/** Cells by their two values; one of them is '' in totals. */
export type Cells = ReadonlyMap<string, Cell>;

/** Counts cells by two dimensions, or totals where one of them is left out. By year. */
export type Count = (
  rows: Dimension | undefined,
  columns: Dimension | undefined,
) => Promise<ReadonlyMap<number, Cells>>;

/** The place of a cell among others. */
export function placeOf(row: string, column: string): string {
  return `${row}\n${column}`;
}

/** The two values of a place. */
export function valuesOf(place: string): [row: string, column: string] {
  const [row = '', column = ''] = place.split('\n');
  return [row, column];
}

/** Figures of cases. */
export function casesOf(db: DataSource, years: Years): Count {
  return async (rows, columns) => {
    const { values, from, params } = selected(rows, columns, years, 'case_row c');
    const facts = isByAgency(rows, columns) ? '' : 'cross join lateral (select c.*) as f';
    const where = `${from} ${facts} where ${conditions(rows, columns, years)}`;
    // Read once, which is what takes the time, and grouped by the lists of reasons and the days as well: both are few, and
    // counting reasons row by row takes five times as long.
    const counted: CountRow[] = await db.query(
      `with fine as (select ${values}, f.unmet, f.service_days as days, ${FINE} ${where} group by 1, 2, 3, 4, 5)
       select y, a, b, unmet, array[${SUMS}] as sums, array_agg(days) as days, array_agg(n0) as cases
       from fine group by 1, 2, 3, 4`,
      params,
    );
    const found = new Map<number, Map<string, { counts: number[]; days: Map<number, number> }>>();
    for (const { y, a, b, unmet, sums, days, cases } of counted) {
      const cell = cellIn(found, y, placeOf(a, b), () => ({ counts: COUNTS.map(() => 0), days: new Map() }));
      SUMMED.forEach((index, i) => (cell.counts[index]! += sums[i]!));
      for (const reason of unmet) {
        const index = UNMET.get(reason);
        if (index !== undefined) cell.counts[index]! += sums[0]!;
      }
      days.forEach((day, i) => {
        if (day !== null) cell.days.set(day, (cell.days.get(day) ?? 0) + cases[i]!);
      });
    }
    return found;
  };
}

/** Figures of follow-ups; `rows` is the wave. */
export function followUpsOf(db: DataSource, years: Years): Count {
  return async (rows, columns) => {
    const { values, from, params } = selected(
      rows,
      columns,
      years,
      'case_row c join follow_up_row u using (key)',
    );
    const counts = FOLLOW_UP_COUNTS.map(({ sql }) => `sum(${sql})::int`);
    const sums = SCORES.map((score) => `coalesce(sum(u.${score}), 0)::float8`);
    const counted: { y: number; a: string; b: string; counts: number[]; scores: number[] }[] = await db.query(
      `select ${values}, array[${counts.join(', ')}] as counts, array[${sums.join(', ')}] as scores
       ${from} where ${conditions(rows, columns, years)} group by 1, 2, 3`,
      params,
    );
    const found = new Map<number, Map<string, Cell>>();
    for (const { y, a, b, counts: own, scores } of counted)
      cellIn(found, y, placeOf(a, b), () => ({ counts: own, scores }));
    return found;
  };
}

interface CountRow {
  y: number;
  a: string;
  b: string;
  unmet: string[];
  sums: number[];
  /** Days until the first service, with how many cases waited so long. */
  days: (number | null)[];
  cases: number[];
}

function isByAgency(...dimensions: readonly (Dimension | undefined)[]): boolean {
  return dimensions.some((dimension) => dimension?.agencyRows !== undefined);
}

function selected(
  rows: Dimension | undefined,
  columns: Dimension | undefined,
  years: Years,
  table: string,
): { values: string; from: string; params: number[] } {
  const joined = isByAgency(rows, columns) ? 'join agency_row f using (key)' : '';
  return {
    values: `c.year as y, ${rows?.sql ?? `''`} as a, ${columns?.sql ?? `''`} as b`,
    from: `from ${table} ${joined} ${rows?.from ?? ''} ${columns?.from ?? ''}`,
    params: [years.from, years.to].filter((year) => year !== undefined),
  };
}

function conditions(
  rows: Dimension | undefined,
  columns: Dimension | undefined,
  { from, to }: Years,
): string {
  const all = [rows?.agencyRows, columns?.agencyRows].filter((condition) => condition !== undefined);
  if (from !== undefined) all.push('c.year >= $1');
  if (to !== undefined) all.push(`c.year <= ${from === undefined ? '$1' : '$2'}`);
  return all.length > 0 ? all.join(' and ') : 'true';
}

function cellIn<T>(found: Map<number, Map<string, T>>, year: number, place: string, empty: () => T): T {
  const cells = found.get(year) ?? new Map<string, T>();
  found.set(year, cells);
  const cell = cells.get(place) ?? empty();
  cells.set(place, cell);
  return cell;
}

/** The counts that the database sums up, the cases first; and those that are read off the lists of reasons. */
const SUMMED = COUNTS.flatMap((figure, i) => (figure.sql === undefined ? [] : [i]));
const FINE = SUMMED.map((index, i) => `sum(${COUNTS[index]!.sql})::int as n${i}`).join(', ');
const SUMS = SUMMED.map((_, i) => `sum(n${i})::int`).join(', ');
const UNMET = new Map(
  UNMET_REASONS.map((reason) => [
    reason as string,
    COUNTS.findIndex(({ name }) => name === unmetField(reason)),
  ]),
);
