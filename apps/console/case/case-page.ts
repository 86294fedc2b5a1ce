/** The page of one case. Pure. */
import { MASK } from '@retorno/contracts';
import { html, type Html } from '@retorno/service';
import { ACTIONS, actionsFor } from './actions';
import { actionWordsIn } from './action-words';
import type { CaseFile, ShownDisclosure } from './case';
import { begun, codesIn, wordOf } from '../codes/codes';
import { detailIn } from '../codes/detail';
import { planGraph } from './graph';
import { namesOf, type Names } from './names';
import { answerOf, referralTable } from './referral-table';
import { sentenceOf } from './sentence';
import { standingsOf } from './standing';
import { pairAddress } from '../duplicates/pair';
import { tableOfCells } from '../frame/table';
import { timelineSection } from './timeline';
import { dayIn, whenIn, type Language } from '../frame/texts';
import type { Page, Setting } from '../frame/page';
import { followUpsLink } from '../follow-ups/case-page';
import { retentionLink } from '../retention/retention-page';
import { linksLink } from '../links/links-page';
import type { ListPage } from '../services';
import { auditLinks, unmaskedNote } from './unmasking';
import { wordsIn } from './words';

/** What of a long case is shown. */
export interface CaseView {
  /** The action that was just done; '' for none. */
  readonly done: string;
  readonly isWhole: boolean;
  /** Cursor of the disclosures; '' for the latest. */
  readonly disclosures: string;
}

/** How many lines of what else is waited for stand below the sentence. */
const ALSO = 4;

export function casePage(
  setting: Setting,
  file: CaseFile,
  disclosures: ListPage<ShownDisclosure>,
  view: CaseView,
): Page {
  const words = wordsIn(setting.language);
  const { shown } = file;
  const body = html`<p><a href="/console/cases">${words.back}</a></p>
    ${doneNote(setting, view.done)} ${unmaskedNote(setting, shown)} ${why(setting, file)}
    ${facts(setting, file)} ${caseActions(setting, file)} ${aboutThePerson(setting, shown.number)}
    ${plan(setting, file)}
    <h2>${words.referrals}</h2>
    ${referralTable(setting, file)} ${needs(setting, file)} ${timers(setting, file)}
    ${escalations(setting, file)} ${disclosed(setting, file, disclosures, view)}
    ${timelineSection(setting, file, view.isWhole)} ${auditLinks(setting, shown.number)}`;
  return { title: `${words.title} ${shown.number}`, screen: 'cases', body, live: true };
}

function doneNote({ language }: Setting, done: string): Html | false {
  const action = ACTIONS.find((one) => one === done);
  return (
    action !== undefined &&
    html`<p role="status" class="done">
      ${wordsIn(language).done}${actionWordsIn(language).action[action].name}.
    </p>`
  );
}

function why({ language }: Setting, file: CaseFile): Html {
  const words = wordsIn(language);
  const [first, ...others] = standingsOf(file);
  const said = [...new Set(others.map((standing) => sentenceOf(standing, file, language)))];
  const also = said.slice(0, ALSO).map((sentence) => html`<li>${sentence}</li>`);
  const rest = said.length - also.length;
  return html`<section class="why" aria-labelledby="why">
    <h2 id="why">${words.why}</h2>
    <p class="sentence">${sentenceOf(first, file, language)}</p>
    ${
      also.length > 0 &&
      html`<p>${words.also}</p>
        <ul>
          ${also}${rest > 0 && html`<li>${words.more(rest)}</li>`}
        </ul>`
    }
  </section>`;
}

function facts({ language }: Setting, { shown, outlook }: CaseFile): Html {
  const words = wordsIn(language);
  const codes = codesIn(language);
  const isOpen = shown.status === 'open';
  const lines: readonly (readonly [string, Html | string] | false)[] = [
    [words.status, `${wordOf(codes.case, shown.status)}, ${words.since} ${whenIn(language, outlook.since)}`],
    shown.closeReason !== null && [words.reason, wordOf(codes.close, shown.closeReason)],
    [words.consent, wordOf(codes.consent, shown.consent)],
    [words.household, outlook.household ?? words.none],
    [words.arrival, shown.arrivalDate ? dayIn(language, shown.arrivalDate) : words.none],
    isOpen && [words.expected, outlook.expectedAt ? whenIn(language, outlook.expectedAt) : words.unknown],
    shown.mergedFrom.length > 0 && [
      words.merged,
      html`${shown.mergedFrom.map(({ number }) => caseLink(number))}`,
    ],
    shown.erasedAt !== undefined && [words.erased, whenIn(language, shown.erasedAt)],
  ];
  return html`<dl class="facts">
    ${lines.flatMap((line) =>
      line
        ? [
            html`<div>
              <dt>${line[0]}</dt>
              <dd>${line[1]}</dd>
            </div>`,
          ]
        : [],
    )}
  </dl>`;
}

function caseLink(number: string): Html {
  return html`<a href="/console/cases/${number}">${number}</a> `;
}

function caseActions({ language, caller }: Setting, file: CaseFile): Html | false {
  const actions = actionsFor(caller, file, null);
  if (actions.length === 0) return false;
  const words = actionWordsIn(language).action;
  const links = actions.map(
    (action) =>
      html`<a class="button" href="/console/cases/${file.shown.number}/actions/${action}"
        >${words[action].name}</a
      > `,
  );
  return html`<p class="actions">${links}</p>`;
}

/** What is done with the person, and not with the plan. */
function aboutThePerson(setting: Setting, number: string): Html {
  return html`<p class="actions no-print">
    ${linksLink(setting, number)} ${followUpsLink(setting, number)}
    ${setting.caller.roles.has('operations') && retentionLink(setting, number)}
  </p>`;
}

function plan({ language }: Setting, file: CaseFile): Html {
  const words = wordsIn(language);
  const state = (referral: CaseFile['shown']['referrals'][number]) => answerOf(referral, language);
  const graphWords = { label: words.planLabel, state, missing: words.missing };
  return html`<h2>${words.plan}</h2>
    ${
      file.shown.referrals.length === 0
        ? html`<p class="empty">${words.noPlan}</p>`
        : html`${planGraph(file, namesOf(file, language), graphWords)}
            <p>${words.criticalNote}</p>`
    }`;
}

function needs({ language }: Setting, file: CaseFile): Html {
  const words = wordsIn(language);
  const codes = codesIn(language);
  const names = namesOf(file, language);
  const rows = file.shown.needs.map(({ code, status, reason }) => [
    names.need(code),
    wordOf(codes.needStatus, status),
    reason === null ? '' : wordOf(codes.needReason, reason),
  ]);
  return html`<h2>${words.needs}</h2>
    ${tableOfCells(words.needs, [words.need, words.status, words.reason], rows, words.noNeeds)}`;
}

function timers({ language }: Setting, file: CaseFile): Html {
  const words = wordsIn(language);
  const codes = codesIn(language);
  const names = namesOf(file, language);
  const rows = file.outlook.timers.map(({ at, what, referralId, reason }) => [
    whenIn(language, at),
    reason === undefined
      ? wordOf(words.timer, what)
      : `${words.escalates}: ${wordOf(codes.escalation, reason)}`,
    names.referral(referralId ?? null),
  ]);
  return html`<h2>${words.timers}</h2>
    ${tableOfCells(words.timers, [words.when, words.what, words.about], rows, words.noTimers)}`;
}

function escalations({ language }: Setting, file: CaseFile): Html {
  const words = wordsIn(language);
  const codes = codesIn(language);
  const names = namesOf(file, language);
  const rows = file.shown.escalations
    .toReversed()
    .map(({ reason, referralId, detail, ...rest }) => [
      begun(wordOf(codes.escalation, reason)),
      aboutOf(file.shown.number, names.referral(referralId), detail, language, names),
      codes.escalationStatus[rest.status],
      whenIn(language, rest.raisedAt),
      rest.status === 'resolved' ? '' : whenIn(language, rest.dueAt),
    ]);
  const heads = [words.what, words.about, words.status, words.raised, words.look];
  return html`<h2>${words.escalations}</h2>
    ${tableOfCells(words.escalations, heads, rows, words.noEscalations)}`;
}

/** What an escalation is about: a referral's name says its agency and service already, another case's number leads to the pair. */
function aboutOf(
  number: string,
  referral: string,
  detail: Readonly<Record<string, string>>,
  language: Language,
  names: Names,
): Html {
  const { otherCaseNumber: other, ...rest } = detail;
  const { agency: _agency, service: _service, ...beside } = rest;
  const said = referral === '' ? [] : [referral];
  const lines = [...said, ...detailIn(language, referral === '' ? rest : beside, names.code)];
  return html`${other !== undefined && html`<a href="${pairAddress(number, other)}">${other}</a> `}${lines.join('; ')}`;
}

function disclosed(
  { language }: Setting,
  file: CaseFile,
  { items, next }: ListPage<ShownDisclosure>,
  view: CaseView,
): Html {
  const words = wordsIn(language);
  const codes = codesIn(language);
  const names = namesOf(file, language);
  const address = `/console/cases/${file.shown.number}`;
  const rows = items.map(({ at, referralId, agency, service, sent, basis, purpose }) => {
    return [
      whenIn(language, at),
      names.referral(referralId) || [...new Set([agency, service].map(names.code))].join(' · '),
      sent.map((field) => wordOf(codes.field, field)).join(', '),
      basis === MASK ? names.restricted : wordOf(codes.basis, basis),
      purpose === null ? '' : wordOf(codes.purpose, purpose),
    ];
  });
  const heads = [words.when, words.agency, words.data, words.basis, words.purpose];
  return html`<h2 id="disclosures">${words.disclosures}</h2>
    ${tableOfCells(words.disclosures, heads, rows, words.noDisclosures)}
    <p>
      ${view.disclosures !== '' && html`<a href="${address}#disclosures">${words.latest}</a> `}
      ${next !== null && html`<a href="${address}?disclosures=${encodeURIComponent(next)}#disclosures">${words.earlier}</a>`}
    </p>`;
}

/** What is shown when there is no such case. */
export function noCasePage({ language }: Setting): Page {
  const words = wordsIn(language);
  const body = html`<p class="empty">${words.notFoundText} <a href="/console/cases">${words.back}</a></p>`;
  return { title: words.notFound, screen: 'cases', body };
}
