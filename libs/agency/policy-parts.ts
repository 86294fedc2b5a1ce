/** What the policies of several agencies do alike. Pure. */
import type { PolicyDecision, PolicyInputType } from './definition';
import type { AgencyReferral } from './referral';

/**
 * Asks for what a referral lacks, once, and goes on when that has come: `missing` says it in a sentence, and is undefined
 * when nothing lacks. Asked when staff have accepted, for they may do without; `at once` where nobody can begin without
 * it. The done deadline rests meanwhile, so this is not for what is urgent.
 */
export function askFor(
  referral: AgencyReferral,
  type: PolicyInputType,
  missing: string | undefined,
  when: 'once accepted' | 'at once' = 'once accepted',
): PolicyDecision {
  const { status, businessStatus, memo } = referral;
  if ((status !== 'received' && status !== 'accepted') || referral.cancellationRequested) return {};
  if (missing !== undefined) {
    const isTime =
      when === 'at once'
        ? status === 'received' && type === 'requested'
        : status === 'accepted' && type === 'answered';
    if (!isTime || businessStatus) return {};
    return {
      answers: [{ status, businessStatus: 'info-requested', note: missing }],
      memo: { ...memo, asked: true },
    };
  }
  // Staff may have asked for something else.
  if (type !== 'updated' || businessStatus !== 'info-requested' || memo?.['asked'] !== true) return {};
  const next = status === 'received' ? 'accepted' : 'in-progress';
  return { answers: [{ status: next }], memo: { ...memo, asked: false } };
}

/** What cannot wait stands first in the worklist; what was booked before an arrival, from that day in Lima on. */
export function urgentFromArrival(referral: AgencyReferral, now: Date): PolicyDecision {
  const day = referral.notBefore === undefined ? undefined : new Date(`${referral.notBefore}T05:00:00Z`);
  return day === undefined || day <= now
    ? { priority: 'urgent', wakeAt: null }
    : { priority: 'routine', wakeAt: day };
}

/** True when nobody can be called or written to. */
export function isUnreachable({ returnee }: Pick<AgencyReferral, 'returnee'>): boolean {
  return !returnee.phone && !returnee.email;
}
