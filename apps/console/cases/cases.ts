/** The list of cases as a page. Pure. */
import { CASE_STATUSES, MASK } from '@retorno/contracts';
import { html, type Html } from '@retorno/service';
import type { Catalogue } from '../agencies/catalogues';
import { codesIn, wordOf } from '../codes/codes';
import type { Page, Setting } from '../frame/page';
import { whenIn } from '../frame/texts';
import { tableOf } from '../frame/table';
import type { ListPage } from '../services';
import { ACTIONS, type Done } from './bulk';
import { addressOf, CASES, queryOf, type CaseFilter } from './case-filter';
import type { SavedView } from './saved-views';
import { viewsPart } from './views';
import { wordsIn } from './words';

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

/** What came of looking for a person, beside the list. */
export type Sought = 'too-little' | 'too-many';

/** What the page is made of. */
export interface CaseList {
  readonly filter: CaseFilter;
  readonly page: ListPage<ListedCase>;
  readonly catalogues: readonly Pick<Catalogue, 'slug' | 'name' | 'restricted'>[];
  readonly views: readonly SavedView[];
  readonly sought?: Sought | undefined;
  readonly done?: Done | undefined;
}

export function casesPage(setting: Setting, list: CaseList): Page {
  const words = wordsIn(setting.language);
  const { filter, page } = list;
  const mayAct = setting.caller.roles.has('operations');
  const body = html`${outcome(setting, list)} ${viewsPart(setting, list)} ${filterForm(setting, list)}
  ${mayAct && findForm(setting)}
  ${page.items.length === 0 ? html`<p class="empty">${filter.ids === 'none' ? words.nobody : words.none}</p>` : chosenForm(setting, list, mayAct)}
  ${page.next !== null && html`<p><a class="button" href="${addressOf(queryOf({ ...filter, cursor: page.next }))}">${words.more}</a></p>`}`;
  return { title: words.title, screen: 'cases', body, live: true };
}

/** What was just done, or why the search did not say more. */
function outcome({ language }: Setting, { done, sought }: CaseList): Html {
  const words = wordsIn(language);
  return html`${sought && html`<p class="alert">${words.sought[sought]}</p>`}
  ${done && html`<p class="done" role="status">${words.bulk.done[done.action](done.taken)}</p>`}
  ${done !== undefined && done.refused > 0 && html`<p class="alert">${words.bulk.refused(done.refused)}</p>`}`;
}

function filterForm({ language }: Setting, { filter, catalogues }: CaseList): Html {
  const words = wordsIn(language);
  return html`<form class="filter" method="get" action="${CASES}" role="search">
    <p>
      <label for="q">${words.search}</label><input id="q" name="q" value="${filter.q}" autocomplete="off" />
    </p>
    <p>
      <label for="status">${words.status}</label>
      <select id="status" name="status">
        <option value="">${words.any}</option>
        ${CASE_STATUSES.map((status) => option(status, codesIn(language).case[status], filter.status))}
      </select>
    </p>
    <p>
      <label for="agency">${words.agency}</label>
      <select id="agency" name="agency">
        <option value="">${words.anyAgency}</option>
        ${catalogues.filter((one) => !one.restricted).map(({ slug, name }) => option(slug, name, filter.agency))}
        ${catalogues.some((one) => one.restricted) && option(MASK, codesIn(language).restricted, filter.agency)}
      </select>
    </p>
    <p>
      <label
        ><input type="checkbox" name="overdue" value="true" ${filter.overdue && html`checked`} />
        ${words.overdue}</label
      >
    </p>
    <p>
      <label for="ended">${words.endedSince}</label>
      <input id="ended" name="endedSince" type="date" value="${filter.endedSince}" />
    </p>
    <p><button>${words.filter}</button></p>
  </form>`;
}

function option(value: string, text: string, chosen: string): Html {
  return html`<option value="${value}" ${value === chosen && html`selected`}>${text}</option>`;
}

/** Sent as a form and never as an address: a name in an address stays in histories and logs. */
function findForm({ language }: Setting): Html {
  const words = wordsIn(language).find;
  return html`<details id="find-person">
    <summary>${words.title}</summary>
    <form class="filter" method="post" action="${CASES}/find" autocomplete="off">
      <p>
        <label for="names">${words.names}</label>
        <input id="names" name="names" maxlength="200" aria-describedby="find-hint" />
      </p>
      <p><label for="born">${words.born}</label><input id="born" name="born" type="date" /></p>
      <p>
        <label for="document">${words.document}</label><input id="document" name="document" maxlength="40" />
      </p>
      <p><button>${words.find}</button></p>
      <p id="find-hint">${words.hint}</p>
    </form>
  </details>`;
}

/** The list; whoever may act chooses lines of it. */
function chosenForm(setting: Setting, { page, catalogues }: CaseList, mayAct: boolean): Html {
  const words = wordsIn(setting.language).bulk;
  const names = new Map(catalogues.map(({ slug, name }) => [slug, name]));
  const list = table(setting, page.items, names, mayAct);
  if (!mayAct) return list;
  const buttons = ACTIONS.map(
    (action) => html`<button name="action" value="${action}">${words.begin[action]}</button> `,
  );
  return html`<form method="post" action="${CASES}/bulk">
    ${list}
    <p>${buttons}</p>
  </form>`;
}

function table(
  { language, now }: Setting,
  cases: readonly ListedCase[],
  names: ReadonlyMap<string, string>,
  mayAct: boolean,
): Html {
  const words = wordsIn(language);
  const codes = codesIn(language);
  const nameOf = (slug: string): string => (slug === MASK ? codes.restricted : (names.get(slug) ?? slug));
  const rows = cases.map((one) => {
    const isLate = one.overdueAt !== null && new Date(one.overdueAt) < now;
    const choice = html`<td>
      <input
        type="checkbox"
        name="case.${one.id}"
        value="yes"
        aria-label="${words.bulk.choose(one.number)}"
      />
    </td>`;
    return html`<tr id="case-${one.id}">
      ${mayAct && choice}
      <th scope="row"><a href="${CASES}/${one.number}">${one.number}</a></th>
      <td>${wordOf(codes.case, one.status)}</td>
      <td>${one.agencies.map(nameOf).join(', ')}</td>
      <td>
        ${isLate && html`<strong class="bad">${words.late} ${whenIn(language, one.overdueAt!)}</strong>`}
      </td>
      <td>${one.escalations > 0 && html`<span class="warn">${one.escalations}</span>`}</td>
      <td>${whenIn(language, one.openedAt)}</td>
    </tr>`;
  });
  return tableOf(
    words.title,
    [
      mayAct && words.bulk.chosen,
      words.number,
      words.status,
      words.waitsFor,
      words.overdue,
      words.escalations,
      words.opened,
    ],
    rows,
  );
}
