/**
 * Which figures of a table may be published: small ones are hidden, and with them as many others as it takes that nobody
 * can compute them from what is left, totals included.
 */

/** Counts below this identify somebody. */
export const SMALLEST_CELL = 5;

/**
 * A table of two dimensions with its margins. A cell holds the parts of one figure, which are published all or none: one
 * part for a total, several for what a total is made of. All counts are at least 0 and add up to the margins.
 */
export interface Table {
  readonly cells: readonly (readonly Parts[])[];
  readonly rowTotals: readonly Parts[];
  readonly columnTotals: readonly Parts[];
}
export type Parts = readonly number[];

/** What is hidden. */
export interface Pattern {
  readonly cells: boolean[][];
  readonly rowTotals: boolean[];
  readonly columnTotals: boolean[];
}

/** True when one of the parts is 1 to 4. */
function isSmall(parts: Parts): boolean {
  return parts.some((count) => count > 0 && count < SMALLEST_CELL);
}

/**
 * The values of one dimension, whose total is published: hides the small ones, and further ones, smallest first, until at
 * least two are hidden and what is hidden together is no small count either. `base`: hidden already.
 */
export function hideAlong(values: readonly Parts[], base: readonly boolean[] = []): boolean[] {
  const hidden = values.map((parts, i) => isSmall(parts) || base[i] === true);
  const shown = (): number[] => smallestFirst(values, hidden);
  while (hidden.includes(true) && !isCovered(values, hidden)) {
    const next = shown()[0];
    if (next === undefined) break;
    hidden[next] = true;
  }
  return hidden;
}

/**
 * The inside of a table whose margins are published as the two dimensions alone are (`rows`, `columns`: what is hidden of
 * them), so that one table gives nothing away that the other hides. `base`: hidden already.
 */
export function hideInside(
  table: Table,
  rows: readonly boolean[],
  columns: readonly boolean[],
  base?: readonly (readonly boolean[])[],
): Pattern {
  const cells = table.cells.map((line, r) =>
    line.map((parts, c) => isSmall(parts) || base?.[r]?.[c] === true),
  );
  const pattern: Pattern = { cells, rowTotals: [...rows], columnTotals: [...columns] };
  for (let more = true; more;) {
    more = false;
    for (let r = 0; r < rows.length; r++) more = coverRow(table, pattern, r) || more;
    for (let c = 0; c < columns.length; c++) more = coverColumn(table, pattern, c) || more;
    // Lines that are covered one by one can still give a cell away together.
    if (!more) more = unbridge(table, pattern) || joinTotals(table, pattern);
  }
  return pattern;
}

/** With a published total: nothing hidden, or two counts at least that are no small count together, part by part. */
function isCovered(values: readonly Parts[], hidden: readonly boolean[]): boolean {
  const among = values.filter((parts, i) => hidden[i] && sum(parts) > 0);
  if (among.length === 0) return !hidden.includes(true);
  return among.length > 1 && !isSmall(added(among));
}

function coverRow(table: Table, pattern: Pattern, r: number): boolean {
  const hidden = pattern.cells[r]!;
  if (pattern.rowTotals[r] || !hidden.includes(true)) return false;
  const values = table.cells[r]!;
  if (isCovered(values, hidden)) return false;
  const next = smallestFirst(values, hidden)[0];
  if (next === undefined) return false;
  hidden[next] = true;
  return true;
}

function coverColumn(table: Table, pattern: Pattern, c: number): boolean {
  const hidden = pattern.cells.map((line) => line[c]!);
  if (pattern.columnTotals[c] || !hidden.includes(true)) return false;
  const values = table.cells.map((line) => line[c]!);
  if (isCovered(values, hidden)) return false;
  const next = smallestFirst(values, hidden)[0];
  if (next === undefined) return false;
  pattern.cells[next]![c] = true;
  return true;
}

/** Those that are shown and count something, the smallest first. */
function smallestFirst(values: readonly Parts[], hidden: readonly boolean[]): number[] {
  return values
    .map((_, i) => i)
    .filter((i) => !hidden[i] && sum(values[i]!) > 0)
    .sort((a, b) => sum(values[a]!) - sum(values[b]!) || a - b);
}

/**
 * Every line says that its cells and its margin add up. As a graph of lines, joined by what is hidden in both, a hidden
 * figure can be computed exactly when it is a bridge. Hides one cell more that leads around a bridge; false when there is
 * none left to lead around.
 */
function unbridge(table: Table, pattern: Pattern): boolean {
  const rows = pattern.rowTotals.length;
  const columns = pattern.columnTotals.length;
  const columnAt = (c: number): number => rows + 1 + c;
  const edges: [number, number][] = [];
  // Line `rows` is that of the columns' totals, the last one that of the rows' totals.
  pattern.cells.forEach((line, r) => line.forEach((hidden, c) => hidden && edges.push([r, columnAt(c)])));
  pattern.rowTotals.forEach((hidden, r) => hidden && edges.push([r, columnAt(columns)]));
  pattern.columnTotals.forEach((hidden, c) => hidden && edges.push([rows, columnAt(c)]));
  for (const side of bridgeSides(edges, rows + columns + 2)) {
    let best: { r: number; c: number; size: number } | undefined;
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        if (pattern.cells[r]![c] || side.has(r) === side.has(columnAt(c))) continue;
        // Everybody knows that a line which adds up to nothing has nothing in it.
        if (sum(table.rowTotals[r]!) === 0 || sum(table.columnTotals[c]!) === 0) continue;
        // What is 0 serves only where nothing else does.
        const size = sum(table.cells[r]![c]!) || Infinity;
        if (!best || size < best.size) best = { r, c, size };
      }
    }
    if (!best) continue;
    pattern.cells[best.r]![best.c] = true;
    return true;
  }
  return false;
}

/**
 * Hidden totals that hang together in groups are known group by group; another table, in which they hang together otherwise,
 * could be subtracted. Hides one cell more that joins two groups; false when all of them are one.
 */
function joinTotals(table: Table, pattern: Pattern): boolean {
  const rows = pattern.rowTotals.length;
  const lines = Array.from({ length: rows + pattern.columnTotals.length }, (_, line) => line);
  const group = [...lines];
  pattern.cells.forEach((line, r) =>
    line.forEach((hidden, c) => {
      if (!hidden) return;
      const [one, other] = [group[r]!, group[rows + c]!];
      for (const point of lines) if (group[point] === other) group[point] = one;
    }),
  );
  const isTotalHidden = (line: number): boolean =>
    line < rows ? pattern.rowTotals[line]! : pattern.columnTotals[line - rows]!;
  const apart = new Set(lines.filter(isTotalHidden).map((line) => group[line]!));
  if (apart.size < 2) return false;
  let best: { r: number; c: number; size: number } | undefined;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < pattern.columnTotals.length; c++) {
      const [one, other] = [group[r]!, group[rows + c]!];
      if (one === other || !apart.has(one) || !apart.has(other)) continue;
      const size = sum(table.cells[r]![c]!) || Infinity;
      if (!best || size < best.size) best = { r, c, size };
    }
  }
  if (!best) return false;
  pattern.cells[best.r]![best.c] = true;
  return true;
}

/** For each bridge the points on one of its sides. */
function bridgeSides(edges: readonly (readonly [number, number])[], points: number): Set<number>[] {
  const next: { to: number; edge: number }[][] = Array.from({ length: points }, () => []);
  edges.forEach(([a, b], edge) => {
    next[a]!.push({ to: b, edge });
    next[b]!.push({ to: a, edge });
  });
  const order = Array.from({ length: points }, () => -1);
  const lowest = Array.from({ length: points }, () => 0);
  const sides: Set<number>[] = [];
  let visited = 0;
  // The points that are reached through each point, itself included.
  const below = (point: number, from: number): Set<number> => {
    order[point] = lowest[point] = visited++;
    const reached = new Set([point]);
    for (const { to, edge } of next[point]!) {
      if (edge === from) continue;
      if (order[to]! >= 0) {
        lowest[point] = Math.min(lowest[point]!, order[to]!);
        continue;
      }
      const side = below(to, edge);
      for (const one of side) reached.add(one);
      lowest[point] = Math.min(lowest[point]!, lowest[to]!);
      if (lowest[to]! > order[point]!) sides.push(side);
    }
    return reached;
  };
  for (let point = 0; point < points; point++) if (order[point]! < 0) below(point, -1);
  return sides;
}

/** The parts added up. */
function sum(parts: Parts): number {
  return parts.reduce((total, count) => total + count, 0);
}

/** Part by part. */
function added(values: readonly Parts[]): number[] {
  return (values[0] ?? []).map((_, part) => values.reduce((total, parts) => total + parts[part]!, 0));
}
