/** Taking back a final answer: by the agency itself, or by operations. The wrong one stays in the history. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type {
  AnswerCorrected,
  AnswerStatus,
  CorrectionBody,
  OutcomeRules,
  ReferralCorrected,
} from '@retorno/contracts';
import { misfits } from './answer-fields';
import { invalid, isOpen, possibleNext, recorded, type AgencyReferral, type Refusal } from './referral';

/** A correction that was taken: the referral after it, and the event that tells the coordinator. */
export interface Correction {
  readonly referral: AgencyReferral;
  readonly corrected: AnswerCorrected;
}

/** Cancelled answers a request to stop; what was never done is failed. */
const POSSIBLE: readonly AnswerStatus[] = ['rejected', 'completed', 'failed'];

/** Takes back a final answer of the agency, or says why not. `now` stands for a missing `at`. */
export function correct(
  referral: AgencyReferral,
  body: CorrectionBody,
  now: Date,
  rules?: OutcomeRules,
): Correction | Refusal {
  if (isOpen(referral)) {
    const detail = `This referral is ${referral.status}, which is not final: answer it, there is nothing to correct.`;
    return { refused: 'not-final', detail, possible: possibleNext(referral), errors: [] };
  }
  const { reason, by, at: given, ...said } = body;
  const errors = misfits(
    { ...said, ...(given !== undefined && { at: given }) },
    referral.requestedAt,
    now,
    rules,
  );
  if (errors.length > 0) return invalid(errors, POSSIBLE);
  if (!POSSIBLE.includes(body.status)) {
    const detail = `A final answer can be corrected to rejected, completed or failed, not to ${body.status}.`;
    return { refused: 'impossible-transition', detail, possible: POSSIBLE, errors: [] };
  }
  const { status, code, missing, outcome } = referral;
  if (isDeepStrictEqual(withoutGaps(said), withoutGaps({ status, code, missing, outcome }))) {
    const detail = `This referral is ${status} with exactly this answer already.`;
    return { refused: 'nothing-to-correct', detail, possible: POSSIBLE, errors: [] };
  }
  const at = new Date(given ?? now).toISOString();
  return {
    referral: corrected(referral, said, { at, reason, ...(by !== undefined && { by }) }, now),
    corrected: { referralId: referral.id, ...said, reason, ...(by !== undefined && { by }), at },
  };
}

/** The record after operations corrected an answer, or gave one in the agency's stead. */
export function correctedByOperations(
  referral: AgencyReferral,
  data: ReferralCorrected,
  now: Date,
): AgencyReferral {
  const { status, code, reason, at } = data;
  return corrected(referral, { status, ...(code && { code }) }, { at, reason, by: 'operations' }, now);
}

type Stands = Pick<AgencyReferral, 'status' | 'code' | 'missing' | 'outcome'>;

function corrected(
  referral: AgencyReferral,
  stands: Stands,
  why: { at: string; reason: string; by?: string },
  now: Date,
): AgencyReferral {
  const {
    status: _status,
    businessStatus: _businessStatus,
    code: _code,
    missing: _missing,
    outcome: _outcome,
    scheduledFor: _scheduledFor,
    cancellationRequested: _answered,
    ...kept
  } = referral;
  const { at, reason, by } = why;
  return {
    ...kept,
    ...stands,
    history: recorded(referral, {
      at,
      status: stands.status,
      ...(stands.code && { code: stands.code }),
      ...(by !== undefined && { by }),
      correction: reason,
    }),
    updatedAt: now.toISOString(),
  };
}

function withoutGaps(stands: { [K in keyof Stands]: Stands[K] | undefined }): object {
  return Object.fromEntries(Object.entries(stands).filter(([, value]) => value !== undefined));
}
