import { COLUMNS } from './columns';
import { readHeader } from './manifest-header';
import { refusedHeader, refusedLine, withoutGuard } from './refused-rows';

const cells = (changes: Record<string, string>) => COLUMNS.map((column) => changes[column] ?? '');

describe('a file of refused rows', () => {
  it('says where each row stood and what is wrong with it', () => {
    const line = refusedLine({
      line: 7,
      cells: cells({ external_id: 'x-1' }),
      errors: [{ message: 'sex must not be empty' }, { message: 'consent must not be empty' }],
    });
    expect(line).toBe(
      `x-1${','.repeat(COLUMNS.length)}7,sex must not be empty; consent must not be empty\r\n`,
    );
  });

  it('holds nothing that a spreadsheet would take for a formula', () => {
    for (const formula of ['=1+1', '+51987654321', '-2', '@SUM(A1)', '\t=1', '\r=1']) {
      const line = refusedLine({ line: 2, cells: cells({ external_id: formula }), errors: [] });
      expect(line.replace(/^"/, '').startsWith(`'${formula}`)).toBe(true);
      expect(withoutGuard(`'${formula}`)).toBe(formula);
    }
  });

  it('leaves a name that begins with an apostrophe as it is', () => {
    expect(withoutGuard("'t Hart")).toBe("'t Hart");
  });

  it('quotes what would end a cell', () => {
    expect(refusedLine({ line: 2, cells: cells({ external_id: 'a,"b"' }), errors: [] })).toMatch(
      /^"a,""b""",/,
    );
  });

  it('can be sent again as it is: its notes are no columns of a manifest, and are not read', () => {
    const { columns } = readHeader(refusedHeader().trim().split(','));
    expect(columns).toEqual([...COLUMNS, null, null]);
  });
});
