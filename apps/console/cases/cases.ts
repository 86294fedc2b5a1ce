/** The list of cases as a page. Pure. */
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import type { ListPage } from '../services';
import { whenIn } from '../frame/texts';
import { wordsIn } from './words';

/** What is looked for; '' is everything. */
export interface CaseFilter {
  readonly q: string;
  readonly status: string;
  readonly agency: string;
  readonly overdue: 'true' | '';
  readonly cursor: string;
}

/** A line of `GET /cases`. */
export interface ListedCase {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly agencies: readonly string[];
  readonly overdueAt: string | null;
  readonly escalations: number;
}

const STATUSES = ['open', 'closing', 'completed', 'closed'] as const;

export function casesPage(setting: Setting, filter: CaseFilter, page: ListPage<ListedCase>): Page {
  const words = wordsIn(setting.language);
  const body = html`${filterForm(setting, filter)}
  ${page.items.length === 0 ? html`<p class="empty">${words.none}</p>` : table(setting, page.items)}
  ${page.next !== null && html`<p><a class="button" href="${addressOf({ ...filter, cursor: page.next })}">${words.more}</a></p>`}`;
  return { title: words.title, screen: 'cases', body, live: true };
}

function filterForm(setting: Setting, filter: CaseFilter): Html {
  const words = wordsIn(setting.language);
  const options = STATUSES.map(
    (status) =>
      html`<option value="${status}" ${status === filter.status && html`selected`}>
        ${words.statuses[status]}
      </option>`,
  );
  return html`<form class="filter" method="get" action="/console/cases" role="search">
    <p>
      <label for="q">${words.search}</label><input id="q" name="q" value="${filter.q}" autocomplete="off" />
    </p>
    <p>
      <label for="status">${words.status}</label>
      <select id="status" name="status">
        <option value="">${words.any}</option>
        ${options}
      </select>
    </p>
    <p>
      <label for="agency">${words.agency}</label><input id="agency" name="agency" value="${filter.agency}" />
    </p>
    <p>
      <label
        ><input type="checkbox" name="overdue" value="true" ${filter.overdue && html`checked`} />
        ${words.overdue}</label
      >
    </p>
    <p><button>${words.filter}</button></p>
  </form>`;
}

function table(setting: Setting, cases: readonly ListedCase[]): Html {
  const { language, now } = setting;
  const words = wordsIn(language);
  const rows = cases.map((one) => {
    const isLate = one.overdueAt !== null && new Date(one.overdueAt) < now;
    return html`<tr id="case-${one.id}">
      <th scope="row"><a href="/console/cases/${one.number}">${one.number}</a></th>
      <td>${words.statuses[one.status as (typeof STATUSES)[number]]}</td>
      <td>${one.agencies.join(', ')}</td>
      <td>
        ${isLate && html`<strong class="bad">${words.late} ${whenIn(language, one.overdueAt!)}</strong>`}
      </td>
      <td>${one.escalations > 0 && html`<span class="warn">${one.escalations}</span>`}</td>
      <td>${whenIn(language, one.openedAt)}</td>
    </tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${words.title}">
    <table>
      <thead>
        <tr>
          <th scope="col">${words.number}</th>
          <th scope="col">${words.status}</th>
          <th scope="col">${words.waitsFor}</th>
          <th scope="col">${words.overdue}</th>
          <th scope="col">${words.escalations}</th>
          <th scope="col">${words.opened}</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function addressOf(filter: CaseFilter): string {
  const set = Object.entries(filter).filter(([, value]) => value !== '');
  return `/console/cases?${new URLSearchParams(set).toString()}`;
}
