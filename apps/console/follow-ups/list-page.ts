/** Whom to ask how they fare, page by page. Pure. */
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { tableOf } from '../frame/table';
import { dayIn, whenIn } from '../frame/texts';
import type { ListPage } from '../services';
import { followUpAddress, PATH, type DueFollowUp } from './follow-ups';
import { wordsIn } from './words';

/** '' is both, or all. */
export interface FollowUpFilter {
  readonly status: 'open' | 'overdue' | '';
  readonly month: '1' | '3' | '6' | '';
  readonly cursor: string;
}

export const STATUSES = ['', 'open', 'overdue'] as const;
export const MONTHS = ['', '1', '3', '6'] as const;

export function followUpsPage(
  setting: Setting,
  filter: FollowUpFilter,
  { items, next }: ListPage<DueFollowUp>,
): Page {
  const words = wordsIn(setting.language);
  const isFiltered = filter.status !== '' || filter.month !== '' || filter.cursor !== '';
  const body = html`<p>${words.lead}</p>
    ${filterForm(setting, filter)}
    ${items.length === 0 ? html`<p class="empty">${isFiltered ? words.noneFits : words.none}</p>` : table(setting, items)}
    ${next !== null && html`<p><a class="button" href="${addressOf({ ...filter, cursor: next })}">${words.more}</a></p>`}`;
  return { title: words.title, screen: 'follow-ups', body, live: true };
}

function filterForm({ language }: Setting, filter: FollowUpFilter): Html {
  const words = wordsIn(language);
  const option = (value: string, name: string, chosen: string): Html =>
    html`<option value="${value}" ${value === chosen && html`selected`}>${name}</option>`;
  return html`<form class="filter" method="get" action="${PATH}" role="search">
    <p>
      <label for="status">${words.status}</label>
      <select id="status" name="status">
        ${STATUSES.map((status) => option(status, words.anyStatus[status || 'all'], filter.status))}
      </select>
    </p>
    <p>
      <label for="month">${words.wave}</label>
      <select id="month" name="month">
        ${MONTHS.map((month) => option(month, month === '' ? words.anyWave : words.after(Number(month)), filter.month))}
      </select>
    </p>
    <p><button>${words.filter}</button></p>
  </form>`;
}

function table({ language }: Setting, items: readonly DueFollowUp[]): Html {
  const words = wordsIn(language);
  const rows = items.map(({ caseNumber, month, status, arrivalDate, until, closes }) => {
    const day = whenIn(language, until);
    return html`<tr>
      <th scope="row"><a href="${followUpAddress(caseNumber)}">${caseNumber}</a></th>
      <td>${words.after(month)}</td>
      <td>${dayIn(language, arrivalDate)}</td>
      <td>${status === 'overdue' ? html`<strong class="bad">${words.late} ${day}</strong>` : day}</td>
      <td>${closes === null ? words.noEnd : whenIn(language, closes)}</td>
    </tr>`;
  });
  return tableOf(words.title, [words.case, words.wave, words.arrival, words.until, words.closes], rows);
}

function addressOf(filter: FollowUpFilter): string {
  const set = Object.entries(filter).filter(([, value]) => value !== '');
  return `${PATH}?${new URLSearchParams(set).toString()}`;
}
