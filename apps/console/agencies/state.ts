/** How an agency keeps up and what was decided about it, as parts of pages. Pure. */
import { html, type Html } from '@retorno/service';
import type { Setting } from '../frame/page';
import { tableOf } from '../frame/table';
import { whenIn, type Language } from '../frame/texts';
import type { Catalogue, OneAgency, WatchedAgency } from './catalogues';
import { isPossible, mayDo, DEEDS } from './deeds';
import { stateWordsIn } from './state-words';
import type { Trouble } from './trouble';

/** A span of time as people say it: `45 s`, `12 min`, `3 h`, `2,5 d`. */
export function lastsIn(language: Language, seconds: number): string {
  if (seconds < 1) return '< 1 s';
  const [unit, size] =
    seconds < 60 ? ['s', 1] : seconds < 3600 ? ['min', 60] : seconds < 172_800 ? ['h', 3600] : ['d', 86_400];
  const value = seconds / (size as number);
  const number = new Intl.NumberFormat(language === 'es' ? 'es-PE' : 'en-GB', {
    maximumFractionDigits: value < 10 ? 1 : 0,
  });
  return `${number.format(value)} ${unit}`;
}

/** Why somebody should look at it; what is paused or in maintenance is said first. */
export function stateOf({ language, now }: Setting, agency: Catalogue, troubles: readonly Trouble[]): Html {
  const lines = [
    ...decidedLines(language, agency, now).map((said) => html`<li class="warn">${said}</li>`),
    ...troubles.map((one) => html`<li class="bad">${sentenceOf(language, one)}</li>`),
  ];
  if (lines.length === 0) return html`<span class="good">${stateWordsIn(language).fine}</span>`;
  return html`<ul class="plain">
    ${lines}
  </ul>`;
}

function decidedLines(language: Language, { paused, maintenance }: Noticed, now: Date): string[] {
  const words = stateWordsIn(language);
  const lines: string[] = [];
  if (paused) lines.push(words.paused(whenIn(language, paused.since)));
  if (!maintenance) return lines;
  const { from, until, note } = maintenance;
  const has = from <= now.toISOString();
  const end = whenIn(language, until);
  lines.push(
    has ? words.inMaintenance(end, note) : words.maintenanceAhead(whenIn(language, from), end, note),
  );
  return lines;
}

function sentenceOf(language: Language, trouble: Trouble): string {
  const words = stateWordsIn(language).trouble;
  switch (trouble.kind) {
    case 'away':
      return words.away;
    case 'unread':
      return words.unread(trouble.count, whenIn(language, trouble.since));
    case 'silent':
      return words.silent(whenIn(language, trouble.since));
    default:
      return words[trouble.kind](trouble.count);
  }
}

/** What `noticesOf` needs to know of an agency. */
export type Noticed = Pick<Catalogue, 'slug' | 'name'> & Partial<Pick<Catalogue, 'paused' | 'maintenance'>>;

/** The agencies that are sent nothing, or are in maintenance or about to be, for a page about something else. */
export function noticesOf({ language, now }: Setting, agencies: readonly Noticed[]): Html | false {
  const lines = agencies.flatMap((agency) => {
    const said = decidedLines(language, agency, now);
    const name = html`<a href="/console/agencies/${agency.slug}">${agency.name}</a>`;
    return said.length === 0 ? [] : [html`<li>${name}: ${said.join(' ')}</li>`];
  });
  return (
    lines.length > 0 &&
    html`<div class="notice">
      <ul class="plain">
        ${lines}
      </ul>
    </div>`
  );
}

/** Who paused it and why, and how far the drain is. */
export function pauseOf({ language }: Setting, { paused, casesWaiting, casesHeld }: OneAgency): Html | false {
  if (!paused) return false;
  const words = stateWordsIn(language);
  return html`<p class="notice">
    ${words.paused(whenIn(language, paused.since))} ${words.pausedBy(paused.by ?? '', paused.reason ?? '')}
    ${words.drain(casesWaiting)} ${words.held(casesHeld)}
  </p>`;
}

/** What can be decided now by whoever looks. */
export function deedLinks({ language, caller }: Setting, agency: OneAgency): Html | false {
  const words = stateWordsIn(language).deeds;
  const links = DEEDS.filter((deed) => mayDo(caller, deed) && isPossible(agency, deed)).map(
    (deed) =>
      html`<a class="button" href="/console/agencies/${agency.slug}/${deed}">${words[deed].name}</a> `,
  );
  return links.length > 0 && html`<p>${links}</p>`;
}

/** The cell of one step in the list of all agencies. */
export function paceCell(
  language: Language,
  { pace }: WatchedAgency,
  step: keyof WatchedAgency['pace'],
): string {
  const known = pace[step];
  if (!known) return '–';
  const [half, most] = [lastsIn(language, known.median), lastsIn(language, known.p95)];
  return half === most ? half : stateWordsIn(language).half(half, most);
}

export function paceTable({ language }: Setting, { pace }: WatchedAgency): Html {
  const words = stateWordsIn(language);
  const rows = (['receive', 'accept', 'deliver'] as const).map((step) => {
    const known = pace[step];
    return html`<tr>
      <th scope="row">${words.steps[step]}</th>
      <td>${known ? lastsIn(language, known.median) : '–'}</td>
      <td>${known ? lastsIn(language, known.p95) : '–'}</td>
      <td>${known?.count ?? 0}</td>
    </tr>`;
  });
  return html`${tableOf(words.pace, [words.step, words.median, words.p95, words.answers], rows)}
    <p>${words.paceText}</p>`;
}

export function connectionOf({ language }: Setting, { heardAt, answeredAt, unread }: WatchedAgency): Html {
  const words = stateWordsIn(language);
  const when = (iso: string | null) => (iso === null ? words.never : whenIn(language, iso));
  const behind =
    unread.since === null ? '0' : `${unread.referrals}; ${words.unreadSince(whenIn(language, unread.since))}`;
  const fact = (name: string, value: string) =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<dl class="facts">
    ${fact(words.heard, when(heardAt))} ${fact(words.answered, when(answeredAt))}
    ${fact(words.unread, behind)}
  </dl>`;
}

export function decidedTable({ language }: Setting, { decided }: OneAgency): Html {
  const words = stateWordsIn(language);
  if (decided.length === 0) return html`<p>${words.noneDecided}</p>`;
  const rows = decided.map(({ type, at, by, reason, from, until }) => {
    const span = from && until ? ` (${whenIn(language, from)} – ${whenIn(language, until)})` : '';
    return html`<tr>
      <th scope="row">${whenIn(language, at)}</th>
      <td>${words.facts[type]}${span}</td>
      <td>${by}</td>
      <td>${reason}</td>
    </tr>`;
  });
  return tableOf(words.decided, [words.when, words.what, words.who, words.why], rows);
}
