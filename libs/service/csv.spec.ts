import { parse } from 'csv-parse/sync';
import { csvOf } from './csv';

test('a table reads back as it was written, hidden figures empty', () => {
  const csv = csvOf(
    ['sex', 'cases'],
    [
      ['F', 40],
      ['a "b", c\nd', null],
    ],
  );
  expect(parse(csv)).toEqual([
    ['sex', 'cases'],
    ['F', '40'],
    ['a "b", c\nd', ''],
  ]);
  expect(csv.endsWith('\r\n')).toBe(true);
});

test.each(['=1+1', '+1', '-1', '@sum', '\t=1', ' =1', '\n=1', '＝1', '＠sum'])(
  'a text that a spreadsheet would run stays text: %j',
  (text) => {
    expect(parse(csvOf(['x'], [[text]]))).toEqual([['x'], [`'${text}`]]);
  },
);
