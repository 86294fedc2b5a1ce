/** A real PostgreSQL for tests: DATABASE_URL when it is set, else the embedded one, once per test file. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { startTemporaryPostgres } from '../../apps/local/postgres';

export interface TestDatabase {
  /** Address of an empty database of its own, as its owner. */
  url: string;
  stop(): Promise<void>;
}

/** Starts, or borrows, a server and makes an empty database in it. */
export async function startPostgres(): Promise<TestDatabase> {
  const given = process.env['DATABASE_URL'];
  const server = given ? { adminUrl: given, stop: async () => undefined } : await startTemporaryPostgres();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(server.adminUrl, `create database ${name}`);
  const url = new URL(server.adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    stop: async () => {
      await asAdmin(server.adminUrl, `drop database ${name} with (force)`);
      await server.stop();
    },
  };
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
