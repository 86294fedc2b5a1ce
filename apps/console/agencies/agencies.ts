/** The agencies of the roundtable as pages: all of them, and one. Pure. */
import { ANSWER_STATUSES } from '@retorno/contracts';
import { html, type Html } from '@retorno/service';
import { begun, codesIn, wordOf } from '../codes/codes';
import type { Page, Setting } from '../frame/page';
import { tableOf } from '../frame/table';
import {
  listedAs,
  titleOf,
  type Catalogue,
  type OneAgency,
  type Standing,
  type WatchedAgency,
} from './catalogues';
import { connectionOf, decidedTable, deedLinks, paceCell, paceTable, pauseOf, stateOf } from './state';
import { stateWordsIn } from './state-words';
import { troublesOf, type Trouble } from './trouble';
import { wordsIn } from './words';

/** An agency, and how it stands; undefined when its service does not answer. */
export interface AgencyLine {
  readonly catalogue: WatchedAgency;
  readonly standing: Standing | undefined;
}

/** One agency; its offices are undefined as well when its service does not answer. */
export interface AgencyView extends AgencyLine {
  readonly catalogue: OneAgency;
  readonly offices: readonly OfficeLine[] | undefined;
  /** Something was decided just now. */
  readonly isDone?: boolean;
}

/** An office of `GET /agencies/{slug}/offices`. */
export interface OfficeLine {
  readonly code: string;
  readonly name: string;
  readonly services: readonly OfficeService[];
}

interface OfficeService {
  readonly code: string;
  /** Open referrals at once; null: any number. */
  readonly capacity: number | null;
  readonly free: number | null;
  readonly waiting: number;
}

const OPEN = ['received', 'accepted', 'in-progress', 'on-hold'];

export function agenciesPage(setting: Setting, lines: readonly AgencyLine[]): Page {
  const { language, now } = setting;
  const words = wordsIn(language);
  const state = stateWordsIn(language);
  const troubles = new Map(lines.map((line) => [line, troublesOf(line.catalogue, line.standing, now)]));
  // Whoever needs somebody comes first; else by name.
  const sorted = lines.toSorted((a, b) => Number(isCalm(troubles.get(a))) - Number(isCalm(troubles.get(b))));
  const rows = sorted.map((line) => {
    const { catalogue, standing } = line;
    const { slug, name, version, casesWaiting } = catalogue;
    return html`<tr id="agency-${slug}">
      <th scope="row"><a href="/console/agencies/${slug}">${name}</a></th>
      <td>${stateOf(setting, catalogue, troubles.get(line) ?? [])}</td>
      <td>${standing ? openOf(standing) : '–'}</td>
      <td>${standing ? late(standing.overdue) : '–'}</td>
      <td>${standing ? rejections(setting, standing) : '–'}</td>
      <td><a href="/console/cases?agency=${listedAs(catalogue)}">${casesWaiting}</a></td>
      <td>${paceCell(language, catalogue, 'receive')}</td>
      <td>${paceCell(language, catalogue, 'accept')}</td>
      <td>${paceCell(language, catalogue, 'deliver')}</td>
      <td>${version}</td>
    </tr>`;
  });
  const heads = [
    words.agency,
    state.state,
    words.open,
    words.late,
    words.rejections,
    words.waiting,
    state.receives,
    state.accepts,
    state.delivers,
    words.version,
  ];
  const body =
    lines.length === 0
      ? html`<p class="empty">${words.none}</p>`
      : html`${tableOf(words.title, heads, rows)}
          <p>${state.paceText}</p>`;
  return { title: words.title, screen: 'agencies', body, live: true };
}

function isCalm(troubles: readonly Trouble[] = []): boolean {
  return troubles.length === 0;
}

/** Referrals that an agency has not ended. */
export function openOf({ byStatus }: Pick<Standing, 'byStatus'>): number {
  return OPEN.reduce((sum, status) => sum + (byStatus[status] ?? 0), 0);
}

function late(count: number): Html | number {
  return count > 0 ? html`<strong class="bad">${count}</strong>` : count;
}

function rejections(setting: Setting, standing: Standing): string {
  const { reject } = codesIn(setting.language);
  return Object.entries(standing.rejections)
    .toSorted(([, a], [, b]) => b - a)
    .map(([code, count]) => `${begun(wordOf(reject, code))}: ${count}`)
    .join('; ');
}

export function agencyPage(setting: Setting, view: AgencyView): Page {
  const { language, now } = setting;
  const { catalogue, standing, offices, isDone } = view;
  const words = wordsIn(language);
  const state = stateWordsIn(language);
  const { name, version, contact, casesWaiting } = catalogue;
  const reached = [contact?.email, contact?.phone].filter((one) => one !== undefined).join(', ');
  const body = html`<p><a href="/console/agencies">${words.back}</a></p>
    ${isDone === true && html`<p class="done" role="status">${state.done}</p>`} ${pauseOf(setting, catalogue)}
    <h2>${state.state}</h2>
    ${stateOf(setting, { ...catalogue, paused: null }, troublesOf(catalogue, standing, now))}
    ${catalogue.maintenance && html`<p>${state.maintenanceMeans}</p>`} ${deedLinks(setting, catalogue)}
    <p>
      ${words.version}: ${version}. ${words.waiting}: ${casesWaiting}. ${words.contact}:
      ${reached === '' ? words.noContact : reached}.
    </p>
    <p>
      <a class="button" href="/console/cases?agency=${listedAs(catalogue)}">${words.cases}</a>
      <a class="button" href="/console/cases?agency=${listedAs(catalogue)}&overdue=true"
        >${words.lateCases}</a
      >
    </p>
    <h2>${words.standing}</h2>
    ${standing ? standingOf(setting, standing) : html`<p class="bad">${words.away}</p>`}
    <h2>${state.pace}</h2>
    ${paceTable(setting, catalogue)}
    <h2>${state.connection}</h2>
    ${connectionOf(setting, catalogue)}
    <h2>${state.decided}</h2>
    ${decidedTable(setting, catalogue)}
    <h2>${words.catalogue}</h2>
    ${catalogueOf(setting, catalogue)}
    <h2>${words.offices}</h2>
    ${offices ? officesOf(setting, catalogue, offices) : html`<p class="bad">${words.away}</p>`}`;
  return { title: name, screen: 'agencies', body, live: true };
}

function standingOf(setting: Setting, standing: Standing): Html {
  const words = wordsIn(setting.language);
  const { referral } = codesIn(setting.language);
  const rows = ANSWER_STATUSES.map(
    (status) =>
      html`<tr>
        <th scope="row">${referral[status]}</th>
        <td>${standing.byStatus[status] ?? 0}</td>
      </tr>`,
  );
  return html`${tableOf(words.standing, [words.status, words.count], rows)}
    <p>${words.late}: ${late(standing.overdue)}</p>
    <p>${words.rejections}: ${rejections(setting, standing) || words.noRejections}</p>`;
}

function catalogueOf({ language }: Setting, { services }: Catalogue): Html {
  const words = wordsIn(language);
  const codes = codesIn(language);
  const rows = services.map(
    (offer) =>
      html`<tr>
        <th scope="row">${titleOf(services, offer.code, language)}<br /><small>${offer.code}</small></th>
        <td>${offer.for.map((code) => wordOf(codes.need, code)).join(', ')}</td>
        <td>${offer.requires.join(', ')}</td>
        <td>${offer.ack}</td>
        <td>${offer.done}</td>
        <td>${offer.sees.map((code) => wordOf(codes.field, code)).join(', ')}</td>
        <td>${offer.law}</td>
      </tr>`,
  );
  const heads = [words.service, words.needs, words.requires, words.ack, words.done, words.sees, words.law];
  return tableOf(words.catalogue, heads, rows);
}

function officesOf({ language }: Setting, { services }: Catalogue, offices: readonly OfficeLine[]): Html {
  const words = wordsIn(language);
  if (offices.length === 0) return html`<p>${words.noOffices}</p>`;
  const rows = offices.flatMap((office) =>
    office.services.map(
      (at) =>
        html`<tr>
          <th scope="row">${office.name}</th>
          <td>${titleOf(services, at.code, language)}</td>
          <td>${at.capacity ?? words.noLimit}</td>
          <td>${at.free ?? words.noLimit}</td>
          <td>${at.waiting > 0 ? html`<strong class="warn">${at.waiting}</strong>` : at.waiting}</td>
        </tr>`,
    ),
  );
  return tableOf(words.offices, [words.office, words.service, words.capacity, words.free, words.queue], rows);
}

/** A table that scrolls by itself where the screen is narrow. */
