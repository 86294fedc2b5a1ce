/** A new wrapping key against a real PostgreSQL: interrupted, beside an erasure, and with a key that was damaged. */
import {
  configuredWrapper,
  ERASED,
  otherwiseWrapped,
  PostgresVault,
  rewrapKeys,
  installVault,
} from '@retorno/messaging';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { eventually } from './support/eventually';
import { startPostgres, type TestDatabase } from './support/postgres';

const OLD = `1:${'ab'.repeat(32)}`;
const NEW = `2:${'cd'.repeat(32)}`;
const both = configuredWrapper(`${NEW},${OLD}`);
const MANY = 1_100;

let database: TestDatabase;
let source: DataSource;
let client: Client;
let before: ReadonlyMap<string, unknown>;

beforeAll(async () => {
  database = await startPostgres();
  source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await installVault(client);
});

beforeEach(async () => {
  await client.query('truncate vault.subject_key');
  const subjects = Array.from({ length: MANY }, (_, i) => `health/${i}`);
  const vault = new PostgresVault(configuredWrapper(OLD), 0);
  before = await source.transaction((tx) => vault.keys(tx, subjects, () => undefined));
});

afterAll(async () => {
  await client.end();
  await source.destroy();
  await database.stop();
});

/** What a service that has only this setting finds. */
function keysUnder(setting: string) {
  const vault = new PostgresVault(configuredWrapper(setting), 0);
  return source.transaction((tx) => vault.keys(tx, [...before.keys()]));
}

test('every key is the same as before under the new wrapping key, and the old one is needed no more', async () => {
  const progress: number[] = [];
  const result = await rewrapKeys(client, both, ({ done, total }) => progress.push(done, total));
  expect(result).toEqual({ done: MANY, total: MANY, broken: [] });
  expect(progress).toEqual([500, MANY, 1_000, MANY, MANY, MANY]);
  expect(await keysUnder(NEW)).toEqual(before);
  await expect(keysUnder(OLD)).rejects.toThrow('VAULT_KEY lacks version 2');
  expect(await otherwiseWrapped(client, both)).toBe(0);
});

test('interrupted it goes on with what is left, and until then both keys open everything', async () => {
  const ended = rewrapKeys(client, both, () => {
    throw new Error('killed');
  });
  await expect(ended).rejects.toThrow('killed');
  expect(await otherwiseWrapped(client, both)).toBe(MANY - 500);
  expect(await keysUnder(`${NEW},${OLD}`)).toEqual(before);
  expect(await rewrapKeys(client, both)).toMatchObject({ done: MANY - 500, total: MANY - 500 });
  expect(await keysUnder(NEW)).toEqual(before);
});

test('a key that is erased at the same time stays erased', async () => {
  const other = new Client({ connectionString: database.url });
  await other.connect();
  await other.query('begin');
  await other.query(`select vault.erase(array['health/7'])`);
  const running = rewrapKeys(client, both);
  await eventually(async () => {
    const waiting = await source.query(`select from pg_locks where not granted`);
    return waiting.length > 0;
  });
  await other.query('commit');
  await other.end();
  expect(await running).toMatchObject({ done: MANY - 1 });
  expect((await keysUnder(NEW)).get('health/7')).toBe(ERASED);
});

test('a key that was damaged is named and left as it is; all others are wrapped anew', async () => {
  await client.query(
    `update vault.subject_key set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where subject = 'health/42'`,
  );
  expect(await rewrapKeys(client, both)).toEqual({ done: MANY - 1, total: MANY, broken: ['health/42'] });
  expect(await otherwiseWrapped(client, both)).toBe(1);
});

test('without the old key nothing is changed, and the version that is missing is named', async () => {
  await expect(rewrapKeys(client, configuredWrapper(NEW))).rejects.toThrow('VAULT_KEY lacks version 1');
  expect(await keysUnder(OLD)).toEqual(before);
});
