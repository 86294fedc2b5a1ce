/**
 * `npm run --silent token -- operations`: the Authorization header of somebody of the demonstration, for trying the
 * interface by hand. It needs the key of this installation's own issuer, which lies in DATA_DIR for its owner only.
 */
import 'reflect-metadata';
import { readSettings, SettingsError } from '@retorno/service';
import { discoverAgencies } from '../discover';
import { ISSUER_ROUTE } from '../issuer/issuer';
import { demonstrationPeople, systems } from '../issuer/people';
import { bearerOf } from '../issuer/sign';
import { secretsOf } from '../secrets';
import { InstallationSettings } from '../settings';

async function main(): Promise<void> {
  const { DATA_DIR, PORT } = readSettings(InstallationSettings, process.env);
  const slugs = discoverAgencies().map((agency) => agency.slug);
  const holders = [...demonstrationPeople(slugs), ...systems(slugs)];
  const holder = holders.find(({ id }) => id === process.argv[2]);
  if (!holder) throw new SettingsError([`name one of ${holders.map(({ id }) => id).join(', ')}`]);
  const secrets = await secretsOf(DATA_DIR);
  const bearer = await bearerOf(holder, `http://127.0.0.1:${PORT}${ISSUER_ROUTE}`, secrets);
  process.stdout.write(`Authorization: ${bearer}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`token: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof SettingsError ? 78 : 1);
});
