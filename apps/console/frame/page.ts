/** The frame of every page of the console. Pages are whole and work without script; with it they stay up to date. */
import { html, type Caller, type Html } from '@retorno/service';
import type { Response } from 'express';
import { helpOf } from '../help/pages';
import { ICON_URL, SCRIPT_URL, STYLE_URL } from './assets';
import type { Language } from './texts';
import { frameWords } from './words';

/** What every page is made with. */
export interface Setting {
  readonly language: Language;
  readonly caller: Caller;
  /** The address that was asked for, with its query: what the live view fetches again. */
  readonly address: string;
  readonly now: Date;
  /** Whether whoever looks wants pages to stay as they are. */
  readonly isPaused?: boolean;
}

/** One page. */
export interface Page {
  readonly title: string;
  /** The screen in the menu that it belongs to; the help is of none. */
  readonly screen: Screen | 'help';
  readonly body: Html;
  /** Whether it is fetched again when something happens to a case; `own`: to a referral of one's own agency. */
  readonly live?: boolean | 'own';
}

/** The screens of the menu, with who sees them. What they may do there is decided by the services. */
export const SCREENS = [
  { screen: 'home', path: '/console', roles: ['operations', 'auditor', 'agency-worker', 'intake'] },
  { screen: 'cases', path: '/console/cases', roles: ['operations', 'auditor'] },
  { screen: 'escalations', path: '/console/escalations', roles: ['operations', 'auditor'] },
  { screen: 'duplicates', path: '/console/duplicates', roles: ['operations', 'auditor'] },
  { screen: 'follow-ups', path: '/console/follow-ups', roles: ['operations', 'auditor'] },
  { screen: 'parked', path: '/console/parked', roles: ['operations', 'auditor'] },
  { screen: 'worklist', path: '/console/worklist', roles: ['agency-worker'] },
  { screen: 'offices', path: '/console/offices', roles: ['agency-worker'] },
  { screen: 'intake', path: '/console/intake', roles: ['intake', 'operations'] },
  { screen: 'agencies', path: '/console/agencies', roles: ['operations', 'auditor'] },
  { screen: 'statistics', path: '/console/statistics', roles: ['statistics', 'operations', 'auditor'] },
  { screen: 'audit', path: '/console/audit', roles: ['operations-lead', 'auditor'] },
] as const;
export type Screen = (typeof SCREENS)[number]['screen'];

/** The page that somebody begins with. */
export function homeOf(caller: Caller): string {
  const first = SCREENS.find(({ roles }) => roles.some((role) => caller.roles.has(role)));
  return first?.path ?? '/console/nothing';
}

/** A whole page. */
export function pageOf(setting: Setting, page: Page): string {
  const { language, caller, address } = setting;
  const words = frameWords(language);
  const links = SCREENS.filter(({ roles }) => roles.some((role) => caller.roles.has(role))).map(
    ({ screen, path }) =>
      html`<a href="${path}" ${screen === page.screen && html`aria-current="page"`}
        >${words.menu[screen]}</a
      >`,
  );
  return documentOf(
    language,
    `${page.title} · Retorno`,
    html`<a class="skip" href="#content">${words.skip}</a>
      <header>
        <strong class="brand">Retorno</strong>
        <nav aria-label="${words.menuLabel}">${links}</nav>
        <a class="help" href="${helpOf(page.screen)}">${words.help}</a>
        <form class="who" method="post" action="/console/language">
          <input type="hidden" name="to" value="${address}" />
          <button
            class="plain"
            name="language"
            value="${language === 'es' ? 'en' : 'es'}"
            lang="${language === 'es' ? 'en' : 'es'}"
          >
            ${words.otherLanguage}
          </button>
        </form>
        <form class="who" method="post" action="/console/logout">
          <span>${caller.name}</span> <button class="plain">${words.logout}</button>
        </form>
      </header>
      ${page.live && liveParts(setting, page.live === 'own' ? '/console/live/own' : '/console/live')}
      <main id="content" tabindex="-1">
        <div id="notice" role="status"></div>
        <h1>${page.title}</h1>
        ${page.body}
      </main>`,
  );
}

/** The page fetches itself again when it is told of a change, unless whoever looks has paused that (WCAG 2.2, 2.2.2). */
function liveParts({ language, address, isPaused = false }: Setting, stream: string): Html {
  const words = frameWords(language).live;
  const button = html`<form class="live" method="post" action="/console/live">
    <input type="hidden" name="to" value="${address}" />
    <button class="plain" name="paused" value="${isPaused ? 'no' : 'yes'}">
      ${isPaused ? words.resume : words.pause}
    </button>
  </form>`;
  if (isPaused) return button;
  return html`${button}
    <div hx-sse:connect="${stream}" hx-swap="none"></div>
    <div
      hx-get="${address}"
      hx-trigger="changed from:body"
      hx-select="#content"
      hx-target="#content"
      hx-swap="outerMorph"
    ></div>`;
}

/** A page for whoever is not known. */
export function bare(language: Language, title: string, body: Html): string {
  return documentOf(
    language,
    `${title} · Retorno`,
    html`<main id="content">
      <h1>${title}</h1>
      ${body}
    </main>`,
  );
}

function documentOf(language: Language, title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":false}' />
        <title>${title}</title>
        <link rel="stylesheet" href="${STYLE_URL}" />
        <link rel="icon" type="image/svg+xml" href="${ICON_URL}" />
        <script src="${SCRIPT_URL}" defer></script>
      </head>
      <body>
        ${body}
      </body>
    </html>`.text;
}

/** No copy of a page stays anywhere; what it may load says policy.middleware.ts. */
export const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** Answers with a page. */
export function sendPage(response: Response, page: string): void {
  response.set(PAGE_HEADERS).send(page);
}
