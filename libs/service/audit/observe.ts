/** Which requests the audit is told of: all of them pass here, and entry.ts decides. */
import type { Clock } from '@retorno/messaging';
import type { Request, RequestHandler } from 'express';
import { knownCaller } from '../access/allow';
import type { Caller } from '../access/caller';
import type { Audit } from './audit';
import { aboutOf, entryOf, type AuditEntry, type Refused, type Scope } from './entry';

/** What a client that left before the answer is noted with; nginx' convention. */
const LEFT = 499;

const refusals = new WeakMap<Request, { refused: Refused; status: number }>();
const audited = new WeakSet<Request>();
const alsoAbout = new WeakMap<Request, readonly string[]>();

/** Says why a request is refused, where the status of the answer does not: what is another's answers 404. */
export function noteRefusal(request: Request, refused: Refused, status: number): void {
  refusals.set(request, { refused, status });
}

/** Says what a request is about, `case:<id>`, where its address does not. */
export function noteAbout(request: Request, about: readonly string[]): void {
  alsoAbout.set(request, about);
}

/** Notes each request when it was answered. */
export function auditRequests(audit: Audit, clock: Clock, scope: Scope): RequestHandler {
  return (request, response, next) => {
    response.once('close', () => {
      if (audited.has(request)) return;
      const status = response.writableEnded ? response.statusCode : LEFT;
      const entry = entryOf(answeredOf(request, knownCaller(request), status), clock.now(), scope);
      if (entry) audit.note(entry);
    });
    next();
  };
}

/**
 * Writes down what a handler is about to do or show, before it does. Throws problem 503 when that is not possible. `about`:
 * more ids than the address has; `reason`: why whoever asks wants it.
 */
export async function commitAudit(
  audit: Audit,
  clock: Clock,
  request: Request,
  more: { about?: readonly string[]; reason?: string } = {},
): Promise<void> {
  const caller = knownCaller(request);
  const answered = answeredOf(request, caller, 200);
  const entry = entryOf({ ...answered, method: 'POST' }, clock.now(), 'all');
  if (!entry || !caller) throw new Error('only what people do is written down');
  const committed: AuditEntry = {
    ...entry,
    action: `${request.method} ${answered.route ?? 'unmatched'}`,
    about: [...new Set([...aboutOf(answered), ...(more.about ?? [])])],
    reason: more.reason ?? null,
  };
  await audit.commit(committed);
  audited.add(request);
}

function answeredOf(request: Request, caller: Caller | undefined, status: number) {
  const path = (request.route as { path?: unknown } | undefined)?.path;
  const noted = refusals.get(request);
  return {
    caller,
    method: request.method,
    route: typeof path === 'string' ? path : undefined,
    params: request.params,
    alsoAbout: alsoAbout.get(request) ?? [],
    // A page that sends whoever it does not know to log in refuses all the same.
    status: noted?.status ?? status,
    refused: noted?.refused,
  };
}
