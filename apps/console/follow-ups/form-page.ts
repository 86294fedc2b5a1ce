/** The questionnaire as it is published, to be asked and filled in; or why nobody could be asked. Pure. */
import { html, type Html } from '@retorno/service';
import { CHANNELS } from '../case/actions';
import { actionWordsIn } from '../case/action-words';
import type { Page, Setting } from '../frame/page';
import { refusalIn } from '../frame/refusals';
import type { RegisteredPerson } from '../person';
import type { Refused } from '../services';
import {
  fieldOf,
  followUpAddress,
  unanswered,
  type FollowedCase,
  type Question,
  type Typed,
  type Wave,
} from './follow-ups';
import { wordsIn } from './words';

/** As long as the services take them. */
const MAX_BY = 100;
const MAX_NOTE = 500;

/** A form that was refused, with what was filled in. */
export interface RefusedForm extends Pick<Refused, 'refused' | 'detail' | 'errors'> {
  readonly typed: Typed;
}

/** `person`: whom to ask; undefined when intake does not know. */
export function followUpFormPage(
  setting: Setting,
  followed: FollowedCase,
  wave: Wave,
  { person, refused }: { person?: RegisteredPerson | undefined; refused?: RefusedForm },
): Page {
  const words = wordsIn(setting.language);
  const address = followUpAddress(followed.caseNumber, wave.month);
  const { version } = followed.questionnaire;
  const isSilence = refused !== undefined && (refused.typed['outcome'] ?? 'answered') !== 'answered';
  const own = isSilence ? undefined : refused;
  const body = html`<p><a href="${followUpAddress(followed.caseNumber)}">${words.backToCase}</a></p>
    ${refused && refusal(setting, followed, refused)} ${person && whom(setting, person)}
    <form class="ask" method="post" action="${address}" autocomplete="off">
      <input type="hidden" name="version" value="${version}" />
      <h2>${words.questions}</h2>
      <p>${words.questionsText}</p>
      ${followed.questionnaire.questions.map((question) => questionPart(setting, question, own?.typed))}
      ${asked(setting, 'asked', own)}
      <p><button name="outcome" value="answered">${words.record}</button></p>
    </form>
    <form class="ask" method="post" action="${address}" autocomplete="off">
      <input type="hidden" name="version" value="${version}" />
      <h2>${words.silence}</h2>
      <p>${words.silenceText}</p>
      ${asked(setting, 'silence', isSilence ? refused : undefined)}
      <p>
        <button name="outcome" value="unreachable">${words.unreachable}</button>
        <button name="outcome" value="declined">${words.declined}</button>
      </p>
    </form>`;
  return { title: words.formTitle(wave.month, followed.caseNumber), screen: 'follow-ups', body };
}

function refusal({ language }: Setting, { questionnaire }: FollowedCase, refused: RefusedForm): Html {
  const words = wordsIn(language);
  const wrong = refused.errors.flatMap(({ pointer }) => words.wrong[pointer] ?? []);
  const missing = refused.refused === 'bad-answers' ? unanswered(questionnaire, refused.typed) : [];
  const items = missing.map((question) => html`<li>${question.text[language]}</li>`);
  return html`<div role="alert" class="alert" id="why-not">
    <p>
      <strong>${words.refused}</strong> ${wrong.length > 0 ? wrong.join(' ') : refusalIn(language, refused)}
    </p>
    ${
      items.length > 0
        ? html`<ul>
            ${items}
          </ul>`
        : refused.refused === 'bad-answers' && html`<p>${words.twoEach}</p>`
    }
  </div>`;
}

function whom({ language }: Setting, { person }: RegisteredPerson): Html {
  const words = wordsIn(language);
  const languages = new Intl.DisplayNames(language, { type: 'language' });
  const facts: readonly (readonly [string, string])[] = [
    [words.name, `${person.givenNames} ${person.familyNames}`],
    [words.phone, person.phone ?? '—'],
    [words.email, person.email ?? '—'],
    [words.speaks, person.languages.map((code) => languages.of(code) ?? code).join(', ')],
  ];
  return html`<h2>${words.whom}</h2>
    <p>${words.whomText}</p>
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`;
}

function questionPart({ language }: Setting, question: Question, typed: Typed | undefined): Html {
  const name = fieldOf(question);
  const chosen = typed?.[name];
  return html`<fieldset>
    <legend>${question.text[language]}</legend>
    ${question.choices.map(
      ({ code, text }) =>
        html`<label class="choice"
          ><input type="radio" name="${name}" value="${code}" required ${code === chosen && html`checked`} />
          ${text[language]}</label
        >`,
    )}
  </fieldset>`;
}

/** Who asked, how, and a note: beside answers, and beside silence. */
function asked(setting: Setting, form: 'asked' | 'silence', refused: RefusedForm | undefined): Html {
  const { language, caller } = setting;
  const words = wordsIn(language);
  const typed = refused?.typed ?? {};
  const isWrong = (pointer: string) =>
    refused?.errors.some((error) => error.pointer === pointer) &&
    html`aria-invalid="true" aria-describedby="why-not"`;
  const channels = CHANNELS.map(
    (channel) =>
      html`<option value="${channel}" ${channel === typed['channel'] && html`selected`}>
        ${actionWordsIn(language).choice[channel]}
      </option>`,
  );
  return html`<p>
      <label for="by-${form}">${words.by}</label>
      <input
        id="by-${form}"
        name="by"
        maxlength="${MAX_BY}"
        required
        value="${typed['by'] ?? caller.name}"
        ${isWrong('/by')}
      />
    </p>
    <p>
      <label for="channel-${form}">${words.channel}</label>
      <select id="channel-${form}" name="channel" required ${isWrong('/channel')}>
        ${channels}
      </select>
    </p>
    <p>
      <label for="note-${form}">${words.note}</label>
      <textarea id="note-${form}" name="note" rows="2" maxlength="${MAX_NOTE}" ${isWrong('/note')}>
${typed['note'] ?? ''}</textarea>
    </p>`;
}
