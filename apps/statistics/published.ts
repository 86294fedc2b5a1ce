/** A table of figures as it may be published. Pure. */
import { added, type Cell, type Group } from './figures';
import { hideAlong, hideInside, SMALLEST_CELL, type Parts, type Table } from './suppress';

/** What was counted for two dimensions; a missing cell counts nothing. */
export interface CountedTable {
  readonly rows: Axis;
  readonly columns: Axis;
  readonly total: Cell;
  /** The same with the values of a dimension put together to their families, which is published, too. */
  readonly coarser?: CountedTable;
  cell(row: string, column: string): Cell | undefined;
}

/** The values of a dimension with their totals. `multiple`: a case may have several. */
export interface Axis {
  readonly values: readonly string[];
  readonly multiple: boolean;
  /** Where what values of one family count adds up to a value of the coarser table: that value. */
  readonly familyOf?: (value: string) => string;
  total(value: string): Cell;
}

/** The value of a dimension in the rows that hold totals. */
export const TOTAL = 'total';

/** A year with fewer cases is left out of what several years are added up to: too much of it is hidden. */
const ENOUGH = 100;

/** One published row: the two values and the figures, null where hidden. */
export interface Item {
  readonly row: string;
  readonly column: string;
  readonly figures: Readonly<Record<string, number | null>>;
}

/** A table as it is published, and the years that it is of. */
export interface Published {
  readonly years: readonly number[];
  readonly items: readonly Item[];
}

/**
 * The table of one year, or of several added up: every cell that counts something or hides whether it does, then the totals.
 * Each year is protected by itself, and what is hidden in one is hidden in the sum: a sum tells nothing that the years do not
 * tell, so that no two periods can be subtracted to find what is hidden.
 */
export function publish(tables: ReadonlyMap<number, CountedTable>, groups: readonly Group[]): Published {
  const years = yearsToAdd(tables);
  const known = years.map((year) => tables.get(year)!);
  const hidden = known.map((table) => new Hidden(table, groups));
  const valuesOf = (axis: (table: CountedTable) => Axis): string[] => [
    ...[...new Set(known.flatMap((table) => axis(table).values))].sort(),
    TOTAL,
  ];
  const columns = valuesOf((table) => table.columns);
  const items: Item[] = [];
  for (const row of valuesOf((table) => table.rows)) {
    for (const column of columns) {
      const cells = known.flatMap((table) => cellAt(table, row, column) ?? []);
      const isHidden = (group: Group): boolean => hidden.some((one) => one.at(group.name, row, column));
      const isTotal = row === TOTAL && column === TOTAL;
      if (cells.length === 0 && !isTotal && !groups.some(isHidden)) continue;
      const isRare = (group: Group, i: number): boolean => hidden.some((one) => one.isRare(group, i));
      items.push({ row, column, figures: figuresOf(groups, added(cells), isHidden, isRare) });
    }
  }
  return { years, items };
}

function yearsToAdd(tables: ReadonlyMap<number, CountedTable>): number[] {
  const all = [...tables.keys()].sort((a, b) => a - b);
  const withAtLeast = (cases: number): number[] =>
    all.filter((year) => (tables.get(year)!.total.counts[0] ?? 0) >= cases);
  return [ENOUGH, SMALLEST_CELL].map(withAtLeast).find((years) => years.length > 0) ?? all;
}

function cellAt(table: CountedTable, row: string, column: string): Cell | undefined {
  if (row === TOTAL && column === TOTAL) return table.total;
  if (row === TOTAL) return known(table.columns, column);
  return column === TOTAL ? known(table.rows, row) : table.cell(row, column);
}

function known(axis: Axis, value: string): Cell | undefined {
  return axis.values.includes(value) ? axis.total(value) : undefined;
}

function figuresOf(
  groups: readonly Group[],
  cell: Cell,
  isHidden: (group: Group) => boolean,
  isRare: (group: Group, i: number) => boolean,
): Record<string, number | null> {
  const figures: Record<string, number | null> = {};
  for (const group of groups) {
    const hidden = isHidden(group);
    const parts = partsOf(cell, group);
    const rare = group.figures.map((_, i) => isRare(group, i));
    group.figures.forEach(({ name }, i) => (figures[name] = hidden || rare[i] ? null : parts[i]!));
    if (group.rest) figures[group.rest.name] = hidden ? null : sumOf(parts.filter((_, i) => rare[i]));
    for (const { name, of } of group.also ?? []) {
      // Of fewer than five even a mean says something about somebody.
      const told = !hidden && parts[0]! >= SMALLEST_CELL;
      figures[name] = told ? of(cell, parts) : null;
    }
  }
  return figures;
}

function partsOf(cell: Cell | undefined, group: Group): number[] {
  return group.figures.map((figure) => cell?.counts[figure.at] ?? 0);
}

function sumOf(parts: Parts): number {
  return parts.reduce((sum, part) => sum + part, 0);
}

/** The parts that count one to four in all, with as many more, the smallest first, that together they count more. */
function rareOf(parts: Parts): Set<number> {
  const byCount = parts.map((_, i) => i).sort((a, b) => parts[a]! - parts[b]!);
  const rare = new Set(byCount.filter((i) => parts[i]! > 0 && parts[i]! < SMALLEST_CELL));
  if (rare.size === 0) return rare;
  for (const i of byCount) {
    if (sumOf([...rare].map((one) => parts[one]!)) >= SMALLEST_CELL) break;
    if (parts[i]! > 0) rare.add(i);
  }
  return rare;
}

/** What of a table is hidden, group by group. */
class Hidden {
  private readonly hidden = new Set<string>();
  private readonly coarser: Hidden | undefined;
  private readonly rare = new Map<string, ReadonlySet<number>>();

  constructor(
    private readonly table: CountedTable,
    groups: readonly Group[],
  ) {
    this.coarser = table.coarser && new Hidden(table.coarser, groups);
    for (const group of groups) this.hide(group);
  }

  at(group: string, row: string, column: string): boolean {
    return this.hidden.has(`${group}\n${row}\n${column}`);
  }

  /** True for a figure that is told only as a part of its group's rest: too rare in all, or needed to hide one that is. */
  isRare(group: Group, i: number): boolean {
    if (!group.rest) return false;
    const known = this.rare.get(group.name) ?? rareOf(partsOf(this.table.total, group));
    this.rare.set(group.name, known);
    return known.has(i);
  }

  /** The parts of a group that are told apart, then its rest. */
  private parts(cell: Cell | undefined, group: Group): Parts {
    const parts = partsOf(cell, group);
    if (!group.rest) return parts;
    const rest = parts.filter((_, i) => this.isRare(group, i));
    return [...parts.filter((_, i) => !this.isRare(group, i)), sumOf(rest)];
  }

  private hide(group: Group): void {
    const { rows, columns } = this.table;
    const total = this.parts(this.table.total, group);
    if (this.base(group, TOTAL, TOTAL) || hideAlong([total])[0]) {
      // Fewer than five in all: nothing can be said.
      for (const row of [...rows.values, TOTAL]) {
        for (const column of [...columns.values, TOTAL]) this.add(group, row, column);
      }
      return;
    }
    do this.cover(group);
    while (this.hideFamilies(group));
  }

  /** Hidden before this group is looked at, or already. */
  private base(group: Group, row: string, column: string): boolean {
    return (
      this.at(group.name, row, column) || (group.within !== undefined && this.at(group.within, row, column))
    );
  }

  /** Hides what is small, and what would give it away. */
  private cover(group: Group): void {
    const { rows, columns } = this.table;
    const base = (row: string, column: string): boolean => this.base(group, row, column);
    for (const value of this.alone(group, rows, (value) => base(value, TOTAL))) this.add(group, value, TOTAL);
    for (const value of this.alone(group, columns, (value) => base(TOTAL, value)))
      this.add(group, TOTAL, value);
    for (const row of splits(rows))
      for (const column of splits(columns)) this.inside(group, row, column, base);
  }

  /** Hides the values of one family all or none, and with the family; true when that hid more. */
  private hideFamilies(group: Group): boolean {
    const { rows, columns } = this.table;
    const before = this.hidden.size;
    const across = (
      axis: Axis,
      others: Axis,
      at: (value: string, other: string) => [string, string],
    ): void => {
      if (!axis.familyOf) return;
      for (const other of [...others.values, TOTAL]) {
        const isHidden = (value: string): boolean => this.at(group.name, ...at(value, other));
        const families = new Set(axis.values.filter(isHidden).map(axis.familyOf));
        for (const value of axis.values) {
          const family = axis.familyOf(value);
          const withIt = families.has(family) || this.coarser?.at(group.name, ...at(family, other)) === true;
          if (withIt) this.add(group, ...at(value, other));
        }
      }
    };
    across(rows, columns, (value, other) => [value, other]);
    across(columns, rows, (value, other) => [other, value]);
    return this.hidden.size > before;
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
    const counted = (row: string, column: string): Parts => this.parts(table.cell(row, column), group);
    const cells = rows.map((row, r) =>
      columns.map((column, c): Parts => {
        if (row !== REST && column !== REST) return counted(row, column);
        if (row !== REST)
          return minus(
            rowTotals[r]!,
            columns.map((other) => (other === REST ? [] : counted(row, other))),
          );
        const inColumn = (at: string): Parts =>
          minus(
            columnTotals[c]!,
            rows.map((other) => (other === REST ? [] : counted(other, at))),
          );
        if (column !== REST) return inColumn(column);
        const others = columns.map((other, i) => {
          if (other === REST) return [];
          return minus(
            columnTotals[i]!,
            rows.map((one) => (one === REST ? [] : counted(one, other))),
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
    const total = this.parts(this.table.total, group);
    const values = split.map((value) => (value === REST ? [] : this.parts(axis.total(value), group)));
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
