/**
 * Everything that is published of a small population is put together: all tables of two dimensions each, for each year and for
 * the sum. Linear programming then finds between which values each hidden count must lie.
 */
import fc from 'fast-check';
import { COUNTS, GROUPS, type Cell } from './figures';
import { publish, TOTAL, type Axis, type CountedTable } from './published';
import { SMALLEST_CELL } from './suppress';
import { feasible, reachOf, type Equation } from './testing/linear-program';

/** One person: the values of the dimensions, the year, and how the case stands. */
interface Person {
  readonly values: readonly number[];
  readonly year: number;
  readonly status: number;
}

const YEARS = [2025, 2026] as const;
const STATUSES = ['completed', 'closed', 'open'] as const;
const FIGURES = ['cases', ...STATUSES] as const;

/** Every kind of person that there can be; how many there are of each kind is what the attacker does not know. */
function kindsOf(sizes: readonly number[]): Person[] {
  const combined = sizes.reduce<number[][]>(
    (all, size) => all.flatMap((values) => span(size).map((value) => [...values, value])),
    [[]],
  );
  return YEARS.flatMap((year) =>
    STATUSES.flatMap((_, status) => combined.map((values): Person => ({ values, year, status }))),
  );
}

function pairsOf(sizes: readonly number[]): [number, number][] {
  return span(sizes.length).flatMap((one) => span(one).map((other): [number, number] => [other, one]));
}

function span(size: number): number[] {
  return Array.from({ length: size }, (_, i) => i);
}

function countsOf(people: readonly Person[]): Cell {
  const count = (name: string): number => {
    if (name === 'cases') return people.length;
    return people.filter((person) => STATUSES[person.status] === name).length;
  };
  return { counts: COUNTS.map(({ name }) => count(name)), days: new Map() };
}

function tableOf(people: readonly Person[], [one, other]: readonly [number, number]): CountedTable {
  const axis = (dimension: number): Axis => ({
    values: [...new Set(people.map((person) => String(person.values[dimension])))].sort(),
    multiple: false,
    total: (value) => countsOf(people.filter((person) => String(person.values[dimension]) === value)),
  });
  return {
    rows: axis(one),
    columns: axis(other),
    total: countsOf(people),
    cell: (row, column) => {
      const found = people.filter((p) => String(p.values[one]) === row && String(p.values[other]) === column);
      return found.length > 0 ? countsOf(found) : undefined;
    },
  };
}

/** A figure of a place of a table, as what it adds up; `value` is null where it is hidden. */
interface Told {
  readonly name: string;
  readonly counts: readonly boolean[];
  readonly truth: number;
  readonly value: number | null;
}

function everythingTold(people: readonly Person[], sizes: readonly number[]): Told[] {
  const kinds = kindsOf(sizes);
  return pairsOf(sizes).flatMap((pair) => {
    const tables = new Map(
      YEARS.map((year) => [
        year,
        tableOf(
          people.filter((person) => person.year === year),
          pair,
        ),
      ]),
    );
    const asked = [[...YEARS], ...YEARS.map((year) => [year])];
    return asked.flatMap((wanted) => {
      const { years, items } = publish(new Map(wanted.map((year) => [year, tables.get(year)!])), GROUPS);
      const listed = new Map(items.map((item) => [`${item.row} ${item.column}`, item.figures]));
      const places = [...span(sizes[pair[0]]!).map(String), TOTAL].flatMap((row) =>
        [...span(sizes[pair[1]]!).map(String), TOTAL].map((column) => [row, column] as const),
      );
      return places.flatMap(([row, column]) =>
        FIGURES.map((figure): Told => {
          const isIn = (person: Person): boolean =>
            years.includes(person.year) &&
            (row === TOTAL || String(person.values[pair[0]]) === row) &&
            (column === TOTAL || String(person.values[pair[1]]) === column) &&
            (figure === 'cases' || STATUSES[person.status] === figure);
          const told = listed.get(`${row} ${column}`)?.[figure];
          return {
            name: `${figure} of ${pair.join('x')} ${row}/${column} in ${years.join('+')}`,
            counts: kinds.map(isIn),
            truth: people.filter(isIn).length,
            // What is not listed counts nothing.
            value: told === undefined ? 0 : told,
          };
        }),
      );
    });
  });
}

/** Hidden counts of one to four that can be one number only. */
function recovered(people: readonly Person[], sizes: readonly number[]): string[] {
  const told = everythingTold(people, sizes);
  const known = told.flatMap(({ counts, value }): Equation[] =>
    value === null ? [] : [{ factors: counts.map(Number), sum: value }],
  );
  const start = feasible(known, kindsOf(sizes).length);
  return told
    .filter(({ value, truth }) => value === null && truth > 0 && truth < SMALLEST_CELL)
    .filter(({ counts }) => {
      const [least, most] = reachOf(start, counts.map(Number));
      return Math.floor(most + 1e-6) === Math.ceil(least - 1e-6);
    })
    .map(({ name, truth }) => `${name} is ${truth}`);
}

const SIZES = [3, 3, 2] as const;
const uneven = (size: number) => fc.constantFrom(...[0, 0, 0, 0, 1, 1, 2].filter((value) => value < size));
const population = fc.array(
  fc.record({
    values: fc.tuple(uneven(SIZES[0]), uneven(SIZES[1]), uneven(SIZES[2])),
    year: fc.constantFrom(2025, 2026, 2026),
    status: uneven(3),
  }),
  { minLength: 12, maxLength: 90, size: 'max' },
);

test('nobody can tell a hidden count of one to four from all tables of all years together', () => {
  fc.assert(
    fc.property(population, (people) => {
      expect(recovered(people, SIZES)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('nobody can tell a hidden total from the groups in which hidden totals hang together in several tables', () => {
  const person = (...values: number[]): Person => ({ values, year: 2026, status: 0 });
  // By the other dimensions the rare values 1 to 4 of the first would be known two by two, and two by two otherwise.
  const rare = [person(1, 0, 0, 0), person(2, 0, 1, 1), person(3, 1, 0, 1), person(4, 1, 1, 0)];
  const common = [0, 1].flatMap((b) => [0, 1].flatMap((c) => [0, 1].map((d) => person(0, b, c, d))));
  const people = [...rare, ...rare, ...rare, ...Array.from({ length: 9 }, () => common).flat()];
  expect(recovered(people, [5, 2, 2, 2])).toEqual([]);
});
