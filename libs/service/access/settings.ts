/** Which issuer of tokens a service trusts. */
import { IsString, IsUrl, Matches, MinLength, ValidateBy, ValidateIf } from 'class-validator';

const ADDRESS = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };
/** Asymmetric only: with a shared secret every service could issue tokens. */
const ALGORITHMS = ['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA'];

function areAlgorithms(list: unknown): boolean {
  return String(list)
    .split(',')
    .every((name) => ALGORITHMS.includes(name));
}

export class AccessSettings {
  /** The `iss` of tokens: an OpenID Connect issuer. */
  @IsUrl(ADDRESS, {
    message:
      'OIDC_ISSUER must be the address of the OpenID Connect issuer: https://login.example.org/realms/retorno',
  })
  OIDC_ISSUER: string = '';

  /** The `aud` that a token must be made for. */
  @Matches(/^\S+$/, { message: 'OIDC_AUDIENCE must be the audience of tokens: urn:retorno:api' })
  OIDC_AUDIENCE: string = 'urn:retorno:api';

  /** Signatures that are taken, separated by commas. */
  @ValidateBy(
    { name: 'areAlgorithms', validator: { validate: areAlgorithms } },
    { message: `OIDC_ALGORITHMS must be some of ${ALGORITHMS.join(', ')}, separated by commas` },
  )
  OIDC_ALGORITHMS: string = 'ES256';

  /** Where the issuer's keys are; empty: `/jwks` below the issuer. */
  @ValidateIf((settings: AccessSettings) => settings.OIDC_JWKS_URL !== '')
  @IsUrl(ADDRESS, { message: 'OIDC_JWKS_URL must be the address of the issuer’s keys' })
  OIDC_JWKS_URL: string = '';

  /** Where the issuer's description is read, when it is not below the issuer's own address: within a network of containers. */
  @ValidateIf((settings: AccessSettings) => settings.OIDC_METADATA_URL !== '')
  @IsUrl(ADDRESS, {
    message:
      'OIDC_METADATA_URL must be the address of the issuer’s description: ' +
      'http://keycloak:8080/realms/retorno/.well-known/openid-configuration',
  })
  OIDC_METADATA_URL: string = '';

  /** The issuer's public keys themselves, where a service cannot reach the issuer. */
  @IsString()
  OIDC_JWKS: string = '';
}

/** Settings of a service that asks others. */
export class ClientSettings extends AccessSettings {
  /** Our name at the issuer. */
  @MinLength(1, { message: 'OIDC_CLIENT_ID must be the name under which the issuer knows this service' })
  OIDC_CLIENT_ID: string = '';

  @IsString()
  @MinLength(16, { message: 'OIDC_CLIENT_SECRET must be the secret that the issuer gave to this service' })
  OIDC_CLIENT_SECRET: string = '';
}
