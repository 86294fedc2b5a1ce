/** The door of every service: who is not known, or may not, is told so before anything else is looked at. */
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { noteRefusal } from '../audit/observe';
import { counter } from '../metrics';
import { problem, ProblemError } from '../problem';
import { ACCESS, isAllowed, remember, type Access } from './allow';
import type { Caller } from './caller';
import type { Throttle } from './throttle';
import { BadToken, IssuerAway, type Tokens } from './tokens';

const refusals = counter('access_refused_total', 'Requests that were refused at the door', ['status']);

/** Denies by default: a route that does not say who may use it is used by nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly tokens: Tokens,
    private readonly logger: Logger,
    private readonly throttle: Throttle,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const access = accessOf(context.getHandler(), context.getClass());
    if (access?.to === 'everybody') return true;
    const caller = await this.callerOf(request, context);
    remember(request, caller);
    // Before the roles: who knocks at shut doors is counted, too.
    await this.counted(context, () => this.throttle.request(caller, request.method));
    if (!access || !isAllowed(access, caller, request.params)) {
      throw this.refused(request, 403, 'forbidden', forbidden(access), caller);
    }
    return true;
  }

  private async callerOf(request: Request, context: ExecutionContext): Promise<Caller> {
    const [, token] = /^Bearer ([\w~+/.-]+=*)$/i.exec(request.headers.authorization ?? '') ?? [];
    try {
      if (token === undefined) throw new BadToken('Send `Authorization: Bearer` with a token of the issuer.');
      return await this.tokens.callerOf(token);
    } catch (error) {
      if (error instanceof IssuerAway)
        throw problem(503, 'issuer-away', `${error.message} Try again in a moment.`);
      if (!(error instanceof BadToken)) throw error;
      if (token !== undefined) await this.counted(context, () => this.throttle.failure(request.ip ?? ''));
      const challenge = token === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
      context.switchToHttp().getResponse<Response>().setHeader('www-authenticate', challenge);
      throw this.refused(request, 401, 'unknown-caller', error.message);
    }
  }

  private async counted(context: ExecutionContext, count: () => Promise<void>): Promise<void> {
    try {
      await count();
    } catch (error) {
      if (error instanceof ProblemError) {
        const response = context.switchToHttp().getResponse<Response>();
        response.setHeader('retry-after', String(error.body['retryAfter']));
      }
      throw error;
    }
  }

  /** Every refusal leaves a trace: who, which route; no address, which may hold what only an id should. */
  private refused(
    request: Request,
    status: number,
    code: string,
    detail: string,
    caller?: Caller,
  ): ProblemError {
    refusals.inc({ status: String(status) });
    noteRefusal(request, status === 401 ? 'not-logged-in' : 'not-allowed', status);
    const route = (request.route as { path?: string } | undefined)?.path;
    this.logger.warn(
      { status, method: request.method, route, subject: caller?.subject, agency: caller?.agency },
      'request refused',
    );
    return problem(status, code, detail);
  }
}

/** What a route says of itself, or else its controller. */
function accessOf(handler: object, controller: object): Access | undefined {
  return (Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, controller)) as
    Access | undefined;
}

function forbidden(access: Access | undefined): string {
  if (access?.to !== 'roles') return 'Nobody may use this address.';
  const roles = [...access.roles, ...(access.ofAgency?.roles.map((role) => `${role} of this agency`) ?? [])];
  return `This is for the roles: ${roles.join(', ')}.`;
}
