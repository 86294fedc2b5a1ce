/** What every screen has in common: somebody known asks for a page, and is answered with one. */
import {
  applyDecorators,
  Controller,
  createParamDecorator,
  UseFilters,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { callerIn, readForm, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from './console-filter';
import { momentOf } from './moment.middleware';
import { PAGE_HEADERS, pageOf, type Page, type Setting } from './page';
import { languageOf, type Language } from './texts';

/** Cookie of whoever wants pages to stay as they are. */
export const PAUSE_COOKIE = 'retorno-paused';

/** The controller of a screen: what it refuses is a page too, and no other program's to ask for. */
export function ScreenAt(path: string): ClassDecorator {
  return applyDecorators(ApiExcludeController(), UseFilters(ConsoleFilter), Controller(path));
}

/** Hands a handler the visit that it is to answer; only known callers reach it. */
export const Visiting = createParamDecorator((_: unknown, context: ExecutionContext): Visit => {
  const http = context.switchToHttp();
  return new Visit(http.getRequest<Request>(), http.getResponse<Response>());
});

/**
 * One request of somebody at a screen. It is the setting of the pages that answer it; a handler returns what one of the
 * answering methods gives.
 */
export class Visit implements Setting {
  readonly language: Language;
  readonly caller: Caller;
  readonly now: Date;
  readonly isPaused: boolean;

  constructor(
    readonly request: Request,
    readonly response: Response,
    readonly address = request.originalUrl,
  ) {
    this.language = languageOf(request);
    this.caller = callerIn(request);
    this.now = momentOf(request);
    this.isPaused = new RegExp(`(?:^|; *)(?:__Host-)?${PAUSE_COOKIE}=yes`).test(request.headers.cookie ?? '');
  }

  /** As those of the request that it asks other services with. */
  get headers(): Request['headers'] {
    return this.request.headers;
  }

  /** The same with the address of another page: what is fetched again after a form was refused is no form's address. */
  at(address: string): Visit {
    return new Visit(this.request, this.response, address);
  }

  /** The fields of the form that was sent; undefined when it cannot be read (libs/service/form.ts). */
  form(fields?: number, bytes?: number): ReturnType<typeof readForm> {
    return readForm(this.request, this.response, fields, bytes);
  }

  /** Answers with a page of the menu. */
  page(page: Page, status?: number): string {
    if (status !== undefined) this.response.status(status);
    this.response.set(PAGE_HEADERS);
    return pageOf(this, page);
  }

  /** Leads on to another page of ours, which is asked for by GET. */
  redirect(to: string): string {
    this.response.status(303).location(to);
    return '';
  }

  /** Answers with a file to keep. */
  csv(name: string, content: string): string {
    this.response
      .set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
      .attachment(name)
      .type('text/csv; charset=utf-8');
    return content;
  }
}
