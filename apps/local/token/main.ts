/**
 * `npm run --silent token -- operations`: the Authorization header of somebody of the demonstration, for trying the
 * interface by hand. It needs the key of this installation's own issuer, which lies in DATA_DIR for its owner only.
 */
import 'reflect-metadata';
import { AccessSettings, readSettings, SettingsError } from '@retorno/service';
import { importPKCS8, SignJWT } from 'jose';
import { discoverAgencies } from '../discover';
import { ISSUER_ROUTE } from '../issuer/issuer';
import { demonstrationPeople, systems } from '../issuer/people';
import { TOKEN_KEY_ID } from '../logins';
import { secretsOf } from '../secrets';
import { InstallationSettings } from '../settings';

async function main(): Promise<void> {
  const { DATA_DIR, PORT } = readSettings(InstallationSettings, process.env);
  const slugs = discoverAgencies().map((agency) => agency.slug);
  const holders = [...demonstrationPeople(slugs), ...systems(slugs)];
  const holder = holders.find(({ id }) => id === process.argv[2]);
  if (!holder) throw new SettingsError([`name one of ${holders.map(({ id }) => id).join(', ')}`]);
  const { id, name, roles, agency, authority } = holder;
  const { tokenKey } = await secretsOf(DATA_DIR);
  const token = await new SignJWT({ name, roles, ...(agency && { agency }), ...(authority && { authority }) })
    .setProtectedHeader({ alg: 'ES256', kid: TOKEN_KEY_ID })
    .setSubject(id)
    .setIssuer(`http://127.0.0.1:${PORT}${ISSUER_ROUTE}`)
    .setAudience(new AccessSettings().OIDC_AUDIENCE)
    .setIssuedAt()
    .setExpirationTime('14m')
    .sign(await importPKCS8(tokenKey, 'ES256'));
  process.stdout.write(`Authorization: Bearer ${token}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`token: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof SettingsError ? 78 : 1);
});
