/** What the outcome of an answer must be, where its service says so: the same for whoever gives it. */
import type { ServiceOffer } from './catalogue';
import type { AnswerBody } from './referral';
import { RESULT_CODE } from './vocabulary';

/** `pointer` is a JSON Pointer into the answer. */
export interface AnswerFieldError {
  readonly pointer: string;
  readonly detail: string;
  /** The values that would be right, where they are a list. */
  readonly allowed?: readonly string[];
}

/** What a service says of its outcome, where it matters to others. */
export type OutcomeRules = NonNullable<ServiceOffer['outcome']>;

/** What in the outcome does not fit the answer's status, or what its service says of it; empty when all is well. */
export function outcomeMisfits({ status, outcome }: AnswerBody, rules: OutcomeRules): AnswerFieldError[] {
  const { requires = [], results, interim = [], document } = rules;
  const fields = typeof outcome === 'string' ? { result: outcome } : (outcome ?? {});
  const { result } = fields;
  const errors: AnswerFieldError[] = [];
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
