/** Reminding agencies and taking escalations of several cases at once: what exactly it would touch, before it does. Pure. */
import { MASK } from '@retorno/contracts';
import { html, type Html } from '@retorno/service';
import { codesIn, wordOf } from '../codes/codes';
import { whenIn } from '../frame/texts';
import type { Page, Setting } from '../frame/page';
import { tableOf } from '../frame/table';
import { CASES } from './case-filter';
import { wordsIn } from './words';
import { textPart } from '../frame/text-part';

export const ACTIONS = ['remind', 'claim'] as const;
export type Action = (typeof ACTIONS)[number];

/** As many as one form holds. */
export const MOST_STEPS = 200;

/** What a case shows of what can be done in bulk. */
export interface CaseOfBulk {
  readonly id: string;
  readonly number: string;
  readonly referrals: readonly {
    readonly id: string;
    readonly agency: string;
    readonly agencyName: string | null;
    readonly service: string;
    readonly title: { readonly es: string; readonly en: string } | null;
    readonly status: string;
    readonly ackDueAt: string | null;
    readonly dueAt: string | null;
    readonly acknowledgedAt: string | null;
    readonly cancellation: { readonly dueAt: string } | null;
  }[];
  readonly escalations: readonly {
    readonly id: string;
    readonly status: string;
    readonly reason: string;
    readonly dueAt: string;
  }[];
}

/** One referral to be reminded of, or one escalation to be taken. */
export interface Step {
  readonly caseId: string;
  readonly caseNumber: string;
  /** Of the referral or escalation. */
  readonly id: string;
  /** Agency and service, or the reason, as words; null: a list does not name it. */
  readonly what: string | null;
  readonly dueAt: string;
}

/** What an action would do to these cases: agencies that are late now are reminded; what nobody has taken is claimed. */
export function stepsOf(action: Action, cases: readonly CaseOfBulk[], setting: Setting): Step[] {
  const words = codesIn(setting.language).escalation;
  return cases.flatMap(({ id: caseId, number: caseNumber, referrals, escalations }) => {
    if (action === 'claim') {
      return escalations
        .filter(({ status }) => status === 'open')
        .map(({ id, reason, dueAt }) => ({ caseId, caseNumber, id, what: wordOf(words, reason), dueAt }));
    }
    return referrals.flatMap((referral) => {
      const dueAt = lateSince(referral, setting.now);
      if (dueAt === undefined) return [];
      const { id, agencyName, agency, title, service } = referral;
      const what = `${agencyName ?? agency}: ${title?.[setting.language] ?? service}`;
      return [{ caseId, caseNumber, id, what: agency === MASK ? null : what, dueAt }];
    });
  });
}

const SENT = ['requested', 'received', 'accepted', 'in-progress', 'on-hold'];

/** The first deadline that its agency has missed. */
function lateSince(referral: CaseOfBulk['referrals'][number], now: Date): string | undefined {
  const { status, cancellation, acknowledgedAt, ackDueAt, dueAt } = referral;
  if (!SENT.includes(status)) return undefined;
  const deadlines = cancellation ? [cancellation.dueAt] : [acknowledgedAt ? null : ackDueAt, dueAt];
  return deadlines.flatMap((at) => (at !== null && new Date(at) < now ? [at] : [])).toSorted()[0];
}

/** The steps that somebody saw before they confirmed: `step.<case>.<id>` each. */
export function stepsIn(form: Readonly<Record<string, string>>): Pick<Step, 'caseId' | 'id'>[] {
  return Object.keys(form).flatMap((name) => {
    const [, caseId, id] = /^step\.([\w-]{1,64})\.([\w-]{1,64})$/.exec(name) ?? [];
    return caseId !== undefined && id !== undefined ? [{ caseId, id }] : [];
  });
}

/** The ids of the cases that were chosen: `case.<id>` each. */
export function chosenIn(form: Readonly<Record<string, string>>): string[] {
  return Object.keys(form).flatMap((name) => /^case\.([\da-f-]{36})$/.exec(name)?.[1] ?? []);
}

/** What became of it; it stands in the address that follows. */
export interface Done {
  readonly action: Action;
  readonly taken: number;
  readonly refused: number;
}

export function doneIn(query: Readonly<Record<string, unknown>>): Done | undefined {
  const action = ACTIONS.find((one) => one === query['done']);
  const count = (name: string): number => Number(/^\d{1,3}$/.exec(String(query[name]))?.[0] ?? 0);
  return action && { action, taken: count('taken'), refused: count('refused') };
}

/** What would be done, to be confirmed with a reason. */
export function bulkPage(setting: Setting, action: Action, chosen: number, steps: readonly Step[]): Page {
  const words = wordsIn(setting.language).bulk;
  const cases = new Set(steps.map(({ caseId }) => caseId)).size;
  const body = html`<p>${words.touches[action](steps.length, cases, chosen - cases)}</p>
    ${steps.length > MOST_STEPS && html`<p class="alert">${words.tooMany(MOST_STEPS)}</p>`}
    ${steps.length > 0 && table(setting, steps)}
    ${steps.length > 0 && steps.length <= MOST_STEPS && confirmation(setting, action, steps)}
    <p><a href="${CASES}">${words.back}</a></p>`;
  return { title: words.title[action], screen: 'cases', body };
}

function confirmation(setting: Setting, action: Action, steps: readonly Step[]): Html {
  const words = wordsIn(setting.language).bulk;
  return html`<form method="post" action="${CASES}/bulk/do">
    ${steps.map(({ caseId, id }) => html`<input type="hidden" name="step.${caseId}.${id}" value="yes" />`)}
    ${textPart({
      id: 'reason',
      name: 'reason',
      label: words.reason[action],
      rows: 2,
      most: 500,
      isRequired: action === 'remind',
    })}
    <p><button name="action" value="${action}">${words.confirm[action](steps.length)}</button></p>
  </form>`;
}

function table({ language }: Setting, steps: readonly Step[]): Html {
  const words = wordsIn(language);
  return tableOf(
    words.bulk.what,
    [words.number, words.bulk.what, words.bulk.due],
    steps.map(
      ({ caseNumber, what, dueAt }) =>
        html`<tr>
          <th scope="row"><a href="${CASES}/${caseNumber}">${caseNumber}</a></th>
          <td>${what ?? codesIn(language).restricted}</td>
          <td>${whenIn(language, dueAt)}</td>
        </tr>`,
    ),
  );
}
