/** Follow-ups as these pages read them, and the request that a filled-in form stands for. Pure. */

/** A line of `GET /follow-ups`. Instants are RFC 3339. */
export interface DueFollowUp {
  readonly caseNumber: string;
  /** Months after the arrival. */
  readonly month: number;
  readonly status: 'open' | 'overdue';
  /** `YYYY-MM-DD` */
  readonly arrivalDate: string;
  readonly until: string;
  /** Until when it can be recorded; null for the last one. */
  readonly closes: string | null;
}

interface Text {
  readonly es: string;
  readonly en: string;
}

export interface Question {
  readonly code: string;
  readonly dimension: string;
  readonly text: Text;
  readonly choices: readonly { readonly code: string; readonly text: Text }[];
}

/** Of `GET /cases/{id}/follow-ups`, what is shown. */
export interface FollowedCase {
  readonly caseId: string;
  readonly caseNumber: string;
  /** Whether there is a consent to be asked, and the case was not closed early. */
  readonly followed: boolean;
  readonly items: readonly Wave[];
  readonly questionnaire: { readonly version: number; readonly questions: readonly Question[] };
}

export interface Wave {
  readonly month: number;
  readonly from: string;
  readonly until: string;
  readonly status: string;
  readonly recordedAt: string | null;
  /** From 0 (worst) to 1; null where nothing was answered. */
  readonly scores: Readonly<Record<string, number>> | null;
}

/** What was typed or chosen: answers stand under `q.<question>`. */
export type Typed = Readonly<Record<string, string>>;

/** As many as a form may send: the questions, and what stands beside them. */
export const MOST_FIELDS = 100;
const ANSWER = 'q.';

/** Name of the field of a question. */
export function fieldOf({ code }: Pick<Question, 'code'>): string {
  return `${ANSWER}${code}`;
}

/** Whether something can be recorded of a wave now; the service decides it again. */
export function isRecordable({ followed }: FollowedCase, { status }: Wave): boolean {
  return followed && ['open', 'overdue', 'unreachable'].includes(status);
}

/** The body of `POST /cases/{id}/follow-ups/{month}`. */
export function bodyOf(typed: Typed): object {
  const { version = '', outcome = 'answered', by = '', channel = '', note = '' } = typed;
  const answers = Object.entries(typed).flatMap(([name, value]) =>
    name.startsWith(ANSWER) ? [[name.slice(ANSWER.length), value]] : [],
  );
  return {
    version: Number(version),
    outcome,
    ...(outcome === 'answered' ? { answers: Object.fromEntries(answers) as object } : {}),
    by,
    channel,
    ...(note && { note }),
  };
}

/** The questions without an answer that they offer. */
export function unanswered({ questions }: FollowedCase['questionnaire'], typed: Typed): Question[] {
  return questions.filter(
    (question) => !question.choices.some(({ code }) => code === typed[fieldOf(question)]),
  );
}

export const PATH = '/console/follow-ups';

export function followUpAddress(number: string, month?: number): string {
  return `${PATH}/${encodeURIComponent(number)}${month === undefined ? '' : `/${month}`}`;
}
