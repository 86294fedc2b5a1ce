/** A real PostgreSQL for tests: DATABASE_URL when it is set, else the embedded one. Each test file has a database of its own. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { startTemporaryPostgres } from '../../apps/local/postgres';
import { heldServer } from './held-postgres';

export interface TestDatabase {
  /** Address of an empty database of its own, as its owner. */
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts, or borrows, a server and makes an empty database in it. Two whole systems at a time need a server each, be it
 * `ofItsOwn`: the services' roles and passwords are the server's.
 */
export async function startPostgres({ ofItsOwn = false } = {}): Promise<TestDatabase> {
  const given = ofItsOwn ? undefined : process.env['DATABASE_URL'];
  const held = ofItsOwn || given ? undefined : await heldServer();
  const lent = given ?? held;
  const server = lent ? { adminUrl: lent, stop: async () => undefined } : await startTemporaryPostgres();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(server.adminUrl, (admin) => admin.query(`create database ${name}`));
  const url = new URL(server.adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    stop: async () => {
      await asAdmin(server.adminUrl, async (admin) => {
        await admin.query(`drop database ${name} with (force)`);
        if (held) await dropRoles(admin);
      });
      await server.stop();
    },
  };
}

/** What services logged in as goes with a worker's last database: the next spec file finds none of it. */
async function dropRoles(admin: Client): Promise<void> {
  const { rows } = await admin.query<{ drop: string }>(
    `select format('drop role %I', rolname) as drop from pg_roles
     where rolname <> current_user and rolname !~ '^pg_'
       and not exists (select from pg_database where datname ~ '^test_')
     -- The newest first: who made a role and gave it to another goes after them.
     order by pg_roles.oid desc`,
  );
  for (const { drop } of rows) await admin.query(drop);
}

async function asAdmin(url: string, work: (admin: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
