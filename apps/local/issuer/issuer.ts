/**
 * An OpenID Connect issuer within this process, for an installation that has no other. Loopback only, people of a
 * demonstration only, sessions in memory: an installation with real people names its own issuer (OIDC_ISSUER).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { urlencoded, type Request, type Response } from 'express';
import type { JWK } from 'jose';
import type { Configuration, ClientMetadata, Provider } from 'oidc-provider';
import { loginPage, logoutPage, STYLE_HASH } from './login-page';
import { clientSecret, type Holder } from './people';
import { quietly } from './quietly';

/** Address prefix that the issuer answers. */
export const ISSUER_ROUTE = '/login';
/** Life of an access token, s: what a lead takes away from somebody is gone after that. */
const TOKEN_S = 300;
const SESSION_S = 8 * 3_600;
const INTERACTION_S = 600;

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src '${STYLE_HASH}'; img-src data:; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export interface IssuerOptions {
  /** `http://127.0.0.1:3000` */
  origin: string;
  audience: string;
  /** Private keys that tokens are signed with, the first one now. */
  keys: readonly JWK[];
  /** 32 bytes, hex: the clients' secrets and the cookies' signatures derive from it. */
  clientKey: string;
  /** Everybody's password. */
  password: string;
  people: readonly Holder[];
  systems: readonly Holder[];
  /** Further clients: pages that people log in to. */
  pages?: readonly ClientMetadata[];
}

/** A running issuer. */
export interface Issuer {
  /** The `iss` of its tokens. */
  readonly url: string;
  /** Answers requests below `ISSUER_ROUTE`. */
  readonly http: RequestListener;
}

/** Makes the issuer; it listens where its `http` is put. */
export function openIssuer(options: IssuerOptions): Issuer {
  const url = `${options.origin}${ISSUER_ROUTE}`;
  const people = new Map(options.people.map((person) => [person.id, person]));
  const provider = quietly(
    ({ Provider: OidcProvider }) => new OidcProvider(url, configured(options, people)),
  );
  const callback = provider.callback() as RequestListener;
  const door = new LoginDoor(provider, people, options.password);
  return {
    url,
    http: (request, response) => {
      const path = (request.url ?? '').slice(ISSUER_ROUTE.length) || '/';
      if (path.startsWith('/interaction/')) return void door.answer(request as Request, response as Response);
      // The issuer learns from the original address that it stands below a prefix.
      Object.assign(request, { originalUrl: request.url, url: path });
      callback(request, response);
    },
  };
}

function configured(options: IssuerOptions, people: ReadonlyMap<string, Holder>): Configuration {
  const holders = new Map(options.systems.map((system) => [system.id, system]));
  const { audience } = options;
  return {
    jwks: { keys: [...options.keys] },
    clients: [
      ...options.systems.map(({ id }): ClientMetadata => ({
        client_id: id,
        client_secret: clientSecret(options.clientKey, id),
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      })),
      ...(options.pages ?? []),
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    cookies: { keys: [createHmac('sha256', options.clientKey).update('cookies').digest('hex')] },
    responseTypes: ['code'],
    pkce: { required: () => true },
    scopes: ['openid', 'profile'],
    // For as long as the session lasts; nothing works on while nobody is there.
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    claims: { openid: ['sub'], profile: ['name', 'roles', 'agency', 'authority'] },
    // Who logs in to pages of our own has nothing to consent to.
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      userinfo: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (ctx, form) => {
          ctx.set(PAGE_HEADERS);
          ctx.body = logoutPage(form);
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          audience,
          scope: '',
          accessTokenFormat: 'jwt',
          accessTokenTTL: TOKEN_S,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    ttl: {
      AccessToken: TOKEN_S,
      AuthorizationCode: 60,
      ClientCredentials: TOKEN_S,
      Grant: SESSION_S,
      IdToken: TOKEN_S,
      Interaction: INTERACTION_S,
      RefreshToken: SESSION_S,
      Session: SESSION_S,
    },
    interactions: { url: (_ctx, { uid }) => `${ISSUER_ROUTE}/interaction/${uid}` },
    findAccount: (_ctx, id) => {
      const person = people.get(id);
      return person && { accountId: id, claims: async () => ({ sub: id, ...claimsOf(person) }) };
    },
    extraTokenClaims: (_ctx, token) => {
      const holder =
        token.kind === 'ClientCredentials'
          ? holders.get(token.clientId ?? '')
          : people.get((token as { accountId?: string }).accountId ?? '');
      return holder && claimsOf(holder);
    },
    loadExistingGrant: async (ctx) => {
      const { client, session, provider } = ctx.oidc;
      const grant = new provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! });
      grant.addOIDCScope('openid profile');
      grant.addResourceScope(audience, '');
      await grant.save();
      return grant;
    },
  };
}

function claimsOf({ name, roles, agency, authority }: Holder): Record<string, string | readonly string[]> {
  return { name, roles, ...(agency ? { agency } : {}), ...(authority ? { authority } : {}) };
}

/** Where people say who they are. */
class LoginDoor {
  private readonly form = urlencoded({ extended: false, limit: 4_000, parameterLimit: 10 });

  constructor(
    private readonly provider: Provider,
    private readonly people: ReadonlyMap<string, Holder>,
    private readonly password: string,
  ) {}

  async answer(request: Request, response: Response): Promise<void> {
    try {
      const { uid } = await this.provider.interactionDetails(request, response);
      if (request.method === 'POST') return await this.enter(uid, request, response);
      this.show(response, 200, loginPage({ uid, people: [...this.people.values()] }));
    } catch {
      // The cookie that belongs to this login is not there, or it has ended meanwhile.
      this.show(response, 400, loginPage({ people: [] }));
    }
  }

  private async enter(uid: string, request: Request, response: Response): Promise<void> {
    await new Promise((resolve) => this.form(request, response, resolve));
    const { login, password } = (request.body ?? {}) as { login?: unknown; password?: unknown };
    const person = this.people.get(String(login));
    if (!person || !isSame(String(password), this.password)) {
      const people = [...this.people.values()];
      return this.show(response, 401, loginPage({ uid, people, login: String(login), wrong: true }));
    }
    const result = { login: { accountId: person.id } };
    await this.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }

  private show(response: Response, status: number, page: string): void {
    response.writeHead(status, PAGE_HEADERS);
    response.end(page);
  }
}

function isSame(given: string, right: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'password').update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}
