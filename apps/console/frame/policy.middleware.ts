/** What a page of the console may load, and where its forms may lead. */
import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import { SETTINGS } from '@retorno/service';
import type { NextFunction, Request, Response } from 'express';
import { ConsoleSettings } from '../settings';

/**
 * Scripts of our own only, no frames, no other sites. Browsers hold what a form's answer redirects to against `form-action`,
 * too, and logging out leads on to the issuer: on an origin of its own it has to be named.
 */
export function policyFor(issuer: string, publicUrl: string): string {
  const [theirs, ours] = [new URL(issuer).origin, new URL(publicUrl).origin];
  const forms = theirs === ours ? "'self'" : `'self' ${theirs}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    `form-action ${forms}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

@Injectable()
export class PolicyMiddleware implements NestMiddleware {
  private readonly policy: string;

  constructor(@Inject(SETTINGS) { OIDC_ISSUER, PUBLIC_URL }: ConsoleSettings) {
    this.policy = policyFor(OIDC_ISSUER, PUBLIC_URL);
  }

  use(_request: Request, response: Response, next: NextFunction): void {
    response.setHeader('Content-Security-Policy', this.policy);
    next();
  }
}
