/** A table of figures as it may be published. Pure. */
import type { Cell, Group } from './figures';
import { hideAlong, hideInside, SMALLEST_CELL, type Parts, type Table } from './suppress';

/** What was counted for two dimensions; a missing cell counts nothing. */
export interface CountedTable {
  readonly rows: Axis;
  readonly columns: Axis;
  readonly total: Cell;
  cell(row: string, column: string): Cell | undefined;
}

/** The values of a dimension with their totals. `multiple`: a case may have several. */
export interface Axis {
  readonly values: readonly string[];
  readonly multiple: boolean;
  total(value: string): Cell;
}

/** The value of a dimension in the rows that hold totals. */
export const TOTAL = 'total';

/** One published row: the two values and the figures, null where hidden. */
export interface Item {
  readonly row: string;
  readonly column: string;
  readonly figures: Readonly<Record<string, number | null>>;
}

/** The rows of a table: every cell that counts something or hides whether it does, then the totals. */
export function publish(table: CountedTable, groups: readonly Group[]): Item[] {
  const hidden = new Hidden(table, groups);
  const items: Item[] = [];
  for (const row of [...table.rows.values, TOTAL]) {
    for (const column of [...table.columns.values, TOTAL]) {
      const cell = cellAt(table, row, column);
      const isHidden = (group: Group): boolean => hidden.at(group.name, row, column);
      if (!cell && !groups.some(isHidden)) continue;
      items.push({ row, column, figures: figuresOf(groups, cell, isHidden) });
    }
  }
  return items;
}

function cellAt(table: CountedTable, row: string, column: string): Cell | undefined {
  if (row === TOTAL && column === TOTAL) return table.total;
  if (row === TOTAL) return table.columns.total(column);
  return column === TOTAL ? table.rows.total(row) : table.cell(row, column);
}

function figuresOf(
  groups: readonly Group[],
  cell: Cell | undefined,
  isHidden: (group: Group) => boolean,
): Record<string, number | null> {
  const figures: Record<string, number | null> = {};
  for (const group of groups) {
    const hidden = isHidden(group);
    const parts = partsOf(cell, group);
    group.figures.forEach(({ name }, i) => (figures[name] = hidden ? null : parts[i]!));
    for (const { name, of } of group.also ?? []) {
      // Of fewer than five even a mean says something about somebody.
      const told = !hidden && cell !== undefined && parts[0]! >= SMALLEST_CELL;
      figures[name] = told ? of(cell, parts) : null;
    }
  }
  return figures;
}

function partsOf(cell: Cell | undefined, group: Group): number[] {
  return group.figures.map((figure) => cell?.counts[figure.at] ?? 0);
}

/** What of a table is hidden, group by group. */
class Hidden {
  private readonly hidden = new Set<string>();

  constructor(
    private readonly table: CountedTable,
    groups: readonly Group[],
  ) {
    for (const group of groups) this.hide(group);
  }

  at(group: string, row: string, column: string): boolean {
    return this.hidden.has(`${group}\n${row}\n${column}`);
  }

  private hide(group: Group): void {
    const { rows, columns } = this.table;
    const base = (row: string, column: string): boolean =>
      group.within !== undefined && this.at(group.within, row, column);
    const total = partsOf(this.table.total, group);
    if (base(TOTAL, TOTAL) || hideAlong([total])[0]) {
      // Fewer than five in all: nothing can be said.
      for (const row of [...rows.values, TOTAL]) {
        for (const column of [...columns.values, TOTAL]) this.add(group, row, column);
      }
      return;
    }
    for (const value of this.alone(group, rows, (value) => base(value, TOTAL))) this.add(group, value, TOTAL);
    for (const value of this.alone(group, columns, (value) => base(TOTAL, value)))
      this.add(group, TOTAL, value);
    for (const row of splits(rows))
      for (const column of splits(columns)) this.inside(group, row, column, base);
  }

  /** The values of one dimension that are hidden; the same whatever it is crossed with. */
  private alone(group: Group, axis: Axis, base: (value: string) => boolean): Set<string> {
    const hidden = new Set<string>();
    for (const split of splits(axis)) {
      const values = this.margin(group, axis, split);
      const along = hideAlong(
        values,
        split.map((value) => value !== REST && base(value)),
      );
      split.forEach((value, i) => along[i] && value !== REST && hidden.add(value));
    }
    return hidden;
  }

  private inside(
    group: Group,
    rows: Split,
    columns: Split,
    base: (row: string, column: string) => boolean,
  ): void {
    const { table } = this;
    const rowTotals = this.margin(group, table.rows, rows);
    const columnTotals = this.margin(group, table.columns, columns);
    const known = (row: string, column: string): Parts => partsOf(table.cell(row, column), group);
    const cells = rows.map((row, r) =>
      columns.map((column, c): Parts => {
        if (row !== REST && column !== REST) return known(row, column);
        if (row !== REST)
          return minus(
            rowTotals[r]!,
            columns.map((other) => (other === REST ? [] : known(row, other))),
          );
        const inColumn = (at: string): Parts =>
          minus(
            columnTotals[c]!,
            rows.map((other) => (other === REST ? [] : known(other, at))),
          );
        if (column !== REST) return inColumn(column);
        const others = columns.map((other, i) => {
          if (other === REST) return [];
          return minus(
            columnTotals[i]!,
            rows.map((one) => (one === REST ? [] : known(one, other))),
          );
        });
        return minus(rowTotals[r]!, others);
      }),
    );
    const inside: Table = { cells, rowTotals, columnTotals };
    // The rest of a value is hidden with it.
    const isHidden = (axis: Split, at: (value: string) => boolean): boolean[] =>
      axis.map((value) => at(value === REST ? axis[0]! : value));
    const pattern = hideInside(
      inside,
      isHidden(rows, (row) => this.at(group.name, row, TOTAL)),
      isHidden(columns, (column) => this.at(group.name, TOTAL, column)),
      rows.map((row) => columns.map((column) => row !== REST && column !== REST && base(row, column))),
    );
    rows.forEach((row, r) =>
      columns.forEach((column, c) => {
        if (row !== REST && column !== REST && pattern.cells[r]![c]) this.add(group, row, column);
      }),
    );
  }

  /** Totals of the values of a split. */
  private margin(group: Group, axis: Axis, split: Split): Parts[] {
    const total = partsOf(this.table.total, group);
    const values = split.map((value) => (value === REST ? [] : partsOf(axis.total(value), group)));
    return split.map((value, i) => (value === REST ? minus(total, values) : values[i]!));
  }

  private add(group: Group, row: string, column: string): void {
    this.hidden.add(`${group.name}\n${row}\n${column}`);
  }
}

/** Values of a dimension that share out the total; REST stands for all that is not the other one. */
type Split = readonly string[];
const REST = '\u0000rest';

/** Where a case has one value, all values; where it may have several, each one against the rest. */
function splits(axis: Axis): Split[] {
  return axis.multiple ? axis.values.map((value) => [value, REST]) : [axis.values];
}

function minus(total: Parts, values: readonly Parts[]): number[] {
  return total.map((count, part) => values.reduce((left, parts) => left - (parts[part] ?? 0), count));
}
