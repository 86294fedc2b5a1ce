/** Counts that may be published: small cells are hidden, also where totals would give them away. */

/** One row of a breakdown before anything is hidden. */
export interface Cell {
  value: string;
  cases: number;
  completed: number;
  needs: number;
  met: number;
  unmet: number;
}

/** The same with hidden figures as null. */
export interface PublishedCell {
  value: string;
  cases: number | null;
  completed: number | null;
  needs: number | null;
  met: number | null;
  unmet: number | null;
}

/** Counts below this are hidden, as INEI and treaty reports ask for figures that identify nobody. */
export const SMALLEST_CELL = 5;

/** Every figure that can be known of a row: what is published, and what the published figures leave over. */
const FIGURES = {
  cases: (cell: Cell) => cell.cases,
  completed: (cell: Cell) => cell.completed,
  notCompleted: (cell: Cell) => cell.cases - cell.completed,
  needs: (cell: Cell) => cell.needs,
  met: (cell: Cell) => cell.met,
  unmet: (cell: Cell) => cell.unmet,
  open: (cell: Cell) => cell.needs - cell.met - cell.unmet,
};
type Figure = keyof typeof FIGURES;
const ALL = Object.keys(FIGURES) as Figure[];

/** What goes with a hidden figure, because the rest of the row would give it away or be given away by it. */
const HIDDEN_WITH: Record<Figure, readonly Figure[]> = {
  cases: ALL,
  completed: ['notCompleted'],
  notCompleted: ['completed'],
  needs: ['met', 'unmet', 'open'],
  met: ['unmet', 'open'],
  unmet: ['met', 'open'],
  open: ['met', 'unmet'],
};

interface Row {
  readonly cell: Cell;
  readonly hidden: Set<Figure>;
}

/**
 * Hides figures of one to four. Whoever knows a column's total subtracts what is shown: so in each column further
 * figures are hidden, smallest first, until at least two are and together they are no small cell themselves, or
 * nothing but zeros is left to hide.
 */
export function suppress(cells: readonly Cell[]): PublishedCell[] {
  const rows = cells.map((cell): Row => ({ cell, hidden: new Set() }));
  for (const row of rows) {
    for (const figure of ALL) if (isSmall(FIGURES[figure](row.cell))) hide(row, figure);
  }
  // Hiding in one column may hide in others: again until no column asks for more.
  while (ALL.some((figure) => hideFurther(rows, figure)));
  return rows.map(published);
}

function isSmall(count: number): boolean {
  return count > 0 && count < SMALLEST_CELL;
}

function hide(row: Row, figure: Figure): void {
  for (const each of [figure, ...HIDDEN_WITH[figure]]) row.hidden.add(each);
}

/** Hides one figure more in a column whose hidden ones its total would show; false when none is needed or left. */
function hideFurther(rows: readonly Row[], figure: Figure): boolean {
  const count = (row: Row): number => FIGURES[figure](row.cell);
  // Zeros blur nothing, hidden or not.
  const counted = rows.filter((row) => count(row) > 0);
  const hidden = counted.filter((row) => row.hidden.has(figure));
  const sum = hidden.reduce((total, row) => total + count(row), 0);
  if (hidden.length === 0 || (hidden.length > 1 && sum >= SMALLEST_CELL)) return false;
  const shown = counted.filter((row) => !row.hidden.has(figure));
  const next = shown.sort((a, b) => count(a) - count(b))[0];
  if (next) hide(next, figure);
  return next !== undefined;
}

function published({ cell, hidden }: Row): PublishedCell {
  const figure = (name: Exclude<keyof Cell, 'value'>): number | null =>
    hidden.has(name) ? null : cell[name];
  return {
    value: cell.value,
    cases: figure('cases'),
    completed: figure('completed'),
    needs: figure('needs'),
    met: figure('met'),
    unmet: figure('unmet'),
  };
}
