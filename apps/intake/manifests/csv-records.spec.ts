import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { MAX_RECORD, readRecords, type CsvRecord } from './csv-records';

async function read(text: string, piece = 7): Promise<CsvRecord[]> {
  const bytes = Buffer.from(text);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  }
  return collect(readRecords(pieces()));
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

const brief = (records: CsvRecord[]) => records.map((r) => [r.line, r.cells ?? r.fault?.code]);

test('cells, quotes, line feeds of both kinds, a byte order mark', async () => {
  expect(brief(await read('\uFEFFa,b\r\n1,"x, ""y"""\r\n,ñ\n'))).toEqual([
    [1, ['a', 'b']],
    [2, ['1', 'x, "y"']],
    [3, ['', 'ñ']],
  ]);
});

test('a record is counted by the physical line where it starts, and empty lines count', async () => {
  expect(brief(await read('a,b\n"1\n2",3\n\n\r\n4,5'))).toEqual([
    [1, ['a', 'b']],
    [2, ['1\n2', '3']],
    [6, ['4', '5']],
  ]);
});

test('a row with too few or too many cells is told, and the others go on', async () => {
  const records = await read('a,b\n1\n2,3,4\n5,6\n');
  expect(records.map((r) => r.fault ?? r.cells)).toEqual([
    ['a', 'b'],
    { code: 'wrong-number-of-cells', found: 1, expected: 2 },
    { code: 'wrong-number-of-cells', found: 3, expected: 2 },
    ['5', '6'],
  ]);
});

test('a quote that is never closed costs its own line only', async () => {
  expect(brief(await read('a,b\n"1,2\n3,4\n5,6\n'))).toEqual([
    [1, ['a', 'b']],
    [2, 'unbalanced-quotes'],
    [3, ['3', '4']],
    [4, ['5', '6']],
  ]);
});

test('two stray quotes do not swallow the rows between them', async () => {
  expect(brief(await read('a,b\n"1,2\n3,4\n5,6"\n7,8\n'))).toEqual([
    [1, ['a', 'b']],
    [2, 'wrong-number-of-cells'],
    [3, ['3', '4']],
    [4, 'unbalanced-quotes'],
    [5, ['7', '8']],
  ]);
});

test('a quote inside an unquoted cell is told', async () => {
  expect(brief(await read('a,b\nJ "P",2\n3,4\n'))).toEqual([
    [1, ['a', 'b']],
    [2, 'unbalanced-quotes'],
    [3, ['3', '4']],
  ]);
});

test('a row longer than allowed is told without being held in memory', async () => {
  const text = `a,b\n${'x'.repeat(3 * MAX_RECORD)},1\n3,4\n"${'y\n'.repeat(MAX_RECORD)}`;
  const records = brief(await read(text, 10_000));
  expect(records.slice(0, 4)).toEqual([
    [1, ['a', 'b']],
    [2, 'row-too-long'],
    [3, ['3', '4']],
    [4, 'unbalanced-quotes'],
  ]);
});

test('whatever a CSV writer writes is read back, however the file is cut in pieces', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'ñ', '😀', ',', '"', '\n', ' ', '|') });
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
    );
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (rows, piece) => {
      const text = rows.map((row) => row.map(quoted).join(',')).join('\r\n');
      expect((await read(text, piece)).map((r) => r.cells)).toEqual(
        parse(text, { relax_column_count: true }),
      );
    }),
  );
});

test('no text makes it throw or lose a line that has no quote', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r') });
  await fc.assert(
    fc.asyncProperty(text, async (body) => {
      const records = await read(`a,b\n${body}\n1,2\n`);
      expect(records.at(-1)?.cells?.at(-1)?.endsWith('2') ?? records.at(-1)?.fault).toBeTruthy();
      for (const record of records) expect(record.line).toBeGreaterThan(0);
    }),
  );
});
