/** Which fields fit which status of an answer. Errors name the field and the rule, never the value. */
import { RESULT_CODE, type AnswerBody, type AnswerStatus, type ServiceOffer } from '@retorno/contracts';

/** `pointer` is a JSON Pointer into the answer. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
  /** The values that would be right, where they are a list. */
  readonly allowed?: readonly string[];
}

/** Clocks of two institutions differ a little. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** What a service says of its outcome, where it matters to others. */
export type OutcomeRules = NonNullable<ServiceOffer['outcome']>;

/**
 * What in this answer does not fit its own status, or the outcome that its service must have; empty when all is well.
 * Says nothing about transitions.
 */
export function misfits(
  body: AnswerBody,
  requestedAt: string,
  now: Date,
  rules: OutcomeRules = {},
): FieldError[] {
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
  errors.push(...outcomeMisfits(body, rules));
  if (body.scheduledFor && isNaN(Date.parse(body.scheduledFor)))
    wrong('scheduledFor', 'is not a point in time');
  if (body.at) {
    const detail = whyNotAt(body.at, requestedAt, now);
    if (detail) wrong('at', detail);
  }
  return errors;
}

function outcomeMisfits({ status, outcome }: AnswerBody, rules: OutcomeRules): FieldError[] {
  const { requires = [], results, interim = [], document } = rules;
  const fields = typeof outcome === 'string' ? { result: outcome } : (outcome ?? {});
  const { result } = fields;
  const errors: FieldError[] = [];
  if (result !== undefined && !RESULT_CODE.test(result)) {
    const detail = 'must be a code in lower-case letters, digits and hyphens: words belong into note';
    return [{ pointer: typeof outcome === 'string' ? '/outcome' : '/outcome/result', detail }];
  }
  const wrongResult = (allowed: readonly string[]) =>
    errors.push({ pointer: '/outcome', detail: `must be one of ${allowed.join(', ')}`, allowed });
  if (status === 'in-progress' && outcome !== undefined && interim.length > 0) {
    if (result === undefined || !interim.includes(result)) wrongResult(interim);
  } else if (outcome !== undefined && status !== 'completed' && status !== 'failed') {
    errors.push({ pointer: '/outcome', detail: 'goes only with status completed or failed' });
  }
  if (status !== 'completed') return errors;
  if (results && result !== undefined && !results.includes(result)) wrongResult(results);
  for (const field of requires) {
    if (!fields[field]?.trim()) {
      errors.push({ pointer: `/outcome/${field}`, detail: 'is required to complete this service' });
    }
  }
  if (document && fields.document?.trim() && !new RegExp(document.pattern, 'u').test(fields.document)) {
    errors.push({ pointer: '/outcome/document', detail: `must be ${document.inWords}` });
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
