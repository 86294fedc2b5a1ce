/** The worklist of an agency's own staff as a page. Pure. */
import { html, type Html } from '@retorno/service';
import { ANSWER_STATUSES, type Office, type ServiceOffer } from '@retorno/contracts';
import { titleOf } from '../agencies/catalogues';
import { codesIn, wordOf } from '../codes/codes';
import type { Page, Setting } from '../frame/page';
import { whenIn } from '../frame/texts';
import { tableOf } from '../frame/table';
import type { ListPage } from '../services';
import type { WorklistItem } from './answers';
import { wordsIn } from './words';

/** What is looked for; '' is everything, but for `status`: there `open` is what still waits, and `all` is everything. */
export interface WorklistFilter {
  readonly status: string;
  readonly service: string;
  readonly priority: string;
  readonly office: string;
  readonly overdue: 'true' | '';
  readonly cursor: string;
}

/** What an agency offers, and where. */
export interface Offered {
  readonly services: readonly ServiceOffer[];
  readonly offices: readonly Office[];
}

/** What became of referrals that were accepted together. */
export interface Accepted {
  readonly taken: number;
  readonly refused: number;
}

export interface WorklistView {
  readonly filter: WorklistFilter;
  readonly page: ListPage<WorklistItem>;
  readonly offered: Offered;
  /** To be printed: nothing to press. */
  readonly print: boolean;
  readonly accepted?: Accepted | undefined;
  /** Makes the keys by which a form that is sent twice is one answer. */
  readonly newKey: () => string;
}

export function worklistPage(setting: Setting, view: WorklistView): Page {
  const words = wordsIn(setting.language);
  const { filter, page, print } = view;
  const body = html`${!print && filterForm(setting, view)} ${accepted(setting, view.accepted)}
  ${page.items.length === 0 ? html`<p class="empty">${words.none}</p>` : list(setting, view)}
  ${page.next !== null && html`<p><a class="button" href="${addressOf({ ...filter, cursor: page.next }, print)}">${words.more}</a></p>`}
  ${!print && html`<p><a href="${addressOf({ ...filter, cursor: '' }, true)}">${words.print}</a></p>`}`;
  return { title: words.title, screen: 'worklist', body, ...(print ? {} : { live: 'own' as const }) };
}

function accepted(setting: Setting, done: Accepted | undefined): Html | false {
  if (!done) return false;
  const words = wordsIn(setting.language);
  if (done.taken + done.refused === 0) return html`<p class="alert" role="alert">${words.nothingChosen}</p>`;
  return html`<p class="done" role="status">
    ${words.bulkDone(done.taken)} ${done.refused > 0 && words.bulkRefused(done.refused)}
  </p>`;
}

function filterForm(setting: Setting, { filter, offered }: WorklistView): Html {
  const words = wordsIn(setting.language);
  const codes = codesIn(setting.language);
  const services = offered.services.map(({ code }): Choice => [
    code,
    titleOf(offered.services, code, setting.language),
  ]);
  const offices = offered.offices.map(({ code, name }): Choice => [code, name]);
  return html`<form class="filter" method="get" action="/console/worklist" role="search">
    ${select('status', words.status, filter.status, [
      ['open', words.open],
      ...ANSWER_STATUSES.map((status): Choice => [status, codes.referral[status]]),
      ['all', words.everything],
    ])}
    ${select('service', words.service, filter.service, [['', words.any], ...services])}
    ${select('priority', words.priority, filter.priority, [
      ['', words.any],
      ...Object.entries(codes.priority),
    ])}
    ${offices.length > 0 && select('office', words.office, filter.office, [['', words.any], ...offices])}
    <p>
      <label
        ><input type="checkbox" name="overdue" value="true" ${filter.overdue && html`checked`} />
        ${words.overdue}</label
      >
    </p>
    <p><button>${words.filter}</button></p>
  </form>`;
}

type Choice = readonly [value: string, text: string];

function select(name: string, label: string, chosen: string, choices: readonly Choice[]): Html {
  const options = choices.map(
    ([value, text]) => html`<option value="${value}" ${value === chosen && html`selected`}>${text}</option>`,
  );
  return html`<p>
    <label for="${name}">${label}</label>
    <select id="${name}" name="${name}">
      ${options}
    </select>
  </p>`;
}

function list(setting: Setting, view: WorklistView): Html {
  const words = wordsIn(setting.language);
  const canAccept = !view.print && view.page.items.some(isAcceptable);
  const rows = view.page.items.map((item) => line(setting, view, item, canAccept));
  const table = tableOf(
    words.title,
    [
      canAccept && words.choose,
      words.person,
      words.service,
      words.status,
      words.next,
      words.office,
      words.arrived,
    ],
    rows,
  );
  if (!canAccept) return table;
  return html`<form method="post" action="/console/worklist/accept">
    ${table}
    <p><button>${words.acceptChosen}</button></p>
  </form>`;
}

function isAcceptable({ possible }: WorklistItem): boolean {
  return possible.includes('accepted');
}

function line(setting: Setting, view: WorklistView, item: WorklistItem, canAccept: boolean): Html {
  const { language } = setting;
  const words = wordsIn(language);
  const who = nameOf(item) ?? words.unnamed;
  const due = item.status === 'received' ? item.ackDueAt : item.dueAt;
  const office = view.offered.offices.find(({ code }) => code === item.office)?.name ?? item.office;
  return html`<tr id="referral-${item.id}">
    ${canAccept && html`<td>${isAcceptable(item) && html`<input type="checkbox" name="accept.${item.id}" value="${view.newKey()}" aria-label="${words.chooseOne(who)}" />`}</td>`}
    <th scope="row">
      <a href="/console/worklist/${item.id}">${who}</a>
      ${item.priority === 'urgent' && html`<strong class="bad">${codesIn(language).priority.urgent}</strong>`}
    </th>
    <td>${titleOf(view.offered.services, item.service, language)}</td>
    <td>${statusOf(setting, item)}</td>
    <td>
      ${item.possible.length > 0 && whenIn(language, due)}
      ${item.overdue && html`<strong class="bad">${words.late}</strong>`}
    </td>
    <td>${office}</td>
    <td>${whenIn(language, item.requestedAt)}</td>
  </tr>`;
}

/** What this agency calls the person; undefined where it is told no name. */
export function nameOf({ returnee }: Pick<WorklistItem, 'returnee'>): string | undefined {
  const { givenNames, familyNames, codeName } = returnee;
  const names = [familyNames, givenNames].filter((name) => name !== undefined).join(', ');
  return names === '' ? codeName : names;
}

/** How it stands, in words. */
export function statusOf(setting: Setting, item: Pick<WorklistItem, 'status' | 'businessStatus'>): string {
  const { referral, business } = codesIn(setting.language);
  const { status, businessStatus } = item;
  return businessStatus ? `${referral[status]}, ${wordOf(business, businessStatus)}` : referral[status];
}

function addressOf(filter: WorklistFilter, print: boolean): string {
  const set = Object.entries({ ...filter, print: print ? 'true' : '' }).filter(([, value]) => value !== '');
  return `/console/worklist?${new URLSearchParams(set).toString()}`;
}
