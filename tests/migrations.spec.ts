import type { DataSource } from 'typeorm';
import { agency, offer } from './support/fixtures';
import { System } from './support/system';

let system: System;
let sources: [name: string, source: DataSource][];

beforeAll(async () => {
  // All agencies have the same tables, so one stands for all.
  system = await System.start({
    alone: true,
    fixtures: [agency('refuge', offer('shelter', { for: ['shelter'] }))],
  });
  sources = system.topology.services.map((service) => [service.name, service.messaging.dataSource]);
  await system.topology.stop();
  for (const [, source] of sources) await source.initialize();
});
afterAll(async () => {
  for (const [, source] of sources) await source.destroy();
  await system.database.stop();
});

/** Everything in a service's schema that a migration can make. */
async function contents(name: string, source: DataSource): Promise<string[]> {
  const rows: { what: string }[] = await source.query(
    `select 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable as what
       from information_schema.columns where table_schema = $1
     union all select 'index ' || indexdef from pg_indexes where schemaname = $1
     union all select 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid)
       from pg_constraint where connamespace = $1::regnamespace
     union all select 'sequence ' || sequencename from pg_sequences where schemaname = $1
     union all select 'function ' || proname from pg_proc where pronamespace = $1::regnamespace
     order by 1`,
    [name],
  );
  return rows.map((row) => row.what);
}

/** What TypeORM itself keeps to know which migrations ran. */
const isBookkeeping = (what: string) => /\bmigration(_id_seq)?\b/.test(what);

describe('migrations', () => {
  it.each(['coordinator', 'intake', 'refuge'])(
    'of %s lead up from empty, down to empty, and up again',
    async (name) => {
      const source = sources.find(([service]) => service === name)![1];
      const before = await contents(name, source);
      expect(before.filter((what) => !isBookkeeping(what)).length).toBeGreaterThan(20);
      expect(await source.showMigrations()).toBe(false);

      for (const _ of source.migrations) await source.undoLastMigration({ transaction: 'all' });
      expect((await contents(name, source)).filter((what) => !isBookkeeping(what))).toEqual([]);
      expect(await source.showMigrations()).toBe(true);

      await source.runMigrations({ transaction: 'all' });
      expect(await contents(name, source)).toEqual(before);
    },
  );
});
