/** Which answer may follow which, and what an answer makes of a referral. */
import {
  NEXT_STATUSES,
  RESULT_CODE,
  type AnswerBody,
  type CaseReferral,
  type ReferralAnswered,
  type ReferralStatus,
} from '@retorno/contracts';
import { isTerminal } from './case';
import type { Env } from './decision';

const DAY_MS = 86_400_000;

const NEXT: Readonly<Record<ReferralStatus, readonly ReferralStatus[]>> = {
  ...NEXT_STATUSES,
  planned: [],
  requested: ['received'],
};

/** The statuses that can follow now. */
function possibleNext(referral: CaseReferral): ReferralStatus[] {
  const next = [...NEXT[referral.status]];
  if (!referral.cancellation || isTerminal(referral)) return next;
  return [...new Set<ReferralStatus>(['cancelled', 'completed', ...next])];
}

/** An answer as taken; operations name no office. */
type TakenAnswer = AnswerBody & Pick<ReferralAnswered, 'office'>;

/** True when the agency may answer this now. */
export function isPossible(referral: CaseReferral, answer: TakenAnswer): boolean {
  if (answer.status === 'rejected' && !answer.code) return false;
  if (possibleNext(referral).includes(answer.status)) return true;
  const saysMore =
    (answer.businessStatus !== undefined && answer.businessStatus !== referral.businessStatus) ||
    // A place became free for who waited.
    (answer.office !== undefined && answer.office !== referral.office);
  return answer.status === referral.status && !isTerminal(referral) && saysMore;
}

/** The referral after an answer. `confirmable`: the returnee is to be asked once it is completed. */
export function applyAnswer(
  referral: CaseReferral,
  answer: TakenAnswer,
  env: Env,
  confirmable: boolean,
): CaseReferral {
  const at = env.now.toISOString();
  const { businessStatus: _business, scheduledFor: _scheduled, waitlistedAt = at, ...rest } = referral;
  const pending = referral.cancellation !== undefined;
  const beyondReceived = answer.status !== 'received' || answer.businessStatus !== undefined;
  const next: CaseReferral = {
    ...rest,
    status: answer.status,
    ...(beyondReceived && !referral.acknowledgedAt ? { acknowledgedAt: at } : {}),
    ...(pending
      ? { businessStatus: 'cancellation-requested' as const }
      : answer.businessStatus
        ? { businessStatus: answer.businessStatus }
        : {}),
    ...(answer.businessStatus === 'waitlisted' ? { waitlistedAt } : {}),
    ...(answer.scheduledFor ? { scheduledFor: answer.scheduledFor } : {}),
    ...(answer.office === undefined ? {} : { office: answer.office }),
  };
  return isTerminal(next) ? ended(next, answer, env, confirmable) : suspension(next, env);
}

function ended(referral: CaseReferral, answer: AnswerBody, env: Env, confirmable: boolean): CaseReferral {
  const { suspendedAt: _suspendedAt, businessStatus: _businessStatus, ...rest } = referral;
  const next: CaseReferral = {
    ...rest,
    endedAt: env.now.toISOString(),
    ...(answer.status === 'rejected' && answer.code ? { code: answer.code } : {}),
  };
  if (answer.status !== 'completed') return next;
  const { cancellation: _cancellation, remindedCancellation: _reminded, ...done } = next;
  const result = resultOf(answer);
  const until = new Date(env.now.getTime() + env.rules.confirmDays * DAY_MS).toISOString();
  return {
    ...done,
    ...(result === undefined ? {} : { result }),
    ...(referral.needs.length > 0 ? { businessStatus: 'delivered-unconfirmed' as const } : {}),
    ...(confirmable ? { confirmBy: until } : {}),
  };
}

/**
 * The result code of an answer. Words in its place are left out: an agency's own system may send them, they may name
 * somebody, and what stands in a referral is on `cases.v1` for good.
 */
export function resultOf({ outcome }: AnswerBody): string | undefined {
  const result = typeof outcome === 'string' ? outcome : outcome?.result;
  return result !== undefined && RESULT_CODE.test(result) ? result : undefined;
}

/** Begins or ends the suspension of the done deadline, as the referral's status now calls for. */
export function suspension(referral: CaseReferral, env: Env): CaseReferral {
  const waits =
    !referral.cancellation && (referral.status === 'on-hold' || referral.businessStatus === 'info-requested');
  if (waits === (referral.suspendedAt !== undefined) || !referral.dueAt) return referral;
  const used = referral.suspendedMs ?? 0;
  const left = Math.max(0, env.rules.suspensionDays * DAY_MS - used);
  const due = Date.parse(referral.dueAt);
  if (waits) {
    return { ...referral, suspendedAt: env.now.toISOString(), dueAt: new Date(due + left).toISOString() };
  }
  const { suspendedAt, ...rest } = referral;
  const elapsed = Math.min(left, Math.max(0, env.now.getTime() - Date.parse(suspendedAt ?? '')));
  return {
    ...rest,
    suspendedMs: used + elapsed,
    // At its begin the whole of what was left had been added.
    dueAt: new Date(due - left + elapsed).toISOString(),
  };
}
