/** What the pages of statistics have in common. Pure. */
import { html, type Html } from '@retorno/service';
import type { Setting } from '../frame/page';
import { whenIn } from '../frame/texts';
import { wordsIn } from './words';

export const PAGES = {
  overview: '/console/statistics',
  table: '/console/statistics/table',
  'follow-ups': '/console/statistics/follow-ups',
} as const;
export type StatisticsPage = keyof typeof PAGES;

export const DEFINITIONS_DOWNLOAD = '/console/statistics/download?of=definitions';

/** The way to the other pages. */
export function pagesNav({ language }: Setting, current: StatisticsPage): Html {
  const words = wordsIn(language);
  const links = Object.entries(PAGES).map(
    ([page, path]) =>
      html`<a href="${path}" ${page === current && html`aria-current="page"`}
        >${words.pages[page as StatisticsPage]}</a
      > `,
  );
  return html`<nav class="pages" aria-label="${words.pagesLabel}">${links}</nav>`;
}

/** When it was counted and of which years, and what hidden figures are. */
export function about(
  { language }: Setting,
  { asOf, years, hiddenBelow }: { asOf: string; years: readonly number[]; hiddenBelow: number },
): Html {
  const words = wordsIn(language);
  return html`<p>${words.asOf} ${whenIn(language, asOf)} · ${words.years}: ${years.join(', ') || '–'}</p>
    <p>${words.whyHidden(hiddenBelow)}</p>`;
}

/** A table of one column of figures or several; the first cell of a row is its header. */
export function dataTable(
  caption: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): Html {
  const body = rows.map(
    ([first = '', ...cells]) =>
      html`<tr>
        <th scope="row">${first}</th>
        ${cells.map((cell) => html`<td class="number">${cell}</td>`)}
      </tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table class="figures">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${header.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}
