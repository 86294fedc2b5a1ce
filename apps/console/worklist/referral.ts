/** One referral as its agency's staff see it: what is told of the person, what was answered, what can be answered. Pure. */
import { html, type Html } from '@retorno/service';
import { titleOf } from '../agencies/catalogues';
import { codesIn, wordOf } from '../codes/codes';
import type { Page, Setting } from '../frame/page';
import { whenIn } from '../frame/texts';
import { tableOf } from '../frame/table';
import { answerForms, type Answering } from './answer-forms';
import type { HistoryLine, Referral } from './answers';
import type { Offered } from './worklist';
import { nameOf, statusOf } from './worklist';
import { wordsIn } from './words';

export interface ReferralView extends Omit<Answering, 'language' | 'offer'> {
  readonly offered: Offered;
  /** An answer was just taken. */
  readonly isAnswered: boolean;
}

export function referralPage(setting: Setting, view: ReferralView): Page {
  const { language } = setting;
  const { referral, offered, isAnswered } = view;
  const words = wordsIn(language);
  const codes = codesIn(language);
  const offer = offered.services.find(({ code }) => code === referral.service);
  const body = html`<p class="no-print"><a href="/console/worklist">${words.back}</a></p>
    ${isAnswered && html`<p class="done" role="status">${words.answered}</p>`}
    <p>
      <strong>${statusOf(setting, referral)}</strong>
      ${referral.priority === 'urgent' && html`<strong class="bad">${codes.priority.urgent}</strong>`}
      ${referral.overdue && html`<strong class="bad">${words.late}</strong>`}
    </p>
    ${referral.cancellationRequested && html`<p class="alert">${words.cancellation} (${whenIn(language, referral.cancellationRequested.at)}): ${referral.cancellationRequested.reason}</p>`}
    <div class="columns">
      <section>
        <h2>${words.facts}</h2>
        ${facts(setting, view)}
        <h2>${words.told}</h2>
        ${told(setting, referral)}
        <h2>${words.history}</h2>
        ${history(setting, referral.history)}
      </section>
      <section class="no-print">
        <h2>${words.answers}</h2>
        ${answerForms({ ...view, language, offer })}
      </section>
    </div>`;
  const title = `${nameOf(referral) ?? words.unnamed} · ${titleOf(offered.services, referral.service, language)}`;
  return { title, screen: 'worklist', body };
}

function facts(setting: Setting, { referral, offered }: ReferralView): Html {
  const { language } = setting;
  const words = wordsIn(language);
  const codes = codesIn(language);
  const when = (iso: string | undefined) => iso && whenIn(language, iso);
  const office = offered.offices.find(({ code }) => code === referral.office);
  return definitions([
    [words.caseRef, referral.caseRef],
    [words.requested, when(referral.requestedAt)],
    [words.ackDue, referral.status === 'received' ? when(referral.ackDueAt) : undefined],
    [words.due, when(referral.dueAt)],
    [words.notBefore, referral.notBefore],
    [words.office, office?.name ?? referral.office],
    [words.appointment, when(referral.scheduledFor)],
    [words.basis, wordOf(codes.basis, referral.basis)],
    [words.provisional, referral.provisional ? '✓' : undefined],
    [words.reason, referral.code && wordOf(codes.reject, referral.code)],
    [words.missing, referral.missing?.join(', ')],
    [words.outcome, outcomeText(referral)],
    [words.note, referral.note],
    [words.information, referral.information],
  ]);
}

function outcomeText({ outcome }: Referral): string | undefined {
  return outcome === undefined || typeof outcome === 'string' ? outcome : Object.values(outcome).join(', ');
}

function told(setting: Setting, { returnee, erased }: Referral): Html {
  const words = wordsIn(setting.language);
  if (erased) return html`<p>${words.erased}</p>`;
  const known = Object.entries(returnee).map(([name, value]): Definition => [
    words.disclosed[name] ?? name,
    Array.isArray(value) ? value.join(', ') : String(value),
  ]);
  return known.length === 0 ? html`<p>${words.toldNothing}</p>` : definitions(known);
}

type Definition = readonly [term: string, text: string | undefined];

function definitions(all: readonly Definition[]): Html {
  const lines = all.filter(([, text]) => text !== undefined && text !== '');
  return html`<dl class="facts">
    ${lines.map(
      ([term, text]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>`;
}

function history(setting: Setting, lines: readonly HistoryLine[]): Html {
  const { language } = setting;
  const words = wordsIn(language);
  if (lines.length === 0) return html`<p>${words.historyNone}</p>`;
  const rows = lines.toReversed().map(
    (line) =>
      html`<tr>
        <td>${whenIn(language, line.at)}</td>
        <td>
          ${statusOf(setting, line)} ${line.code && html`(${wordOf(codesIn(language).reject, line.code)})`}
          ${line.correction && html`<br />${words.actions.correct}: ${line.correction}`}
        </td>
        <td>${line.by}</td>
      </tr>`,
  );
  return tableOf(words.history, [words.when, words.said, words.by], rows);
}
