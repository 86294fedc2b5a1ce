/** What operations see first, as a page: how much there is to do, each figure with the list behind it. Pure. */
import { html, mondayOf, type Html } from '@retorno/service';
import { listedAs, type Catalogue, type Named } from '../agencies/catalogues';
import { noticesOf, type Noticed } from '../agencies/state';
import { notToldOutside, type NotificationView } from '../escalations/told-outside';
import type { Page, Setting } from '../frame/page';
import { tableOf } from '../frame/table';
import { feedOf, type Happening } from './feed';
import { tile } from './tile';
import { TOUR_PATH } from '../tour/tour';
import { wordsIn as tourWordsIn } from '../tour/words';
import { wordsIn } from './words';

/** `GET /cases/summary`, as far as it is shown. */
export interface CaseSummary {
  readonly byStatus: Readonly<Record<string, number>>;
  readonly overdue: number;
  readonly escalated: number;
  /** Open cases by what they wait for. */
  readonly waitingFor: readonly { readonly what: string; readonly cases: number }[];
  /** Cases by the agency that is late with an answer, the latest first. */
  readonly late: readonly { readonly agency: string; readonly overdue: number }[];
  /** Since the Monday of this week. */
  readonly completedSince: number;
}

/** `GET /escalations/summary`. */
export interface EscalationSummary {
  readonly unowned: number;
  readonly unownedDue: number;
  readonly mine: number;
  readonly mineDue: number;
  readonly resolvedSince: number;
  readonly mineResolvedSince: number;
}

export interface AtHome {
  readonly cases: CaseSummary;
  readonly escalations: EscalationSummary;
  /** Streams that stand still; `more` when there are more than were counted; `silent`, who was not counted. */
  readonly parked: { readonly count: number; readonly more: boolean; readonly silent: readonly string[] };
  readonly feed: readonly Happening[];
  readonly catalogues: readonly (Named & Noticed & Pick<Catalogue, 'restricted'>)[];
  readonly notifications?: NotificationView;
  /** Whether the tour is offered. */
  readonly tour?: boolean;
}

/** Longest list of late agencies. */
const LATE_SHOWN = 10;

export function homePage(setting: Setting, home: AtHome): Page {
  const words = wordsIn(setting.language);
  const { cases, escalations, parked } = home;
  const isNew = Object.values(cases.byStatus).every((count) => count === 0);
  const isCalm =
    cases.overdue + cases.escalated + escalations.unowned + parked.count + parked.silent.length === 0;
  const body = html`${home.tour === true && html`<p><a class="button" href="${TOUR_PATH}">${tourWordsIn(setting.language).offer}</a></p>`}
    ${isNew ? html`<p class="empty">${words.noCases}</p>` : isCalm && html`<p class="empty">${words.calm}</p>`}
    ${casesPart(setting, home)} ${escalationsPart(setting, home)} ${weekPart(setting, home)}
    <h2>${words.parked}</h2>
    ${parkedPart(setting, home)}
    <h2>${words.late}</h2>
    ${noticesOf(setting, home.catalogues)} ${lateAgencies(setting, home)}
    <h2>${words.feed.title}</h2>
    ${feedOf(setting, home.feed, home.catalogues)}`;
  return { title: words.title, screen: 'home', body, live: true };
}

function casesPart({ language }: Setting, { cases }: AtHome): Html {
  const words = wordsIn(language);
  const { open = 0, closing = 0, completed = 0 } = cases.byStatus;
  return html`<h2>${words.cases}</h2>
    <ul class="tiles">
      ${[
        tile('/console/cases?status=open', open, words.open),
        ...(closing > 0 ? [tile('/console/cases?status=closing', closing, words.closing)] : []),
        tile('/console/cases?overdue=true', cases.overdue, words.overdue, 'bad'),
        tile('/console/escalations', cases.escalated, words.escalated, 'warn'),
        tile('/console/cases?status=completed', completed, words.completed),
      ]}
    </ul>`;
}

function escalationsPart(setting: Setting, { escalations, notifications }: AtHome): Html {
  const words = wordsIn(setting.language);
  const { unowned, unownedDue, mine, mineDue } = escalations;
  const due = (count: number): string => (count === 0 ? words.noneDue : words.due(count));
  return html`<h2>${words.escalations}</h2>
    <ul class="tiles">
      ${[
        tile('/console/escalations?owner=none', unowned, words.unowned, 'warn', due(unownedDue)),
        tile('/console/escalations?owner=mine', mine, words.mine, undefined, due(mineDue)),
      ]}
    </ul>
    ${notifications && notToldOutside(setting, notifications)}`;
}

/** What was done since Monday. */
function weekPart({ language, now }: Setting, { cases, escalations }: AtHome): Html {
  const words = wordsIn(language).week;
  const since = mondayOf(now);
  const resolved = `/console/escalations?resolvedSince=${since}`;
  return html`<h2>${words.title}</h2>
    <ul class="tiles">
      ${[
        tile(`/console/cases?status=completed&endedSince=${since}`, cases.completedSince, words.completed),
        tile(resolved, escalations.resolvedSince, words.resolved),
        tile(`${resolved}&owner=mine`, escalations.mineResolvedSince, words.mine),
      ]}
    </ul>`;
}

function parkedPart({ language }: Setting, { parked: { count, more, silent } }: AtHome): Html {
  const words = wordsIn(language);
  const away = silent.length > 0 && html`<p class="notice">${words.away} ${silent.join(', ')}</p>`;
  if (count === 0) return html`${away || html`<p>${words.noneParked}</p>`}`;
  return html`${away}
    <ul class="tiles">
      ${tile('/console/parked', count, words.parkedNow, 'bad', more && words.andMore)}
    </ul>`;
}

function lateAgencies({ language }: Setting, { cases, catalogues }: AtHome): Html {
  const words = wordsIn(language);
  const { late, waitingFor } = cases;
  const all = html`<p><a href="/console/agencies">${words.allAgencies}</a></p>`;
  if (catalogues.length === 0) return html`<p class="empty">${words.noAgencies}</p>`;
  if (late.length === 0)
    return html`<p>${words.noneLate}</p>
      ${all}`;
  const known = new Map(catalogues.map((one) => [one.slug, one]));
  const waiting = new Map(waitingFor.map(({ what, cases: count }) => [what, count]));
  const rows = late.slice(0, LATE_SHOWN).map(({ agency, overdue }) => {
    const { name, ...catalogue } = known.get(agency) ?? { name: agency, slug: agency, restricted: false };
    const cases = `/console/cases?agency=${listedAs(catalogue)}`;
    return html`<tr>
      <th scope="row"><a href="/console/agencies/${agency}">${name}</a></th>
      <td class="bad"><a href="${cases}&overdue=true">${overdue}</a></td>
      <td><a href="${cases}">${waiting.get(agency) ?? 0}</a></td>
    </tr>`;
  });
  return html`${tableOf(words.late, [words.agency, words.lateCases, words.waiting], rows)}
  ${late.length > LATE_SHOWN && html`<p>${words.lateShown(LATE_SHOWN, late.length)}</p>`}${all}`;
}
