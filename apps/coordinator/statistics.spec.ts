import fc from 'fast-check';
import { suppress, type Cell } from './statistics';

const cell = (value: string, cases: number, more: Partial<Cell> = {}): Cell => ({
  value,
  cases,
  completed: 0,
  needs: cases * 2,
  met: cases * 2,
  unmet: 0,
  ...more,
});

describe('small cells', () => {
  it('are hidden below five cases', () => {
    const shown = suppress([cell('F', 40), cell('M', 4), cell('X', 3)]);
    expect(shown.map((c) => c.cases)).toEqual([40, null, null]);
  });

  it('are not given away by the total: a single hidden one takes the next smallest with it', () => {
    const shown = suppress([cell('F', 40), cell('M', 30), cell('X', 2)]);
    expect(shown.map((c) => c.cases)).toEqual([40, null, null]);
  });

  it('are hidden among outcomes, too, with what would give them away', () => {
    const [shown] = suppress([cell('F', 40, { completed: 38, needs: 60, met: 50, unmet: 7 })]);
    expect(shown).toMatchObject({ cases: 40, completed: null, met: null, unmet: null });
  });

  it('are not given away when several together are still small', () => {
    const shown = suppress([cell('F', 40), cell('M', 30), cell('X', 1), cell('Y', 1)]);
    expect(shown.map((c) => c.cases)).toEqual([40, null, null, null]);
    expect(suppress([cell('F', 40), cell('X', 1), cell('Y', 1)]).map((c) => c.cases)).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('among outcomes are not given away by the total of all rows', () => {
    const shown = suppress([
      cell('F', 40, { completed: 3 }),
      cell('M', 30, { completed: 12 }),
      cell('X', 20),
    ]);
    expect(shown.map((c) => c.completed)).toEqual([null, null, 0]);
  });

  const count = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 30 }));
  const table = fc
    .array(fc.record({ cases: count, completed: count, met: count, unmet: count, open: count }), {
      minLength: 1,
      maxLength: 8,
    })
    .map((rows) =>
      rows.map((r, i) => ({
        value: String(i),
        cases: r.cases,
        completed: Math.min(r.completed, r.cases),
        needs: r.met + r.unmet + r.open,
        met: r.met,
        unmet: r.unmet,
      })),
    );
  const COLUMNS = ['cases', 'completed', 'needs', 'met', 'unmet'] as const;

  it('never show a count of one to four, whatever the figures', () => {
    fc.assert(
      fc.property(table, (cells) => {
        for (const shown of suppress(cells)) {
          for (const column of COLUMNS) {
            const figure = shown[column];
            expect(figure === null || figure === 0 || figure >= 5).toBe(true);
          }
        }
      }),
    );
  });

  it('cannot be inferred from a column by its total, unless no other figure is left to hide it with', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(...COLUMNS), (cells, column) => {
        const shown = suppress(cells);
        const hidden = cells.filter((cell, i) => shown[i]![column] === null && cell[column] > 0);
        if (!hidden.some((cell) => cell[column] < 5)) return;
        const total = cells.reduce((sum, cell) => sum + cell[column], 0);
        const left = shown.reduce((rest, cell) => rest - (cell[column] ?? 0), total);
        const nothingElse = shown.every((cell) => !cell[column]);
        expect(nothingElse || (hidden.length >= 2 && left >= 5)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('cannot be inferred from the rest of their row', () => {
    fc.assert(
      fc.property(table, (cells) => {
        for (const shown of suppress(cells)) {
          expect(shown.met === null).toBe(shown.unmet === null);
          if (shown.cases === null) expect(COLUMNS.every((column) => shown[column] === null)).toBe(true);
          if (shown.needs !== null && shown.met !== null && shown.unmet !== null) {
            const open = shown.needs - shown.met - shown.unmet;
            expect(open === 0 || open >= 5).toBe(true);
          }
        }
      }),
    );
  });
});
