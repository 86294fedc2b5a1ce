/** Tables with their totals, made of what was counted. */
import { placeOf, valuesOf, type Cells, type Count } from './counting';
import { DIMENSIONS, type Dimension } from './dimensions';
import { added, NOTHING, type Cell } from './figures';
import type { Axis, CountedTable } from './published';

/** The table of two dimensions for each year, with the coarser table that one of them is within. */
export function countedTables(
  count: Count,
  rows: Dimension,
  columns: Dimension,
): Promise<Map<number, CountedTable>> {
  return tablesOf(once(count), rows, columns);
}

/** The same totals may be needed twice. */
function once(count: Count): Count {
  const known = new Map<string, ReturnType<Count>>();
  return (rows, columns) => {
    const key = placeOf(rows?.name ?? '', columns?.name ?? '');
    const counted = known.get(key) ?? count(rows, columns);
    known.set(key, counted);
    return counted;
  };
}

async function tablesOf(
  count: Count,
  rows: Dimension,
  columns: Dimension,
): Promise<Map<number, CountedTable>> {
  const coarser =
    rows.within || columns.within ? await tablesOf(count, coarse(rows), coarse(columns)) : undefined;
  const inside = await count(rows, columns);
  // Over a dimension of which a case has one value, the cells add up to the totals.
  const byRow = columns.multiple
    ? await count(rows, undefined)
    : eachYear(inside, (cells) => folded(cells, ([a]) => [a, '']));
  const byColumn = rows.multiple
    ? await count(undefined, columns)
    : eachYear(inside, (cells) => folded(cells, ([, b]) => ['', b]));
  const totals =
    rows.multiple && columns.multiple
      ? await count(undefined, undefined)
      : eachYear(rows.multiple ? byColumn : byRow, (cells) => folded(cells, () => ['', '']));
  const tables = new Map<number, CountedTable>();
  for (const [year, total] of totals) {
    const cells = inside.get(year) ?? new Map<string, Cell>();
    const wider = coarser?.get(year);
    tables.set(year, {
      rows: axisOf(rows, byRow.get(year), ([a]) => a),
      columns: axisOf(columns, byColumn.get(year), ([, b]) => b),
      total: total.get(placeOf('', '')) ?? NOTHING,
      cell: (row, column) => cells.get(placeOf(row, column)),
      ...(wider ? { coarser: wider } : {}),
    });
  }
  return tables;
}

function coarse(dimension: Dimension): Dimension {
  return dimension.within ? DIMENSIONS.get(dimension.within.name)! : dimension;
}

function eachYear(
  years: ReadonlyMap<number, Cells>,
  change: (cells: Cells) => Cells,
): ReadonlyMap<number, Cells> {
  return new Map([...years].map(([year, cells]) => [year, change(cells)]));
}

/** The cells added up under other places. */
function folded(
  cells: Cells,
  to: (values: readonly [string, string]) => readonly [string, string],
): Map<string, Cell> {
  const parts = new Map<string, Cell[]>();
  for (const [place, cell] of cells) {
    const key = placeOf(...to(valuesOf(place)));
    const known = parts.get(key);
    if (known) known.push(cell);
    else parts.set(key, [cell]);
  }
  return new Map([...parts].map(([place, some]) => [place, added(some)]));
}

function axisOf(
  dimension: Dimension,
  totals: Cells | undefined = new Map(),
  valueIn: (values: [string, string]) => string,
): Axis {
  const byValue = new Map([...totals].map(([place, cell]) => [valueIn(valuesOf(place)), cell]));
  return {
    values: [...byValue.keys()].sort(),
    multiple: dimension.multiple === true,
    ...(dimension.within ? { familyOf: dimension.within.of } : {}),
    total: (value) => byValue.get(value) ?? NOTHING,
  };
}
