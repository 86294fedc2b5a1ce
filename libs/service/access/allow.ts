/** Who may use a route, said beside the route. What says nothing is answered to nobody (AccessGuard). */
import {
  createParamDecorator,
  SetMetadata,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request } from 'express';
import type { Caller, Role } from './caller';

/** Roles that one agency gives to its people and systems. */
export type AgencyRole = Extract<Role, 'agency-worker' | 'integration'>;

/** Who may use a route. */
export type Access =
  | { readonly to: 'everybody'; readonly because: string }
  | { readonly to: 'anybody-known' }
  | { readonly to: 'roles'; readonly roles: readonly Role[]; readonly ofAgency?: OfAgency };

/** Agency roles count only with this agency in the token: a slug, the route's parameter that names it, or whichever it is. */
export interface OfAgency {
  readonly roles: readonly AgencyRole[];
  readonly agency: string | { readonly param: string } | typeof OWN;
}

const OWN = Symbol('the agency in the token');

export const ACCESS = Symbol('who may use a route');

/** These roles. An agency's own roles need `AllowAgency`, since they mean nothing without their agency. */
export function Allow(...roles: Exclude<Role, AgencyRole>[]): CustomDecorator<symbol> {
  return declare({ to: 'roles', roles });
}

/** One agency's people and systems, and these roles of others. */
export function AllowAgency(
  agency: OfAgency['agency'],
  roles: readonly AgencyRole[],
  others: readonly Exclude<Role, AgencyRole>[] = [],
): CustomDecorator<symbol> {
  return declare({ to: 'roles', roles: others, ofAgency: { roles, agency } });
}

/** People and systems of any agency: the handler does everything in the name of the one in the token. */
export function AllowOwnAgency(...roles: AgencyRole[]): CustomDecorator<symbol> {
  return declare({ to: 'roles', roles: [], ofAgency: { roles, agency: OWN } });
}

/** Whoever has logged in. */
export function AllowKnown(): CustomDecorator<symbol> {
  return declare({ to: 'anybody-known' });
}

/** Everybody, also without a login; `because` says why that does no harm. */
export function Public(because: string): CustomDecorator<symbol> {
  return declare({ to: 'everybody', because });
}

function declare(access: Access): CustomDecorator<symbol> {
  return SetMetadata(ACCESS, access);
}

/** Whether this caller may use a route with these parameters. */
export function isAllowed(
  access: Access,
  caller: Caller,
  params: Readonly<Record<string, unknown>>,
): boolean {
  if (access.to !== 'roles') return true;
  if (access.roles.some((role) => caller.roles.has(role))) return true;
  const { ofAgency } = access;
  if (!ofAgency?.roles.some((role) => caller.roles.has(role))) return false;
  if (ofAgency.agency === OWN) return caller.agency !== undefined;
  const agency = typeof ofAgency.agency === 'string' ? ofAgency.agency : params[ofAgency.agency.param];
  return caller.agency !== undefined && caller.agency === agency;
}

/** The caller of a request, in a handler that only known callers reach. */
export const Who = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  return callerIn(context.switchToHttp().getRequest<Request>());
});

const callers = new WeakMap<Request, Caller>();

/** Remembers who sent a request. */
export function remember(request: Request, caller: Caller): void {
  callers.set(request, caller);
}

/** Who sent a request; undefined where nobody is known, or nobody was asked. */
export function knownCaller(request: Request): Caller | undefined {
  return callers.get(request);
}

/** Who sent a request. Throws where nobody was asked: the route is public. */
export function callerIn(request: Request): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error('this route is answered to everybody, so it has no caller');
  return caller;
}
