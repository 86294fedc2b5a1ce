/** What is the same on every page: its frame, its addresses, and how agencies and services are named. Pure. */
import { html, type Html } from '@retorno/service';
import type { ReferralOfReturnee } from './roundtable';
import { LANGUAGES, plainIn, sayIn, TRANSLATIONS, type Language, type Say } from './texts/texts';
import type { TextKey } from './texts/translation';

/** Longest free text on a page, characters. */
export const MOST_TEXT = 1_000;

/** What every page is made with. */
export interface Setting {
  readonly language: Language;
  /** `/portal/my/{token}`. */
  readonly base: string;
  /** What forms carry. */
  readonly formKey: string;
  readonly now: Date;
  /** Whom they call; empty: whoever gave them the link. */
  readonly helpPhone: string;
  readonly exitUrl: string;
  /** What was just done. */
  readonly done?: TextKey | undefined;
  /** What was wrong with what was just sent. */
  readonly wrong?: TextKey | undefined;
}

/**
 * A page in its frame. The title is the same on all of them and says nothing of what is on the page: it stands in the
 * telephone's history.
 */
export function inFrame(setting: Setting, at: string, body: Html): string {
  const { language, done, wrong, exitUrl } = setting;
  const { say } = wordsOf(setting);
  const languages = LANGUAGES.map(
    (one) =>
      html`<a
        href="${addressOf(setting, at, one)}"
        lang="${one}"
        hreflang="${one}"
        ${one === language && html`aria-current="true"`}
        >${TRANSLATIONS[one].language}</a
      > `,
  );
  const title = plainIn(language, 'title');
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <link rel="stylesheet" href="/portal/style.css" />
      </head>
      <body>
        <header>
          <a class="exit" rel="noreferrer noopener" href="${exitUrl}">${say('exit')}</a>
          <h1>${title}</h1>
          <nav aria-label="${plainIn(language, 'languages')}">${languages}</nav>
        </header>
        <main>
          ${done && html`<p class="done" role="status">${say(done)}</p>`}
          ${wrong && html`<p class="wrong" role="alert">${say(wrong, { most: MOST_TEXT })}</p>`} ${body}
        </main>
        <footer>
          <p>${help(setting)}</p>
          ${!TRANSLATIONS[language].reviewed && html`<p class="small">${say('unreviewed')}</p>`}
        </footer>
      </body>
    </html>`.text.replace(/\n\s+/g, '\n');
}

/** The way back to the first page. */
export function back(setting: Setting): Html {
  const { say, link } = wordsOf(setting);
  return html`<p><a href="${link('')}">${say('back')}</a></p>`;
}

/** Whom to call. */
function help({ language, helpPhone }: Setting): Html {
  const say = sayIn(language);
  return helpPhone === ''
    ? say('help.giver')
    : html`<a href="tel:${helpPhone.replace(/[^+\d]/g, '')}">${say('help.phone', { phone: helpPhone })}</a>`;
}

/** What a form carries so that no other site can send it. */
export function key({ formKey }: Setting): Html {
  return html`<input type="hidden" name="key" value="${formKey}" />`;
}

/** How a page says something, and the address of another one. */
export function wordsOf(setting: Setting): { say: Say; link: (to: string) => string } {
  return { say: sayIn(setting.language), link: (to) => addressOf(setting, to, setting.language) };
}

function addressOf({ base }: Setting, to: string, language: Language): string {
  return `${base}${to === '' ? '' : `/${to}`}?lang=${language}`;
}

/** A service by the title that its agency publishes, in Spanish and English; elsewhere it is marked as Spanish. */
export function titleOf({ title, service }: ReferralOfReturnee, language: Language): Html {
  if (!title) return html`${service}`;
  return language === 'en' ? html`${title.en}` : inSpanish(title.es, language);
}

/** An agency by its own name, which is Spanish. */
export function agencyOf({ agencyName, agency }: ReferralOfReturnee, language: Language): Html {
  return inSpanish(agencyName ?? agency, language);
}

/** Spanish words on a page, marked as such for screen readers when the page is in another language. */
export function inSpanish(text: string, language: Language): Html {
  return language === 'es' ? html`${text}` : html`<span lang="es">${text}</span>`;
}

/** Service and agency where no mark can stand (an option's text), and the language that they are in. */
export function plainNameOf(
  { title, service, agencyName, agency }: ReferralOfReturnee,
  language: Language,
): { text: string; lang: Language } {
  const lang = language === 'en' ? 'en' : 'es';
  return { text: `${title?.[lang] ?? service} (${agencyName ?? agency})`, lang };
}
