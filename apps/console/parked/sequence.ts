/** One stream that stands still: its messages in their order, and what can be done. Pure. */
import type { StandingEvents } from '@retorno/messaging';
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { whenIn } from '../frame/texts';
import { tableOf } from '../frame/table';
import { claimPart } from './claim-part';
import { editWordsIn } from './edit-words';
import { redriveForm, toldOf, type Told } from './parked';
import { addressOf, editAddress, PARKED_PATH, type Place } from './paths';
import { wordsIn } from './words';
import { textPart } from '../frame/text-part';

/** Most characters that a reason may have. */
export const MAX_LENGTH = 500;

/** A page of a sequence, as its service tells it. */
export type SequenceAnswer = Omit<StandingEvents, 'isMore'> & { readonly next: string | null };

/** Why a skip was refused, and what had been written. */
export interface RefusedSkip {
  /** Empty: the reason is missing or too long. */
  readonly detail: string;
  readonly written: string;
}

export function sequencePage(
  setting: Setting,
  place: Place,
  standing: SequenceAnswer,
  told: Told = {},
  refused?: RefusedSkip,
): Page {
  const { roles } = setting.caller;
  const words = wordsIn(setting.language);
  const body = html`${toldOf(setting, told)}
    ${refused && html`<p class="notice" role="alert">${refused.detail || words.reasonMissing}</p>`}
    <p><a href="${PARKED_PATH}">${words.back}</a></p>
    <p>${words.service}: ${place.service}</p>
    ${standing.cause !== null && html`<p>${words.cause}: <code>${standing.cause}</code></p>`}
    <p>${words.streamText}</p>
    ${events(setting, place, standing)} ${roles.has('operations') && redriveForm({ ...place }, words.redrive)}
    ${isParked(place) && html`${claimPart(setting, place, standing.claim)} ${roles.has('operations-lead') && editPart(setting, place)}`}
    ${roles.has('operations-lead') ? skipForm(setting, place, refused) : html`<p>${words.skipLead}</p>`}`;
  return { title: words.stream, screen: 'parked', body, live: true };
}

function events(
  { language }: Setting,
  place: Place,
  { events: shown, count, first, next }: SequenceAnswer,
): Html {
  const words = wordsIn(language);
  const rows = shown.map(
    ({ keySeq, type, at, since }) =>
      html`<tr>
        <td>${keySeq > 0 ? keySeq : words.outside}</td>
        <th scope="row">
          ${type ?? words.unreadable} ${keySeq === first && html`<strong class="bad">${words.first}</strong>`}
        </th>
        <td>${at !== null && !Number.isNaN(Date.parse(at)) && whenIn(language, at)}</td>
        <td>${whenIn(language, since)}</td>
      </tr>`,
  );
  return html`${tableOf(words.stream, [words.position, words.message, words.at, words.waitsSince], rows)}
  ${count > shown.length && html`<p>${words.shown(shown.length, count)}</p>`}
  ${next !== null && html`<p class="pages"><a href="${addressOf(place)}?cursor=${encodeURIComponent(next)}">${words.nextPage}</a></p>`}`;
}

/** Whether it is a message that could not be handled, and no gap. */
function isParked({ id }: Place): boolean {
  return !id.startsWith('gap-');
}

function editPart({ language }: Setting, place: Place): Html {
  const words = editWordsIn(language);
  return html`<section aria-labelledby="edit">
    <h2 id="edit">${words.title}</h2>
    <p>${words.openText}</p>
    <p><a class="button" href="${editAddress(place)}">${words.open}</a></p>
  </section>`;
}

function skipForm({ language }: Setting, { service, id }: Place, refused?: RefusedSkip): Html {
  const words = wordsIn(language);
  return html`<section aria-labelledby="skip">
    <h2 id="skip">${words.skip}</h2>
    <form method="post" action="${PARKED_PATH}/skip">
      <input type="hidden" name="service" value="${service}" /><input type="hidden" name="id" value="${id}" />
      <p id="skip-text">${isParked({ service, id }) ? words.skipText : words.skipGapText}</p>
      ${textPart({
        id: 'why',
        name: 'reason',
        label: words.reason,
        value: refused?.written,
        most: MAX_LENGTH,
        isRequired: true,
        describedBy: 'skip-text',
      })}
      <p><button>${words.skip}</button></p>
    </form>
  </section>`;
}
