/** What the console asks of the issuer: code flow with PKCE (RFC 7636), refreshing, logging out. */
import { Inject, Injectable } from '@nestjs/common';
import { discovery, SETTINGS } from '@retorno/service';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
} from 'openid-client';
import { ConsoleSettings } from '../settings';

/** What must be remembered from the way to the issuer until the way back. */
export interface Departure {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The page that was asked for. */
  readonly returnTo: string;
}

/** Tokens of somebody who has logged in. */
export interface Tokens {
  readonly access: string;
  readonly refresh?: string;
  readonly id?: string;
}

/** Tokens and how long the access token is good, ms. */
export interface Granted {
  readonly tokens: Tokens;
  readonly lifeMs: number;
}

@Injectable()
export class Issuer {
  private readonly configuration: ReturnType<typeof discovery>;

  constructor(@Inject(SETTINGS) private readonly settings: ConsoleSettings) {
    this.configuration = discovery(settings);
  }

  /** The address to send somebody to, and what to remember. */
  async depart(returnTo: string): Promise<{ url: string; departure: Departure }> {
    const departure = {
      state: randomState(),
      nonce: randomNonce(),
      verifier: randomPKCECodeVerifier(),
      returnTo,
    };
    const url = buildAuthorizationUrl(await this.configuration(), {
      redirect_uri: this.callbackUrl(),
      scope: 'openid profile',
      resource: this.settings.OIDC_AUDIENCE,
      state: departure.state,
      nonce: departure.nonce,
      code_challenge: await calculatePKCECodeChallenge(departure.verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, departure };
  }

  /** The tokens for the code that somebody came back with. Throws when it is not the answer to the departure. */
  async arrive(address: string, { state, nonce, verifier }: Departure): Promise<Granted> {
    const granted = await authorizationCodeGrant(
      await this.configuration(),
      new URL(address, this.settings.PUBLIC_URL),
      { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
      { resource: this.settings.OIDC_AUDIENCE },
    );
    return grantedOf(granted, {});
  }

  /** New tokens for old ones. Throws when the issuer does not let this session go on. */
  async refresh(tokens: Tokens): Promise<Granted> {
    if (tokens.refresh === undefined) throw new Error('the issuer gave no refresh token');
    const granted = await refreshTokenGrant(await this.configuration(), tokens.refresh, {
      resource: this.settings.OIDC_AUDIENCE,
    });
    return grantedOf(granted, tokens);
  }

  /** Where the issuer's own session is ended. */
  async endUrl(tokens: Tokens): Promise<string> {
    const url = buildEndSessionUrl(await this.configuration(), {
      post_logout_redirect_uri: new URL('/console/bye', this.settings.PUBLIC_URL).href,
      ...(tokens.id === undefined ? {} : { id_token_hint: tokens.id }),
    });
    return url.href;
  }

  private callbackUrl(): string {
    return new URL('/console/login/callback', this.settings.PUBLIC_URL).href;
  }
}

function grantedOf(
  granted: {
    access_token: string;
    refresh_token?: string;
    id_token?: string;
    expiresIn(): number | undefined;
  },
  before: Partial<Tokens>,
): Granted {
  const refresh = granted.refresh_token ?? before.refresh;
  const id = granted.id_token ?? before.id;
  return {
    tokens: {
      access: granted.access_token,
      ...(refresh === undefined ? {} : { refresh }),
      ...(id === undefined ? {} : { id }),
    },
    lifeMs: (granted.expiresIn() ?? 60) * 1_000,
  };
}
