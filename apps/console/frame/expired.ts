/**
 * A login that ended while somebody was at work. What was written stays in the browser and nowhere else: the page that
 * answers a form holds it, to be sent again after logging in beside it.
 */
import { html } from '@retorno/service';
import { urlencoded, type Request, type Response } from 'express';
import { bare } from './page';
import type { Language } from './texts';
import { frameWords } from './words';

/** Where a login beside a page leads. */
const LOGIN_BESIDE = '/console/login?to=/console/login/done';

/** A field of a form as it was sent; one name may come several times. */
export type Field = readonly [name: string, value: string];

const read = urlencoded({ extended: false, limit: 128_000, parameterLimit: 1_000 });

/** The fields of a form, whether or not they were read before; undefined when it is none, or has a file in it. */
export async function fieldsOf(request: Request, response: Response): Promise<readonly Field[] | undefined> {
  if (!request.is('application/x-www-form-urlencoded')) return undefined;
  const failed = await new Promise<unknown>((resolve) => read(request, response, resolve));
  if (failed !== undefined) return undefined;
  const body = (request.body ?? {}) as Record<string, string | string[]>;
  return Object.entries(body).flatMap(([name, values]) =>
    [values].flat().map((value): Field => [name, value]),
  );
}

/** Answers a form that came after the login had ended; without `fields` it cannot be sent again from here. */
export function keptPage(language: Language, address: string, fields: readonly Field[] | undefined): string {
  const words = frameWords(language).expired;
  const again =
    fields &&
    html`<form method="post" action="${address}">
      ${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <p><button>${words.send}</button></p>
    </form>`;
  return bare(
    language,
    words.title,
    html`<p>${fields ? words.kept : words.notKept}</p>
      <p>${loginBeside(language)}</p>
      ${again}`,
  );
}

/** After a login beside a page. */
export function donePage(language: Language): string {
  const words = frameWords(language).expired;
  return bare(language, words.done, html`<p>${words.goBack}</p>`);
}

/** What a page says that could not fetch itself again; what it shows and what was written in it stay. */
export function notice(language: Language, status: number): string {
  const words = frameWords(language);
  const text =
    status === 401 ? html`${words.expired.stale} ${loginBeside(language)}` : html`${words.live.stale}`;
  return html`<p class="notice">${text}</p>`.text;
}

function loginBeside(language: Language) {
  return html`<a class="button" href="${LOGIN_BESIDE}" target="_blank"
    >${frameWords(language).expired.login}</a
  >`;
}
