/** Who is asking: what a verified token says of a person or of a system. */

/** What somebody may be. `portal` is the returnees' page itself, `agency-worker` and `integration` belong to one agency. */
export const ROLES = [
  'operations',
  'operations-lead',
  'intake',
  'agency-worker',
  'integration',
  'statistics',
  'auditor',
  'portal',
] as const;
export type Role = (typeof ROLES)[number];

/** Whoever sent a request, from the token and from nothing else. */
export interface Caller {
  /** The issuer's permanent id of the person or client. */
  readonly subject: string;
  /** As staff know them; what is written down as `by`. */
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
  /** Slug of the one agency that they work for. */
  readonly agency?: string;
  /** The one sending authority whose returnees they register; without it, all of them. */
  readonly authority?: string;
  /** A program that logs in with a secret of its own (client credentials). */
  readonly isSystem?: true;
}

/** A token that is genuine and still does not say who somebody is here. */
export class UnusableToken extends Error {}

const SLUG = /^[a-z][a-z0-9-]{0,62}$/;

/**
 * The caller that a token's claims describe: `sub`, `name` (or `preferred_username`, or `client_id`), `roles`, `agency`
 * and `authority`. Roles that mean nothing here are left out: an issuer has others. Throws UnusableToken.
 */
export function callerOf(claims: Readonly<Record<string, unknown>>): Caller {
  const subject = text(claims['sub']);
  if (subject === undefined) throw new UnusableToken('sub is missing');
  const roles = rolesOf(claims['roles']);
  const agency = text(claims['agency']);
  if (agency !== undefined && !SLUG.test(agency)) throw new UnusableToken('agency is no slug');
  const needsAgency = roles.has('agency-worker') || roles.has('integration');
  if (needsAgency && agency === undefined) throw new UnusableToken('agency is missing');
  const authority = text(claims['authority']);
  const name = text(claims['name']) ?? text(claims['preferred_username']) ?? text(claims['client_id']);
  return {
    subject,
    // What no database keeps, and what would break a line of a log, is left out.
    name: (name ?? subject).replace(/\p{Cc}/gu, '').slice(0, 100),
    roles,
    ...(agency === undefined ? {} : { agency }),
    ...(authority === undefined ? {} : { authority }),
    // RFC 9068, 2.2: without a person behind it, the subject of a token is the client.
    ...(claims['client_id'] === subject ? { isSystem: true } : {}),
  };
}

/** Whether a program asks and no person. */
export function isSystem({ isSystem: said, roles }: Caller): boolean {
  return said === true || roles.has('integration') || roles.has('portal');
}

function rolesOf(claim: unknown): Set<Role> {
  const named: unknown[] = Array.isArray(claim) ? claim : [];
  const roles = new Set(ROLES.filter((role) => named.includes(role)));
  // A lead is one of operations' staff who may do more.
  if (roles.has('operations-lead')) roles.add('operations');
  return roles;
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}
