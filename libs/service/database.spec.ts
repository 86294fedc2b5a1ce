import { eventually } from '../../tests/support/eventually';
import { startPostgres, type TestDatabase } from '../../tests/support/postgres';
import { TcpProxy } from '../../tests/faults/proxy';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { openDatabase } from './database';

let database: TestDatabase;
let source: DataSource;
let admin: Client;
const uncaught: unknown[] = [];
const note = (error: unknown): void => void uncaught.push(error);

beforeAll(async () => {
  database = await startPostgres();
  source = await openDatabase({ url: database.url, schema: 'mill', migrations: [] });
  admin = new Client({ connectionString: database.url });
  await admin.connect();
  process.on('uncaughtException', note);
});
afterAll(async () => {
  process.off('uncaughtException', note);
  await admin.end();
  await source.destroy();
  await database.stop();
});

/** Ends every connection of the service; how many there were. */
async function interrupt(): Promise<number> {
  const { rowCount } = await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'retorno-mill'`,
  );
  return rowCount ?? 0;
}

describe('an interrupted database', () => {
  it('fails queries, never the process, and the service goes on', async () => {
    let ended = 0;
    for (let n = 0; n < 30; n++) {
      const work = [
        ...Array.from({ length: 4 }, () => source.query('select pg_sleep(0.02)')),
        source.transaction(async (tx) => {
          await tx.query('select 1');
          await new Promise((resolve) => setImmediate(resolve));
          await tx.query('select pg_sleep(0.01)');
        }),
      ];
      const done = Promise.allSettled(work);
      ended += await interrupt();
      await done;
      ended += await interrupt();
    }
    expect(ended).toBeGreaterThan(0);
    expect(uncaught).toEqual([]);
    // The pool learns of a dead connection a moment after the server has ended it.
    expect(await eventually(() => source.query('select 2 as two'))).toEqual([{ two: 2 }]);
  });

  it('finds a listener on every connection, idle or in use, from its first moment', async () => {
    const fresh = await openDatabase({ url: database.url, schema: 'bakery', migrations: [] });
    const pool = (fresh.driver as unknown as { master: { Client: new () => Client } }).master;
    expect(new pool.Client().listenerCount('error')).toBeGreaterThan(0);
    const runner = fresh.createQueryRunner();
    const client = (await runner.connect()) as Client;
    const inUse = client.listenerCount('error');
    await runner.release();
    await fresh.destroy();
    expect(inUse).toBeGreaterThan(0);
    expect(client).toBeInstanceOf(pool.Client);
  });

  it('gives up a connection on which a query waits and nothing is heard, and takes another', async () => {
    const url = new URL(database.url);
    const line = await TcpProxy.open(Number(url.port));
    url.port = String(line.port);
    const far = await openDatabase({
      url: url.toString(),
      schema: 'granary',
      migrations: [],
      poolSize: 1,
      silenceMs: 300,
    });
    try {
      await far.query('select 1');
      const end = line.disturb({ swallows: ['down'] }, true);
      await expect(far.query('select 1')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
      end();
      expect(await far.query('select 2 as two')).toEqual([{ two: 2 }]);
    } finally {
      await far.destroy();
      await line.close();
    }
  });

  it('ends a transaction whose client is not heard of any more: its locks are free again', async () => {
    const mute = await openDatabase({
      url: database.url,
      schema: 'granary',
      migrations: [],
      poolSize: 1,
      silenceMs: 300,
    });
    await mute.query('create table if not exists sack (name text primary key)');
    await mute.query("insert into sack values ('rye') on conflict do nothing");
    const runner = mute.createQueryRunner();
    await runner.startTransaction();
    await runner.query("select from sack where name = 'rye' for update");
    await eventually(() => admin.query("select from granary.sack where name = 'rye' for update nowait"));
    await runner.release();
    await mute.destroy();
  });
});
