/** Editing a parked message: a form for what may be seen of it. Pure. */
import type { ParkedMessage } from '@retorno/messaging';
import { html, type FieldError, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { tableOf } from '../frame/table';
import { whenIn } from '../frame/texts';
import { editWordsIn } from './edit-words';
import { faultIn } from './fault-words';
import { addressOf, editAddress, type Place } from './paths';
import { textPart } from '../frame/text-part';

/** Most characters that a reason may have. */
const MAX_REASON = 500;

/** An edit that was refused, and what had been written. */
export interface RefusedEdit {
  /** Worded already. */
  readonly problems: readonly FieldError[];
  readonly data: string;
  readonly reason: string;
}

/** What was written, read; or why it cannot be sent. */
export type ReadEdit = { readonly data: object } | { readonly problem: FieldError };

export function editPage(
  setting: Setting,
  place: Place,
  message: ParkedMessage,
  refused?: RefusedEdit,
): Page {
  const words = editWordsIn(setting.language);
  const body = html`<p><a href="${addressOf(place)}">${words.back}</a></p>
    ${refused && problemsPart(setting, words.wrong, refused.problems)} ${factsPart(setting, place, message)}
    ${message.notEditable === null ? form(setting, place, message, refused) : html`<p class="alert">${words.notEditable[message.notEditable]}</p>`}
    ${editsPart(setting, message)}`;
  return { title: words.title, screen: 'parked', body };
}

/** Reads the form's JSON. */
export function readEdit(language: Setting['language'], text: string): ReadEdit {
  const words = editWordsIn(language);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    const at = /position (\d+)/.exec((error as Error).message)?.[1];
    const detail =
      at === undefined ? words.noJson : words.noJsonAt(text.slice(0, Number(at)).split('\n').length);
    return { problem: { pointer: '', detail } };
  }
  if (data === null || typeof data !== 'object' || Array.isArray(data)) {
    return { problem: { pointer: '', detail: words.noObject } };
  }
  return { data };
}

function problemsPart({ language }: Setting, title: string, problems: readonly FieldError[]): Html {
  const words = editWordsIn(language);
  return html`<div class="alert" role="alert" id="problems">
    <p>${title}</p>
    <ul>
      ${problems.map(
        ({ pointer, detail }) =>
          html`<li>
            ${pointer !== '' && html`<code>${pointer === '/' ? words.whole : pointer}</code>: `}${detail}
          </li>`,
      )}
    </ul>
  </div>`;
}

function factsPart({ language }: Setting, { service }: Place, message: ParkedMessage): Html {
  const words = editWordsIn(language);
  const { type, keySeq, cause, behind, errors, notEditable } = message;
  const facts: (readonly [string, string])[] = [
    [words.service, service],
    [words.type, type ?? '?'],
    [words.position, String(keySeq)],
    [words.cause, cause ?? ''],
    [words.behind, String(behind)],
  ];
  return html`<section aria-labelledby="facts">
    <h2 id="facts">${words.facts}</h2>
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
      ${
        notEditable === null &&
        html`<div>
          <dt>${words.sealed}</dt>
          <dd id="sealed">${sealedOf(language, message)}</dd>
        </div>`
      }
    </dl>
    ${
      errors.length > 0 &&
      html`<p>${words.misfit}</p>
        <ul>
          ${errors.map((error) => html`<li><code>${error.pointer}</code>: ${faultIn(language, error)}</li>`)}
        </ul>`
    }
  </section>`;
}

function sealedOf(language: Setting['language'], { sealed, unknown }: ParkedMessage): string {
  const words = editWordsIn(language);
  const said = sealed.length > 0 ? words.sealedText(sealed.join(', ')) : words.noneSealed;
  return unknown > 0 ? `${said} ${words.unknown(unknown)}` : said;
}

function form({ language }: Setting, place: Place, message: ParkedMessage, refused?: RefusedEdit): Html {
  const words = editWordsIn(language);
  const text = refused?.data ?? JSON.stringify(message.data, null, 2);
  const rows = Math.min(30, Math.max(8, text.split('\n').length + 1));
  const isWrong = refused !== undefined && html`aria-invalid="true" aria-errormessage="problems"`;
  return html`<form method="post" action="${editAddress(place)}">
    <p>
      <label for="data">${words.data}</label>
      <textarea
        id="data"
        name="data"
        rows="${rows}"
        class="code"
        spellcheck="false"
        required
        aria-describedby="data-text sealed"
        ${isWrong}
      >
${text}</textarea>
    </p>
    <p id="data-text">${words.dataText}</p>
    ${textPart({
      id: 'why',
      name: 'reason',
      label: words.reason,
      value: refused?.reason,
      most: MAX_REASON,
      isRequired: true,
    })}
    <p><button>${words.save}</button></p>
  </form>`;
}

function editsPart({ language }: Setting, { edits }: ParkedMessage): Html | false {
  if (edits.length === 0) return false;
  const words = editWordsIn(language);
  const rows = edits.map(
    ({ keySeq, by, at, reason }) =>
      html`<tr>
        <td>${keySeq}</td>
        <th scope="row">${by}</th>
        <td>${whenIn(language, at)}</td>
        <td>${reason}</td>
      </tr>`,
  );
  return html`<h2>${words.edits}</h2>
    ${tableOf(words.edits, [words.position, words.editor, words.when, words.reason], rows)}`;
}

/** Whether a reason can be kept. */
export function isReason(text: string): boolean {
  return text !== '' && text.length <= MAX_REASON;
}
