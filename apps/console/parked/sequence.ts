/** One stream that stands still: its messages in their order, and what can be done. Pure. */
import type { StandingEvents } from '@retorno/messaging';
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { whenIn } from '../frame/texts';
import { tableOf } from '../frame/table';
import { PARKED_PATH, redriveForm, toldOf, type Told } from './parked';
import { wordsIn } from './words';

/** Most characters that a reason may have. */
export const MAX_LENGTH = 500;

/** Which stream, at which service. */
export interface Place {
  readonly service: string;
  readonly id: string;
}

/** Why a skip was refused, and what had been written. */
export interface RefusedSkip {
  /** Empty: the reason is missing or too long. */
  readonly detail: string;
  readonly written: string;
}

export function sequencePage(
  setting: Setting,
  place: Place,
  standing: StandingEvents,
  told: Told = {},
  refused?: RefusedSkip,
): Page {
  const { roles } = setting.caller;
  const words = wordsIn(setting.language);
  const body = html`${toldOf(setting, told)}
    ${refused && html`<p class="notice" role="alert">${refused.detail || words.reasonMissing}</p>`}
    <p><a href="${PARKED_PATH}">${words.back}</a></p>
    <p>${words.service}: ${place.service}</p>
    <p>${words.streamText}</p>
    ${events(setting, standing)} ${roles.has('operations') && redriveForm({ ...place }, words.redrive)}
    ${roles.has('operations-lead') ? skipForm(setting, place, refused) : html`<p>${words.skipLead}</p>`}`;
  return { title: words.stream, screen: 'parked', body, live: true };
}

function events({ language }: Setting, { events: shown, count }: StandingEvents): Html {
  const words = wordsIn(language);
  const rows = shown.map(
    ({ keySeq, type, at, since }, i) =>
      html`<tr>
        <td>${keySeq > 0 ? keySeq : words.outside}</td>
        <th scope="row">
          ${type ?? words.unreadable} ${i === 0 && html`<strong class="bad">${words.first}</strong>`}
        </th>
        <td>${at !== null && !Number.isNaN(Date.parse(at)) && whenIn(language, at)}</td>
        <td>${whenIn(language, since)}</td>
      </tr>`,
  );
  return html`${tableOf(words.stream, [words.position, words.message, words.at, words.waitsSince], rows)}
  ${count > shown.length && html`<p>${words.shown(shown.length, count)}</p>`}`;
}

function skipForm({ language }: Setting, { service, id }: Place, refused?: RefusedSkip): Html {
  const words = wordsIn(language);
  const isGap = id.startsWith('gap-');
  return html`<section aria-labelledby="skip">
    <h2 id="skip">${words.skip}</h2>
    <form method="post" action="${PARKED_PATH}/skip">
      <input type="hidden" name="service" value="${service}" /><input type="hidden" name="id" value="${id}" />
      <p id="skip-text">${isGap ? words.skipGapText : words.skipText}</p>
      <p>
        <label for="why">${words.reason}</label>
        <textarea
          id="why"
          name="reason"
          rows="3"
          maxlength="${MAX_LENGTH}"
          required
          aria-describedby="skip-text"
        >
${refused?.written ?? ''}</textarea>
      </p>
      <p><button>${words.skip}</button></p>
    </form>
  </section>`;
}
