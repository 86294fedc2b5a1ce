/** One escalation, opened. Pure. */
import type { EscalationReason } from '@retorno/contracts';
import { html, type Html } from '@retorno/service';
import type { Named } from '../agencies/catalogues';
import { begun, codesIn, wordOf } from '../codes/codes';
import { namesFrom, type NameOf } from '../codes/detail';
import { pairAddress } from '../duplicates/pair';
import { followUpAddress } from '../follow-ups/follow-ups';
import type { Page, Setting } from '../frame/page';
import { whenIn } from '../frame/texts';
import { claimForm, detailsOf, handOverForm, mayAct, ownerOf, reasonForm, toldOf, type Told } from './parts';
import { wordsIn } from './words';

/** Words that somebody said: an agency's question, a returnee's complaint. */
interface Said {
  readonly at: string;
  readonly by: string | null;
  readonly text: string | null;
}

interface Referral {
  readonly agency: string;
  readonly service: string;
  readonly status: string;
  readonly dueAt: string | null;
}

/** What `GET /escalations/{id}` answers. */
export interface OpenedEscalation {
  readonly id: string;
  readonly reason: EscalationReason;
  readonly status: 'open' | 'claimed' | 'resolved';
  readonly detail: Readonly<Record<string, string>>;
  readonly raisedAt: string;
  readonly dueAt: string;
  readonly resolvedAt: string | null;
  readonly caseNumber: string;
  readonly owner: string | null;
  readonly note: string | null;
  readonly referral: Referral | null;
  readonly question: Said | null;
  readonly complaint: Said | null;
}

export function escalationPage(
  setting: Setting,
  one: OpenedEscalation,
  told: Told = {},
  catalogues: readonly Named[] = [],
): Page {
  const words = wordsIn(setting.language);
  const nameOf = namesFrom(catalogues, setting.language);
  const body = html`${toldOf(setting, told)}
    <p>
      <a class="button" href="/console/cases/${one.caseNumber}">${words.toCase}</a>
      ${screenLink(setting, one)} <a href="/console/escalations">${words.back}</a>
    </p>
    ${facts(setting, one, nameOf)} ${said(setting, words.question, one.question)}
    ${said(setting, words.complaint, one.complaint)}
    ${['info-requested', 'complaint'].includes(one.reason) && !one.question && !one.complaint && html`<p>${words.noWords}</p>`}
    ${one.status !== 'resolved' && actions(setting, one, told)}`;
  return {
    title: `${begun(codesIn(setting.language).escalation[one.reason])}: ${one.caseNumber}`,
    screen: 'escalations',
    body,
    live: true,
  };
}

/** Where this kind of escalation is worked on, when that is not the case. */
function screenLink({ language }: Setting, { reason, caseNumber, detail }: OpenedEscalation): Html | false {
  const words = wordsIn(language);
  const other = detail['otherCaseNumber'];
  if (other !== undefined) {
    return html`<a class="button" href="${pairAddress(caseNumber, other)}">${words.toPair}</a>`;
  }
  if (!reason.startsWith('follow-up')) return false;
  return html`<a class="button" href="${followUpAddress(caseNumber)}">${words.toFollowUps}</a>`;
}

function facts(setting: Setting, one: OpenedEscalation, nameOf: NameOf): Html {
  const { language, now } = setting;
  const words = wordsIn(language);
  const due = whenIn(language, one.dueAt);
  const isLate = one.status !== 'resolved' && new Date(one.dueAt) < now;
  const { referral } = one;
  const rows: (readonly [string, Html | false])[] = [
    [words.status, html`${codesIn(language).escalationStatus[one.status]}`],
    [words.about, html`<a href="/console/cases/${one.caseNumber}">${one.caseNumber}</a>`],
    [words.due, isLate ? html`<strong class="bad">${words.late} ${due}</strong>` : html`${due}`],
    [words.owner, ownerOf(setting, one.owner)],
    [words.note, one.note !== null && html`<span class="note">${one.note}</span>`],
    [words.raised, html`${whenIn(language, one.raisedAt)}`],
    [words.resolved, one.resolvedAt !== null && html`${whenIn(language, one.resolvedAt)}`],
    [words.details, detailsOf(setting, one.detail, nameOf)],
    [words.referral, referral !== null && referralLine(setting, referral, nameOf)],
  ];
  return html`<dl class="facts">
    ${rows.flatMap(([name, value]) =>
      value
        ? [
            html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
          ]
        : [],
    )}
  </dl>`;
}

function referralLine(
  { language }: Setting,
  { agency, service, status, dueAt }: Referral,
  nameOf: NameOf,
): Html {
  const words = wordsIn(language);
  const due = dueAt !== null && html`, ${words.referralDue} ${whenIn(language, dueAt)}`;
  return html`${nameOf(agency)} · ${nameOf(service)}: ${wordOf(codesIn(language).referral, status)}${due}`;
}

function said({ language }: Setting, title: string, words: Said | null): Html | false {
  if (words === null) return false;
  return html`<section>
    <h2>${title}</h2>
    <blockquote>${words.text ?? wordsIn(language).noWords}</blockquote>
    <p>${words.by !== null && html`${words.by}, `}${whenIn(language, words.at)}</p>
  </section>`;
}

function actions(setting: Setting, one: OpenedEscalation, told: Told): Html {
  const words = wordsIn(setting.language);
  if (!mayAct(setting)) return html`<p>${words.onlyLooking}</p>`;
  const target = { id: one.id, back: `/console/escalations/${one.id}` };
  const isMine = one.owner === setting.caller.name;
  const take =
    one.owner === null
      ? claimForm(setting, target, { label: words.take, withNote: true })
      : claimForm(setting, target, { label: words.takeOver, takesOver: true, withNote: true });
  return html`<div class="actions">
    <section aria-labelledby="take">
      <h2 id="take">${isMine ? words.handOver : one.owner === null ? words.take : words.takeOver}</h2>
      ${isMine ? handOverForm(setting, target, { text: words.handOverText, label: words.handOverButton, written: told.refused === 'handOver' ? (told.written ?? '') : '' }) : take}
    </section>
    <section aria-labelledby="resolve">
      <h2 id="resolve">${words.resolve}</h2>
      ${reasonForm(setting, target, words.resolve, told.refused === 'handOver' ? '' : told.written)}
    </section>
  </div>`;
}
