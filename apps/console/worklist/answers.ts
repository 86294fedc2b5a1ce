/** What an agency's worker can do with a referral, and what their form says to its service. Pure. */
import type { AnswerStatus, Disclosed, ServiceOffer } from '@retorno/contracts';

/** A line of `GET /agencies/{slug}/referrals`. */
export interface WorklistItem {
  readonly id: string;
  readonly caseRef: string;
  readonly service: string;
  readonly basis: string;
  readonly provisional: boolean;
  readonly status: AnswerStatus;
  readonly businessStatus?: string;
  readonly code?: string;
  readonly missing?: readonly string[];
  readonly note?: string;
  readonly information?: string;
  readonly scheduledFor?: string;
  readonly outcome?: string | Readonly<Record<string, string>>;
  readonly requestedAt: string;
  readonly ackDueAt: string;
  readonly dueAt: string;
  readonly notBefore?: string;
  readonly waitingSince?: string;
  readonly office?: string;
  readonly priority?: 'urgent' | 'routine';
  readonly returnee: Disclosed;
  readonly cancellationRequested?: { readonly reason: string; readonly at: string };
  readonly overdue: boolean;
  /** Statuses that can be answered next. */
  readonly possible: readonly AnswerStatus[];
  readonly erased?: true;
}

/** `GET /agencies/{slug}/referrals/{rid}`. */
export interface Referral extends WorklistItem {
  readonly history: readonly HistoryLine[];
}

/** One answer that was given. */
export interface HistoryLine {
  readonly at: string;
  readonly status: AnswerStatus;
  readonly businessStatus?: string;
  readonly code?: string;
  readonly by?: string;
  readonly correction?: string;
}

/** What a worker can do, in the order in which it is offered. */
export const ACTIONS = [
  'accept',
  'schedule',
  'start',
  'complete',
  'ask',
  'waitlist',
  'no-show',
  'hold',
  'reject',
  'fail',
  'cancel',
  'correct',
] as const;
export type Action = (typeof ACTIONS)[number];

const BY_STATUS: Partial<Record<Action, AnswerStatus>> = {
  accept: 'accepted',
  start: 'in-progress',
  complete: 'completed',
  hold: 'on-hold',
  reject: 'rejected',
  fail: 'failed',
  cancel: 'cancelled',
};

/** Said beside a status, which stays as it is. */
const BESIDE: Partial<Record<Action, string>> = {
  schedule: 'scheduled',
  ask: 'info-requested',
  waitlist: 'waitlisted',
  'no-show': 'no-show',
};

export function isAction(name: string): name is Action {
  return (ACTIONS as readonly string[]).includes(name);
}

/** What can be done with this referral now. */
export function actionsOf(
  referral: Pick<Referral, 'possible' | 'businessStatus' | 'cancellationRequested'>,
): Action[] {
  const { possible, businessStatus, cancellationRequested } = referral;
  if (possible.length === 0) return ['correct'];
  return ACTIONS.filter((action) => {
    const status = BY_STATUS[action];
    if (status) return possible.includes(status);
    const beside = BESIDE[action];
    if (!beside || cancellationRequested || beside === businessStatus) return false;
    // Nobody stays away from an appointment that was not made.
    return action !== 'no-show' || businessStatus === 'scheduled';
  });
}

/** The answer that a form gives; what was left empty is left out, and the service says what is missing. */
export function answerOf(
  action: Exclude<Action, 'correct'>,
  fields: Readonly<Record<string, string>>,
  { status }: Pick<Referral, 'status'>,
): Record<string, unknown> {
  const note = said('note', fields['note']);
  const answered = BY_STATUS[action];
  if (answered) {
    const outcome = answered === 'in-progress' || answered === 'completed' ? outcomeIn(fields) : {};
    return { status: answered, ...(answered === 'rejected' ? rejectionIn(fields) : {}), ...outcome, ...note };
  }
  const beside = { businessStatus: BESIDE[action], ...note };
  if (action !== 'schedule') return { status, ...beside };
  // An appointment is given to whoever was accepted.
  const from = status === 'received' ? 'accepted' : status;
  return { status: from, ...beside, ...said('scheduledFor', inLima(fields['when'])) };
}

/** The correction that a form gives. */
export function correctionOf(fields: Readonly<Record<string, string>>): Record<string, unknown> {
  const status = fields['status'] ?? '';
  return {
    status,
    ...(status === 'rejected' ? rejectionIn(fields) : {}),
    ...(status === 'completed' ? outcomeIn(fields) : {}),
    ...said('reason', fields['reason']),
  };
}

/** Fields of the outcome that a service is completed with: those that it requires, and its results where there is a list. */
export function outcomeFields({
  outcome = {},
}: Pick<ServiceOffer, 'outcome'>): ('result' | 'document' | 'certificate')[] {
  const required = outcome.requires ?? [];
  return outcome.results && !required.includes('result') ? ['result', ...required] : [...required];
}

function rejectionIn(fields: Readonly<Record<string, string>>): Record<string, unknown> {
  const missing = Object.keys(fields).flatMap((name) => name.match(/^missing\.(.+)$/)?.[1] ?? []);
  const isMissing = fields['code'] === 'missing-documents' && missing.length > 0;
  return { ...said('code', fields['code']), ...(isMissing ? { missing } : {}) };
}

function outcomeIn(fields: Readonly<Record<string, string>>): Record<string, unknown> {
  const outcome = {
    ...said('result', fields['result']),
    ...said('document', fields['document']),
    ...said('certificate', fields['certificate']),
  };
  return Object.keys(outcome).length > 0 ? { outcome } : {};
}

function said(name: string, text: string | undefined): Record<string, string> {
  return text ? { [name]: text } : {};
}

/** What a browser's field for day and hour holds, as an instant: Lima is five hours behind UTC all year. */
function inLima(when: string | undefined): string | undefined {
  return when && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(when) ? `${when}:00-05:00` : when;
}
