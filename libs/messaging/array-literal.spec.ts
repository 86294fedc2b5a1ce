import { Client } from 'pg';
import { startPostgres, type TestDatabase } from '../../tests/support/postgres';
import { withLiteral } from './array-literal';

let postgres: TestDatabase;
let client: Client;

beforeAll(async () => {
  postgres = await startPostgres();
  client = new Client({ connectionString: postgres.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await postgres.stop();
});

const sent = async (type: string, values: unknown[]): Promise<unknown> => {
  const { rows } = await client.query(`select $1::${type}[] as values`, [withLiteral(values)]);
  return rows[0].values;
};

it.each([
  ['nothing', []],
  [
    'words that mean something in a literal',
    ['null', 'NULL', '', ' ', '{', '}', ',', 'a,b', '{a}', "'", '$1'],
  ],
  ['quotes, backslashes and line breaks', ['"', '\\', '\\"', 'a\\nb', 'a\nb', '\t', '{"a":"b\\"c"}']],
  ['letters of all kinds', ['Quispe Ñahui', 'Çelik', '中文', '🙂', '\u2028', '\u007f', '\u0001']],
  ['what is absent', ['a', null, 'b']],
])('an array of texts arrives as it was: %s', async (_what, values) => {
  expect(await sent('text', values)).toEqual(values);
});

it('numbers, truth values and times arrive as they were, and what is undefined as null', async () => {
  expect(await sent('int', [1, -2, null, undefined, 0])).toEqual([1, -2, null, null, 0]);
  expect(await sent('float8', [0.1, 1e21, -1e-9])).toEqual([0.1, 1e21, -1e-9]);
  expect(await sent('boolean', [true, false, null])).toEqual([true, false, null]);
  const at = new Date('2026-11-23T12:00:00.123Z');
  expect(await sent('timestamptz', [at])).toEqual([at]);
  expect(await sent('timestamptz', [at.toISOString()])).toEqual([at]);
  expect(await sent('bytea', [Buffer.from('Ñ')])).toEqual([Buffer.from('Ñ')]);
  expect(await sent('bigint', [9_007_199_254_740_993n])).toEqual(['9007199254740993']);
});
