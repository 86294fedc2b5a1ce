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

/**
 * Hides every row with fewer than five cases. When exactly one row were hidden, the total minus the others would show
 * it, so the next smallest is hidden with it. Within a shown row, outcomes below five are hidden in the same way.
 */
export function suppress(cells: readonly Cell[]): PublishedCell[] {
  const hidden = new Set(
    cells.filter((cell) => cell.cases > 0 && cell.cases < SMALLEST_CELL).map((c) => c.value),
  );
  if (hidden.size === 1) {
    const next = cells.filter((c) => !hidden.has(c.value)).sort((a, b) => a.cases - b.cases)[0];
    if (next) hidden.add(next.value);
  }
  return cells.map((cell) => (hidden.has(cell.value) ? hideAll(cell.value) : hideSmall(cell)));
}

function hideAll(value: string): PublishedCell {
  return { value, cases: null, completed: null, needs: null, met: null, unmet: null };
}

/** Open needs are needs minus met minus unmet: hiding one of the parts alone would hide nothing. */
function hideSmall(cell: Cell): PublishedCell {
  const isSmall = (count: number): boolean => count > 0 && count < SMALLEST_CELL;
  const parts = [cell.met, cell.unmet, cell.needs - cell.met - cell.unmet];
  const smallParts = parts.some(isSmall);
  const smallCompletion = isSmall(cell.completed) || isSmall(cell.cases - cell.completed);
  return {
    value: cell.value,
    cases: cell.cases,
    completed: smallCompletion ? null : cell.completed,
    needs: isSmall(cell.needs) ? null : cell.needs,
    met: smallParts ? null : cell.met,
    unmet: smallParts ? null : cell.unmet,
  };
}
