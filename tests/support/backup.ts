/** A service's database lost, and brought back as it was earlier. */
import { DataSource } from 'typeorm';
import type { System } from './system';

/** A service's tables as they are now; the function that it gives puts them back, as after a disk was lost. */
export async function backup(system: System, schema: string): Promise<() => Promise<void>> {
  const admin = async (work: (database: DataSource) => Promise<void>): Promise<void> => {
    const url = system.database.url;
    const database = await new DataSource({ type: 'postgres', url, poolSize: 1 }).initialize();
    // A restore asks no trigger: the ledger takes no changes otherwise.
    await database.query('set session_replication_role = replica');
    await work(database).finally(() => database.destroy());
  };
  let tables: { name: string }[] = [];
  await admin(async (database) => {
    tables = await database.query(
      `select tablename as name from pg_tables where schemaname = $1 and tablename not in ('migrations', 'lease')`,
      [schema],
    );
    await database.query(`create schema backup_${schema}`);
    for (const { name } of tables)
      await database.query(`create table backup_${schema}.${name} as table ${schema}.${name}`);
  });
  return () =>
    admin(async (database) => {
      await database.query(`truncate ${tables.map(({ name }) => `${schema}.${name}`).join(', ')}`);
      for (const { name } of tables) {
        await database.query(
          `insert into ${schema}.${name} overriding system value table backup_${schema}.${name}`,
        );
      }
      await database.query(`drop schema backup_${schema} cascade`);
    });
}
