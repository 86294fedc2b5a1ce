/** The issuer as a client of ours finds it. */
import { allowInsecureRequests, discovery as read, type Configuration } from 'openid-client';
import type { ClientSettings } from './settings';

/** The issuer's description, read when it is first asked for: the issuer may come up after us, so what failed is tried again. */
export function discovery(settings: ClientSettings): () => Promise<Configuration> {
  let known: Promise<Configuration> | undefined;
  return () =>
    (known ??= described(settings).catch((error: unknown) => {
      known = undefined;
      throw error;
    }));
}

/** Throws when it does not answer, or describes another issuer. */
async function described(settings: ClientSettings): Promise<Configuration> {
  const { OIDC_ISSUER: issuer, OIDC_METADATA_URL: elsewhere } = settings;
  const { OIDC_CLIENT_ID: id, OIDC_CLIENT_SECRET: secret } = settings;
  const url = new URL(elsewhere || issuer);
  const insecure = url.protocol === 'http:' ? { execute: [allowInsecureRequests] } : undefined;
  const found = await read(url, id, secret, undefined, insecure);
  // Not looked at by the library when the description stands elsewhere.
  const named = found.serverMetadata().issuer;
  if (named !== issuer) throw new Error(`OIDC_METADATA_URL describes ${named}, not OIDC_ISSUER`);
  return found;
}
