/** What somebody sees first, as a page: how much there is to do, each figure with the list behind it. Pure. */
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { tableOf } from '../frame/table';
import { wordsIn } from './words';

/** `GET /cases/summary`, as far as it is shown. */
export interface CaseSummary {
  readonly byStatus: Readonly<Record<string, number>>;
  readonly overdue: number;
  readonly escalated: number;
}

/** `GET /escalations/summary`. */
export interface EscalationSummary {
  readonly unowned: number;
  readonly unownedDue: number;
  readonly mine: number;
  readonly mineDue: number;
}

/** How one agency keeps up; `standing` is absent when it could not be asked. */
export interface AgencyAtHome {
  readonly slug: string;
  readonly casesWaiting: number;
  readonly standing?: AgencyStanding;
}

/** `GET /agencies/{slug}/referrals/summary`. */
export interface AgencyStanding {
  readonly byStatus: Readonly<Record<string, number>>;
  readonly overdue: number;
}

export interface AtHome {
  readonly cases: CaseSummary;
  readonly escalations: EscalationSummary;
  /** Streams that stand still; `more` when there are more than were counted. */
  readonly parked: { readonly count: number; readonly more: boolean };
  readonly agencies: readonly AgencyAtHome[];
}

/** Longest list of late agencies. */
const LATE_SHOWN = 10;
const UNFINISHED = ['received', 'accepted', 'in-progress', 'on-hold'];

export function homePage(setting: Setting, { cases, escalations, parked, agencies }: AtHome): Page {
  const words = wordsIn(setting.language);
  const { open = 0, closing = 0, completed = 0 } = cases.byStatus;
  const isNew = Object.values(cases.byStatus).every((count) => count === 0);
  const isLate = agencies.some(({ standing }) => standing === undefined || standing.overdue > 0);
  const isCalm = cases.overdue + cases.escalated + escalations.unowned + parked.count === 0 && !isLate;
  const body = html`${isNew ? html`<p class="empty">${words.noCases}</p>` : isCalm && html`<p class="empty">${words.calm}</p>`}
    <h2>${words.cases}</h2>
    <ul class="tiles">
      ${[
        tile('/console/cases?status=open', open, words.open),
        ...(closing > 0 ? [tile('/console/cases?status=closing', closing, words.closing)] : []),
        tile('/console/cases?overdue=true', cases.overdue, words.overdue, 'bad'),
        tile('/console/escalations', cases.escalated, words.escalated, 'warn'),
        tile('/console/cases?status=completed', completed, words.completed),
      ]}
    </ul>
    <h2>${words.escalations}</h2>
    <ul class="tiles">
      ${[
        tile(
          '/console/escalations?owner=none',
          escalations.unowned,
          words.unowned,
          'warn',
          due(escalations.unownedDue),
        ),
        tile(
          '/console/escalations?owner=mine',
          escalations.mine,
          words.mine,
          undefined,
          due(escalations.mineDue),
        ),
      ]}
    </ul>
    <h2>${words.parked}</h2>
    ${
      parked.count === 0
        ? html`<p>${words.noneParked}</p>`
        : html`<ul class="tiles">
            ${tile('/console/parked', parked.count, words.parkedNow, 'bad', parked.more && words.andMore)}
          </ul>`
    }
    <h2>${words.late}</h2>
    ${lateAgencies(setting, agencies)}`;
  return { title: words.title, screen: 'home', body, live: true };

  function due(count: number): string {
    return count === 0 ? words.noneDue : words.due(count);
  }
}

/** One figure with what it counts. How bad it is says its words; the colour only repeats it. */
function tile(
  address: string,
  count: number,
  what: string,
  mark?: 'bad' | 'warn',
  more: string | false = false,
): Html {
  const marked = count > 0 && mark !== undefined ? mark : '';
  return html`<li>
    <a href="${address}"><strong class="${marked}">${count}</strong> ${what}</a>${more && html`<br />${more}`}
  </li>`;
}

function lateAgencies({ language }: Setting, agencies: readonly AgencyAtHome[]): Html {
  const words = wordsIn(language);
  const all = html`<p><a href="/console/agencies">${words.allAgencies}</a></p>`;
  if (agencies.length === 0) return html`<p class="empty">${words.noAgencies}</p>`;
  const away = agencies.filter(({ standing }) => standing === undefined);
  const late = agencies
    .filter(({ standing }) => standing !== undefined && standing.overdue > 0)
    .sort((a, b) => b.standing!.overdue - a.standing!.overdue);
  const notice =
    away.length > 0 && html`<p class="notice">${words.away} ${away.map(({ slug }) => slug).join(', ')}</p>`;
  if (late.length === 0) return html`${notice}${away.length === 0 && html`<p>${words.noneLate}</p>`}${all}`;
  const rows = late.slice(0, LATE_SHOWN).map(
    ({ slug, casesWaiting, standing }) =>
      html`<tr>
        <th scope="row"><a href="/console/agencies/${slug}">${slug}</a></th>
        <td class="bad">${standing!.overdue}</td>
        <td>${UNFINISHED.reduce((sum, status) => sum + (standing!.byStatus[status] ?? 0), 0)}</td>
        <td><a href="/console/cases?agency=${slug}">${casesWaiting}</a></td>
      </tr>`,
  );
  return html`${notice}
  ${tableOf(words.late, [words.agency, words.lateReferrals, words.openReferrals, words.waiting], rows)}
  ${late.length > LATE_SHOWN && html`<p>${words.lateShown(LATE_SHOWN, late.length)}</p>`}${all}`;
}
