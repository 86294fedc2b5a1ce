/** Figures as they are asked for: counted by the database, published by the rules. */
import { Injectable } from '@nestjs/common';
import { Messaging } from '@retorno/messaging';
import { isMultiple, type Dimension } from './dimensions';
import { COUNTS } from './figures';
import { publish, type Axis, type Cell, type Counted, type CountedTable, type Item } from './published';

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

type Row = { a: string; b: string; counts: Counted };
type DayRow = { a: string; b: string; days: number; cases: number };

@Injectable()
export class StatisticsQueries {
  private readonly kept = new Map<string, { until: number; table: Promise<PublishedTable> }>();

  constructor(private readonly messaging: Messaging) {}

  /** The table of two dimensions. One that was counted a moment ago is given again. */
  async table(rows: Dimension, columns: Dimension, period: Period): Promise<PublishedTable> {
    const key = [rows.name, columns.name, period.from ?? '', period.to ?? ''].join(' ');
    const known = this.kept.get(key);
    if (known && known.until > performance.now()) return known.table;
    const began = performance.now();
    const entry = { until: Infinity, table: this.count(rows, columns, period) };
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
    const adds = !isMultiple(rows) && !isMultiple(columns);
    const inside = await this.cells([rows, columns], period);
    // Where a case has one value of each, the cells add up to the totals.
    const [byRow, byColumn, total] = adds
      ? [folded(inside, ([a]) => [a, '']), folded(inside, ([, b]) => ['', b]), folded(inside, () => ['', ''])]
      : await Promise.all([
          this.cells([rows, undefined], period),
          this.cells([undefined, columns], period),
          this.cells([undefined, undefined], period),
        ]);
    const table: CountedTable = {
      rows: axisOf(rows, byRow, (value) => at(value, '')),
      columns: axisOf(columns, byColumn, (value) => at('', value)),
      total: total.get(at('', '')) ?? NOTHING,
      cell: (row, column) => inside.get(at(row, column)),
    };
    return { asOf, items: publish(table) };
  }

  private async cells(
    [rows, columns]: readonly [Dimension | undefined, Dimension | undefined],
    period: Period,
  ): Promise<Map<string, Cell>> {
    const params: string[] = [];
    const where = ['true'];
    if (period.from) where.push(`c.month >= $${params.push(period.from)}`);
    if (period.to) where.push(`c.month <= $${params.push(period.to)}`);
    const dimensions = [rows, columns].filter((dimension) => dimension !== undefined);
    const byAgency = dimensions.some((dimension) => dimension.name === 'agency');
    const from = `from case_row c ${byAgency ? 'join agency_row f using (key)' : 'cross join lateral (select c.*) as f'}
      ${dimensions.map((dimension) => dimension.from ?? '').join(' ')} where ${where.join(' and ')}`;
    const values = `${rows?.sql ?? `''`} as a, ${columns?.sql ?? `''`} as b`;
    const counts = COUNTS.map((figure) => `sum(${figure.sql})::int`).join(', ');
    const [counted, waited]: [Row[], DayRow[]] = await Promise.all([
      this.messaging.dataSource.query(
        `select ${values}, array[${counts}] as counts ${from} group by 1, 2`,
        params,
      ),
      this.messaging.dataSource.query(
        `select ${values}, f.service_days as days, count(*)::int as cases ${from} and f.service_days is not null
         group by 1, 2, 3`,
        params,
      ),
    ]);
    const cells = new Map<string, { counts: Counted; days: Map<number, number> }>();
    for (const { a, b, counts: own } of counted) cells.set(at(a, b), { counts: own, days: new Map() });
    for (const { a, b, days, cases } of waited) cells.get(at(a, b))?.days.set(days, cases);
    return cells;
  }
}

const NOTHING: Cell = { counts: COUNTS.map(() => 0), days: new Map() };

function at(a: string, b: string): string {
  return `${a}\n${b}`;
}

/** The cells added up under other places. */
function folded(
  cells: ReadonlyMap<string, Cell>,
  to: (place: readonly [string, string]) => readonly [string, string],
): Map<string, Cell> {
  const sums = new Map<string, { counts: number[]; days: Map<number, number> }>();
  for (const [place, cell] of cells) {
    const [a = '', b = ''] = place.split('\n');
    const key = at(...to([a, b]));
    const sum = sums.get(key) ?? { counts: COUNTS.map(() => 0), days: new Map<number, number>() };
    cell.counts.forEach((count, i) => (sum.counts[i]! += count));
    for (const [day, cases] of cell.days) sum.days.set(day, (sum.days.get(day) ?? 0) + cases);
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
