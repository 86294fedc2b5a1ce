import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { startPostgres, type TestDatabase } from '../../tests/support/postgres';
import { openDatabase, provision } from './database';
import { OwnRows, ownRowsRole, WHOSE } from './own-rows';

class Sacks1700000000001 implements MigrationInterface {
  name = 'Sacks1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    const role = ownRowsRole('mill');
    await runner.query(`
      create table sack (farmer text not null, kilos int not null);
      insert into sack values ('ana', 10), ('ana', 20), ('beto', 30);
      create table secret (word text);
      grant usage on schema mill to ${role};
      alter table sack enable row level security;
      create policy own_rows on sack to ${role} using (farmer = ${WHOSE});
      grant select, insert, update on sack to ${role}`);
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

let database: TestDatabase;
let source: DataSource;
let rows: OwnRows;

beforeAll(async () => {
  database = await startPostgres();
  const url = await provision(database.url, 'mill', 'password of mill');
  // One connection: whatever a request leaves on it, the next one finds.
  source = await openDatabase({ url, schema: 'mill', migrations: [Sacks1700000000001], poolSize: 1 });
  rows = new OwnRows(source, 'mill');
}, 60_000);
afterAll(async () => {
  await source.destroy();
  await database.stop();
});

const ALL = 'select farmer, kilos from sack order by kilos';
/** Who the pool's connection is to the database, and whose rows it would show. */
const standing = () =>
  source.query(`select current_user as role, coalesce(current_setting('retorno.whose', true), '') as whose`);
const AS_SERVICE = [{ role: 'retorno_mill', whose: '' }];

describe('rows of one owner', () => {
  it('are the only ones there, without any condition', async () => {
    expect(await rows.of('ana').query(ALL)).toEqual([
      { farmer: 'ana', kilos: 10 },
      { farmer: 'ana', kilos: 20 },
    ]);
    expect(await rows.of('beto').query('select count(*)::int as n from sack')).toEqual([{ n: 1 }]);
    expect(await rows.of(undefined).query(ALL)).toHaveLength(3);
  });

  it('are none where nobody is named', async () => {
    expect(await rows.of('').query(ALL)).toEqual([]);
    expect(await rows.of("ana' or true --").query(ALL)).toEqual([]);
    await source.transaction(async (tx) => {
      await tx.query(`set local role ${ownRowsRole('mill')}`);
      expect(await tx.query(ALL)).toEqual([]);
    });
  });

  it('are the only ones that can be added or changed', async () => {
    await expect(rows.of('ana').query(`insert into sack values ('beto', 1)`)).rejects.toThrow(/row-level/);
    await expect(rows.of('ana').query(`update sack set farmer = 'beto'`)).rejects.toThrow(/row-level/);
    await rows.of('ana').query('update sack set kilos = kilos + 1');
    expect(await source.query(ALL)).toEqual([
      { farmer: 'ana', kilos: 11 },
      { farmer: 'ana', kilos: 21 },
      { farmer: 'beto', kilos: 30 },
    ]);
  });

  it('are all that a login may see: a table that no migration gave it is refused', async () => {
    await expect(rows.of('ana').query('select * from secret')).rejects.toThrow(/permission denied/);
    await expect(rows.of('ana').query('select * from outbox')).rejects.toThrow(/permission denied/);
  });

  it('are forgotten by the connection with the statement, whether it failed or not', async () => {
    await rows.of('ana').query(ALL);
    expect(await standing()).toEqual(AS_SERVICE);
    await expect(rows.of('ana').query('select 1 / 0')).rejects.toThrow(/division/);
    expect(await standing()).toEqual(AS_SERVICE);
    expect(await source.query(ALL)).toHaveLength(3);
  });

  it('are never those of whoever asks at the same time', async () => {
    const asked = Array.from({ length: 20 }, (_, n) => (n % 2 ? 'ana' : 'beto'));
    const seen = await Promise.all(
      asked.map((farmer) => rows.of(farmer).query('select distinct farmer from sack')),
    );
    expect(seen).toEqual(asked.map((farmer) => [{ farmer }]));
  });

  it('are there within a transaction of the service for one statement, and then all', async () => {
    await source.transaction(async (tx) => {
      expect(await rows.of('ana', tx).query(ALL)).toHaveLength(2);
      expect(await tx.query(ALL)).toHaveLength(3);
      expect(await rows.of(undefined, tx).query(ALL)).toHaveLength(3);
    });
  });

  it('stay the only ones when a statement fails in a transaction, which is over', async () => {
    const failed = source.transaction(async (tx) => {
      await rows
        .of('ana', tx)
        .query('select 1 / 0')
        .catch(() => undefined);
      await tx.query(ALL);
    });
    await expect(failed).rejects.toThrow(/aborted/);
    expect(await standing()).toEqual(AS_SERVICE);
  });

  it('are told apart in a service that runs alone, too', async () => {
    const alone = await openDatabase({ url: database.url, schema: 'bakery', migrations: [] });
    await alone.query(`
      create table loaf (baker text);
      insert into loaf values ('ana'), ('beto');
      grant usage on schema bakery to ${ownRowsRole('bakery')};
      grant select on loaf to ${ownRowsRole('bakery')};
      alter table loaf enable row level security;
      create policy own_rows on loaf using (baker = ${WHOSE})`);
    expect(await new OwnRows(alone, 'bakery').of('ana').query('select * from loaf')).toEqual([
      { baker: 'ana' },
    ]);
    await alone.destroy();
  });
});
