/**
 * A referral as its agency knows it, and which answer may follow which.
 * Pure: the same referral, answer and time give the same result.
 */
import {
  ANSWER_BUSINESS_STATUSES,
  NEXT_STATUSES,
  type AnswerBody,
  type AnswerFieldError,
  type AnswerStatus,
  type Basis,
  type BusinessStatus,
  type Disclosed,
  type OutcomeRules,
  type ReferralAnswered,
  type RejectCode,
} from '@retorno/contracts';
import { misfits } from './answer-fields';

/** How soon staff should look at a referral; urgent ones stand first in the worklist. */
export type Priority = 'urgent' | 'routine';

/** Small facts that a policy remembers of a referral; no personal data. */
export type Memo = Readonly<Record<string, string | number | boolean>>;

/** The agency's document about one referral. `returnee` is personal data and holds only what the service declared to see. */
export interface AgencyReferral {
  readonly id: string;
  /** The agency's own pairwise case reference; also the key of both its streams. */
  readonly caseRef: string;
  readonly service: string;
  readonly basis: Basis;
  /** Served at once, before the returnee's identity is settled. */
  readonly provisional: boolean;
  readonly status: AnswerStatus;
  readonly businessStatus?: BusinessStatus;
  readonly code?: RejectCode;
  readonly missing?: readonly string[];
  /** The latest note. */
  readonly note?: string;
  /** Only while businessStatus is scheduled. */
  readonly scheduledFor?: string;
  readonly outcome?: NonNullable<AnswerBody['outcome']>;
  readonly requestedAt: string;
  readonly ackDueAt: string;
  readonly dueAt: string;
  readonly returnee: Disclosed;
  readonly cancellationRequested?: { readonly reason: string; readonly at: string };
  /** The latest reply to info-requested. */
  readonly information?: string;
  readonly remindedAt?: string;
  /** Codes of the offices that suit the returnee, the best first, as the coordinator ranked them. */
  readonly offices?: readonly string[];
  /** The office that serves. */
  readonly office?: string;
  /** Since when it has waited for an office with room; stays as it was once it has one. */
  readonly waitingSince?: string;
  /** Booked before the arrival: nothing can be delivered before this day. */
  readonly notBefore?: string;
  readonly priority?: Priority;
  /** What the policy remembers. */
  readonly memo?: Memo;
  /** When the policy wants to be asked again. */
  readonly wakeAt?: string;
  /** The latest answers, oldest first. */
  readonly history: readonly AnswerRecord[];
  readonly updatedAt: string;
  /** The returnee's personal data was erased: what was said and by whom is gone, how the referral ended is kept. */
  readonly erased?: true;
}

/** One answer given: what, when and by whom. */
export interface AnswerRecord {
  readonly at: string;
  readonly status: AnswerStatus;
  readonly businessStatus?: BusinessStatus;
  readonly code?: RejectCode;
  readonly by?: string;
  /** Why it takes back a final answer before it. */
  readonly correction?: string;
}

/** An answer that was taken: the referral after it, and the event that tells the coordinator. */
export interface Answer {
  readonly referral: AgencyReferral;
  readonly answered: ReferralAnswered;
}

/** An answer or correction that was not taken: `invalid-answer` depends on it alone, all else on how the referral stands. */
export interface Refusal {
  readonly refused: 'impossible-transition' | 'invalid-answer' | 'not-final' | 'nothing-to-correct';
  readonly detail: string;
  /** The statuses that could follow now. */
  readonly possible: readonly AnswerStatus[];
  readonly errors: readonly AnswerFieldError[];
}

const NEXT: Readonly<Record<AnswerStatus, readonly AnswerStatus[]>> = NEXT_STATUSES;

/** The statuses in which the agency still owes something. */
export const OPEN_STATUSES = [
  'received',
  'accepted',
  'in-progress',
  'on-hold',
] as const satisfies AnswerStatus[];

// A referral that is asked about again and again must not grow its document without end.
const HISTORY_LIMIT = 50;

/** True while the agency still owes an answer. */
export function isOpen(referral: Pick<AgencyReferral, 'status'>): boolean {
  return NEXT[referral.status].length > 0;
}

/** The statuses that can follow now; empty for a terminal referral. */
export function possibleNext(
  referral: Pick<AgencyReferral, 'status' | 'cancellationRequested'>,
): readonly AnswerStatus[] {
  if (!isOpen(referral)) return [];
  return referral.cancellationRequested ? ['cancelled', 'completed'] : NEXT[referral.status];
}

/** Open, and the deadline of what must come next has passed: accept or reject while received, finish afterwards. */
export function isOverdue(referral: AgencyReferral, now: Date): boolean {
  if (!isOpen(referral)) return false;
  const late = (deadline: string) => new Date(deadline) < now;
  return late(referral.dueAt) || (referral.status === 'received' && late(referral.ackDueAt));
}

/**
 * Takes an agency's answer, or says why not and what is possible. `now` stands for a missing `at`; `rules` are what the
 * service says of its outcome.
 */
export function answer(
  referral: AgencyReferral,
  body: AnswerBody,
  now: Date,
  rules?: OutcomeRules,
): Answer | Refusal {
  const possible = possibleNext(referral);
  const errors = misfits(body, referral.requestedAt, now, rules);
  if (errors.length > 0) return invalid(errors, possible);
  if (!possible.includes(body.status) && !saysMore(referral, body)) {
    return { refused: 'impossible-transition', detail: whatIsPossible(referral), possible, errors: [] };
  }
  const at = new Date(body.at ?? now).toISOString();
  const { businessStatus: _replaced, scheduledFor: _past, outcome: _interim, ...kept } = referral;
  const { at: _given, by, note, ...said } = body;
  if (said.scheduledFor) said.scheduledFor = new Date(said.scheduledFor).toISOString();
  const record: AnswerRecord = {
    at,
    status: said.status,
    ...(said.businessStatus && { businessStatus: said.businessStatus }),
    ...(said.code && { code: said.code }),
    ...(by !== undefined && { by }),
  };
  return {
    referral: {
      ...kept,
      ...said,
      ...(note !== undefined && { note }),
      history: recorded(referral, record),
      updatedAt: now.toISOString(),
    },
    answered: {
      referralId: referral.id,
      ...said,
      ...(note !== undefined && { note }),
      ...(by !== undefined && { by }),
      ...(referral.office !== undefined && { office: referral.office }),
      at,
    },
  };
}

/** The history with one more entry. */
export function recorded(referral: AgencyReferral, record: AnswerRecord): readonly AnswerRecord[] {
  return [...referral.history, record].slice(-HISTORY_LIMIT);
}

/** The refusal of an answer whose fields are wrong. */
export function invalid(errors: readonly AnswerFieldError[], possible: readonly AnswerStatus[]): Refusal {
  const detail = errors.map((e) => `${e.pointer.slice(1)}: ${e.detail}`).join('; ');
  return { refused: 'invalid-answer', detail, possible, errors };
}

/** The same status again, with a businessStatus that it has not got yet. */
function saysMore(referral: AgencyReferral, body: AnswerBody): boolean {
  return (
    isOpen(referral) &&
    !referral.cancellationRequested &&
    body.status === referral.status &&
    body.businessStatus !== undefined &&
    body.businessStatus !== referral.businessStatus
  );
}

/** A sentence for the person who asked for something else. */
function whatIsPossible(referral: AgencyReferral): string {
  const { status } = referral;
  if (!isOpen(referral)) return `This referral is ${status}, which is final: no further answer is possible.`;
  if (referral.cancellationRequested) {
    return 'The cancellation of this referral was requested: only cancelled or completed can follow.';
  }
  const more = ANSWER_BUSINESS_STATUSES.filter((code) => code !== referral.businessStatus);
  return (
    `This referral is ${status}: ${orList(NEXT[status])} can follow, ` +
    `or ${status} again with a new businessStatus (${orList(more)}).`
  );
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
