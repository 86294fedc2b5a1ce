/** Bearer tokens (RFC 6750, RFC 9068): who issued them, for whom, and whether they are still good. */
import { createHash } from 'node:crypto';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { callerOf, UnusableToken, type Caller } from './caller';
import { SettingsError } from '../settings';
import { AccessSettings } from './settings';

/** Longest life of a token that is taken, s: what was revoked at the issuer is over after that. */
const LONGEST_LIFE_S = 900;
/** Clocks of two machines differ, s. */
const TOLERANCE_S = 10;
/** Tokens remembered as verified: checking a signature costs 0.2 ms, more than a short list's query. */
const REMEMBERED = 2_000;

/** Finds out who sent a request. */
export interface Tokens {
  /** Throws BadToken when the token is not good, IssuerAway when that cannot be found out now. */
  callerOf(token: string): Promise<Caller>;
}

/** Forged, expired, made for somebody else, or not saying who its holder is. The message names no secret. */
export class BadToken extends Error {}

/** The issuer's keys cannot be fetched. */
export class IssuerAway extends Error {}

/** Tokens of the issuer that the settings name. Throws SettingsError when its keys are given and cannot be read. */
export function tokensOf(settings: AccessSettings): Tokens {
  return new IssuedTokens(settings, keysOf(settings));
}

function keysOf(settings: AccessSettings): JWTVerifyGetKey {
  if (settings.OIDC_JWKS === '') {
    const url = settings.OIDC_JWKS_URL || `${settings.OIDC_ISSUER.replace(/\/$/, '')}/jwks`;
    return createRemoteJWKSet(new URL(url), { timeoutDuration: 5_000, cooldownDuration: 5_000 });
  }
  try {
    return createLocalJWKSet(JSON.parse(settings.OIDC_JWKS) as JSONWebKeySet);
  } catch {
    throw new SettingsError(['OIDC_JWKS must be a JSON Web Key Set: {"keys":[…]}']);
  }
}

class IssuedTokens implements Tokens {
  private readonly known = new Map<string, { caller: Caller; until: number }>();

  constructor(
    private readonly settings: AccessSettings,
    private readonly keys: JWTVerifyGetKey,
  ) {}

  async callerOf(token: string): Promise<Caller> {
    // Not the token itself: what lies in memory for long should not be good for anything.
    const id = createHash('sha256').update(token).digest('base64');
    const known = this.known.get(id);
    if (known && known.until > Date.now()) return known.caller;
    this.known.delete(id);
    const { caller, until } = await this.verified(token);
    if (this.known.size >= REMEMBERED) this.known.delete(this.known.keys().next().value!);
    this.known.set(id, { caller, until });
    return caller;
  }

  private async verified(token: string): Promise<{ caller: Caller; until: number }> {
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer: this.settings.OIDC_ISSUER,
        audience: this.settings.OIDC_AUDIENCE,
        algorithms: this.settings.OIDC_ALGORITHMS.split(','),
        maxTokenAge: LONGEST_LIFE_S,
        clockTolerance: TOLERANCE_S,
        requiredClaims: ['sub', 'exp', 'iat'],
      });
      return { caller: callerOf(payload), until: (payload.exp! + TOLERANCE_S) * 1_000 };
    } catch (error) {
      if (error instanceof UnusableToken)
        throw new BadToken(`The token does not say who you are: ${error.message}.`);
      throw refusalOf(error);
    }
  }
}

/** jose's errors, told apart: what the caller did, and what only we can mend. */
function refusalOf(error: unknown): Error {
  if (error instanceof errors.JWTExpired) return new BadToken('The token has expired: get a new one.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new BadToken(`The token is not for this place: ${error.claim} is not what it must be.`);
  }
  const isForged =
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JOSENotSupported;
  if (isForged) return new BadToken('The token was not issued by whom we trust.');
  return new IssuerAway('The keys of the issuer cannot be fetched.');
}
