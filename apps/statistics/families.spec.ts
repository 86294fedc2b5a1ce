/** What the services of an agency did adds up to what the agency did, and both are published. */
import fc from 'fast-check';
import { COUNTS, GROUPS, type Cell } from './figures';
import { publish, TOTAL, type Axis, type CountedTable, type Item } from './published';

interface Person {
  readonly services: readonly string[];
  readonly sex: string;
}

const agencyOf = (service: string): string => service.split('/')[0]!;
const asItIs = (service: string): string => service;

/** The table by service, or by agency when `named` says so. */
function tableOf(people: readonly Person[], named: (service: string) => string): CountedTable {
  const cellOf = (of: readonly Person[], row: string): Cell => {
    const served = of.filter((person) => row === TOTAL || person.services.some((one) => named(one) === row));
    const referrals = served.flatMap((person) =>
      person.services.filter((one) => row === TOTAL || named(one) === row),
    );
    const figures: Record<string, number> = {
      cases: served.length,
      open: served.length,
      notServed: served.length,
      referrals: referrals.length,
      referralsOpen: referrals.length,
    };
    return { counts: COUNTS.map(({ name }) => figures[name] ?? 0) };
  };
  const ofSex = (sex: string): Person[] => people.filter((person) => person.sex === sex);
  const rows: Axis = {
    values: [...new Set(people.flatMap((person) => person.services.map(named)))].sort(),
    multiple: true,
    ...(named === asItIs ? { familyOf: agencyOf } : {}),
    total: (value) => cellOf(people, value),
  };
  return {
    rows,
    columns: {
      values: [...new Set(people.map((person) => person.sex))].sort(),
      multiple: false,
      total: (value) => cellOf(ofSex(value), TOTAL),
    },
    total: cellOf(people, TOTAL),
    cell: (row, column) => {
      const cell = cellOf(ofSex(column), row);
      return cell.counts[0]! > 0 ? cell : undefined;
    },
    ...(named === asItIs ? { coarser: tableOf(people, agencyOf) } : {}),
  };
}

const published = (table: CountedTable): readonly Item[] => publish(new Map([[2026, table]]), GROUPS).items;

const service = fc.constantFrom(
  'health/care',
  'health/care',
  'health/care',
  'health/mind',
  'health/mind',
  'identity/card',
  'identity/card',
  'identity/check',
  'identity/birth',
  'police/file',
);
const population = fc.array(
  fc.record({
    services: fc.uniqueArray(service, { minLength: 1, maxLength: 4 }),
    sex: fc.constantFrom('F', 'F', 'F', 'M', 'M', 'M', 'M', 'X'),
  }),
  { minLength: 5, maxLength: 120, size: 'max' },
);

test('the services of an agency are told all or none, and none where the agency is not told', () => {
  fc.assert(
    fc.property(population, (people) => {
      const items = published(tableOf(people, asItIs));
      const agencies = published(tableOf(people, agencyOf));
      for (const { row: agency, column, figures } of agencies.filter((item) => item.row !== TOTAL)) {
        const own = items.filter((item) => item.column === column && agencyOf(item.row) === agency);
        for (const [name, figure] of Object.entries(figures)) {
          if (name.startsWith('firstService')) continue;
          const told = new Set(own.map((item) => item.figures[name] !== null));
          expect([agency, column, name, told.size]).toEqual([agency, column, name, 1]);
          if (figure === null)
            expect([agency, column, name, [...told]]).toEqual([agency, column, name, [false]]);
          else if (told.has(true) && name === 'referrals') {
            const sum = own.reduce((all, item) => all + item.figures[name]!, 0);
            expect([agency, column, sum]).toEqual([agency, column, figure]);
          }
        }
      }
    }),
    { numRuns: 60 },
  );
});
