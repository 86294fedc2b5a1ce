/**
 * How much of tables is hidden: the share of the cells that count somebody, and of the cases in them, for made-up years of
 * several sizes, and for three such years added up.
 *
 *   node dist/apps/statistics/how-much-is-hidden.js
 */
import { COUNTS, GROUPS, type Cell } from './figures';
import { publish, TOTAL, type Axis, type CountedTable } from './published';

/** Values from the commonest to the rarest, as departments, countries and ages are. */
const SIZES: Record<string, number> = { sex: 3, 'age-group': 6, region: 25, 'origin-country': 40, month: 12 };
const PAIRS = [
  ['sex', 'age-group'],
  ['sex', 'region'],
  ['age-group', 'region'],
  ['month', 'region'],
  ['region', 'origin-country'],
] as const;

type Person = Record<string, number>;

/** The same numbers in each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function populationOf(cases: number, seed: number): Person[] {
  const next = numbers(seed);
  // Each value half as common as the one before it, or spread evenly: half of both.
  const pick = (size: number): number =>
    next() < 0.5 ? Math.floor(next() * size) : Math.min(size - 1, Math.floor(-Math.log2(next() || 1)));
  return Array.from({ length: cases }, () =>
    Object.fromEntries(Object.entries(SIZES).map(([name, size]) => [name, pick(size)])),
  );
}

function tableOf(people: readonly Person[], [one, other]: readonly [string, string]): CountedTable {
  const counted = new Map<string, number>();
  const count = (place: string): number => counted.get(place) ?? 0;
  for (const person of people) {
    const [a, b] = [person[one], person[other]];
    for (const place of [`${a} ${b}`, `${a} `, ` ${b}`]) counted.set(place, count(place) + 1);
  }
  const cellOf = (cases: number): Cell => ({
    counts: COUNTS.map(({ name }) => (name === 'cases' ? cases : 0)),
  });
  const axis = (name: string, place: (value: string) => string): Axis => ({
    values: Array.from({ length: SIZES[name]! }, (_, i) => String(i)).filter(
      (value) => count(place(value)) > 0,
    ),
    multiple: false,
    total: (value) => cellOf(count(place(value))),
  });
  return {
    rows: axis(one, (value) => `${value} `),
    columns: axis(other, (value) => ` ${value}`),
    total: cellOf(people.length),
    cell: (row, column) => {
      const cases = count(`${row} ${column}`);
      return cases > 0 ? cellOf(cases) : undefined;
    },
  };
}

function hiddenIn(tables: ReadonlyMap<number, CountedTable>): {
  cells: string;
  small: string;
  cases: string;
} {
  const { items } = publish(tables, GROUPS.slice(0, 1));
  const all = { cells: 0, hidden: 0, small: 0, cases: 0, hiddenCases: 0 };
  for (const { row, column, figures } of items) {
    if (row === TOTAL || column === TOTAL) continue;
    const cases = [...tables.values()].reduce(
      (sum, table) => sum + (table.cell(row, column)?.counts[0] ?? 0),
      0,
    );
    if (cases === 0) continue;
    all.cells++;
    all.cases += cases;
    if (cases < 5) all.small++;
    if (figures['cases'] === null) {
      all.hidden++;
      all.hiddenCases += cases;
    }
  }
  const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
  return {
    small: share(all.small, all.cells),
    cells: share(all.hidden, all.cells),
    cases: share(all.hiddenCases, all.cases),
  };
}

for (const cases of [500, 5_000, 50_000]) {
  for (const pair of PAIRS) {
    const years = [1, 2, 3].map((seed) => tableOf(populationOf(cases, seed), pair));
    process.stdout.write(
      `${JSON.stringify({
        casesAYear: cases,
        by: pair.join(','),
        oneYear: hiddenIn(new Map([[2026, years[0]!]])),
        threeYears: hiddenIn(new Map(years.map((table, i) => [2026 + i, table]))),
      })}\n`,
    );
  }
}
