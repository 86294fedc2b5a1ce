/** The queue of escalations as a page: what a person must look at, soonest due first. Pure. */
import { ESCALATION_REASONS, type EscalationReason } from '@retorno/contracts';
import { html, type Html } from '@retorno/service';
import type { Named } from '../agencies/catalogues';
import { begun, codesIn } from '../codes/codes';
import { namesFrom, type NameOf } from '../codes/detail';
import type { Page, Setting } from '../frame/page';
import { dayIn, whenIn } from '../frame/texts';
import { tableOf } from '../frame/table';
import type { ListPage } from '../services';
import { claimForm, detailsOf, handOverForm, mayAct, ownerOf, reasonForm, toldOf, type Told } from './parts';
import { toldOutside, type NotificationView } from './told-outside';
import { wordsIn } from './words';

/** What is looked for; '' is everything. */
export interface QueueFilter {
  readonly owner: 'mine' | 'none' | '';
  readonly reason: string;
  /** One cause of many cases: then each case has its own row. */
  readonly group: string;
  /** 'true': one row for each case in any event. */
  readonly each: 'true' | '';
  /** A day, `YYYY-MM-DD`: what was resolved since then, instead of what is open. */
  readonly resolvedSince: string;
  readonly cursor: string;
}

/** A line of `GET /escalations`. */
export interface ListedEscalation {
  readonly id: string;
  readonly reason: EscalationReason;
  readonly group: string | null;
  readonly caseNumber: string;
  /** How many cases the line stands for. */
  readonly cases: number;
  readonly detail: Readonly<Record<string, string>>;
  readonly dueAt: string;
  readonly owner: string | null;
  readonly note: string | null;
  readonly resolvedAt: string | null;
}

const PATH = '/console/escalations';

export function queuePage(
  setting: Setting,
  filter: QueueFilter,
  page: ListPage<ListedEscalation>,
  told: Told = {},
  notifications?: NotificationView,
  catalogues: readonly Named[] = [],
): Page {
  const words = wordsIn(setting.language);
  const body = html`${toldOf(setting, told)} ${notifications && toldOutside(setting, notifications)}
  ${filterForm(setting, filter)} ${resolvedNote(setting, filter)}
  ${filter.group !== '' && groupPart(setting, filter, page, told, catalogues)}
  ${page.items.length === 0 ? html`<p class="empty">${nothing(setting, filter)}</p>` : table(setting, filter, page.items, catalogues)}
  ${filter.owner === 'mine' && page.items.length > 0 && mayAct(setting) && shiftPart(setting, told)}
  ${page.next !== null && html`<p><a class="button" href="${addressOf({ ...filter, cursor: page.next })}">${words.more}</a></p>`}`;
  return { title: words.title, screen: 'escalations', body, live: true };
}

/** The queue's address with these filters. */
export function addressOf(filter: Partial<QueueFilter>): string {
  const set = Object.entries(filter).filter(([, value]) => value !== '');
  return set.length === 0 ? PATH : `${PATH}?${new URLSearchParams(set).toString()}`;
}

/** That the list is not the one of what is open, and the way back to it. */
function resolvedNote({ language }: Setting, { owner, resolvedSince }: QueueFilter): Html | false {
  if (resolvedSince === '') return false;
  const words = wordsIn(language);
  return html`<p>
    ${words.resolvedSince(dayIn(language, resolvedSince))}
    <a href="${addressOf({ owner })}">${words.backToOpen}</a>
  </p>`;
}

function nothing(
  { language }: Setting,
  { owner, reason, group, resolvedSince, cursor }: QueueFilter,
): string {
  const words = wordsIn(language);
  if (resolvedSince !== '') return words.noneResolved;
  if (reason !== '' || group !== '' || cursor !== '') return words.noneFits;
  if (owner === 'mine') return words.noneMine;
  return owner === 'none' ? words.noneUnowned : words.noneAtAll;
}

function filterForm({ language }: Setting, filter: QueueFilter): Html {
  const words = wordsIn(language);
  const owners = [
    ['', words.everybody],
    ['mine', words.mine],
    ['none', words.unowned],
  ] as const;
  const choices = owners.map(
    ([owner, name]) =>
      html`<a
        href="${addressOf({ ...filter, owner, cursor: '' })}"
        ${owner === filter.owner && html`aria-current="true"`}
        >${name}</a
      >`,
  );
  const names = codesIn(language).escalation;
  const reasons = ESCALATION_REASONS.map(
    (code) =>
      html`<option value="${code}" ${code === filter.reason && html`selected`}>
        ${begun(names[code])}
      </option>`,
  );
  return html`<nav class="choices" aria-label="${words.whose}">${choices}</nav>
    <form class="filter" method="get" action="${PATH}" role="search">
      ${filter.owner !== '' && html`<input type="hidden" name="owner" value="${filter.owner}" />`}
      ${filter.resolvedSince !== '' && html`<input type="hidden" name="resolvedSince" value="${filter.resolvedSince}" />`}
      <p>
        <label for="reason">${words.reason}</label>
        <select id="reason" name="reason">
          <option value="">${words.anyReason}</option>
          ${reasons}
        </select>
      </p>
      <p>
        <label
          ><input type="checkbox" name="each" value="true" ${filter.each && html`checked`} />
          ${words.each}</label
        >
      </p>
      <p><button>${words.filter}</button></p>
    </form>`;
}

/** The end of a shift: all that is one's own at once. */
function shiftPart(setting: Setting, { written = '' }: Told): Html {
  const words = wordsIn(setting.language);
  const target = { id: 'mine', back: addressOf({ owner: 'mine' }) };
  const asked = { text: words.shiftText, label: words.shiftButton, written };
  return html`<section aria-labelledby="shift">
    <h2 id="shift">${words.handOver}</h2>
    ${handOverForm(setting, target, asked)}
  </section>`;
}

/** What can be done with all cases of one cause at once. */
function groupPart(
  setting: Setting,
  { group }: QueueFilter,
  { items }: ListPage<ListedEscalation>,
  told: Told,
  catalogues: readonly Named[],
): Html | false {
  const [first] = items;
  if (!first) return false;
  const words = wordsIn(setting.language);
  const target = { id: `group:${group}`, back: addressOf({ group }) };
  const actions = html`<div class="actions">
      ${claimForm(setting, target, { label: words.takeGroup })}
      ${claimForm(setting, target, { label: words.takeOverGroup, takesOver: true })}
    </div>
    ${reasonForm(setting, target, words.resolveGroup, told.written)}`;
  return html`<section aria-labelledby="group">
    <h2 id="group">${words.group}: ${codesIn(setting.language).escalation[first.reason]}</h2>
    ${detailsOf(setting, first.detail, namesFrom(catalogues, setting.language))}
    <p>${words.groupText}</p>
    ${mayAct(setting) ? actions : html`<p>${words.onlyLooking}</p>`}
  </section>`;
}

function table(
  setting: Setting,
  filter: QueueFilter,
  items: readonly ListedEscalation[],
  catalogues: readonly Named[],
): Html {
  const words = wordsIn(setting.language);
  const nameOf = namesFrom(catalogues, setting.language);
  return tableOf(
    words.title,
    [words.due, words.reason, words.about, words.owner, words.action],
    items.map((one) => row(setting, filter, one, nameOf)),
  );
}

function row(setting: Setting, filter: QueueFilter, one: ListedEscalation, nameOf: NameOf): Html {
  const { language, now } = setting;
  const words = wordsIn(language);
  const isGroup = one.id.startsWith('group:');
  const due = whenIn(language, one.dueAt);
  const isLate = one.resolvedAt === null && new Date(one.dueAt) < now;
  const href = isGroup
    ? addressOf({ group: one.group!, owner: filter.owner })
    : `${PATH}/${encodeURIComponent(one.id)}`;
  const canTake = mayAct(setting) && !isGroup && one.owner === null && one.resolvedAt === null;
  return html`<tr id="escalation-${one.id}">
    <td>
      ${one.resolvedAt ? `${words.resolvedAt} ${whenIn(language, one.resolvedAt)}` : isLate ? html`<strong class="bad">${words.late} ${due}</strong>` : due}
    </td>
    <th scope="row">
      <a href="${href}">${begun(codesIn(language).escalation[one.reason])}</a
      >${detailsOf(setting, one.detail, nameOf)}
    </th>
    <td>
      ${
        isGroup
          ? html`<strong>${one.cases}</strong> ${words.cases}`
          : html`<a href="/console/cases/${one.caseNumber}">${one.caseNumber}</a>`
      }
    </td>
    <td>
      ${isGroup && one.cases > 1 ? '–' : ownerOf(setting, one.owner)}
      ${!isGroup && one.note !== null && html`<p class="note">${one.note}</p>`}
    </td>
    <td>
      ${canTake && claimForm(setting, { id: one.id, back: addressOf(filter) }, { label: words.take, about: one.caseNumber })}
    </td>
  </tr>`;
}
