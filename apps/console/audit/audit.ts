/** The audit as a page and as a table to download. Pure. */
import { csvOf, html, OUTCOMES, type AuditView, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { tableOfCells } from '../frame/table';
import { whenIn, type Language } from '../frame/texts';
import { ACTIONS, actionNamed, screenOf, type ActionName } from './actions';
import { frameWords } from '../frame/words';
import { addressOf, AUDIT_PATH, type AuditAsked, type WrongField } from './asked';
import { MOST_EXPORTED, type Trail } from './trail';
import { wordsIn } from './words';

export function auditPage(
  setting: Setting,
  asked: AuditAsked,
  { items, next, silent }: Trail,
  wrong: readonly WrongField[] = [],
): Page {
  const words = wordsIn(setting.language);
  const { heads } = words;
  const download = addressOf({ ...asked, cursor: '' }, `${AUDIT_PATH}/download`);
  const body = html`<p>${words.lead}</p>
    ${wrong.map((field) => html`<p class="alert" role="alert">${words.wrong[field]}</p>`)}
    ${silent.length > 0 && html`<p class="notice" role="status">${words.silent(silent.join(', '))}</p>`}
    ${filterForm(setting, asked, wrong)}
    ${tableOfCells(
      words.title,
      [heads.when, heads.who, heads.what, heads.about, heads.outcome, heads.reason],
      items.map((row) => cellsOf(setting.language, row)),
      words.none,
    )}
    <p class="pages">
      ${next !== null && html`<a href="${addressOf({ ...asked, cursor: next })}">${words.more}</a>`}
      ${asked.cursor !== '' && html`<a href="${addressOf({ ...asked, cursor: '' })}">${words.newest}</a>`}
    </p>
    ${
      items.length > 0 &&
      html`<p>
        <a class="button" href="${download}">${words.download}</a>
        ${words.downloadHint(MOST_EXPORTED)}
      </p>`
    }`;
  return { title: words.title, screen: 'audit', body };
}

function filterForm({ language }: Setting, asked: AuditAsked, wrong: readonly WrongField[]): Html {
  const { filter, actions, outcomes } = wordsIn(language);
  const names = (Object.keys(ACTIONS) as ActionName[]).toSorted((a, b) =>
    actions[a].localeCompare(actions[b], language),
  );
  const field = (name: 'case' | 'returnee' | 'from' | 'to', type = 'text'): Html =>
    html`<p>
      <label for="${name}">${filter[name]}</label>
      <input
        id="${name}"
        name="${name}"
        type="${type}"
        value="${asked[name]}"
        autocomplete="off"
        ${wrong.includes(name) && html`aria-invalid="true"`}
      />
    </p>`;
  return html`<form
    class="filter"
    method="get"
    action="${AUDIT_PATH}"
    role="search"
    aria-label="${filter.label}"
  >
    <p>
      <label for="who">${filter.who}</label>
      <input
        id="who"
        name="who"
        value="${asked.who}"
        maxlength="100"
        autocomplete="off"
        aria-describedby="who-hint"
      />
      <br /><small id="who-hint">${filter.whoHint}</small>
    </p>
    ${field('case')} ${field('returnee')}
    <p>
      <label for="action">${filter.action}</label>
      <select id="action" name="action">
        <option value="">${filter.any}</option>
        ${names.map((name) => option(name, actions[name], asked.action))}
      </select>
    </p>
    <p>
      <label for="outcome">${filter.outcome}</label>
      <select id="outcome" name="outcome">
        <option value="">${filter.any}</option>
        ${OUTCOMES.map((name) => option(name, outcomes[name], asked.outcome))}
      </select>
    </p>
    ${field('from', 'date')} ${field('to', 'date')}
    <p><button>${filter.show}</button> <a href="${AUDIT_PATH}">${filter.clear}</a></p>
  </form>`;
}

function option(value: string, text: string, chosen: string): Html {
  return html`<option value="${value}" ${value === chosen && html`selected`}>${text}</option>`;
}

function cellsOf(language: Language, row: AuditView): (Html | string)[] {
  const words = wordsIn(language);
  return [
    whenIn(language, row.at),
    who(language, row),
    html`${whatIn(language, row)} ${row.times > 1 && html`<strong>${words.times(row.times)}</strong>`}`,
    html`${shownIds(row).map((one) => html`${about(language, one)}<br />`)}`,
    outcomeOf(language, row),
    row.reason ?? '',
  ];
}

/** `Cerró un caso`; of what has no name of its own, which screen it is about. */
function whatIn(language: Language, { action }: AuditView): string {
  const name = actionNamed(action);
  const what = wordsIn(language).actions[name];
  const screen = name === 'visit' || name === 'other' ? screenOf(action) : undefined;
  return screen === undefined ? what : `${what}: ${frameWords(language).menu[screen]}`;
}

function who(language: Language, row: AuditView): Html {
  const words = wordsIn(language);
  if (row.subject === null) return html`${words.nobody}`;
  const more = [rolesOf(language, row), row.agency, row.authority].filter(Boolean).join(', ');
  return html`<a href="${addressOf({ who: row.subject })}">${row.name}</a> <small>${more}</small>`;
}

/** A lead is one of operations, and is not called both. */
function rolesOf(language: Language, { roles }: AuditView): string {
  const { roles: names } = wordsIn(language);
  const isLead = roles.includes('operations-lead');
  const said = roles.filter((role) => role !== 'operations' || !isLead);
  return said.map((role) => (names as Readonly<Record<string, string>>)[role] ?? role).join(', ');
}

/** Of a case that is named by number and id, the number. */
function shownIds({ about: ids }: AuditView): string[] {
  const hasNumber = ids.some((id) => /^case:[A-Z]/.test(id));
  return ids.filter((id) => !hasNumber || !/^case:[\da-f]{8}-/.test(id));
}

function about(language: Language, one: string): Html {
  const [kind = '', id = ''] = one.split(':');
  const name = wordsIn(language).kinds[kind] ?? kind;
  if (kind === 'case') return html`${name} <a href="/console/cases/${id}">${id}</a>`;
  if (kind === 'returnee') return html`${name} <a href="${addressOf({ returnee: id })}">${id}</a>`;
  return html`${name} ${id}`;
}

function outcomeOf(language: Language, { refused, status }: AuditView): string {
  const words = wordsIn(language);
  if (refused) return words.outcomes[refused];
  return status < 400 ? words.outcomes.done : words.failed(status);
}

/** The rows for a spreadsheet, which takes none of them for a formula. */
export function auditCsv(language: Language, rows: readonly AuditView[]): string {
  const words = wordsIn(language);
  return csvOf(
    words.columns,
    rows.map((row) => [
      row.at,
      row.subject === null ? words.nobody : row.name,
      row.subject,
      rolesOf(language, row),
      row.agency,
      row.authority,
      whatIn(language, row),
      row.action,
      row.about.join(' '),
      outcomeOf(language, row),
      row.status,
      row.times,
      row.reason,
      row.service,
    ]),
  );
}
