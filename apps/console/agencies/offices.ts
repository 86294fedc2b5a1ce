/** An agency's own offices, whose capacity its staff set. Pure. */
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { tableOf } from '../frame/table';
import { type OfficeLine } from './agencies';
import { titleOf, type Catalogue } from './catalogues';
import { wordsIn } from './words';

/** A capacity that was not taken. */
export interface BadLimit {
  readonly office: string;
  readonly service: string;
  readonly typed: string;
}

export interface OfficesView {
  readonly catalogue: Catalogue | undefined;
  readonly offices: readonly OfficeLine[];
  readonly isSaved: boolean;
  readonly bad?: BadLimit;
}

export function officesPage(setting: Setting, view: OfficesView): Page {
  const words = wordsIn(setting.language);
  const rows = view.offices.flatMap((office) => office.services.map((at) => line(setting, view, office, at)));
  const heads = [words.office, words.service, words.free, words.queue, words.newLimit];
  const body = html`${view.isSaved && html`<p class="done" role="status">${words.saved}</p>`}
  ${rows.length === 0 ? html`<p class="empty">${words.officesNone}</p>` : tableOf(words.officesTitle, heads, rows)}`;
  // What was refused stands there until somebody has put it right.
  return {
    title: words.officesTitle,
    screen: 'offices',
    body,
    ...(view.bad ? {} : { live: 'own' as const }),
  };
}

function line(
  { language }: Setting,
  { catalogue, bad }: OfficesView,
  office: OfficeLine,
  at: OfficeLine['services'][number],
): Html {
  const words = wordsIn(language);
  const service = titleOf(catalogue?.services ?? [], at.code, language);
  const wrong = bad?.office === office.code && bad.service === at.code ? bad : undefined;
  const id = `${office.code}-${at.code}`;
  return html`<tr>
    <th scope="row">${office.name}</th>
    <td>${service}</td>
    <td>${at.free ?? words.noLimit}</td>
    <td>${at.waiting}</td>
    <td>
      <form method="post" action="/console/offices/${office.code}">
        ${wrong && html`<p class="alert" role="alert" id="bad-limit"><strong>${words.notSaved}.</strong> ${words.badLimit}</p>`}
        <input type="hidden" name="service" value="${at.code}" />
        <input
          name="capacity"
          inputmode="numeric"
          autocomplete="off"
          size="7"
          aria-label="${words.capacity}: ${words.ofOffice(service, office.name)}"
          value="${wrong ? wrong.typed : (at.capacity ?? '')}"
          ${wrong && html`aria-invalid="true" aria-describedby="bad-limit"`}
        />
        <button id="save-${id}" aria-label="${words.save}: ${words.ofOffice(service, office.name)}">
          ${words.save}
        </button>
      </form>
    </td>
  </tr>`;
}
