/**
 * Wraps every key of personal data under the first key of VAULT_KEY (`2:<new digits>,1:<old digits>`), while the services
 * run (docs/how-to/change-the-vault-key.md). It may be ended and run again at any moment.
 *
 *     node dist/apps/local/vault/main.js            the database in DATABASE_URL, or that of `npm start` in DATA_DIR (.data)
 *     node dist/apps/local/vault/main.js --count    only says how many keys are left
 *
 * DATABASE_URL is the address by which the services were provisioned: its role owns the schema vault. Exit code: 0 every
 * key is under the new one, 1 some are not, 2 it could not be done, 78 wrong settings.
 */
import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { configuredWrapper, otherwiseWrapped, rewrapKeys } from '@retorno/messaging';
import { readSettings, SettingsError, VaultSettings } from '@retorno/service';
import { Client } from 'pg';
import { databaseOf } from '../own-database';

async function main(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parseArgs({ args, options: { count: { type: 'boolean' } } });
  const { VAULT_KEY } = readSettings(VaultSettings, { VAULT_KEY: await vaultKeyOf(env) });
  const wrapper = configuredWrapper(VAULT_KEY);
  const database = await databaseOf(env);
  try {
    const client = new Client({ connectionString: database.url, application_name: 'retorno-vault' });
    await client.connect();
    try {
      if (!values.count) await rewrap(client, wrapper);
      const left = await otherwiseWrapped(client, wrapper);
      say(left === 0 ? `Every key is wrapped under version ${wrapper.version}.` : waiting(left));
      return left === 0 ? 0 : 1;
    } finally {
      await client.end();
    }
  } finally {
    await database.stop();
  }
}

async function rewrap(client: Client, wrapper: ReturnType<typeof configuredWrapper>): Promise<void> {
  const { broken } = await rewrapKeys(client, wrapper, ({ done, total }) => say(`${done} of ${total} keys`));
  for (const subject of broken) say(`The key of ${subject} cannot be opened: it was changed, or moved here.`);
}

function waiting(left: number): string {
  return (
    `${left} keys are wrapped under another version. Start every service with the new VAULT_KEY, then run this again; ` +
    'keep the old one until nothing is left.'
  );
}

/** The setting, or for the database of `npm start` what stands in its folder. */
async function vaultKeyOf(env: NodeJS.ProcessEnv): Promise<string> {
  const given = env['VAULT_KEY'];
  if (given || env['DATABASE_URL']) return given ?? '';
  const file = join(env['DATA_DIR'] || '.data', 'secrets.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { vaultKey?: string }).vaultKey ?? '';
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main(process.argv.slice(2), process.env).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`vault:rewrap: ${error instanceof Error ? error.message : String(error)}\n`);
    const isUsage =
      error instanceof SettingsError ||
      String((error as { code?: unknown } | null)?.code).startsWith('ERR_PARSE_ARGS');
    process.exitCode = isUsage ? 78 : 2;
  },
);
