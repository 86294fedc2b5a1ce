/** The plan as a table: each referral with its answer, what it waits for, its deadlines, and what can be done about it. */
import { MASK } from '@retorno/contracts';
import { html, type Html } from '@retorno/service';
import { actionsFor } from './actions';
import { actionWordsIn } from './action-words';
import { isSent, outlookFor, type CaseFile, type ShownReferral } from './case';
import { codesIn, wordOf } from '../codes/codes';
import { namesOf } from './names';
import { tableOfCells } from '../frame/table';
import { whenIn, type Language } from '../frame/texts';
import type { Setting } from '../frame/page';
import { wordsIn } from './words';

export function referralTable(setting: Setting, file: CaseFile): Html {
  const { language } = setting;
  const words = wordsIn(language);
  const names = namesOf(file, language);
  const when = (iso: string | null) => (iso === null ? '' : whenIn(language, iso));
  const rows = file.shown.referrals.map((r) => {
    const isCritical = file.outlook.critical.includes(r.id);
    const hasEndedBy = !isSent(r);
    return [
      html`${names.service(r)}${isCritical && html` <span class="warn">(${words.critical})</span>`}`,
      names.agency(r),
      answerCell(r, language),
      prerequisites(setting, file, r.id),
      hasEndedBy || r.acknowledgedAt ? '' : deadline(r.ackDueAt, file, language),
      hasEndedBy ? '' : deadline(r.dueAt, file, language),
      hasEndedBy && r.endedAt ? when(r.endedAt) : when(outlookFor(file, r.id).expectedAt),
      actions(setting, file, r),
    ];
  });
  const heads = [
    words.service,
    words.agency,
    words.answer,
    words.waitsFor,
    words.ackDue,
    words.due,
    words.expectedAt,
    words.todo,
  ];
  return tableOfCells(words.referrals, heads, rows, words.noPlan);
}

/** How a referral stands, in a few words. */
export function answerOf(r: ShownReferral, language: Language): string {
  const codes = codesIn(language);
  const status = r.businessStatus === null ? undefined : wordOf(codes.business, r.businessStatus);
  if (r.status === 'planned' && status !== undefined) return status;
  const code = r.code === null || r.code === MASK ? undefined : wordOf(codes.reject, r.code);
  return [wordOf(codes.referral, r.status), code, status].filter((word) => word !== undefined).join(', ');
}

function answerCell(r: ShownReferral, language: Language): Html {
  const words = wordsIn(language);
  const more = [
    r.attempt > 1 && `${words.attempt} ${r.attempt}`,
    r.provisional && words.provisional,
    r.result,
    r.office?.name,
    r.scheduledFor !== null && `${words.appointment}: ${whenIn(language, r.scheduledFor)}`,
  ].filter(Boolean);
  return html`${answerOf(r, language)}${more.length > 0 && html`<br /><small>${more.join(' · ')}</small>`}`;
}

function deadline(at: string | null, { outlook }: CaseFile, language: Language): Html | string {
  if (at === null) return '';
  if (at >= outlook.asOf) return whenIn(language, at);
  return html`<strong class="bad">${wordsIn(language).late}: ${whenIn(language, at)}</strong>`;
}

function prerequisites({ language }: Setting, file: CaseFile, id: string): Html {
  const words = wordsIn(language);
  const names = namesOf(file, language);
  const state = { met: ` (${words.met})`, waived: ` (${words.waived})`, awaited: '' };
  const lines = outlookFor(file, id).prerequisites.map(
    (one) => html`<li>${names.prerequisite(one)}${state[one.state]}</li>`,
  );
  return html`${
    lines.length > 0 &&
    html`<ul class="plain">
      ${lines}
    </ul>`
  }`;
}

function actions({ language, caller }: Setting, file: CaseFile, r: ShownReferral): Html {
  const words = actionWordsIn(language).action;
  const service = namesOf(file, language).service(r);
  const links = actionsFor(caller, file, r.id).map(
    (action) =>
      html`<a
        href="/console/cases/${file.shown.number}/actions/${action}?referral=${encodeURIComponent(r.id)}"
        aria-label="${words[action].name}: ${service}"
        >${words[action].name}</a
      > `,
  );
  return html`${links}`;
}
