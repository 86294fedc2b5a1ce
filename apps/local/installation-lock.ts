/** One process at a time per installation: two would answer for the same people without knowing of each other. */
import { SettingsError } from '@retorno/service';
import { Client } from 'pg';

/** Any number; the same in every version. */
const LOCK = 735_861_002;
/** A process that was killed is noticed by the database within moments; so long is waited for that, ms. */
const WAIT_MS = 5_000;

/**
 * Takes the installation's lock, held by a connection: whoever ends, or is killed, gives it back. Throws when another
 * process holds it; SettingsError when an address that was given as DATABASE_URL does not answer.
 */
export async function lockInstallation(
  adminUrl: string,
  isGiven: boolean,
): Promise<{ release(): Promise<void> }> {
  const client = new Client({ connectionString: adminUrl, application_name: 'retorno-local' });
  // The database going away ends the lock with everything else; the services say so on /readyz.
  client.on('error', () => undefined);
  await client.connect().catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined || !isGiven) throw error;
    throw new SettingsError([`DATABASE_URL must be a database that answers: ${error.code}`]);
  });
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
      LOCK,
    ]);
    if (rows[0]?.taken) return { release: () => client.end() };
    if (Date.now() > deadline) {
      await client.end();
      throw new Error('This installation is running already, in another process: end that one first.');
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
