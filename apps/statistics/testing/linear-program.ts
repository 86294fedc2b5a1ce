/** A small solver of linear programs (two-phase simplex, Bland's rule), for tests that attack what is published. */

/** The sum over all unknowns, none of them below 0, each times its factor. */
export interface Equation {
  readonly factors: readonly number[];
  readonly sum: number;
}

/** One solution, from which others are reached. */
export interface Start {
  readonly lines: number[][];
  readonly basis: number[];
  readonly unknowns: number;
}

const TINY = 1e-7;

/** A solution of the equations; throws when there is none. */
export function feasible(equations: readonly Equation[], unknowns: number): Start {
  const lines = independent(equations, unknowns).map((line) =>
    line[unknowns]! < 0 ? line.map((value) => -value) : [...line],
  );
  const count = lines.length;
  // An unknown more for each line, whose sum is brought to 0.
  lines.forEach((line, i) => line.splice(unknowns, 0, ...lines.map((_, j) => Number(i === j))));
  const basis = lines.map((_, i) => unknowns + i);
  const goal = [...Array<number>(unknowns).fill(0), ...Array<number>(count).fill(1)];
  if (minimized(lines, basis, goal) > TINY) throw new Error('no solution');
  for (let i = lines.length - 1; i >= 0; i--) {
    if (basis[i]! < unknowns) continue;
    const column = lines[i]!.findIndex((value, at) => at < unknowns && Math.abs(value) > TINY);
    if (column >= 0) pivot(lines, basis, i, column);
    else {
      lines.splice(i, 1);
      basis.splice(i, 1);
    }
  }
  for (const line of lines) line.splice(unknowns, count);
  return { lines, basis, unknowns };
}

/** The least and the greatest that the sum can be; plus 0, so that -0 is 0. */
export function reachOf({ lines, basis, unknowns }: Start, factors: readonly number[]): [number, number] {
  const copy = (): [number[][], number[]] => [lines.map((line) => [...line]), [...basis]];
  const goal = factors.slice(0, unknowns);
  const least = minimized(...copy(), goal);
  const most = -minimized(
    ...copy(),
    goal.map((factor) => -factor),
  );
  return [least + 0, most + 0];
}

/** Equations of which none follows from the others; a line is its factors, then its sum. */
function independent(equations: readonly Equation[], unknowns: number): number[][] {
  const kept: number[][] = [];
  const pivots: number[] = [];
  for (const { factors, sum } of equations) {
    const line = [...factors, sum];
    kept.forEach((other, i) => subtract(line, other, line[pivots[i]!]!));
    const at = line.findIndex((value, column) => column < unknowns && Math.abs(value) > TINY);
    if (at < 0) continue;
    const own = line[at]!;
    const scaled = line.map((value) => value / own);
    kept.forEach((other) => subtract(other, scaled, other[at]!));
    kept.push(scaled);
    pivots.push(at);
  }
  return kept;
}

function subtract(line: number[], other: readonly number[], times: number): void {
  if (Math.abs(times) < TINY) return;
  for (let i = 0; i < line.length; i++) line[i]! -= times * other[i]!;
}

/** Brings the goal to its least over the solutions; `lines` and `basis` are changed. Infinity below is -Infinity. */
function minimized(lines: number[][], basis: number[], goal: readonly number[]): number {
  const last = lines[0]?.length ? lines[0].length - 1 : goal.length;
  const costs = [...goal, ...Array<number>(last + 1 - goal.length).fill(0)];
  lines.forEach((line, i) => subtract(costs, line, costs[basis[i]!]!));
  for (;;) {
    const column = costs.findIndex((cost, at) => at < last && cost < -TINY);
    if (column < 0) return -costs[last]!;
    let row = -1;
    for (let i = 0; i < lines.length; i++) {
      const step = lines[i]![column]!;
      if (step <= TINY) continue;
      const ratio = lines[i]![last]! / step;
      const best = row < 0 ? Infinity : lines[row]![last]! / lines[row]![column]!;
      if (ratio < best - TINY || (ratio < best + TINY && basis[i]! < (basis[row] ?? Infinity))) row = i;
    }
    if (row < 0) return -Infinity;
    pivot(lines, basis, row, column);
    subtract(costs, lines[row]!, costs[column]!);
  }
}

function pivot(lines: number[][], basis: number[], row: number, column: number): void {
  const by = lines[row]![column]!;
  lines[row] = lines[row]!.map((value) => value / by);
  lines.forEach((line, i) => i !== row && subtract(line, lines[row]!, line[column]!));
  basis[row] = column;
}
