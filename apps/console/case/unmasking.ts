/** What is restricted in a case, for a lead who says why. Pure. */
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { tableOfCells } from '../frame/table';
import { whenIn } from '../frame/texts';
import type { ShownCase } from './case';
import { codesIn, wordOf } from '../codes/codes';
import { unmaskingWordsIn } from './unmasking-words';
import { textPart } from '../frame/text-part';

/** What the coordinator answers to `POST /cases/{id}/unmasking`. */
export interface Unmasked {
  /** RFC 3339. */
  readonly until: string;
  readonly number: string;
  readonly vulnerabilities: readonly string[];
  readonly needs: readonly string[];
  readonly referrals: readonly {
    readonly agency: string;
    readonly agencyName: string | null;
    readonly service: string;
    readonly title: { readonly es: string; readonly en: string } | null;
  }[];
}

/** As long as the services take a reason. */
const LONGEST = 500;

/** What a lead wrote, and why it was not enough. */
export interface RefusedReason {
  readonly reason: string;
  readonly why: 'wrong' | 'refused';
}

/** On top of a case, while its masking is lifted for who looks. */
export function unmaskedNote(
  { language }: Setting,
  { unmaskedUntil }: Pick<ShownCase, 'unmaskedUntil'>,
): Html | false {
  return (
    unmaskedUntil !== null &&
    html`<p class="notice">${unmaskingWordsIn(language).shownUntil(whenIn(language, unmaskedUntil))}</p>`
  );
}

/** Below a case: its own part of the audit, and what it hides, for whoever may see them. */
export function auditLinks({ language, caller }: Setting, number: string): Html | false {
  const words = unmaskingWordsIn(language);
  const isLead = caller.roles.has('operations-lead');
  if (!isLead && !caller.roles.has('auditor')) return false;
  return html`<p class="actions no-print">
    <a href="/console/audit?case=${number}">${words.audit}</a>
    ${isLead && html`<a href="/console/cases/${number}/unmasking">${words.title}</a>`}
  </p>`;
}

export function unmaskingPage({ language }: Setting, number: string, refused?: RefusedReason): Page {
  const words = unmaskingWordsIn(language);
  const body = html`${back(language, number)}
    <p class="alert">${words.warning}</p>
    ${refused && html`<p class="alert" role="alert" id="why-not">${words[refused.why]}</p>`}
    <form class="ask" method="post" action="/console/cases/${number}/unmasking" autocomplete="off">
      ${textPart({
        id: 'reason',
        name: 'reason',
        label: words.reason,
        value: refused?.reason,
        least: 10,
        most: LONGEST,
        isRequired: true,
        wrongBy: refused?.why === 'wrong' ? 'why-not' : undefined,
        hint: words.hint,
      })}
      <p><button>${words.show}</button></p>
    </form>`;
  return { title: `${words.title}: ${number}`, screen: 'cases', body };
}

export function unmaskedPage({ language }: Setting, shown: Unmasked): Page {
  const words = unmaskingWordsIn(language);
  const names = codesIn(language).need;
  const list = (codes: readonly string[]): Html =>
    codes.length === 0
      ? html`<p class="empty">${words.none}</p>`
      : html`<ul>
          ${codes.map((code) => html`<li>${wordOf(names, code)}</li>`)}
        </ul>`;
  const rows = shown.referrals.map(({ agency, agencyName, service, title }) => [
    agencyName ?? agency,
    title?.[language] ?? service,
  ]);
  const body = html`${back(language, shown.number)}
    <p class="notice" role="status">${words.recorded(whenIn(language, shown.until))}</p>
    <h2>${words.noted}</h2>
    ${list(shown.vulnerabilities)}
    <h2>${words.needs}</h2>
    ${list(shown.needs)}
    <h2>${words.referrals}</h2>
    ${tableOfCells(words.referrals, [words.agency, words.service], rows, words.none)}`;
  return { title: `${words.title}: ${shown.number}`, screen: 'cases', body };
}

function back(language: Setting['language'], number: string): Html {
  return html`<p><a href="/console/cases/${number}">${unmaskingWordsIn(language).back}</a></p>`;
}
