/** The help as pages: the list, and one task. Pure. */
import { html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { findHelp, HELP_NAMES, HELP_PATH } from './pages';
import { wordsIn } from './words';

export function helpListPage({ language }: Setting): Page {
  const words = wordsIn(language);
  const links = HELP_NAMES.map(
    (name) => html`<li><a href="${HELP_PATH}/${name}">${findHelp(language, name)?.title}</a></li>`,
  );
  const body = html`<p>${words.lead}</p>
    <ul>
      ${links}
    </ul>
    <p><a href="/console/tour">${words.tour}</a></p>`;
  return { title: words.title, screen: 'help', body };
}

/** One task; undefined when there is no such page. */
export function helpPage({ language }: Setting, name: string): Page | undefined {
  const found = findHelp(language, name);
  if (!found) return undefined;
  const body = html`<div class="text">${found.body}</div>
    <p><a href="${HELP_PATH}">${wordsIn(language).all}</a></p>`;
  return { title: found.title, screen: 'help', body };
}

export function missingHelpPage({ language }: Setting): Page {
  const words = wordsIn(language);
  const body = html`<p class="empty">${words.missingText} <a href="${HELP_PATH}">${words.all}</a></p>`;
  return { title: words.missing, screen: 'help', body };
}
