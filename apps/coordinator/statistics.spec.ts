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

  it('never show a count of one to four, whatever the figures', () => {
    const count = fc.integer({ min: 0, max: 30 });
    const any = fc.record({ cases: count, completed: count, met: count, unmet: count, open: count });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 8 }), (rows) => {
        const cells = rows.map((r, i) => ({
          value: String(i),
          cases: r.cases,
          completed: Math.min(r.completed, r.cases),
          needs: r.met + r.unmet + r.open,
          met: r.met,
          unmet: r.unmet,
        }));
        for (const shown of suppress(cells)) {
          for (const figure of [shown.cases, shown.completed, shown.needs, shown.met, shown.unmet]) {
            expect(figure === null || figure === 0 || figure >= 5).toBe(true);
          }
        }
      }),
    );
  });
});
