/** Parked messages as a page: grouped by what went wrong. Pure. */
import type { ParkedStream } from '@retorno/messaging';
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { whenIn } from '../frame/texts';
import type { ParkedGroup, Standing } from './parked-streams';
import { wordsIn } from './words';

/** What became of what somebody asked for. */
export type Told =
  | {
      readonly did: 'redriven';
      readonly handled: number;
      readonly failed: number;
      readonly remaining: number;
    }
  | { readonly did: 'skipped' | 'gone' }
  | { readonly did?: undefined };

export const PARKED_PATH = '/console/parked';

export function parkedPage(setting: Setting, { groups, isMore, silent }: Standing, told: Told = {}): Page {
  const words = wordsIn(setting.language);
  const isQuiet = groups.length === 0 && silent.length === 0;
  const body = html`${toldOf(setting, told)}
  ${silent.length > 0 && html`<p class="notice">${words.silent(silent.join(', '))}</p>`}
  ${isQuiet ? html`<p class="empty">${words.none}</p>` : html`<p>${words.lead}</p>`}
  ${groups.map((group) => groupPart(setting, group))} ${isMore && html`<p>${words.isMore}</p>`}`;
  return { title: words.title, screen: 'parked', body, live: true };
}

/** The address of the sequence of a stream. */
export function addressOf({ service, id }: Pick<ParkedStream, 'service' | 'id'>): string {
  return `${PARKED_PATH}/${encodeURIComponent(service)}/${encodeURIComponent(id)}`;
}

/** What became of it, said on the page that follows. */
export function toldOf({ language }: Setting, told: Told): Html | false {
  const words = wordsIn(language);
  if (told.did === undefined) return false;
  if (told.did !== 'redriven') return html`<p class="notice" role="status">${words[told.did]}</p>`;
  const { handled, failed, remaining } = told;
  return html`<p class="notice" role="status">
    ${words.done(handled)} ${failed > 0 && html`<strong>${words.failed(failed)}</strong>`}
    ${remaining > 0 && words.remaining(remaining)}
  </p>`;
}

/** A button that has something handled again. */
export function redriveForm(fields: Readonly<Record<string, string>>, label: string, about = ''): Html {
  return html`<form method="post" action="${PARKED_PATH}/redrive">
    ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button ${about !== '' && html`aria-label="${label}: ${about}"`}>${label}</button>
  </form>`;
}

function groupPart(setting: Setting, { id, kind, cause, streams }: ParkedGroup): Html {
  const words = wordsIn(setting.language);
  const canRedrive = setting.caller.roles.has('operations') && kind !== 'timer';
  return html`<section id="group-${id}" aria-labelledby="title-${id}">
    <h2 id="title-${id}">${words.kinds[kind]}: ${words.count(streams.length)}</h2>
    ${cause !== '' && html`<p>${words.cause}: <code>${cause}</code></p>`}
    ${canRedrive && streams.length > 1 && redriveForm({ group: id }, words.redriveGroup(streams.length), cause)}
    <div class="scroll" tabindex="0" role="region" aria-labelledby="title-${id}">
      <table>
        <thead>
          <tr>
            <th scope="col">${words.message}</th>
            <th scope="col">${words.service}</th>
            <th scope="col">${words.behind}</th>
            <th scope="col">${words.since}</th>
            <th scope="col">${words.attempts}</th>
            <th scope="col">${words.next}</th>
            <th scope="col">${words.sequence}</th>
          </tr>
        </thead>
        <tbody>
          ${streams.map((stream) => row(setting, stream, canRedrive))}
        </tbody>
      </table>
    </div>
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
    <td>
      ${stream.kind !== 'timer' && html`<a href="${addressOf(stream)}" aria-label="${words.sequence}: ${name}, ${service}">${words.sequence}</a>`}
      ${canRedrive && redriveForm({ service, id }, words.redrive, `${name}, ${service}`)}
    </td>
  </tr>`;
}
