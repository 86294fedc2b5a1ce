/** What somebody of an agency, or of intake, sees first: what is theirs. Pure. */
import { html, type Html } from '@retorno/service';
import { openOf } from '../agencies/agencies';
import type { Page, Setting } from '../frame/page';
import { tableOf } from '../frame/table';
import { whenIn } from '../frame/texts';
import type { Manifest } from '../intake/manifests';
import { wordsIn as intakeWords } from '../intake/words';
import { tile } from './tile';
import { wordsIn } from './words';

/** `GET /agencies/{slug}/referrals/summary`, as far as it is shown. */
export interface AgencyStanding {
  readonly byStatus: Readonly<Record<string, number>>;
  readonly overdue: number;
}

/** What is theirs; a part that is absent is not. */
export interface StaffHome {
  readonly agency?: { readonly name: string; readonly standing: AgencyStanding };
  /** The last manifests. */
  readonly manifests?: readonly Manifest[];
}

export function staffPage(setting: Setting, { agency, manifests }: StaffHome): Page {
  const { title } = wordsIn(setting.language);
  const body = html`${agency && agencyPart(setting, agency.name, agency.standing)}
  ${manifests && intakePart(setting, manifests)}`;
  return { title, screen: 'home', body };
}

function agencyPart({ language }: Setting, name: string, { byStatus, overdue }: AgencyStanding): Html {
  const words = wordsIn(language).agencyHome;
  const count = (status: string): number => byStatus[status] ?? 0;
  const at = (query: string): string => `/console/worklist?${query}`;
  return html`<h2>${words.title}: ${name}</h2>
    ${openOf({ byStatus }) === 0 && html`<p class="empty">${words.none}</p>`}
    <ul class="tiles">
      ${[
        tile(at('overdue=true'), overdue, words.overdue, 'bad'),
        tile(at('status=received'), count('received'), words.received, 'warn'),
        tile(at('status=accepted'), count('accepted'), words.accepted),
        tile(at('status=in-progress'), count('in-progress'), words.inProgress),
        tile(at('status=on-hold'), count('on-hold'), words.onHold),
        tile(at('status=completed'), count('completed'), words.completed),
      ]}
    </ul>
    <p><a class="button" href="/console/worklist">${words.all}</a></p>`;
}

function intakePart({ language }: Setting, manifests: readonly Manifest[]): Html {
  const words = wordsIn(language).intakeHome;
  const { received, status, rows: lines, rejected, statuses } = intakeWords(language);
  const rows = manifests.map(
    (one) =>
      html`<tr>
        <th scope="row">
          <a href="/console/intake/manifests/${one.id}">${whenIn(language, one.receivedAt)}</a>
        </th>
        <td>${statuses[one.status]}</td>
        <td>${one.rows}</td>
        <td>${one.rejected > 0 ? html`<strong class="bad">${one.rejected}</strong>` : one.rejected}</td>
      </tr>`,
  );
  const list =
    rows.length === 0
      ? html`<p class="empty">${words.none}</p>`
      : tableOf(words.title, [received, status, lines, rejected], rows);
  return html`<h2>${words.title}</h2>
    ${list}
    <p>
      <a class="button" href="/console/intake">${words.send}</a>
      <a class="button" href="/console/intake/returnee">${words.onePerson}</a>
    </p>`;
}
