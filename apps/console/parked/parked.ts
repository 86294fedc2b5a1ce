/** Parked messages as a page: grouped by what went wrong. Pure. */
import type { ParkedStream, RedriveJob } from '@retorno/messaging';
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { tableOf } from '../frame/table';
import { whenIn } from '../frame/texts';
import { claimGroupPart, claimText } from './claim-part';
import { editWordsIn } from './edit-words';
import { addressOf, PARKED_PATH } from './paths';
import type { ParkedGroup, Standing } from './parked-streams';
import { jobsPart, redriveGroupForm } from './redrive-page';
import { redriveWordsIn } from './redrive-words';
import { wordsIn } from './words';

/** What became of what somebody asked for. */
export type Told =
  | {
      readonly did: 'redriven';
      readonly handled: number;
      readonly failed: number;
      readonly remaining: number;
    }
  | { readonly did: 'skipped' | 'gone' | 'nothing' | 'wrong' }
  /** A redrive of so many streams began; so many messages were handled after an edit. */
  | { readonly did: 'begun' | 'edited'; readonly n: number }
  /** So many were taken to look into them, or let go; so many are somebody else's. */
  | { readonly did: 'taken' | 'released'; readonly n: number; readonly others: number }
  | { readonly did?: undefined };

/** What the list shows: what stands still, and redrives of many streams. */
export interface ParkedList extends Standing {
  readonly jobs: readonly RedriveJob[];
}

export function parkedPage(
  setting: Setting,
  { groups, isMore, silent, jobs }: ParkedList,
  told: Told = {},
): Page {
  const words = wordsIn(setting.language);
  const isQuiet = groups.length === 0 && silent.length === 0;
  const body = html`${toldOf(setting, told)}
  ${silent.length > 0 && html`<p class="notice">${words.silent(silent.join(', '))}</p>`}
  ${jobsPart(setting, jobs)}
  ${isQuiet ? html`<p class="empty">${words.none}</p>` : html`<p>${words.lead}</p>`}
  ${groups.map((group) => groupPart(setting, group))} ${isMore && html`<p>${words.isMore}</p>`}`;
  return { title: words.title, screen: 'parked', body, live: true };
}

/** What became of it, said on the page that follows. */
export function toldOf({ language }: Setting, told: Told): Html | false {
  const words = wordsIn(language);
  if (told.did === undefined) return false;
  if (told.did !== 'redriven') return html`<p class="notice" role="status">${textOf(language, told)}</p>`;
  const { handled, failed, remaining } = told;
  return html`<p class="notice" role="status">
    ${words.done(handled)} ${failed > 0 && html`<strong>${words.failed(failed)}</strong>`}
    ${remaining > 0 && words.remaining(remaining)}
  </p>`;
}

function textOf(
  language: Setting['language'],
  told: Exclude<Told, { did?: undefined | 'redriven' }>,
): string {
  const redrive = redriveWordsIn(language);
  switch (told.did) {
    case 'skipped':
    case 'gone':
      return wordsIn(language)[told.did];
    case 'nothing':
    case 'wrong':
      return redrive[told.did];
    case 'begun':
      return redrive.begun(told.n);
    case 'edited':
      return editWordsIn(language).edited(told.n);
    default:
      return [
        ...(told.n > 0 || told.others === 0 ? [redrive.claim[told.did](told.n)] : []),
        ...(told.others > 0 ? [redrive.claim.others(told.others)] : []),
      ].join(' ');
  }
}

/** A button that has something handled again. */
export function redriveForm(fields: Readonly<Record<string, string>>, label: string, about = ''): Html {
  return html`<form method="post" action="${PARKED_PATH}/redrive">
    ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button ${about !== '' && html`aria-label="${label}: ${about}"`}>${label}</button>
  </form>`;
}

function groupPart(setting: Setting, group: ParkedGroup): Html {
  const { id, kind, cause, streams } = group;
  const words = wordsIn(setting.language);
  const canRedrive = setting.caller.roles.has('operations') && kind !== 'timer';
  const isGroup = canRedrive && streams.length > 1;
  const title = `${words.kinds[kind]}: ${words.count(streams.length)}`;
  const heads = [words.message, words.service, words.behind, words.since, words.attempts, words.next];
  return html`<section id="group-${id}" aria-labelledby="title-${id}">
    <h2 id="title-${id}">${title}</h2>
    ${cause !== '' && html`<p>${words.cause}: <code>${cause}</code></p>`}
    ${isGroup && kind === 'gap' && redriveForm({ group: id }, words.redriveGroup(streams.length))}
    ${isGroup && kind === 'parked' && html`${redriveGroupForm(setting.language, group)} ${claimGroupPart(setting, group)}`}
    ${tableOf(
      cause === '' ? title : `${title}: ${cause}`,
      [...heads, redriveWordsIn(setting.language).claim.column, words.sequence],
      streams.map((stream) => row(setting, stream, canRedrive)),
    )}
  </section>`;
}

function row({ language }: Setting, stream: ParkedStream, canRedrive: boolean): Html {
  const words = wordsIn(language);
  const { id, service, type, topic, keySeq, behind, since, attempts, nextTryAt } = stream;
  const name = type ?? topic;
  return html`<tr id="stream-${id}">
    <th scope="row">${name} ${keySeq > 0 && html`<small>n.º ${keySeq}</small>`}</th>
    <td>${service}</td>
    <td>${behind}</td>
    <td>${whenIn(language, since)}</td>
    <td>${attempts}</td>
    <td>${nextTryAt === null ? words.waits : whenIn(language, nextTryAt)}</td>
    <td>${stream.kind === 'parked' && claimText(language, stream.claim)}</td>
    <td>
      ${stream.kind !== 'timer' && html`<a href="${addressOf(stream)}" aria-label="${words.sequence}: ${name}, ${service}">${words.sequence}</a>`}
      ${canRedrive && redriveForm({ service, id }, words.redrive, `${name}, ${service}`)}
    </td>
  </tr>`;
}
