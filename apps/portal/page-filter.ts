import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { causeOf } from '@retorno/messaging';
import { LOGGER, ProblemError, SETTINGS } from '@retorno/service';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { noticePage } from './pages';
import { helpPhoneOf, PortalSettings } from './settings';
import { languageOf } from './texts/texts';

/** Scripts, frames and other sites have no part in a page; its address goes nowhere, and no copy of it stays. */
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'X-Robots-Tag': 'noindex, nofollow',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // TLS ends in front; where it does, the telephone does not go back to plain HTTP with a token in the address.
  'Strict-Transport-Security': 'max-age=31536000',
};

/** Leads on to another page, by an answer that says nothing itself. */
export function sendOn(response: Response, address: string): void {
  response.set(HEADERS).status(303).set('Location', address).end();
}

/** Answers with a page. */
export function sendPage(response: Response, page: string): void {
  response.set(HEADERS).send(page);
}

/** Whatever fails, the returnee reads a page; the log gets the cause and never the address, which holds the token. */
@Catch()
export class PageFilter implements ExceptionFilter {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(SETTINGS) private readonly settings: PortalSettings,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const code = error instanceof ProblemError ? error.body.type : causeOf(error);
    this.logger.error({ method: request.method, cause: code }, 'a page could not be made');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const setting = {
      language: languageOf(request.query['lang']) ?? 'es',
      base: '',
      now: new Date(0),
      helpPhone: helpPhoneOf(this.settings),
      exitUrl: this.settings.EXIT_URL,
    };
    sendPage(response.status(503), noticePage(setting, 'wrong.later'));
  }
}
