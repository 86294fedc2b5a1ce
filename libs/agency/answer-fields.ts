/** Which fields fit which status of an answer. Errors name the field and the rule, never the value. */
import {
  outcomeMisfits,
  type AnswerBody,
  type AnswerFieldError,
  type AnswerStatus,
  type OutcomeRules,
} from '@retorno/contracts';

/** Clocks of two institutions differ a little. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/**
 * What in this answer does not fit its own status, or the outcome that its service must have; empty when all is well.
 * Says nothing about transitions.
 */
export function misfits(
  body: AnswerBody,
  requestedAt: string,
  now: Date,
  rules: OutcomeRules = {},
): AnswerFieldError[] {
  const errors: AnswerFieldError[] = [];
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
  errors.push(...outcomeMisfits(body, rules));
  if (body.scheduledFor && isNaN(Date.parse(body.scheduledFor)))
    wrong('scheduledFor', 'is not a point in time');
  if (body.at) {
    const detail = whyNotAt(body.at, requestedAt, now);
    if (detail) wrong('at', detail);
  }
  return errors;
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
