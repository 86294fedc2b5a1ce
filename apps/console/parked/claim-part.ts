/** Who looks into what stands still: on the list, and on the page of a sequence. Pure. */
import type { Claim } from '@retorno/messaging';
import { html, type Html } from '@retorno/service';
import type { Setting } from '../frame/page';
import { whenIn, type Language } from '../frame/texts';
import { PARKED_PATH, type Place } from './paths';
import { redriveWordsIn } from './redrive-words';
import type { ParkedGroup } from './parked-streams';
import { textPart } from '../frame/text-part';

/** Most characters of a note. */
export const MAX_NOTE = 500;

/** Who, since when, and the note. */
export function claimText(language: Language, claim: Claim | null): Html {
  const words = redriveWordsIn(language).claim;
  if (claim === null) return html`${words.nobody}`;
  return html`<strong>${claim.by}</strong> ${words.since(whenIn(language, claim.since))}
    ${claim.note !== null && html`<span class="note">${claim.note}</span>`}`;
}

/** On the page of a sequence. */
export function claimPart({ language, caller }: Setting, place: Place, claim: Claim | null): Html {
  const words = redriveWordsIn(language).claim;
  const isMine = claim?.by === caller.name;
  const take = claim === null ? words.take : isMine ? words.again : words.takeOver(claim.by);
  return html`<section aria-labelledby="claim">
    <h2 id="claim">${words.title}</h2>
    <p>${claimText(language, claim)}</p>
    ${
      caller.roles.has('operations') &&
      html`<form method="post" action="${PARKED_PATH}/claim">
        ${hidden({ ...place, ...(claim !== null && !isMine ? { takeOver: 'yes' } : {}) })}
        ${noteField('note', words.note, isMine ? (claim.note ?? '') : '')}
        <p id="claim-text">${words.text}</p>
        <button aria-describedby="claim-text">${take}</button>
      </form>`
    }
    ${
      isMine &&
      html`<form method="post" action="${PARKED_PATH}/release">
        ${hidden({ ...place })}
        <button class="plain">${words.release}</button>
      </form>`
    }
  </section>`;
}

/** For all of a group. */
export function claimGroupPart({ language, caller }: Setting, { id, cause, streams }: ParkedGroup): Html {
  const words = redriveWordsIn(language).claim;
  const isAnyFree = streams.some(({ claim }) => claim === null);
  const isAnyMine = streams.some(({ claim }) => claim?.by === caller.name);
  return html`${
    isAnyFree &&
    html`<form class="filter" method="post" action="${PARKED_PATH}/claim">
      ${hidden({ group: id })} ${noteField(`note-${id}`, words.note, '', 1)}
      <button aria-label="${words.takeGroup}: ${cause}">${words.takeGroup}</button>
    </form>`
  }
  ${
    isAnyMine &&
    html`<form method="post" action="${PARKED_PATH}/release">
      ${hidden({ group: id })}
      <button class="plain" aria-label="${words.releaseGroup}: ${cause}">${words.releaseGroup}</button>
    </form>`
  }`;
}

function noteField(id: string, label: string, value: string, rows = 2): Html {
  return textPart({ id, name: 'note', label, value, rows, most: MAX_NOTE });
}

function hidden(fields: Readonly<Record<string, string>>): Html {
  return html`${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )}`;
}
