/** The agencies of the roundtable as pages: all of them, and one. Pure. */
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { tableOf } from '../frame/table';
import { wordsIn as worklistWords } from '../worklist/words';
import { titleOf, type Catalogue } from './catalogues';
import { wordsIn } from './words';

/** `GET /agencies/{slug}/referrals/summary`. */
export interface Standing {
  readonly byStatus: Readonly<Record<string, number>>;
  readonly overdue: number;
  readonly rejections: Readonly<Record<string, number>>;
}

/** An agency, and how it stands; undefined when its service does not answer. */
export interface AgencyLine {
  readonly catalogue: Catalogue;
  readonly standing: Standing | undefined;
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
  const words = wordsIn(setting.language);
  const rows = lines.map(({ catalogue, standing }) => {
    const { slug, name, version, casesWaiting } = catalogue;
    return html`<tr id="agency-${slug}">
      <th scope="row"><a href="/console/agencies/${slug}">${name}</a></th>
      ${
        standing
          ? html`<td>${openOf(standing)}</td>
              <td>${late(standing.overdue)}</td>
              <td>${rejections(setting, standing)}</td>`
          : html`<td colspan="3"><strong class="bad">${words.away}</strong></td>`
      }
      <td><a href="/console/cases?agency=${slug}">${casesWaiting}</a></td>
      <td>${version}</td>
    </tr>`;
  });
  const heads = [words.agency, words.open, words.late, words.rejections, words.waiting, words.version];
  const body =
    lines.length === 0 ? html`<p class="empty">${words.none}</p>` : tableOf(words.title, heads, rows);
  return { title: words.title, screen: 'agencies', body, live: true };
}

function openOf({ byStatus }: Standing): number {
  return OPEN.reduce((sum, status) => sum + (byStatus[status] ?? 0), 0);
}

function late(count: number): Html | number {
  return count > 0 ? html`<strong class="bad">${count}</strong>` : count;
}

function rejections(setting: Setting, standing: Standing): string {
  const { codes } = worklistWords(setting.language);
  return Object.entries(standing.rejections)
    .toSorted(([, a], [, b]) => b - a)
    .map(([code, count]) => `${codes[code] ?? code}: ${count}`)
    .join('; ');
}

export function agencyPage(
  setting: Setting,
  { catalogue, standing }: AgencyLine,
  offices: readonly OfficeLine[] | undefined,
): Page {
  const words = wordsIn(setting.language);
  const { slug, name, version, contact, casesWaiting } = catalogue;
  const reached = [contact?.email, contact?.phone].filter((one) => one !== undefined).join(', ');
  const body = html`<p><a href="/console/agencies">${words.back}</a></p>
    <p>
      ${words.version}: ${version}. ${words.waiting}: ${casesWaiting}.
      ${reached !== '' && html`${words.contact}: ${reached}.`}
    </p>
    <p>
      <a class="button" href="/console/cases?agency=${slug}">${words.cases}</a>
      <a class="button" href="/console/cases?agency=${slug}&overdue=true">${words.lateCases}</a>
    </p>
    <h2>${words.standing}</h2>
    ${standing ? standingOf(setting, standing) : html`<p class="bad">${words.away}</p>`}
    <h2>${words.catalogue}</h2>
    ${catalogueOf(setting, catalogue)}
    <h2>${words.offices}</h2>
    ${offices ? officesOf(setting, catalogue, offices) : html`<p class="bad">${words.away}</p>`}`;
  return { title: name, screen: 'agencies', body, live: true };
}

function standingOf(setting: Setting, standing: Standing): Html {
  const words = wordsIn(setting.language);
  const { statuses } = worklistWords(setting.language);
  const rows = Object.entries(statuses).map(
    ([status, text]) =>
      html`<tr>
        <th scope="row">${text}</th>
        <td>${standing.byStatus[status] ?? 0}</td>
      </tr>`,
  );
  return html`${tableOf(words.standing, [words.status, words.count], rows)}
    <p>${words.late}: ${late(standing.overdue)}</p>
    <p>${words.rejections}: ${rejections(setting, standing) || words.noRejections}</p>`;
}

function catalogueOf({ language }: Setting, { services }: Catalogue): Html {
  const words = wordsIn(language);
  const rows = services.map(
    (offer) =>
      html`<tr>
        <th scope="row">${titleOf(services, offer.code, language)}<br /><small>${offer.code}</small></th>
        <td>${offer.for.join(', ')}</td>
        <td>${offer.requires.join(', ')}</td>
        <td>${offer.ack}</td>
        <td>${offer.done}</td>
        <td>${offer.sees.join(', ')}</td>
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
