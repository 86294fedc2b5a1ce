/** For whom somebody registers: a login that names a sending authority is for the returnees and files of that one only. */
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { callerIn, invalidFields, noteRefusal, OwnRows, problem, type Caller } from '@retorno/service';
import type { Request } from 'express';
import type { EntityManager } from 'typeorm';
import type { Registration } from '../manifests/manifest-row';
import { isUuid } from '../fields/uuid';

/** The only sending authority whose returnees somebody sees and changes; undefined: everybody's. */
export function authorityOf(caller: Caller): string | undefined {
  return caller.roles.has('operations') ? undefined : caller.authority;
}

/** Throws problem 422 when somebody registers for another authority than their own. */
export function assertOwn(caller: Caller, { journey }: Registration): void {
  const authority = authorityOf(caller);
  if (authority === undefined || journey.sendingAuthority === authority) return;
  throw invalidFields([
    { pointer: '/sending_authority', code: 'other-authority', detail: onlyFor(authority) },
  ]);
}

export function onlyFor(authority: string): string {
  return `must be ${authority}: this login registers for no other`;
}

/** Condition of a query on returnees that are those of the authority `$n`, or of any when it is null. */
export function ownedBy(n: number, id: string): string {
  return `($${n}::text is null or exists (
    select from returnee_authority a where a.returnee_id = ${id} and a.authority = $${n}))`;
}

/** Who is another authority's does not exist, whatever is asked about `:id`. */
@Injectable()
export class OwnReturnees implements CanActivate {
  constructor(private readonly rows: OwnRows) {}

  canActivate(context: ExecutionContext): Promise<boolean> {
    const sql = 'select 1 from returnee_authority where returnee_id = $1 and authority = $2';
    return isOwn(context, this.rows, sql, 'No returnee has this id.');
  }
}

/** The same for files: they are whose login sent them. */
@Injectable()
export class OwnManifests implements CanActivate {
  constructor(private readonly rows: OwnRows) {}

  canActivate(context: ExecutionContext): Promise<boolean> {
    const sql = 'select 1 from manifest where id = $1 and authority = $2';
    return isOwn(context, this.rows, sql, 'No manifest has this id.');
  }
}

/**
 * Whether a returnee is there for this authority, asked where they are about to be changed: the command itself works with
 * the service's own rights, since whoever registers must be compared with everybody.
 */
export async function isThere(
  rows: OwnRows,
  tx: EntityManager,
  authority: string | undefined,
  id: string,
): Promise<boolean> {
  const found: unknown[] = await rows.of(authority, tx).query('select from returnee where id = $1', [id]);
  return found.length > 0;
}

async function isOwn(
  context: ExecutionContext,
  rows: OwnRows,
  sql: string,
  otherwise: string,
): Promise<boolean> {
  const request = context.switchToHttp().getRequest<Request>();
  const authority = authorityOf(callerIn(request));
  const { id } = request.params;
  // What is no id is refused by whoever reads it.
  if (authority === undefined || !isUuid(id)) return true;
  const found: unknown[] = await rows.of(authority).query(sql, [id, authority]);
  if (found.length > 0) return true;
  noteRefusal(request, 'of-another', 404);
  throw problem(404, 'not-found', otherwise);
}
