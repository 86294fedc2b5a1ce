/** Figures as they are asked for: counted by the database, published by the rules. */
import { Injectable } from '@nestjs/common';
import { UNMET_REASONS } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import { isMultiple, type Dimension } from './dimensions';
import { FOLLOW_UP_GROUPS, SCORES, WAVE } from './follow-up-figures';
import { COUNTS, GROUPS, unmetField, type Cell } from './figures';
import { publish, type Axis, type CountedTable, type Item } from './published';

/** Which cases: by the months of their arrival, both included (`2026-11`). */
export interface Period {
  readonly from?: string;
  readonly to?: string;
}

/** A table and the moment at which it was counted. */
export interface PublishedTable {
  readonly asOf: string;
  readonly items: readonly Item[];
}

/** How many times longer than its counting a table is kept: counting may take a twentieth of one connection's time. */
const KEPT_FACTOR = 20;
/** Tables kept at most. */
const MOST_KEPT = 200;

type Row = { a: string; b: string; unmet: string[]; sums: number[] };
type DayRow = { a: string; b: string; days: number; cases: number };

@Injectable()
export class StatisticsQueries {
  private readonly kept = new Map<string, { until: number; table: Promise<PublishedTable> }>();

  constructor(private readonly messaging: Messaging) {}

  /** Cases by two dimensions. A table that was counted a moment ago is given again. */
  table(rows: Dimension, columns: Dimension, period: Period): Promise<PublishedTable> {
    const key = [rows.name, columns.name, period.from ?? '', period.to ?? ''].join(' ');
    return this.keptOr(key, () => this.count(rows, columns, period));
  }

  /** Follow-ups by wave and a dimension. */
  followUps(columns: Dimension, period: Period): Promise<PublishedTable> {
    const key = [WAVE.name, columns.name, period.from ?? '', period.to ?? ''].join(' ');
    return this.keptOr(key, () => this.countFollowUps(columns, period));
  }

  private async keptOr(key: string, count: () => Promise<PublishedTable>): Promise<PublishedTable> {
    const known = this.kept.get(key);
    if (known && known.until > performance.now()) return known.table;
    const began = performance.now();
    const entry = { until: Infinity, table: count() };
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(key, entry);
    try {
      const table = await entry.table;
      const now = performance.now();
      entry.until = now + (now - began) * KEPT_FACTOR;
      return table;
    } catch (error) {
      this.kept.delete(key);
      throw error;
    }
  }

  private async count(rows: Dimension, columns: Dimension, period: Period): Promise<PublishedTable> {
    const asOf = this.messaging.clock.now().toISOString();
    const inside = await this.cells([rows, columns], period);
    // Over a dimension of which a case has one value, the cells add up to the totals.
    const [byRow, byColumn] = await Promise.all([
      isMultiple(columns) ? this.cells([rows, undefined], period) : folded(inside, ([a]) => [a, '']),
      isMultiple(rows) ? this.cells([undefined, columns], period) : folded(inside, ([, b]) => ['', b]),
    ]);
    const single = isMultiple(rows) ? byColumn : byRow;
    const total =
      isMultiple(rows) && isMultiple(columns)
        ? await this.cells([undefined, undefined], period)
        : folded(single, () => ['', '']);
    const table: CountedTable = {
      rows: axisOf(rows, byRow, (value) => at(value, '')),
      columns: axisOf(columns, byColumn, (value) => at('', value)),
      total: total.get(at('', '')) ?? NOTHING,
      cell: (row, column) => inside.get(at(row, column)),
    };
    return { asOf, items: publish(table, GROUPS) };
  }

  private async countFollowUps(columns: Dimension, period: Period): Promise<PublishedTable> {
    const asOf = this.messaging.clock.now().toISOString();
    const inside = await this.followUpCells(columns, period);
    const byColumn = folded(inside, ([, b]) => ['', b]);
    const byRow = isMultiple(columns)
      ? await this.followUpCells(undefined, period)
      : folded(inside, ([a]) => [a, '']);
    const table: CountedTable = {
      rows: axisOf(WAVE, byRow, (value) => at(value, '')),
      columns: axisOf(columns, byColumn, (value) => at('', value)),
      total: folded(byRow, () => ['', '']).get(at('', '')) ?? NOTHING,
      cell: (row, column) => inside.get(at(row, column)),
    };
    return { asOf, items: publish(table, FOLLOW_UP_GROUPS) };
  }

  private async followUpCells(columns: Dimension | undefined, period: Period): Promise<Map<string, Cell>> {
    const { params, where } = during(period);
    const join = columns?.name === 'agency' ? 'join agency_row f using (key)' : '';
    const counts = FOLLOW_UP_GROUPS.flatMap((group) => group.figures).map(({ sql }) => `sum(${sql})::int`);
    const sums = SCORES.map((score) => `coalesce(sum(u.${score}), 0)::float8`);
    const rows: { a: string; b: string; counts: number[]; scores: number[] }[] =
      await this.messaging.dataSource.query(
        `select ${WAVE.sql} as a, ${columns?.sql ?? `''`} as b, array[${counts.join(', ')}] as counts,
           array[${sums.join(', ')}] as scores
         from case_row c join follow_up_row u using (key) ${join} ${columns?.from ?? ''} where ${where} group by 1, 2`,
        params,
      );
    return new Map(rows.map(({ a, b, counts: own, scores }) => [at(a, b), { counts: own, scores }]));
  }

  private async cells(
    [rows, columns]: readonly [Dimension | undefined, Dimension | undefined],
    period: Period,
  ): Promise<Map<string, Cell>> {
    const { params, where } = during(period);
    const dimensions = [rows, columns].filter((dimension) => dimension !== undefined);
    const byAgency = dimensions.some((dimension) => dimension.name === 'agency');
    const from = `from case_row c ${byAgency ? 'join agency_row f using (key)' : 'cross join lateral (select c.*) as f'}
      ${dimensions.map((dimension) => dimension.from ?? '').join(' ')} where ${where}`;
    const values = `${rows?.sql ?? `''`} as a, ${columns?.sql ?? `''`} as b`;
    const [counted, waited]: [Row[], DayRow[]] = await Promise.all([
      // Grouped by the reasons as well, which are few and mostly none: counting them row by row takes five times as long.
      this.messaging.dataSource.query(
        `select ${values}, f.unmet as unmet, array[${SUMS}] as sums ${from} group by 1, 2, 3`,
        params,
      ),
      this.messaging.dataSource.query(
        `select ${values}, f.service_days as days, count(*)::int as cases ${from} and f.service_days is not null
         group by 1, 2, 3`,
        params,
      ),
    ]);
    const cells = new Map<string, { counts: number[]; days: Map<number, number> }>();
    for (const row of counted) {
      const cell = cells.get(at(row.a, row.b)) ?? { counts: COUNTS.map(() => 0), days: new Map() };
      cells.set(at(row.a, row.b), cell);
      SUMMED.forEach((index, i) => (cell.counts[index]! += row.sums[i]!));
      for (const reason of row.unmet) {
        const index = UNMET.get(reason);
        if (index !== undefined) cell.counts[index]! += row.sums[0]!;
      }
    }
    for (const { a, b, days, cases } of waited) cells.get(at(a, b))?.days.set(days, cases);
    return cells;
  }
}

/** SQL over a case's row that it arrived in the period. */
function during({ from, to }: Period): { params: string[]; where: string } {
  const params: string[] = [];
  const where = ['true'];
  if (from) where.push(`c.month >= $${params.push(from)}`);
  if (to) where.push(`c.month <= $${params.push(to)}`);
  return { params, where: where.join(' and ') };
}

/** The counts that the database sums up, the cases first; and those that are read off the lists of reasons. */
const SUMMED = COUNTS.flatMap((figure, i) => (figure.sql === undefined ? [] : [i]));
const SUMS = SUMMED.map((i) => `sum(${COUNTS[i]!.sql})::int`).join(', ');
const UNMET = new Map(
  UNMET_REASONS.map((reason) => [
    reason as string,
    COUNTS.findIndex(({ name }) => name === unmetField(reason)),
  ]),
);

const NOTHING: Cell = { counts: COUNTS.map(() => 0), days: new Map() };

function at(a: string, b: string): string {
  return `${a}\n${b}`;
}

/** The cells added up under other places. */
function folded(
  cells: ReadonlyMap<string, Cell>,
  to: (place: readonly [string, string]) => readonly [string, string],
): Map<string, Cell> {
  const sums = new Map<string, { counts: number[]; days: Map<number, number>; scores: number[] }>();
  for (const [place, cell] of cells) {
    const [a = '', b = ''] = place.split('\n');
    const key = at(...to([a, b]));
    const sum = sums.get(key) ?? { counts: cell.counts.map(() => 0), days: new Map(), scores: [] };
    cell.counts.forEach((count, i) => (sum.counts[i]! += count));
    cell.scores?.forEach((score, i) => (sum.scores[i] = (sum.scores[i] ?? 0) + score));
    for (const [day, cases] of cell.days ?? []) sum.days.set(day, (sum.days.get(day) ?? 0) + cases);
    sums.set(key, sum);
  }
  return sums;
}

function axisOf(
  dimension: Dimension,
  totals: ReadonlyMap<string, Cell>,
  key: (value: string) => string,
): Axis {
  const values = [...totals.keys()].map((place) => place.split('\n').find(Boolean) ?? '').sort();
  return {
    values,
    multiple: isMultiple(dimension),
    total: (value) => totals.get(key(value)) ?? NOTHING,
  };
}
