/** The form for one returnee: a manifest's columns. Pure. */
import {
  DOCUMENT_TYPES,
  NEED_CODES,
  RELATIONSHIPS,
  RETURN_TYPES,
  SEXES,
  VULNERABILITY_CODES,
} from '@retorno/contracts';
import { html, type FieldError, type Html } from '@retorno/service';
import { codesIn, wordOf } from '../codes/codes';
import type { Page, Setting } from '../frame/page';
import { wrongFieldIn } from '../frame/refusals';
import { mrzNote, mrzPart, type MrzOutcome } from './mrz-part';
import { returneeWordsIn } from './returnee-words';
import type { Typed } from './typed';
import { wordsIn } from './words';

interface Field {
  readonly group: 'return' | 'person' | 'contact' | 'asks' | 'consent';
  readonly required?: true;
  /** Default: a line of text. */
  readonly type?: 'date' | 'datetime-local';
  /** One of these; or any of them, where it is a list. */
  readonly codes?: readonly string[];
  readonly list?: true;
  /** Where their words are. */
  readonly words?: 'returnType' | 'sex' | 'documentType' | 'relationship' | 'need' | 'consent';
}

const FIELDS = {
  external_id: { group: 'return', required: true },
  sending_authority: { group: 'return', required: true },
  return_type: { group: 'return', required: true, codes: RETURN_TYPES, words: 'returnType' },
  arrival_date: { group: 'return', required: true, type: 'date' },
  flight: { group: 'return' },
  origin_country: { group: 'return', required: true },
  port_of_entry: { group: 'return', required: true },
  years_abroad: { group: 'return', required: true },
  family_names: { group: 'person', required: true },
  given_names: { group: 'person', required: true },
  date_of_birth: { group: 'person', required: true, type: 'date' },
  sex: { group: 'person', required: true, codes: SEXES, words: 'sex' },
  nationality: { group: 'person', required: true },
  document_type: { group: 'person', required: true, codes: DOCUMENT_TYPES, words: 'documentType' },
  document_number: { group: 'person' },
  household: { group: 'person' },
  relationship: { group: 'person', required: true, codes: RELATIONSHIPS, words: 'relationship' },
  phone: { group: 'contact' },
  email: { group: 'contact' },
  languages: { group: 'contact', list: true },
  destination_ubigeo: { group: 'contact', required: true },
  needs: { group: 'asks', list: true, codes: NEED_CODES, words: 'need' },
  vulnerabilities: { group: 'asks', list: true, codes: VULNERABILITY_CODES, words: 'need' },
  consent: { group: 'consent', required: true, codes: ['granted', 'refused', 'pending'], words: 'consent' },
  consent_at: { group: 'consent', type: 'datetime-local' },
} as const satisfies Record<string, Field>;

type Column = keyof typeof FIELDS;
const COLUMNS = Object.keys(FIELDS) as Column[];

function factsOf(column: Column): Field {
  return FIELDS[column];
}

/** A returnee as `POST /intake/returnees` takes them. */
export function returneeOf(typed: Typed): Record<string, unknown> {
  return Object.fromEntries(
    COLUMNS.map((column) => {
      const { list, codes, type } = factsOf(column);
      const text = typed[column] ?? '';
      if (list && codes) return [column, codes.filter((code) => typed[`${column}.${code}`] !== undefined)];
      if (list)
        return [
          column,
          text
            .split('|')
            .map((item) => item.trim())
            .filter((item) => item !== ''),
        ];
      // Lima is five hours behind UTC all year.
      if (type === 'datetime-local' && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text))
        return [column, `${text}:00-05:00`];
      return [column, text];
    }),
  );
}

export interface ReturneeView {
  readonly typed: Typed;
  readonly errors: readonly FieldError[];
  /** The number of the case of whoever was just registered. */
  readonly saved?: string;
  /** What reading the document's machine-readable zone came to. */
  readonly mrz?: MrzOutcome;
}

export function returneePage(setting: Setting, { typed, errors, saved, mrz }: ReturneeView): Page {
  const words = returneeWordsIn(setting.language);
  const groups = (Object.keys(words.groups) as Field['group'][]).map((group) => {
    const columns = COLUMNS.filter((column) => factsOf(column).group === group);
    return html`<fieldset>
      <legend>${words.groups[group]}</legend>
      <div class="fields">${columns.map((column) => field(setting, column, { typed, errors, mrz }))}</div>
    </fieldset>`;
  });
  const body = html`<p><a href="/console/intake">${words.back}</a></p>
    ${saved !== undefined && html`<p class="done" role="status">${words.saved(saved)}</p>`}
    ${errors.length > 0 && html`<p class="alert" role="alert">${words.refused}</p>`}
    <p>${words.hint}</p>
    <form method="post" action="/console/intake/returnee">
      ${mrzPart(setting, typed, mrz)} ${groups}
      <p><button>${words.save}</button></p>
    </form>`;
  return { title: words.title, screen: 'intake', body };
}

function field(
  setting: Setting,
  column: Column,
  { typed, errors, mrz }: Pick<ReturneeView, 'typed' | 'errors'> & { mrz: MrzOutcome | undefined },
): Html {
  const { language } = setting;
  const { required, type = 'text', codes, list, words } = factsOf(column);
  const nameOf = (code: string) => (words ? wordOf(codesIn(language)[words], code) : code);
  const label = `${returneeWordsIn(language).fields[column]}${required ? ' *' : ''}`;
  const error = errors.find(({ pointer }) => pointer.split('/')[1] === column);
  const note = mrzNote(setting, column, mrz);
  const describedBy = [error && `${column}-error`, note && `${column}-mrz`].filter(Boolean).join(' ');
  const wrong = html`${error && html`aria-invalid="true"`}
  ${describedBy !== '' && html`aria-describedby="${describedBy}"`}`;
  const why = html`${
    error &&
    html`<span class="bad" id="${column}-error"
      >${wordsIn(language).mistakes[error.code ?? ''] ?? wrongFieldIn(language, error)}</span
    >`
  }${note}`;
  const value = typed[column] ?? '';
  if (codes && list) {
    const boxes = codes.map(
      (code) =>
        html`<label class="choice"
          ><input
            type="checkbox"
            name="${column}.${code}"
            value="yes"
            ${typed[`${column}.${code}`] !== undefined && html`checked`}
          />
          ${nameOf(code)}</label
        >`,
    );
    return html`<fieldset ${wrong}>
      <legend>${label}</legend>
      ${boxes} ${why}
    </fieldset>`;
  }
  if (codes) {
    const options = codes.map(
      (code) => html`<option value="${code}" ${code === value && html`selected`}>${nameOf(code)}</option>`,
    );
    return html`<p>
      <label for="${column}">${label}</label>
      <select id="${column}" name="${column}" ${wrong}>
        <option value=""></option>
        ${options}
      </select>
      ${why}
    </p>`;
  }
  return html`<p>
    <label for="${column}">${label}</label
    ><input id="${column}" name="${column}" type="${type}" value="${value}" autocomplete="off" ${wrong} />
    ${why}
  </p>`;
}
