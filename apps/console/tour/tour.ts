/** The tour of the demonstration as a page: what to do, where, and what is done already. Pure. */
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { HELP_PATH } from '../help/pages';
import { isDemonstration, type Noted } from './tours';
import { wordsIn, type StepName } from './words';

export const TOUR_PATH = '/console/tour';
/** The agency whose staff the tour sends somebody to. */
export const VISITED = 'health';

/** What the services say by now. */
export interface Seen {
  /** `GET /cases/{number}` of the demonstration's case, as far as it is used. */
  readonly late?: {
    readonly referrals: readonly { readonly attempt: number; readonly acknowledgedAt: string | null }[];
    readonly timeline: readonly { readonly cause: string }[];
  };
  /** Streams of the demonstration that stand still. */
  readonly parked: number;
  /** Whether a manifest came since the tour began. */
  readonly imported: boolean;
  /** Whether somebody of the agency visited the tour since. */
  readonly visited: boolean;
}

export interface Step {
  readonly name: StepName;
  readonly path: string;
  readonly done: boolean;
}

/** The steps that this demonstration allows, in their order. */
export function stepsOf({ caseNumber, hadParked }: Noted, { late, parked, imported, visited }: Seen): Step[] {
  const causes = late?.timeline.map(({ cause }) => cause) ?? [];
  const rerouted = causes.includes('operations:reroute');
  const decided = causes.some((cause) => /^operations:(?!confirmation)/.test(cause));
  const moved = late?.referrals.some((r) => r.attempt > 1 && r.acknowledgedAt !== null) ?? false;
  const own = `/console/cases/${caseNumber}`;
  return [
    ...(caseNumber === null
      ? []
      : [
          { name: 'find', path: '/console/cases?overdue=true', done: decided } as const,
          { name: 'reroute', path: own, done: rerouted } as const,
          { name: 'watch', path: own, done: rerouted && moved } as const,
        ]),
    ...(hadParked ? [{ name: 'redrive', path: '/console/parked', done: parked === 0 } as const] : []),
    { name: 'import', path: '/console/intake', done: imported },
    { name: 'visit', path: TOUR_PATH, done: visited },
  ];
}

export function tourPage({ language }: Setting, noted: Noted, seen: Seen): Page {
  const words = wordsIn(language);
  if (!isDemonstration(noted)) {
    const body = html`<p class="empty">${words.nothing}</p>
      <p><a href="${HELP_PATH}">${words.help}</a></p>`;
    return { title: words.title, screen: 'help', body };
  }
  const steps = stepsOf(noted, seen);
  const done = steps.filter((step) => step.done).length;
  const body = html`<p>${words.lead}</p>
    <p role="status">${done === steps.length ? words.finished : words.progress(done, steps.length)}</p>
    <ol class="text">
      ${steps.map((step) => stepPart(step, words.steps[step.name], words))}
    </ol>
    <form method="post" action="${TOUR_PATH}/dismiss"><button>${words.dismiss}</button></form>`;
  return { title: words.title, screen: 'help', body, live: true };
}

/** For an agency's own staff: what is different for them. */
export function staffTourPage({ language }: Setting): Page {
  const words = wordsIn(language);
  const body = html`<p>${words.staff}</p>
    <p><a class="button" href="/console/worklist">${words.worklist}</a></p>`;
  return { title: words.title, screen: 'help', body };
}

function stepPart(
  { name, path, done }: Step,
  step: { readonly title: string; readonly text: string; readonly link: string },
  words: { readonly done: string; readonly todo: string },
): Html {
  return html`<li id="step-${name}">
    <strong>${step.title}</strong>
    <span class="${done ? 'good' : 'warn'}">${done ? words.done : words.todo}</span>
    <p>${step.text}</p>
    ${name !== 'visit' && html`<p><a href="${path}">${step.link}</a></p>`}
  </li>`;
}
