/** Logins of tests and benchmarks: tokens signed with an installation's own key, for whoever a request is the business of. */
import type { Holder } from '../../apps/local/issuer/people';
import { bearerOf } from '../../apps/local/issuer/sign';
import { tokenKeyOf } from '../../apps/local/logins';
import { ISSUER_ROUTE } from '../../apps/local/issuer/issuer';
import type { Secrets } from '../../apps/local/secrets';

/** Whose tokens a system under test takes. */
export interface TestIssuer {
  url: string;
  secrets: Pick<Secrets, 'tokenKey'>;
}

/** The issuer within an installation that listens there. */
export function issuerWithin(url: string, secrets: Pick<Secrets, 'tokenKey'>): TestIssuer {
  return { url: `${url}${ISSUER_ROUTE}`, secrets };
}

/** Settings of services that run without an issuer: they know its key. */
export function issuerEnv({ url, secrets }: TestIssuer): NodeJS.ProcessEnv {
  const { kty, crv, x, y, kid, alg, use } = tokenKeyOf(secrets);
  return { OIDC_ISSUER: url, OIDC_JWKS: JSON.stringify({ keys: [{ kty, crv, x, y, kid, alg, use }] }) };
}

/** Tokens are good for 14 minutes; runs may take longer, ms. */
const RENEW_MS = 5 * 60_000;

/** Who a token is for. */
export type Bearer = Omit<Holder, 'id'>;

/** Gives the Authorization header for a request. */
export type Bearers = (method: string, path: string) => Promise<string>;

/** A program, however it is called: it asks more than people do. As the returnees' own pages it sees cases whole. */
const STAFF: Bearer = {
  name: 'staff',
  isSystem: true,
  roles: ['operations-lead', 'intake', 'statistics', 'auditor', 'portal'],
};

/** Everybody that a story needs: each agency's staff at its own addresses, and operations at all others. */
export function bearersOf(issuer: TestIssuer): Bearers {
  const kept = new Map<string, { header: Promise<string>; until: number }>();
  return (_method, path) => {
    const bearer = bearerAt(path);
    const key = bearer.agency ?? '';
    const known = kept.get(key);
    if (known && known.until > Date.now()) return known.header;
    const header = bearerFor(bearer, issuer);
    kept.set(key, { header, until: Date.now() + RENEW_MS });
    return header;
  };
}

function bearerAt(path: string): Bearer {
  const [, agency] = /^\/agencies\/([a-z][a-z0-9-]*)\//.exec(path) ?? [];
  return agency === undefined ? STAFF : staffOf(agency);
}

/** Where the login says who it was, and a body must not. */
const BY_LOGIN =
  /^\/(cases\/[^/]+\/(close|reopen|needs|duplicates|referrals\/[^/]+\/(waive|reroute|cancel|remind|information|correction))|escalations\/|parked\/|intake\/returnees\/[^/]+\/(erasure|hold|release))/;

/** Stories name who acts in `by`: where only the login says so, it goes there. */
export function actingAs(path: string, body: unknown): { body: unknown; as?: Bearer } {
  if (!BY_LOGIN.test(path) || typeof body !== 'object' || body === null || !('by' in body)) return { body };
  const { by, ...rest } = body;
  return { body: rest, as: { ...STAFF, isSystem: false, name: String(by) } };
}

/** An agency's staff and system in one. */
function staffOf(agency: string): Bearer {
  return { name: `staff of ${agency}`, roles: ['agency-worker', 'integration'], agency };
}

/** A header for one holder, who logs in by their name. */
export function bearerFor(bearer: Bearer, { url, secrets }: TestIssuer): Promise<string> {
  return bearerOf({ id: bearer.name, ...bearer }, url, secrets);
}
