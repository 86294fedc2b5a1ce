/** Tokens as the issuer within signs them, without a login: for trying the interface by hand, tests and benchmarks. */
import { AccessSettings } from '@retorno/service';
import { importJWK, SignJWT } from 'jose';
import { tokenKeyOf } from '../logins';
import type { Secrets } from '../secrets';
import type { Holder } from './people';

/** Value of an Authorization header that is good for 14 minutes at services that take `issuer`'s tokens. */
export async function bearerOf(
  { id, name, roles, agency, authority, isSystem }: Holder,
  issuer: string,
  secrets: Pick<Secrets, 'tokenKey'>,
): Promise<string> {
  const key = tokenKeyOf(secrets);
  const claims = {
    name,
    roles,
    ...(agency && { agency }),
    ...(authority && { authority }),
    ...(isSystem && { client_id: id }),
  };
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: key.kid! })
    .setSubject(id)
    .setIssuer(issuer)
    .setAudience(new AccessSettings().OIDC_AUDIENCE)
    .setIssuedAt()
    .setExpirationTime('14m')
    .sign(await importJWK(key, 'ES256'));
  return `Bearer ${token}`;
}
