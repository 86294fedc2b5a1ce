import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { causeOf } from '@retorno/messaging';
import { LOGGER, ProblemError } from '@retorno/service';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { failurePage, forbiddenPage } from '../login/login-pages';
import { sendPage } from './page';
import { languageOf } from './texts';

/** Whatever is refused or fails, somebody at a screen sees a page; who is not known is sent to log in and comes back. */
@Catch()
export class ConsoleFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) return void response.destroy();
    const status = error instanceof ProblemError ? error.body.status : 500;
    if (status === 401) return toLogin(request, response);
    const language = languageOf(request);
    if (status === 403) return sendPage(response.status(403), forbiddenPage(language));
    if (status >= 500) this.logger.error({ cause: causeOf(error) }, 'a page could not be made');
    const detail = error instanceof ProblemError && status < 500 ? error.body.detail : '';
    sendPage(response.status(status), failurePage(language, detail));
  }
}

function toLogin(request: Request, response: Response): void {
  response.removeHeader('www-authenticate');
  const back = request.method === 'GET' ? request.originalUrl : '/console';
  const url = `/console/login?to=${encodeURIComponent(back)}`;
  // A piece of a page that is fetched in the background must not swallow the login: the whole page goes there.
  if (request.headers['hx-request'] !== undefined) response.status(401).set('HX-Redirect', url).end();
  else response.redirect(303, url);
}
