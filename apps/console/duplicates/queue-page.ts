/** The queue of pairs of cases that may be about one person. Pure. */
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { tableOf } from '../frame/table';
import { whenIn } from '../frame/texts';
import type { ListPage } from '../services';
import { pairAddress, PATH } from './pair';
import { wordsIn } from './words';

/** Which pairs; '' is everything. */
export interface PairFilter {
  readonly owner: 'mine' | 'none' | '';
  readonly cursor: string;
}

/** A line of `GET /escalations?reason=duplicate-suspected`. */
export interface SuspectedPair {
  readonly id: string;
  readonly caseNumber: string;
  readonly detail: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly dueAt: string;
  readonly owner: string | null;
}

export function pairQueuePage(setting: Setting, filter: PairFilter, page: ListPage<SuspectedPair>): Page {
  const words = wordsIn(setting.language);
  const body = html`<p>${words.lead}</p>
    ${choices(setting, filter)}
    ${page.items.length === 0 ? html`<p class="empty">${words.none[filter.owner || 'all']}</p>` : table(setting, page.items)}
    ${page.next !== null && html`<p><a class="button" href="${addressOf({ ...filter, cursor: page.next })}">${words.more}</a></p>`}`;
  return { title: words.title, screen: 'duplicates', body, live: true };
}

function choices({ language }: Setting, filter: PairFilter): Html {
  const words = wordsIn(language);
  const links = (['', 'none', 'mine'] as const).map(
    (owner) =>
      html`<a
        href="${addressOf({ owner, cursor: '' })}"
        ${owner === filter.owner && html`aria-current="true"`}
        >${words.owners[owner || 'all']}</a
      >`,
  );
  return html`<nav class="choices" aria-label="${words.whose}">${links}</nav>`;
}

function table(setting: Setting, pairs: readonly SuspectedPair[]): Html {
  const { language, now } = setting;
  const words = wordsIn(language);
  const rows = pairs.map(({ caseNumber, detail, dueAt, owner }) => {
    const other = detail['otherCaseNumber'] ?? '';
    const due = whenIn(language, dueAt);
    return html`<tr>
      <th scope="row"><a href="${pairAddress(caseNumber, other)}">${words.pair(caseNumber, other)}</a></th>
      <td class="number">${detail['score'] ?? '—'}</td>
      <td>${words.grounds[detail['ground'] ?? ''] ?? '—'}</td>
      <td>${new Date(dueAt) < now ? html`<strong class="bad">${words.late} ${due}</strong>` : due}</td>
      <td>${owner ?? words.nobody}</td>
    </tr>`;
  });
  return tableOf(words.title, [words.cases, words.score, words.ground, words.due, words.owner], rows);
}

function addressOf(filter: PairFilter): string {
  const set = Object.entries(filter).filter(([, value]) => value !== '');
  return set.length === 0 ? PATH : `${PATH}?${new URLSearchParams(set).toString()}`;
}
