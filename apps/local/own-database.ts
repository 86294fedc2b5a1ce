/** The database that a command is about: the one that is named, or that of `npm start`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SettingsError } from '@retorno/service';
import { lockInstallation } from './installation-lock';
import { startEmbeddedPostgres } from './postgres';

/**
 * DATABASE_URL, or the database of `npm start` in DATA_DIR (.data), running or not: the embedded server is stopped again
 * only when nobody else runs it. Throws SettingsError when there is neither.
 */
export async function databaseOf(env: NodeJS.ProcessEnv): Promise<{ url: string; stop(): Promise<void> }> {
  const url = env['DATABASE_URL'];
  if (url) return { url, stop: async () => undefined };
  const folder = join(env['DATA_DIR'] || '.data', 'postgres');
  if (!existsSync(folder)) {
    throw new SettingsError(['DATABASE_URL must be set, or DATA_DIR be a folder that npm start has run in']);
  }
  const { adminUrl, stop } = await startEmbeddedPostgres(folder, () => undefined);
  const lock = await lockInstallation(adminUrl, false).catch(() => undefined);
  if (!lock) return { url: adminUrl, stop: async () => undefined };
  return {
    url: adminUrl,
    stop: async () => {
      await lock.release();
      await stop();
    },
  };
}
