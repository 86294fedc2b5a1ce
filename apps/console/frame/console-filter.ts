import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { causeOf } from '@retorno/messaging';
import { LOGGER, ProblemError } from '@retorno/service';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { failurePage, forbiddenPage } from '../login/login-pages';
import { fieldsOf, keptPage, notice } from './expired';
import { sendPage } from './page';
import { problemIn } from './refusals';
import { languageOf, type Language } from './texts';

/**
 * Whatever is refused or fails, somebody at a screen sees a page; who is not known is sent to log in and comes back. What
 * was written in a form is not lost by either.
 */
@Catch()
export class ConsoleFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) return void response.destroy();
    const status = error instanceof ProblemError ? error.body.status : 500;
    const language = languageOf(request);
    if (isInBackground(request)) return tell(response.status(status), language);
    if (status === 401) return toLogin(request, response, language);
    if (status === 403) return sendPage(response.status(403), forbiddenPage(language));
    if (status >= 500) this.logger.error({ cause: causeOf(error) }, 'a page could not be made');
    const detail = error instanceof ProblemError && status !== 500 ? problemIn(language, error) : '';
    if (status === 429) response.set('Retry-After', String(retryAfterOf(error)));
    sendPage(response.status(status), failurePage(language, detail));
  }
}

/** When a service that was asked says to come again, s. */
function retryAfterOf(error: unknown): number {
  const { retryAfter } = (error as ProblemError).body;
  return typeof retryAfter === 'number' ? retryAfter : 1;
}

/** A page that fetches itself again, or is told of changes. */
function isInBackground(request: Request): boolean {
  return request.headers['hx-request'] !== undefined && request.method === 'GET';
}

/** In the page's own notice: what it shows, and what was written in it, stays as it is. */
function tell(response: Response, language: Language): void {
  response.removeHeader('www-authenticate');
  response.set({ 'HX-Retarget': '#notice', 'HX-Reselect': '.notice', 'HX-Reswap': 'innerHTML' });
  response.type('html').send(notice(language, response.statusCode));
}

async function toLogin(request: Request, response: Response, language: Language): Promise<void> {
  response.removeHeader('www-authenticate');
  if (request.method !== 'GET' && isOurs(request)) {
    const fields = await fieldsOf(request, response);
    return sendPage(response.status(401), keptPage(language, request.originalUrl, fields));
  }
  const back = request.method === 'GET' ? request.originalUrl : '/console';
  response.redirect(303, `/console/login?to=${encodeURIComponent(back)}`);
}

/** Another site must not have a form of its own sent from a page of ours. */
function isOurs(request: Request): boolean {
  return request.headers['sec-fetch-site'] === 'same-origin';
}
