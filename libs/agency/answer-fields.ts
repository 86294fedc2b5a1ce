/** Which fields fit which status of an answer. Errors name the field and the rule, never the value. */
import type { AnswerBody, AnswerStatus } from '@retorno/contracts';

/** `pointer` is a JSON Pointer into the answer. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
  /** The values that would be right, where they are a list. */
  readonly allowed?: readonly string[];
}

/** Clocks of two institutions differ a little. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** What in this answer does not fit its own status; empty when all is well. Says nothing about transitions. */
export function misfits(body: AnswerBody, requestedAt: string, now: Date): FieldError[] {
  const errors: FieldError[] = [];
  const wrong = (field: keyof AnswerBody, detail: string) => errors.push({ pointer: `/${field}`, detail });
  const { status } = body;
  const among = (...statuses: AnswerStatus[]) => statuses.includes(status);

  if (status === 'rejected' && !body.code) wrong('code', 'is required with status rejected');
  if (status !== 'rejected' && body.code) wrong('code', 'goes only with status rejected');
  if (body.code === 'missing-documents' && !body.missing) {
    wrong('missing', 'is required with code missing-documents: the services that must be completed first');
  }
  if (body.missing && body.code !== 'missing-documents') {
    wrong('missing', 'goes only with code missing-documents');
  }
  if (body.businessStatus && !among('received', 'accepted', 'in-progress', 'on-hold')) {
    wrong('businessStatus', `does not go with status ${status}, which is final`);
  }
  if (body.scheduledFor && body.businessStatus !== 'scheduled') {
    wrong('scheduledFor', 'goes only with businessStatus scheduled');
  }
  if (body.outcome !== undefined && !among('completed', 'failed')) {
    wrong('outcome', 'goes only with status completed or failed');
  }
  if (body.scheduledFor && isNaN(Date.parse(body.scheduledFor)))
    wrong('scheduledFor', 'is not a point in time');
  if (body.at) {
    const detail = whyNotAt(body.at, requestedAt, now);
    if (detail) wrong('at', detail);
  }
  return errors;
}

/** Errors as one sentence. */
export function detailOf(errors: readonly FieldError[]): string {
  return errors.map((e) => `${e.pointer.slice(1)}: ${e.detail}`).join('; ');
}

function whyNotAt(at: string, requestedAt: string, now: Date): string | undefined {
  const given = Date.parse(at);
  // Formats allow the leap second, Date does not.
  if (isNaN(given)) return 'is not a point in time';
  if (given > now.getTime() + CLOCK_TOLERANCE_MS) return 'lies in the future';
  // Whole seconds: many systems keep no fractions.
  if (given < Math.floor(Date.parse(requestedAt) / 1000) * 1000)
    return 'lies before the referral was requested';
  return undefined;
}
