/** One form for each answer that is possible, with what was typed and what was wrong with it. Pure. */
import type { ServiceOffer } from '@retorno/contracts';
import { html, type FieldError, type Html } from '@retorno/service';
import { begun, codesIn } from '../codes/codes';
import { refusalIn, wrongFieldIn } from '../frame/refusals';
import type { Language } from '../frame/texts';
import type { Refused } from '../services';
import { actionsOf, outcomeFields, type Action, type Referral } from './answers';
import { wordsIn } from './words';

/** An answer that was not taken: what was typed, and why. */
export interface NotTaken extends Refused {
  readonly action: Action;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Answering {
  readonly language: Language;
  readonly referral: Referral;
  readonly offer: ServiceOffer | undefined;
  /** Every service of the roundtable, code and title: what may be missing. */
  readonly services: readonly (readonly [code: string, title: string])[];
  readonly notTaken?: NotTaken | undefined;
  readonly newKey: () => string;
}

/** All forms; the one that was refused stands open, also when it is no longer possible: what was typed is not lost. */
export function answerForms(answering: Answering): Html {
  const { referral, notTaken } = answering;
  const possible = actionsOf(referral);
  const refused = notTaken && !possible.includes(notTaken.action) ? [notTaken.action] : [];
  return html`${[...refused, ...possible].map((action) => form(answering, action))}`;
}

function form(answering: Answering, action: Action): Html {
  const { language, referral, notTaken, newKey } = answering;
  const words = wordsIn(language);
  const wrong = notTaken?.action === action ? notTaken : undefined;
  const isMain = action === 'accept' || action === 'cancel';
  return html`<details class="answer" id="answer-${action}" ${(wrong || isMain) && html`open`}>
    <summary>${words.actions[action]}</summary>
    <form method="post" action="/console/worklist/${referral.id}">
      ${wrong && alert(language, wrong)}
      <input type="hidden" name="action" value="${action}" />
      <input type="hidden" name="key" value="${newKey()}" />
      ${fieldsOf(answering, action, wrong)}
      <p><button>${words.actions[action]}</button></p>
    </form>
  </details>`;
}

function alert(language: Language, { refused, detail, errors }: NotTaken): Html {
  const words = wordsIn(language);
  const known: Record<string, string> = {
    'idempotency-key-reuse': words.usedKey,
    'impossible-transition': words.changedMeanwhile,
    'not-final': words.changedMeanwhile,
    'form-unreadable': words.unreadable,
  };
  const lines = errors.map((error) => words.mistakes[fieldAt(error)] ?? wrongFieldIn(language, error));
  const why =
    lines.length > 0 ? [...new Set(lines)] : [known[refused] ?? refusalIn(language, { refused, detail })];
  return html`<div class="alert" role="alert" id="answer-refused">
    <strong>${words.notTaken}.</strong> ${why.join(' ')}
  </div>`;
}

function fieldAt({ pointer }: FieldError): string {
  return pointer.split('/')[1] ?? '';
}

function fieldsOf(answering: Answering, action: Action, wrong: NotTaken | undefined): Html {
  const words = wordsIn(answering.language);
  const at: Fields = { action, wrong };
  const note = () => area(at, 'note', words.note, words.notePrivate);
  switch (action) {
    case 'reject':
      return html`${rejection(answering, at)} ${note()}`;
    case 'schedule':
      return html`${input(at, 'when', words.appointment, 'scheduledFor', 'datetime-local')} ${note()}`;
    case 'complete':
      return html`${outcome(answering, at)} ${note()}`;
    case 'start':
      return html`${interim(answering, at)} ${note()}`;
    case 'ask':
      return area(at, 'note', words.question, words.notePrivate);
    case 'correct':
      return html`${rightStatus(answering, at)} ${rejection(answering, at)} ${outcome(answering, at)}
      ${area(at, 'reason', words.why, words.notePrivate)}`;
    default:
      return note();
  }
}

/** Fields of one form: their ids begin with what it does. */
interface Fields {
  readonly action: Action;
  readonly wrong: NotTaken | undefined;
}

function typed({ wrong }: Fields, name: string): string {
  return wrong?.fields[name] ?? '';
}

/** Says to a screen reader which field is wrong, and where it stands why. */
function markOf({ wrong }: Fields, field: string): Html | false {
  const isWrong = wrong?.errors.some((error) => fieldAt(error) === field) === true;
  return isWrong && html`aria-invalid="true" aria-describedby="answer-refused"`;
}

function area(at: Fields, name: string, label: string, hint: string): Html {
  const id = `${at.action}-${name}`;
  return html`<p>
    <label for="${id}">${label}</label> <small>${hint}</small><br />
    <textarea id="${id}" name="${name}" rows="3" maxlength="2000" ${markOf(at, name)}>
${typed(at, name)}</textarea>
  </p>`;
}

function input(at: Fields, name: string, label: string, field: string, type: string, pattern?: string): Html {
  const id = `${at.action}-${name}`;
  return html`<p>
    <label for="${id}">${label}</label
    ><input
      id="${id}"
      name="${name}"
      type="${type}"
      value="${typed(at, name)}"
      autocomplete="off"
      ${markOf(at, field)}
    />
    ${pattern !== undefined && html`<small>${pattern}</small>`}
  </p>`;
}

function choice(
  at: Fields,
  name: string,
  label: string,
  field: string,
  choices: readonly (readonly [string, string])[],
): Html {
  const id = `${at.action}-${name}`;
  const options = choices.map(
    ([value, text]) =>
      html`<option value="${value}" ${value === typed(at, name) && html`selected`}>${text}</option>`,
  );
  return html`<p>
    <label for="${id}">${label}</label>
    <select id="${id}" name="${name}" ${markOf(at, field)}>
      <option value=""></option>
      ${options}
    </select>
  </p>`;
}

function rejection(answering: Answering, at: Fields): Html {
  const words = wordsIn(answering.language);
  const services = answering.services.map(([code, title]) => {
    const isChosen = typed(at, `missing.${code}`) !== '';
    return html`<label class="choice"
      ><input type="checkbox" name="missing.${code}" value="yes" ${isChosen && html`checked`} />
      ${title}</label
    >`;
  });
  const { reject } = codesIn(answering.language);
  const isOpen = at.wrong?.fields['code'] === 'missing-documents';
  return html`${choice(at, 'code', words.reason, 'code', Object.entries(reject))}
    <details ${isOpen && html`open`}>
      <summary>${begun(reject['missing-documents'])}</summary>
      <fieldset>
        <legend>${words.missing}</legend>
        ${services}
      </fieldset>
    </details>`;
}

function outcome({ language, offer }: Answering, at: Fields): Html {
  const words = wordsIn(language);
  const rules = offer?.outcome ?? {};
  const fields = outcomeFields({ outcome: rules }).map((field) => {
    const label = words.results[field];
    if (field === 'result' && rules.results) {
      return choice(
        at,
        'result',
        label,
        'outcome',
        rules.results.map((code) => [code, code]),
      );
    }
    return input(
      at,
      field,
      label,
      'outcome',
      'text',
      field === 'document' ? rules.document?.inWords : undefined,
    );
  });
  return html`${fields}`;
}

function interim({ language, offer }: Answering, at: Fields): Html {
  const known = offer?.outcome?.interim ?? [];
  if (known.length === 0) return html``;
  return choice(
    at,
    'result',
    wordsIn(language).outcome,
    'outcome',
    known.map((code) => [code, code]),
  );
}

function rightStatus({ language }: Answering, at: Fields): Html {
  const words = wordsIn(language);
  const finals = (['completed', 'failed', 'rejected', 'cancelled'] as const).map(
    (status) => [status, codesIn(language).referral[status]] as const,
  );
  return choice(at, 'status', words.rightStatus, 'status', finals);
}
