/** The machine-readable zone on the form for one returnee: read for a person to confirm, never instead of them. Pure. */
import { html, type Html } from '@retorno/service';
import type { Setting } from '../frame/page';
import { contradicts, MRZ_COLUMNS, mrzLines, readMrz, type MrzColumn, type MrzProblem } from './mrz';
import { mrzWordsIn } from './mrz-words';
import { returneeWordsIn } from './returnee-words';
import type { Typed } from './typed';

/** What reading the zone came to. */
export interface MrzOutcome {
  readonly problems: readonly MrzProblem[];
  /** Columns that were empty and are the zone's now. */
  readonly filled: readonly MrzColumn[];
  /** What the zone says where another thing was written, which stays. */
  readonly differs: Readonly<Partial<Record<MrzColumn, string>>>;
  readonly isOtherDocument?: boolean;
  readonly expires?: string;
}

/** The form after the zone was read: nothing that was typed is lost or overwritten. */
export function withMrz(typed: Typed, now: Date): { readonly typed: Typed; readonly mrz: MrzOutcome } {
  const text = typed['mrz'] ?? '';
  const seen = { ...typed, mrz_seen: seenOf(text) };
  const read = readMrz(text, now);
  if ('problems' in read) return { typed: seen, mrz: { problems: read.problems, filled: [], differs: {} } };
  const told = MRZ_COLUMNS.flatMap((column): [MrzColumn, string][] => {
    const value = read.values[column];
    return value === undefined ? [] : [[column, value]];
  });
  const isEmpty = ([column]: [MrzColumn, string]): boolean => (typed[column] ?? '') === '';
  const filled = told.filter(isEmpty);
  const differs = told.filter((one) => !isEmpty(one) && contradicts(one[0], typed[one[0]]!, one[1]));
  return {
    typed: { ...seen, ...Object.fromEntries(filled) },
    mrz: {
      problems: [],
      filled: filled.map(([column]) => column),
      differs: Object.fromEntries(differs),
      ...(read.values.document_type === undefined && { isOtherDocument: true }),
      ...(read.expires !== undefined && { expires: read.expires }),
    },
  };
}

/** What somebody about to register has not been shown yet: a zone that cannot be, or that contradicts the form. */
export function unseenTrouble(typed: Typed, now: Date): ReturnType<typeof withMrz> | undefined {
  const text = typed['mrz'] ?? '';
  if (mrzLines(text).length === 0 || typed['mrz_seen'] === seenOf(text)) return undefined;
  const read = withMrz(typed, now);
  const { problems, differs } = read.mrz;
  // What the zone would have filled in is asked for by intake, where it is needed.
  if (problems.length > 0) return read;
  return Object.keys(differs).length > 0
    ? { typed: { ...typed, mrz_seen: seenOf(text) }, mrz: { ...read.mrz, filled: [] } }
    : undefined;
}

/** On one line, as a hidden field keeps it. */
function seenOf(text: string): string {
  return mrzLines(text).join('/');
}

/** The part of the form. Its button comes before the form's own, so Enter in a field would press it: the hidden one takes that. */
export function mrzPart(setting: Setting, typed: Typed, outcome: MrzOutcome | undefined): Html {
  const words = mrzWordsIn(setting.language);
  const isWrong = outcome !== undefined && outcome.problems.length > 0;
  return html`<button hidden>${returneeWordsIn(setting.language).save}</button>
    <fieldset>
      <legend>${words.legend}</legend>
      <p>
        <label for="mrz">${words.label}</label>
        <textarea
          id="mrz"
          name="mrz"
          class="mrz"
          rows="3"
          maxlength="200"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          aria-describedby="mrz-hint${isWrong && ' mrz-said'}"
          ${isWrong && html`aria-invalid="true"`}
        >
${typed['mrz'] ?? ''}</textarea>
      </p>
      <input type="hidden" name="mrz_seen" value="${typed['mrz_seen'] ?? ''}" />
      <p id="mrz-hint">${words.hint}</p>
      ${outcome && said(setting, outcome)}
      <p><button formaction="/console/intake/returnee/mrz">${words.read}</button></p>
    </fieldset>`;
}

/** What stands at a field that the zone contradicts. */
export function mrzNote(
  { language }: Setting,
  column: string,
  outcome: MrzOutcome | undefined,
): Html | false {
  const told = outcome?.differs[column as MrzColumn];
  return (
    told !== undefined &&
    html`<span class="warn" id="${column}-mrz">${mrzWordsIn(language).differs(told)}</span>`
  );
}

function said(setting: Setting, { problems, filled, differs, isOtherDocument, expires }: MrzOutcome): Html {
  const words = mrzWordsIn(setting.language);
  if (problems.length > 0) {
    return html`<div class="alert" id="mrz-said" role="alert">
      <p>${words.wrong}</p>
      <ul>
        ${problems.map((problem) => html`<li>${problemIn(setting, problem)}</li>`)}
      </ul>
    </div>`;
  }
  const { fields } = returneeWordsIn(setting.language);
  const hasNames = filled.includes('family_names') || filled.includes('given_names');
  const isSame = filled.length === 0 && Object.keys(differs).length === 0;
  return html`${Object.keys(differs).length > 0 && html`<p class="alert" role="alert">${words.differ}</p>`}
    <div class="done" id="mrz-said" role="status">
      ${isSame && html`<p>${words.nothing}</p>`}
      ${filled.length > 0 && html`<p>${words.filled(filled.map((column) => fields[column]).join(', '))}</p>`}
      ${hasNames && html`<p>${words.names}</p>`} ${isOtherDocument && html`<p>${words.otherDocument}</p>`}
      ${expires !== undefined && expiry(setting, expires)}
    </div>`;
}

function expiry({ language, now }: Setting, expires: string): Html {
  const words = mrzWordsIn(language);
  const isOver = new Date(`${expires}T23:59:59-05:00`) < now;
  return isOver
    ? html`<p><strong class="bad">${words.expired(expires)}</strong></p>`
    : html`<p>${words.expires(expires)}</p>`;
}

function problemIn({ language }: Setting, problem: MrzProblem): string {
  const words = mrzWordsIn(language);
  switch (problem.code) {
    case 'lines':
      return words.lines;
    case 'length':
      return words.length(problem.line, problem.found, problem.expected);
    case 'characters':
      return words.characters(problem.line, problem.place);
    case 'check-digit':
      return words.digit(problem.part, problem.line, problem.place);
    case 'unreadable':
      return words.unreadable(problem.part, problem.line, problem.place);
  }
}
