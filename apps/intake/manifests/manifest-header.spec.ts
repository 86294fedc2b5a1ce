import { COLUMNS } from './columns';
import { readHeader } from './manifest-header';

const codes = (cells: readonly string[]) => readHeader(cells).errors?.map((e) => `${e.code} ${e.column}`);

test('the order of the columns is free', () => {
  const turned = COLUMNS.toReversed();
  expect(readHeader(turned).columns).toEqual(turned);
});

test('missing, unknown and repeated columns are all named', () => {
  const names = [...COLUMNS.filter((c) => c !== 'sex'), 'gender', 'needs'];
  expect(codes(names)).toEqual(['missing-column sex', 'duplicate-column needs', 'unknown-column gender']);
});

test('a file without header is told so, and none of its first row comes back', () => {
  const row = ['007-00001', 'consulate:us-miami', 'deportation', '2026-11-20', 'Quispe', 'Ana'];
  expect(codes(row)).toEqual(['missing-header null']);
  expect(JSON.stringify(readHeader(row))).not.toContain('Quispe');
});

test('a header separated by semicolons is told what is wrong', () => {
  expect(codes([COLUMNS.join(';')])).toEqual(['wrong-delimiter null']);
});
