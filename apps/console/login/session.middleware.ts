/** Turns a session's cookie into the token that services know, so that a page is guarded by the same rules as an interface. */
import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import { problem, SETTINGS } from '@retorno/service';
import type { NextFunction, Request, Response } from 'express';
import { Cookie } from './cookies';
import { Sessions } from './sessions';
import { ConsoleSettings } from '../settings';

/** Name of the session's cookie. */
export const SESSION_COOKIE = 'retorno-session';
const SAFE = ['GET', 'HEAD', 'OPTIONS'];

@Injectable()
export class SessionMiddleware implements NestMiddleware {
  private readonly cookie: Cookie;
  private readonly origin: string;

  constructor(
    private readonly sessions: Sessions,
    @Inject(SETTINGS) settings: ConsoleSettings,
  ) {
    this.cookie = new Cookie(SESSION_COOKIE, settings.PUBLIC_URL);
    this.origin = new URL(settings.PUBLIC_URL).origin;
  }

  async use(request: Request, _response: Response, next: NextFunction): Promise<void> {
    const id = this.cookie.read(request);
    if (id === undefined) return next();
    if (!SAFE.includes(request.method) && !this.isOurs(request)) {
      return next(problem(403, 'foreign-form', 'This form was not sent from a page of the console.'));
    }
    try {
      const tokens = await this.sessions.tokensOf(id);
      if (tokens) request.headers.authorization = `Bearer ${tokens.access}`;
      next();
    } catch {
      next(problem(503, 'issuer-away', 'The login service does not answer; try again in a moment.'));
    }
  }

  /** Browsers say where a request comes from, and no page can say otherwise (Fetch Metadata; RFC 6454 for older ones). */
  private isOurs(request: Request): boolean {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined) return site === 'same-origin';
    return request.headers.origin === this.origin;
  }
}
