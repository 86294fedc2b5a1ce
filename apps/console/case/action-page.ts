/** The form of one action about a case. What was refused stands beside it, with what was typed. Pure. */
import { html, type Html } from '@retorno/service';
import { actionWordsIn } from './action-words';
import { fieldAt, fieldsOf, type Action, type Field, type FieldName, type Fields } from './actions';
import type { CaseFile } from './case';
import { codesIn, wordOf } from '../codes/codes';
import { namesOf } from './names';
import { sentenceOf } from './sentence';
import { standingsOf } from './standing';
import type { Page, Setting } from '../frame/page';
import { refusalIn } from '../frame/refusals';
import type { Refused } from '../services';
import { wordsIn } from './words';

/** An action about a case, or one of its referrals, with what was typed so far. */
export interface Asked {
  readonly action: Action;
  readonly referralId: string | null;
  readonly fields: Fields;
  readonly refused?: Refused;
}

export function actionPage(setting: Setting, file: CaseFile, asked: Asked): Page {
  const { language } = setting;
  const words = actionWordsIn(language);
  const { action, referralId, refused } = asked;
  const { number } = file.shown;
  const wrong = new Set((refused?.errors ?? []).map(({ pointer }) => fieldAt(action, pointer)));
  const fields = fieldsOf(action, file, referralId).map((field) =>
    fieldRow(setting, file, asked, field, wrong.has(field.name)),
  );
  const body = html`<p>
      <strong>${wordsIn(language).title} ${number}</strong> ${namesOf(file, language).referral(referralId)}
    </p>
    <p>${sentenceOf(standingsOf(file)[0], file, language)}</p>
    <p>${words.action[action].does}</p>
    ${refused && refusal(setting, refused)}
    <form class="ask" method="post" action="/console/cases/${number}/actions/${action}">
      ${referralId !== null && html`<input type="hidden" name="referral" value="${referralId}" />`} ${fields}
      <p><button>${words.send}</button> <a href="/console/cases/${number}">${words.back}</a></p>
    </form>`;
  return { title: words.action[action].name, screen: 'cases', body };
}

function refusal({ language }: Setting, { refused, detail }: Refused): Html {
  const words = actionWordsIn(language);
  const why = Object.hasOwn(words.refusals, refused)
    ? words.refusals[refused]
    : refusalIn(language, { refused, detail });
  return html`<p role="alert" class="alert"><strong>${words.refused}</strong> ${why}</p>`;
}

function fieldRow(setting: Setting, file: CaseFile, { fields }: Asked, field: Field, isWrong: boolean): Html {
  const words = actionWordsIn(setting.language);
  const { name, optional } = field;
  const value = fields[name] ?? '';
  const state = html`${!optional && html`required`}
  ${isWrong && html`aria-invalid="true" aria-describedby="${name}-wrong"`}`;
  return html`<p>
    <label for="${name}">${words.field[name]}${optional && html` (${words.optional})`}</label>
    ${input(setting, file, field, value, state)}
    ${isWrong && html`<span class="bad" id="${name}-wrong">${words.wrong[name]}</span>`}
  </p>`;
}

/** How long a text may be, as the services say. */
const LONGEST: Partial<Record<FieldName, number>> = { reason: 500, information: 2000, by: 100, result: 100 };

function input(setting: Setting, file: CaseFile, field: Field, value: string, state: Html): Html {
  const { name, choices, lines, optional } = field;
  const most = LONGEST[name] ?? 100;
  if (choices) {
    const options = choices.map(
      (choice) =>
        html`<option value="${choice}" ${choice === value && html`selected`}>
          ${choiceName(setting, file, name, choice)}
        </option>`,
    );
    const empty = name === 'agency' ? actionWordsIn(setting.language).nextProvider : '';
    return html`<select id="${name}" name="${name}" ${state}>
      ${(optional || choices.length > 1) && html`<option value="">${empty}</option>`} ${options}
    </select>`;
  }
  // A line break right after the tag is the browser's, not the text's (HTML Standard, textarea).
  if (lines) {
    return html`<textarea id="${name}" name="${name}" rows="4" maxlength="${most}" ${state}>
${value}</textarea>`;
  }
  return html`<input
    id="${name}"
    name="${name}"
    value="${value}"
    maxlength="${most}"
    autocomplete="off"
    ${state}
  />`;
}

function choiceName({ language }: Setting, file: CaseFile, name: FieldName, choice: string): string {
  const codes = codesIn(language);
  const names = namesOf(file, language);
  switch (name) {
    case 'need': {
      const known = file.shown.needs.find(({ id }) => id === choice);
      return names.need(known?.code ?? choice);
    }
    case 'as':
      return wordOf(codes.needReason, choice);
    case 'code':
      return wordOf({ ...codes.reject, ...codes.close }, choice);
    case 'status':
      return wordOf(codes.referral, choice);
    case 'agency': {
      const named = Object.values(file.outlook.referrals).flatMap(({ providers }) => providers);
      return named.find(({ agency }) => agency === choice)?.name ?? names.code(choice);
    }
    default:
      return wordOf(actionWordsIn(language).choice, choice);
  }
}

/** When the case does not take the action any more. */
export function overPage({ language }: Setting, { shown }: CaseFile, action: Action): Page {
  const words = actionWordsIn(language);
  const body = html`<p class="empty">
    ${words.over} <a href="/console/cases/${shown.number}">${words.back}</a>
  </p>`;
  return { title: words.action[action].name, screen: 'cases', body };
}
