/** What is published is attacked: whoever has the whole table, totals and all, may compute whatever is linear in it. */
import fc from 'fast-check';
import { COUNTS, GROUPS, type Cell } from './figures';
import { publish as published, TOTAL, type Axis, type CountedTable, type Item } from './published';
import { SMALLEST_CELL } from './suppress';

/** One case of a random population; its values of the two dimensions, and what it counts. */
interface Person {
  a: string[];
  b: string[];
  figures: Record<string, number>;
}

const publish = (table: CountedTable): readonly Item[] => published(new Map([[2026, table]]), GROUPS).items;

const LEAVES = COUNTS.map((figure) => figure.name);

function cellOf(people: readonly Person[]): Cell {
  return {
    counts: LEAVES.map((name) => people.reduce((total, person) => total + (person.figures[name] ?? 0), 0)),
    days: new Map(people.some((p) => p.figures['served']) ? [[3, people.length]] : []),
  };
}

function tableOf(people: readonly Person[], multiple: { a: boolean; b: boolean }): CountedTable {
  const axis = (which: 'a' | 'b'): Axis => ({
    values: [...new Set(people.flatMap((person) => person[which]))].sort(),
    multiple: multiple[which],
    total: (value) => cellOf(people.filter((person) => person[which].includes(value))),
  });
  return {
    rows: axis('a'),
    columns: axis('b'),
    total: cellOf(people),
    cell: (row, column) => {
      const found = people.filter((person) => person.a.includes(row) && person.b.includes(column));
      return found.length > 0 ? cellOf(found) : undefined;
    },
  };
}

/** A person's figures, consistent as the real ones are. */
function figuresOf(status: number, served: boolean, needs: readonly number[], referrals: readonly number[]) {
  const figures: Record<string, number> = { cases: 1, needs: needs.length, referrals: referrals.length };
  const add = (name: string): void => void (figures[name] = (figures[name] ?? 0) + 1);
  add(['completed', 'closed', 'open'][status]!);
  add(served ? 'served' : 'notServed');
  for (const need of needs) {
    const leaf = NEED_LEAVES[need % NEED_LEAVES.length]!;
    add(leaf);
    if (leaf === 'confirmed' || leaf === 'deliveredUnconfirmed') add('met');
    if (leaf.startsWith('unmet')) add('unmet');
  }
  for (const referral of referrals) add(partsOf('referral-status')[referral % 5]!);
  return figures;
}

function partsOf(group: string): string[] {
  return GROUPS.find((one) => one.name === group)!.figures.map((figure) => figure.name);
}

const NEED_LEAVES = [
  'confirmed',
  'deliveredUnconfirmed',
  'declined',
  'needsOpen',
  ...partsOf('unmet').slice(0, 3),
];

/** What may be known of the figures of one cell without any table: how they make each other up. */
const SUMS: [whole: string, parts: string[]][] = [
  ['cases', partsOf('case-status')],
  ['cases', partsOf('service')],
  ['needs', partsOf('need-status')],
  ['met', partsOf('met')],
  ['unmet', partsOf('unmet')],
  ['referrals', partsOf('referral-status')],
];
const TREES = [
  ['cases', ...partsOf('case-status'), ...partsOf('service')],
  ['needs', ...partsOf('need-status'), ...partsOf('met'), ...partsOf('unmet')],
  ['referrals', ...partsOf('referral-status')],
];

/** Linear equations modulo a large prime, brought into echelon form one by one. */
class Known {
  private readonly rows = new Map<string, Map<string, bigint>>();

  add(equation: ReadonlyMap<string, bigint>): void {
    const left = this.reduced(equation);
    const pivot = left.keys().next();
    if (pivot.done) return;
    const factor = inverse(left.get(pivot.value)!);
    for (const [name, value] of left) left.set(name, (value * factor) % PRIME);
    this.rows.set(pivot.value, left);
  }

  /** True when the value follows from what is known. */
  gives(equation: ReadonlyMap<string, bigint>): boolean {
    return this.reduced(equation).size === 0;
  }

  private reduced(equation: ReadonlyMap<string, bigint>): Map<string, bigint> {
    const left = new Map(equation);
    for (let more = true; more;) {
      more = false;
      for (const [name, value] of left) {
        const row = this.rows.get(name);
        if (!row) continue;
        for (const [other, share] of row) {
          const rest = ((((left.get(other) ?? 0n) - value * share) % PRIME) + PRIME) % PRIME;
          if (rest === 0n) left.delete(other);
          else left.set(other, rest);
        }
        more = true;
        break;
      }
    }
    return left;
  }
}

const PRIME = 2_147_483_647n;

function inverse(value: bigint): bigint {
  let result = 1n;
  let base = value;
  for (let power = PRIME - 2n; power > 0n; power >>= 1n) {
    if (power & 1n) result = (result * base) % PRIME;
    base = (base * base) % PRIME;
  }
  return result;
}

type Shares = Map<string, bigint>;

/** Which unknowns a published place adds up: cells where values add up, else the place itself. */
function placesOf(table: CountedTable, row: string, column: string): [string, string][] {
  const rows = row === TOTAL && !table.rows.multiple ? table.rows.values : [row];
  const columns = column === TOTAL && !table.columns.multiple ? table.columns.values : [column];
  return rows.flatMap((r) => columns.map((c): [string, string] => [r, c]));
}

function sharesOf(table: CountedTable, row: string, column: string, figure: string, sign = 1n): Shares {
  return new Map(
    placesOf(table, row, column).map(([r, c]) => [`${figure}|${r}|${c}`, (sign + PRIME) % PRIME]),
  );
}

function together(...parts: readonly Shares[]): Shares {
  const all: Shares = new Map();
  for (const [name, value] of parts.flatMap((shares) => [...shares])) {
    const sum = ((all.get(name) ?? 0n) + value) % PRIME;
    if (sum === 0n) all.delete(name);
    else all.set(name, sum);
  }
  return all;
}

function attack(people: readonly Person[], multiple: { a: boolean; b: boolean }): string[] {
  const table = tableOf(people, multiple);
  const items = publish(table);
  const places = [...table.rows.values, TOTAL].flatMap((r) =>
    [...table.columns.values, TOTAL].map((c): [string, string] => [r, c]),
  );
  const published = new Map(items.map((item) => [`${item.row}|${item.column}`, item]));
  const found: string[] = [];
  for (const tree of TREES) {
    const known = new Known();
    for (const [row, column] of places) {
      for (const [whole, parts] of SUMS) {
        if (!tree.includes(whole)) continue;
        known.add(
          together(
            sharesOf(table, row, column, whole, -1n),
            ...parts.map((part) => sharesOf(table, row, column, part)),
          ),
        );
      }
      for (const figure of tree) {
        const item = published.get(`${row}|${column}`);
        // What is not listed counts nothing.
        if (item?.figures[figure] !== null) known.add(sharesOf(table, row, column, figure));
      }
    }
    for (const [row, column] of places) {
      for (const figure of tree) {
        const count = countAt(table, row, column, figure);
        if (isSmall(count) && known.gives(sharesOf(table, row, column, figure))) {
          found.push(`${figure} of ${row}/${column}: ${count}`);
        }
        // Those who do not have a value that others have are persons, too.
        for (const [r, c] of [
          ...(multiple.a && row !== TOTAL ? [[TOTAL, column] as const] : []),
          ...(multiple.b && column !== TOTAL ? [[row, TOTAL] as const] : []),
        ]) {
          const rest = countAt(table, r, c, figure) - count;
          const shares = together(sharesOf(table, r, c, figure), sharesOf(table, row, column, figure, -1n));
          if (isSmall(rest) && known.gives(shares)) found.push(`${figure} without ${row}/${column}: ${rest}`);
        }
      }
    }
  }
  return found;
}

function countAt(table: CountedTable, row: string, column: string, figure: string): number {
  const cell =
    row === TOTAL
      ? column === TOTAL
        ? table.total
        : table.columns.total(column)
      : column === TOTAL
        ? table.rows.total(row)
        : table.cell(row, column);
  return cell?.counts[LEAVES.indexOf(figure)] ?? 0;
}

function isSmall(count: number): boolean {
  return count > 0 && count < SMALLEST_CELL;
}

const few = (most: number) => fc.array(fc.nat({ max: 30 }), { maxLength: most });
/** Uneven, as populations are: some values are common and some are rare. */
const uneven = fc.constantFrom('0', '0', '0', '0', '0', '1', '1', '1', '2', '3');
const values = (multiple: boolean) =>
  multiple ? fc.uniqueArray(uneven, { minLength: 1, maxLength: 3 }) : uneven.map((value) => [value]);
const population = (multiple: { a: boolean; b: boolean }) =>
  fc.array(
    fc
      .tuple(values(multiple.a), values(multiple.b), fc.nat({ max: 2 }), fc.boolean(), few(4), few(5))
      .map(([a, b, status, served, needs, referrals]): Person => ({
        a: a.map((value) => `a${value}`),
        b: b.map((value) => `b${value}`),
        figures: figuresOf(status, served, needs, referrals),
      })),
    { minLength: 1, maxLength: 90, size: 'max' },
  );

describe('a published table', () => {
  it.each([
    ['two dimensions that add up', { a: false, b: false }],
    ['one of which a case may have several values', { a: false, b: true }],
    ['both of which a case may have several values', { a: true, b: true }],
  ])('gives no small count away, nor lets one be computed: %s', (_, multiple) => {
    fc.assert(
      fc.property(population(multiple), (people) => {
        expect(attack(people, multiple)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves no small count over when what is shown of a line is taken from its total', () => {
    fc.assert(
      fc.property(population({ a: false, b: false }), (people) => {
        const items = publish(tableOf(people, { a: false, b: false }));
        for (const figure of LEAVES) {
          for (const { row, figures } of items.filter((item) => item.column === TOTAL)) {
            const all = figures[figure];
            if (all === null || all === undefined) continue;
            const shown = items.filter((item) => item.row === row && item.column !== TOTAL);
            const left = shown.reduce((rest, item) => rest - (item.figures[figure] ?? 0), all);
            expect([figure, row, isSmall(left)]).toEqual([figure, row, false]);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  const crowd = (a: string, b: string, count: number, status = 0): Person[] =>
    Array.from({ length: count }, () => ({ a: [a], b: [b], figures: figuresOf(status, true, [0], [0]) }));
  const casesOf = (items: readonly Item[], row: string, column: string) =>
    items.find((item) => item.row === row && item.column === column)?.figures['cases'];

  it('hides what is small and, with it, what would give it away', () => {
    const people = [...crowd('F', 'x', 40), ...crowd('M', 'x', 30), ...crowd('X', 'x', 2)];
    const items = publish(tableOf(people, { a: false, b: false }));
    expect(['F', 'M', 'X', TOTAL].map((row) => casesOf(items, row, TOTAL))).toEqual([40, null, null, 72]);
    expect(['F', 'M', 'X'].map((row) => casesOf(items, row, 'x'))).toEqual([40, null, null]);
  });

  it('shows the same totals of a dimension whatever it is crossed with', () => {
    fc.assert(
      fc.property(population({ a: false, b: false }), (people) => {
        const crossed = publish(tableOf(people, { a: false, b: false }));
        const alone = publish(
          tableOf(
            people.map((person) => ({ ...person, b: ['all'] })),
            { a: false, b: false },
          ),
        );
        const totals = (items: readonly Item[]) =>
          items.filter((item) => item.column === TOTAL).map(({ row, figures }) => [row, figures]);
        expect(totals(crossed)).toEqual(totals(alone));
      }),
      { numRuns: 50 },
    );
  });

  it('hides outcomes in a cell that is shown itself', () => {
    const people = [
      ...crowd('F', 'x', 40),
      ...crowd('F', 'x', 3, 1),
      ...crowd('M', 'x', 50),
      ...crowd('M', 'x', 9, 1),
    ];
    const items = publish(tableOf(people, { a: false, b: false }));
    const women = items.find((item) => item.row === 'F' && item.column === TOTAL)!.figures;
    expect(women).toMatchObject({ cases: 43, completed: null, closed: null, open: null, served: 43 });
  });

  it('tells rare reasons for unmet needs as one sum, and the others apart', () => {
    const unmet = partsOf('unmet');
    const because = (reason: number, count: number): Person[] =>
      Array.from({ length: count }, () => ({
        a: ['F'],
        b: ['x'],
        figures: { cases: 1, needs: 1, unmet: 1, [unmet[reason]!]: 1 },
      }));
    const items = publish(
      tableOf([...because(0, 20), ...because(1, 2), ...because(2, 8), ...because(3, 1)], {
        a: false,
        b: false,
      }),
    );
    const total = items.find((item) => item.row === TOTAL && item.column === TOTAL)!.figures;
    expect([total['unmet'], ...unmet.slice(0, 5).map((name) => total[name])]).toEqual([
      31,
      20,
      null,
      null,
      null,
      0,
    ]);
    expect(total['unmetOther']).toBe(11);
  });

  it('says nothing at all of fewer than five', () => {
    const items = publish(tableOf(crowd('F', 'x', 4), { a: false, b: false }));
    expect(items.flatMap((item) => Object.values(item.figures)).every((figure) => figure === null)).toBe(
      true,
    );
  });

  it('gives days to the first service where enough were served', () => {
    const items = publish(tableOf(crowd('F', 'x', 7), { a: false, b: false }));
    expect(items[0]!.figures).toMatchObject({ firstServiceMedianDays: 3, firstServiceP90Days: 3 });
  });
});
