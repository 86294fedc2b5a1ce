/** Two cases side by side, and the decision about them. Pure. */
import { html, type Html } from '@retorno/service';
import { codesIn, wordOf } from '../codes/codes';
import type { Page, Setting } from '../frame/page';
import { refusalIn } from '../frame/refusals';
import { tableOf } from '../frame/table';
import { dayIn, whenIn } from '../frame/texts';
import type { RegisteredPerson } from '../person';
import type { Refused } from '../services';
import {
  afterMerge,
  escalationOf,
  pairAddress,
  PATH,
  stateOf,
  underWay,
  type Cases,
  type Compared,
  type MergePreview,
} from './pair';
import { previewPart } from './preview-part';
import { wordsIn } from './words';
import { textPart } from '../frame/text-part';

/** Most characters that a reason may have. */
const MAX_REASON = 500;

/** What a service answered, or why it did not. */
export type Answer<T> = T | Pick<Refused, 'refused' | 'detail'>;

/** A decision that was refused, and what had been written. */
export interface RefusedDecision extends Pick<Refused, 'refused' | 'detail'> {
  readonly decision: string;
  readonly reason: string;
}

/** All that the page is made of. */
export interface PairFile {
  readonly cases: Cases;
  /** Undefined where the two are one by now. */
  readonly compared?: Answer<Compared>;
  /** Undefined for whoever does not decide. */
  readonly preview?: Answer<MergePreview>;
  readonly refused?: RefusedDecision;
}

export function pairPage(setting: Setting, file: PairFile): Page {
  const words = wordsIn(setting.language);
  const [one, other] = file.cases;
  const state = stateOf(file.cases);
  const isOpen = state === 'suspected' || state === 'unsuspected';
  const body = html`<p><a href="${PATH}">${words.back}</a></p>
    ${file.refused && refusal(setting, file.refused)}
    ${state === 'merged' ? merged(setting, file.cases) : html`<p>${words.states[state]}</p>`}
    ${escalationLink(setting, file.cases)} ${sideBySide(setting, file)}
    ${isOpen && decision(setting, file, state)}`;
  return { title: words.pairTitle(one.number, other.number), screen: 'duplicates', body };
}

function refusal({ language }: Setting, refused: RefusedDecision): Html {
  const words = wordsIn(language);
  const why = words.refusals[refused.refused] ?? refusalIn(language, refused);
  return html`<p role="alert" class="alert" id="why-not"><strong>${words.refused}</strong> ${why}</p>`;
}

/** The result, as the cases are now. */
function merged({ language }: Setting, cases: Cases): Html {
  const words = wordsIn(language);
  const { goesOn, ended } = afterMerge(cases);
  const lines = ended.map((one) => {
    const left = underWay(one);
    return html`<li>${words.endedAs(one.number, wordOf(codesIn(language).case, one.status), left)}</li>`;
  });
  return html`<div class="notice" role="status">
    <p>${words.states.merged} <a href="/console/cases/${goesOn}">${words.toCase(goesOn)}</a></p>
    <ul>
      ${lines}
    </ul>
  </div>`;
}

function escalationLink({ language }: Setting, cases: Cases): Html | false {
  const id = escalationOf(cases);
  return (
    id !== undefined &&
    html`<p><a href="/console/escalations/${id}">${wordsIn(language).toEscalation}</a></p>`
  );
}

function sideBySide(setting: Setting, { cases, compared }: PairFile): Html {
  const { language } = setting;
  const words = wordsIn(language);
  const codes = codesIn(language);
  const heads = [words.field, words.agreement, ...cases.map(({ number }) => number)];
  const ofCases: readonly (readonly [string, (one: Cases[number]) => string])[] = [
    [words.status, (one) => wordOf(codes.case, one.status)],
    [words.opened, (one) => whenIn(language, one.openedAt)],
    [words.openNeeds, (one) => String(one.needs.filter(({ status }) => status === 'open').length)],
    [words.underWay, (one) => String(underWay(one))],
  ];
  const links = cases.map(
    ({ number }) => html`<a href="/console/cases/${number}">${words.toCase(number)}</a> `,
  );
  const rows = ofCases.map(([name, of]) => row(name, '', [of(cases[0]), of(cases[1])]));
  return html`<h2>${words.sideBySide}</h2>
    <p>${links}</p>
    ${compared && told(setting, compared)}
    ${tableOf(words.sideBySide, heads, [...(isAnswer(compared) ? personRows(setting, compared) : []), ...rows])}`;
}

function told({ language }: Setting, compared: Answer<Compared>): Html {
  const words = wordsIn(language);
  if (!isAnswer(compared)) return html`<p class="empty">${refusalIn(language, compared)}</p>`;
  const { score, ground } = compared.likeness;
  return html`<p>
    ${words.scoreIs(score)} ${ground !== null && words.grounds[ground]}
    ${compared.persons === null && words.noValues}
  </p>`;
}

function personRows(setting: Setting, { likeness, persons }: Compared): Html[] {
  const words = wordsIn(setting.language);
  const rows = likeness.fields.map(({ field, agreement }) =>
    row(
      words.fields[field] ?? field,
      html`<span class="${agreement === 'same' ? 'good' : agreement === 'other' ? 'bad' : 'warn'}"
        >${words.agreements[agreement]}</span
      >`,
      persons && [valueOf(setting, persons[0], field), valueOf(setting, persons[1], field)],
    ),
  );
  const authority = persons && [persons[0].journey.sendingAuthority, persons[1].journey.sendingAuthority];
  return persons ? [...rows, row(words.authority, '', authority)] : rows;
}

function row(name: string, agreement: Html | string, values: readonly string[] | null): Html {
  const cells = values ?? ['—', '—'];
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${agreement}</td>
    ${cells.map((value) => html`<td>${value}</td>`)}
  </tr>`;
}

function valueOf({ language }: Setting, { person }: RegisteredPerson, field: string): string {
  const words = wordsIn(language);
  switch (field) {
    case 'names':
      return `${person.familyNames}, ${person.givenNames}`;
    case 'birth':
      return dayIn(language, person.dateOfBirth);
    case 'document':
      return [words.documents[person.documentType], person.documentNumber].filter(Boolean).join(' ');
    case 'sex':
      return words.sexes[person.sex] ?? person.sex;
    case 'nationality':
      return person.nationality;
    case 'phone':
      return person.phone ?? '—';
    default:
      return person.email ?? '—';
  }
}

function decision(setting: Setting, file: PairFile, state: 'suspected' | 'unsuspected'): Html {
  const words = wordsIn(setting.language);
  if (!setting.caller.roles.has('operations-lead')) return html`<p>${words.onlyLead}</p>`;
  return html`${state === 'suspected' && different(setting, file)} ${same(setting, file)}`;
}

function different(setting: Setting, file: PairFile): Html {
  const words = wordsIn(setting.language);
  return html`<section aria-labelledby="different">
    <h2 id="different">${words.different}</h2>
    <p>${words.differentText}</p>
    <form class="ask" method="post" action="${addressOf(file)}">
      ${reasonField(setting, 'different', file.refused)}
      <p><button name="decision" value="different">${words.different}</button></p>
    </form>
  </section>`;
}

function same(setting: Setting, file: PairFile): Html {
  const words = wordsIn(setting.language);
  const { preview } = file;
  return html`<section aria-labelledby="same">
    <h2 id="same">${words.same}</h2>
    <p>${words.sameText}</p>
    ${preview && (isAnswer(preview) ? merging(setting, file, preview) : html`<p class="alert">${refusalIn(setting.language, preview)}</p>`)}
  </section>`;
}

function merging(setting: Setting, file: PairFile, preview: MergePreview): Html {
  const words = wordsIn(setting.language);
  const choices = file.cases.map(
    ({ number }) =>
      html`<a
        href="${addressOf(file)}?into=${number}#same"
        ${number === preview.into.number && html`aria-current="true"`}
        >${number}</a
      >`,
  );
  return html`<nav class="choices" aria-label="${words.goesOn}">${words.goesOn}: ${choices}</nav>
    ${previewPart(setting, preview)}
    <form class="ask" method="post" action="${addressOf(file)}">
      <input type="hidden" name="into" value="${preview.into.number}" />
      <input type="hidden" name="seen" value="${preview.fingerprint}" />
      ${reasonField(setting, 'same', file.refused)}
      <p>
        <button name="decision" value="same">${words.merge(preview.from.number, preview.into.number)}</button>
      </p>
    </form>`;
}

function reasonField(
  { language }: Setting,
  decision: 'same' | 'different',
  refused: RefusedDecision | undefined,
): Html {
  const words = wordsIn(language);
  const own = refused?.decision === decision ? refused : undefined;
  return textPart({
    id: `reason-${decision}`,
    name: 'reason',
    label: words.reason,
    value: own?.reason,
    most: MAX_REASON,
    isRequired: true,
    wrongBy: own?.refused === 'invalid-fields' ? 'why-not' : undefined,
  });
}

function addressOf({ cases: [one, other] }: PairFile): string {
  return pairAddress(one.number, other.number);
}

function isAnswer<T extends object>(answer: Answer<T> | undefined): answer is T {
  return answer !== undefined && !('refused' in answer);
}
