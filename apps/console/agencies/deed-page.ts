/** The form of one decision about an agency. What was refused stands beside it, with what was typed. Pure. */
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import type { Refused } from '../services';
import type { OneAgency } from './catalogues';
import { DEED_FIELDS, type Deed, type DeedField, type Typed } from './deeds';
import { pauseOf } from './state';
import { stateWordsIn } from './state-words';

/** A decision as somebody asks for it. */
export interface AskedDeed {
  readonly deed: Deed;
  readonly typed: Typed;
  readonly refused?: Refused;
}

export function deedPage(setting: Setting, agency: OneAgency, asked: AskedDeed): Page {
  const words = stateWordsIn(setting.language);
  const { deed, refused } = asked;
  const { name, does } = words.deeds[deed];
  const wrong = new Set((refused?.errors ?? []).map(({ pointer }) => pointer.slice(1)));
  const body = html`<p><strong>${agency.name}</strong></p>
    ${pauseOf(setting, agency)}
    <p>${does}</p>
    ${
      refused &&
      html`<p role="alert" class="alert">
        <strong>${words.refused}</strong> ${words.refusals[refused.refused] ?? refused.detail}
      </p>`
    }
    <form class="ask" method="post" action="/console/agencies/${agency.slug}/${deed}">
      ${DEED_FIELDS[deed].map((field) => fieldRow(setting, asked, field, wrong.has(field)))}
      <p><button>${words.send}</button> <a href="/console/agencies/${agency.slug}">${words.back}</a></p>
    </form>`;
  return { title: name, screen: 'agencies', body };
}

const TYPES: Partial<Record<DeedField, string>> = {
  from: 'datetime-local',
  until: 'datetime-local',
  email: 'email',
  phone: 'tel',
};
const LONGEST: Partial<Record<DeedField, number>> = { reason: 500, note: 300, email: 200, phone: 40 };

function fieldRow({ language }: Setting, { typed }: AskedDeed, name: DeedField, isWrong: boolean): Html {
  const words = stateWordsIn(language);
  const value = typed[name] ?? '';
  const isOptional = name === 'email' || name === 'phone';
  const most = LONGEST[name];
  const state = html`${!isOptional && html`required`} ${most !== undefined && html`maxlength="${most}"`}
  ${isWrong && html`aria-invalid="true" aria-describedby="${name}-wrong"`}`;
  return html`<p>
    <label for="${name}">${words.field[name]}</label>
    ${
      name === 'reason' || name === 'note'
        ? html`<textarea id="${name}" name="${name}" rows="3" ${state}>${value}</textarea>`
        : html`<input
            id="${name}"
            name="${name}"
            type="${TYPES[name]}"
            value="${value}"
            autocomplete="off"
            ${state}
          />`
    }
    ${isWrong && html`<span class="bad" id="${name}-wrong">${words.wrong[name]}</span>`}
  </p>`;
}
