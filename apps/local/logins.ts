/** Who issues the logins of an installation: an issuer of its own country (OIDC_ISSUER), or one within, for a demonstration. */
import { createPrivateKey } from 'node:crypto';
import { AccessSettings, ClientSettings, ClientTokens, readSettings, SettingsError } from '@retorno/service';
import type { JWK } from 'jose';
import type { ClientMetadata } from 'oidc-provider';
import { openIssuer, type Issuer } from './issuer/issuer';
import { clientSecret, CONSOLE_CLIENT, demonstrationPeople, PORTAL_CLIENT, systems } from './issuer/people';
import type { Secrets } from './secrets';

/** Names the key of the issuer within. */
const TOKEN_KEY_ID = 'retorno-local';

export interface LoginsOptions {
  env: NodeJS.ProcessEnv;
  /** Where this installation is reached. */
  origin: string;
  secrets: Secrets;
  /** Slugs. */
  agencies: readonly string[];
}

/** The logins of an installation. */
export interface Logins {
  /** Settings of every service: whose tokens it takes. */
  readonly env: NodeJS.ProcessEnv;
  /** Within this process; not there when another one is named. */
  readonly issuer?: Issuer;
  /** The password of the people of the demonstration, with the issuer within. */
  readonly password?: string;
  /** Settings of a service that asks others as this client. */
  clientEnv(client: string): NodeJS.ProcessEnv;
  /** Throws SettingsError when the secret of the client is not known. */
  tokens(client: string): ClientTokens;
}

/** The login of a service that asks others; nothing for the rest of them. */
export function clientOf(service: string, logins: Logins): NodeJS.ProcessEnv {
  return [PORTAL_CLIENT, CONSOLE_CLIENT].includes(service) ? logins.clientEnv(service) : {};
}

/** Reads OIDC_ISSUER and what goes with it; without it, opens an issuer within. */
export function loginsOf({ env, origin, secrets, agencies }: LoginsOptions): Logins {
  const isForeign = (env['OIDC_ISSUER'] ?? '') !== '';
  const issuer = isForeign ? undefined : openOwn({ env, origin, secrets, agencies });
  const settings = readSettings(AccessSettings, { ...env, ...(issuer ? { OIDC_ISSUER: issuer.url } : {}) });
  const own = Object.fromEntries(Object.entries(settings)) as NodeJS.ProcessEnv;
  const clientEnv = (client: string): NodeJS.ProcessEnv => ({
    ...own,
    OIDC_CLIENT_ID: client,
    OIDC_CLIENT_SECRET: issuer ? clientSecret(secrets.loginKey, client) : foreignSecret(env, client),
  });
  return {
    env: own,
    ...(issuer ? { issuer, password: passwordOf(secrets) } : {}),
    clientEnv,
    tokens: (client) => new ClientTokens(readSettings(ClientSettings, clientEnv(client))),
  };
}

function openOwn({ env, origin, secrets, agencies }: LoginsOptions): Issuer {
  return openIssuer({
    origin,
    audience: env['OIDC_AUDIENCE'] || new AccessSettings().OIDC_AUDIENCE,
    keys: [tokenKeyOf(secrets)],
    clientKey: secrets.loginKey,
    password: passwordOf(secrets),
    people: demonstrationPeople(agencies),
    systems: systems(agencies),
    pages: [consoleAt(env['PUBLIC_URL'] || origin, secrets)],
  });
}

function consoleAt(publicUrl: string, secrets: Secrets): ClientMetadata {
  return {
    client_id: CONSOLE_CLIENT,
    client_secret: clientSecret(secrets.loginKey, CONSOLE_CLIENT),
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: [new URL('/console/login/callback', publicUrl).href],
    post_logout_redirect_uris: [new URL('/console/bye', publicUrl).href],
  };
}

/** The key that the issuer within signs tokens with. */
export function tokenKeyOf(secrets: Pick<Secrets, 'tokenKey'>): JWK {
  const jwk = createPrivateKey(secrets.tokenKey).export({ format: 'jwk' }) as JWK;
  return { ...jwk, kid: TOKEN_KEY_ID, alg: 'ES256', use: 'sig' };
}

/** Short enough to be typed; good for people of a demonstration on this machine only. */
function passwordOf(secrets: Secrets): string {
  return clientSecret(secrets.loginKey, 'people of the demonstration').slice(0, 10);
}

/** With an issuer of one's own, the secret of `portal` is PORTAL_CLIENT_SECRET, that of `agency-health` AGENCY_HEALTH_CLIENT_SECRET. */
function foreignSecret(env: NodeJS.ProcessEnv, client: string): string {
  const name = `${client.toUpperCase().replaceAll('-', '_')}_CLIENT_SECRET`;
  const secret = env[name];
  if (secret) return secret;
  throw new SettingsError([`${name} must be the secret of the client ${client} at OIDC_ISSUER`]);
}
