/** The follow-ups of one case: what was recorded, how the returnee fared, and what is next. Pure. */
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { tableOf } from '../frame/table';
import { whenIn, type Language } from '../frame/texts';
import { followUpAddress, isRecordable, PATH, type FollowedCase, type Wave } from './follow-ups';
import { wordsIn } from './words';

/** Of a score, in the order of the columns. */
const DIMENSIONS = ['economic', 'social', 'psychosocial', 'composite'] as const;

/** `done`: the wave that was just recorded. */
export function followedCasePage(setting: Setting, followed: FollowedCase, done: string): Page {
  const { language } = setting;
  const words = wordsIn(language);
  const { caseNumber, items } = followed;
  const recorded = items.find(({ month, recordedAt }) => String(month) === done && recordedAt !== null);
  const body = html`<p>
      <a href="${PATH}">${words.back}</a> <a href="/console/cases/${caseNumber}">${words.toCase}</a>
    </p>
    ${recorded && html`<p class="notice" role="status">${words.recorded(recorded.month)} ${words.concern}</p>`}
    ${!followed.followed && html`<p class="alert">${words.notFollowed}</p>`}
    ${items.length === 0 ? html`<p class="empty">${words.noWaves}</p>` : table(setting, followed)}
    <p>${words.scoresText}</p>`;
  return { title: words.titleOf(caseNumber), screen: 'follow-ups', body };
}

function table(setting: Setting, followed: FollowedCase): Html {
  const { language, caller } = setting;
  const words = wordsIn(language);
  const mayRecord = caller.roles.has('operations');
  const rows = followed.items.map(
    (wave) =>
      html`<tr>
        <th scope="row">${words.after(wave.month)}</th>
        <td>${whenIn(language, wave.from)}</td>
        <td>${whenIn(language, wave.until)}</td>
        <td>
          ${words.statuses[wave.status] ?? wave.status}
          ${wave.recordedAt !== null && whenIn(language, wave.recordedAt)}
        </td>
        ${DIMENSIONS.map((dimension) => html`<td class="number">${scoreIn(language, wave, dimension)}</td>`)}
        ${mayRecord && html`<td>${isRecordable(followed, wave) && recordLink(setting, followed, wave)}</td>`}
      </tr>`,
  );
  const scores = DIMENSIONS.map((dimension) => words.dimensions[dimension]);
  const heads = [words.wave, words.from, words.until, words.state, ...scores, mayRecord && words.todo];
  return tableOf(words.title, heads, rows);
}

function recordLink({ language }: Setting, { caseNumber }: FollowedCase, { month }: Wave): Html {
  return html`<a class="button" href="${followUpAddress(caseNumber, month)}">${wordsIn(language).ask}</a>`;
}

function scoreIn(language: Language, { scores }: Wave, dimension: string): string {
  const score = scores?.[dimension];
  if (score === undefined) return '—';
  const locale = language === 'es' ? 'es-PE' : 'en-GB';
  return new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(score);
}

/** The way from a case to its follow-ups. */
export function followUpsLink({ language }: Setting, number: string): Html {
  return html`<a href="${followUpAddress(number)}">${wordsIn(language).title}</a>`;
}
