/** What is shown to whoever is not logged in. */
import { html } from '@retorno/service';
import { bare } from '../frame/page';
import type { Language } from '../frame/texts';
import { frameWords } from '../frame/words';

/** After logging out. */
export function byePage(language: Language): string {
  const words = frameWords(language);
  return bare(
    language,
    words.bye.title,
    html`<p>${words.bye.text}</p>
      <p><a class="button" href="/console">${words.bye.again}</a></p>`,
  );
}

/** When a login came back that nobody here had begun, or that took too long. */
export function failedPage(language: Language): string {
  const words = frameWords(language);
  return bare(
    language,
    words.loginFailed.title,
    html`<p>${words.loginFailed.text}</p>
      <p><a class="button" href="/console">${words.loginFailed.again}</a></p>`,
  );
}

/** When the page is for other roles. */
export function forbiddenPage(language: Language): string {
  const words = frameWords(language);
  return bare(
    language,
    words.forbidden.title,
    html`<p>${words.forbidden.text}</p>
      <p><a class="button" href="/console">${words.forbidden.home}</a></p>`,
  );
}

/** When something failed, or is not there. */
export function failurePage(language: Language, detail: string): string {
  const words = frameWords(language);
  return bare(
    language,
    words.failure.title,
    html`<p>${detail || words.failure.text}</p>
      <p><a class="button" href="/console">${words.forbidden.home}</a></p>`,
  );
}
