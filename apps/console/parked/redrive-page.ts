/** Redrives of many streams: how far they are, on the list and on a page each. Pure. */
import type { RedriveFailure, RedriveJob } from '@retorno/messaging';
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { tableOf } from '../frame/table';
import { whenIn, type Language } from '../frame/texts';
import { addressOf, PARKED_PATH } from './paths';
import { redriveWordsIn } from './redrive-words';
import type { ParkedGroup } from './parked-streams';
import { wordsIn } from './words';

/** Ended ones are shown on the list so long, ms. */
const SHOWN_MS = 24 * 3_600_000;
/** So many of these. */
const MOST_ENDED = 5;

/** A job with what failed again, as its service tells it. */
export type OpenedJob = RedriveJob & { readonly failures: readonly RedriveFailure[] };

/** What became of an action on a job's page. */
export type JobTold = 'stopped' | 'over' | undefined;

/** The address of a job. */
export function jobAddress({ service, id }: Pick<RedriveJob, 'service' | 'id'>): string {
  return `${PARKED_PATH}/redrives/${encodeURIComponent(service)}/${encodeURIComponent(id)}`;
}

/** Those under way, and the latest of those that have ended. */
export function worthShowing(jobs: readonly RedriveJob[], now: Date): RedriveJob[] {
  const running = jobs.filter(({ endedAt }) => endedAt === null);
  const ended = jobs
    .filter(({ endedAt }) => endedAt !== null && now.getTime() - Date.parse(endedAt) < SHOWN_MS)
    .toSorted((a, b) => (a.endedAt! < b.endedAt! ? 1 : -1));
  return [...running, ...ended.slice(0, MOST_ENDED)];
}

/** The jobs on the list of what is parked. */
export function jobsPart(setting: Setting, jobs: readonly RedriveJob[]): Html | false {
  const shown = worthShowing(jobs, setting.now);
  if (shown.length === 0) return false;
  const words = redriveWordsIn(setting.language);
  return html`<section id="redrives" aria-labelledby="redrives-title">
    <h2 id="redrives-title">${words.list}</h2>
    ${shown.map(
      (job) =>
        html`<div id="job-${job.id}">
          <p>
            ${job.service}${job.cause !== null && html`: <code>${job.cause}</code>`}
            <a
              href="${jobAddress(job)}"
              aria-label="${words.more}: ${job.service}, ${whenIn(setting.language, job.startedAt)}"
              >${words.more}</a
            >
          </p>
          ${progressLine(setting.language, job)}
        </div>`,
    )}
    ${followed(setting, shown)}
  </section>`;
}

/** How a group is handled again: all of it, or so many at such a pace. */
export function redriveGroupForm(language: Language, { id, cause, streams }: ParkedGroup): Html {
  const words = redriveWordsIn(language);
  return html`<form class="filter" method="post" action="${PARKED_PATH}/redrive">
    <input type="hidden" name="group" value="${id}" />
    <p>
      <label for="count-${id}">${words.count}</label>
      <input id="count-${id}" name="count" type="number" min="1" max="10000" />
    </p>
    <p>
      <label for="pace-${id}">${words.perSecond}</label>
      <input
        id="pace-${id}"
        name="perSecond"
        type="number"
        min="0.1"
        max="50"
        step="0.1"
        value="5"
        required
      />
    </p>
    <button aria-label="${words.begin(streams.length)}: ${cause}">${words.begin(streams.length)}</button>
  </form>`;
}

/** One job. */
export function jobPage(setting: Setting, job: OpenedJob, told: JobTold): Page {
  const { language, caller } = setting;
  const words = redriveWordsIn(language);
  const isRunning = job.state === 'running';
  const facts: (readonly [string, string | null])[] = [
    [words.state, words.states[job.state]],
    [words.service, job.service],
    [words.cause, job.cause ?? words.all],
    [words.pace, words.paceText(new Intl.NumberFormat(language).format(job.perSecond))],
    [words.by, job.startedBy],
    [words.started, whenIn(language, job.startedAt)],
    [words.ended, job.endedAt && whenIn(language, job.endedAt)],
    [words.endedBy, job.endedBy],
  ];
  const body = html`${told !== undefined && html`<p class="notice" role="status">${words[told]}</p>`}
    <p><a href="${PARKED_PATH}">${wordsIn(language).back}</a></p>
    ${progressLine(language, job)} ${job.state === 'failing' && html`<p class="alert">${words.mend}</p>`}
    ${isRunning && caller.roles.has('operations') && stopForm(language, job)}
    <dl class="facts">
      ${facts.flatMap(([name, value]) =>
        value === null
          ? []
          : [
              html`<div>
                <dt>${name}</dt>
                <dd>${value}</dd>
              </div>`,
            ],
      )}
    </dl>
    <h2>${words.failures}</h2>
    ${failures(language, job)} ${followed(setting, [job])}`;
  return { title: words.title, screen: 'parked', body, live: true };
}

function progressLine(
  language: Language,
  { id, done, failed, left, total, handled, state }: RedriveJob,
): Html {
  const words = redriveWordsIn(language);
  return html`<p class="${state === 'failing' ? 'bad' : ''}">
    <label for="progress-${id}">${words.progress(done, failed, left)} (${words.states[state]})</label>
    <progress id="progress-${id}" max="${total}" value="${done + failed}"></progress>
    <small>${words.messages(handled)}</small>
  </p>`;
}

function stopForm(language: Language, { service, id }: RedriveJob): Html {
  const words = redriveWordsIn(language);
  return html`<form method="post" action="${PARKED_PATH}/redrives/stop">
    <input type="hidden" name="service" value="${service}" /><input type="hidden" name="id" value="${id}" />
    <p id="stop-text">${words.stopText}</p>
    <button aria-describedby="stop-text">${words.stop}</button>
  </form>`;
}

function failures(language: Language, { service, failures: failed }: OpenedJob): Html {
  const words = redriveWordsIn(language);
  if (failed.length === 0) return html`<p>${words.noFailures}</p>`;
  const rows = failed.map(
    ({ topic, cause, id }) =>
      html`<tr>
        <th scope="row">${topic}</th>
        <td><code>${cause}</code></td>
        <td>${id === null ? words.gone : html`<a href="${addressOf({ service, id })}">${words.see}</a>`}</td>
      </tr>`,
  );
  return tableOf(words.failures, [words.subject, words.cause, words.now], rows);
}

/** While one is under way the page fetches itself again: what it does is no change of a case that others are told of. */
function followed({ address, isPaused = false }: Setting, jobs: readonly RedriveJob[]): Html | false {
  if (isPaused || jobs.every(({ state }) => state !== 'running')) return false;
  return html`<div
    id="following"
    hx-get="${address}"
    hx-trigger="every 1s"
    hx-select="#content"
    hx-target="#content"
    hx-swap="outerMorph"
  ></div>`;
}
