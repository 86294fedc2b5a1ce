/** What a returnee's page may show, and how a referral stands in plain words. Pure. */
import type { CaseOfReturnee, DisclosureOfReturnee, ReferralOfReturnee } from './roundtable';
import type { TextKey } from './texts/translation';

const FAILED = ['rejected', 'failed', 'cancelled'];

/**
 * The referrals on the page. Whoever looks over the shoulder of a person at risk must not learn it: what would say so is not
 * there, and neither is a gap. An attempt that did not serve gives way to the next one.
 */
export function visibleReferrals({ atRisk, referrals }: CaseOfReturnee): ReferralOfReturnee[] {
  return referrals
    .filter((r) => !(atRisk && r.restricted))
    .filter((r) => !FAILED.includes(r.status) || !referrals.some((other) => takesPlaceOf(other, r)));
}

function takesPlaceOf(other: ReferralOfReturnee, r: ReferralOfReturnee): boolean {
  return other.attempt > r.attempt && other.needs.some((need) => r.needs.includes(need));
}

/** The lines of the ledger on the page, under the same rule. One about a referral that the case does not have is hidden at risk. */
export function visibleDisclosures(
  { atRisk, referrals }: CaseOfReturnee,
  disclosures: readonly DisclosureOfReturnee[],
): DisclosureOfReturnee[] {
  if (!atRisk) return [...disclosures];
  const shown = new Set(referrals.filter((r) => !r.restricted).map((r) => r.id));
  return disclosures.filter((line) => shown.has(line.referralId));
}

/** How a referral stands and what its returnee does next. */
export interface Standing {
  stand: TextKey;
  next: TextKey;
}

const NOTHING = 'next.nothing' as const;

const BY_BUSINESS: Readonly<Record<string, Standing>> = {
  'awaiting-prerequisite': { stand: 'stand.waits', next: NOTHING },
  'awaiting-consent': { stand: 'stand.consent', next: 'next.call' },
  'awaiting-arrival': { stand: 'stand.arrival', next: NOTHING },
  'info-requested': { stand: 'stand.information', next: 'next.call' },
  waitlisted: { stand: 'stand.waitlisted', next: NOTHING },
  scheduled: { stand: 'stand.scheduled', next: 'next.go' },
  'no-show': { stand: 'stand.missed', next: 'next.call' },
  confirmed: { stand: 'stand.confirmed', next: NOTHING },
  disputed: { stand: 'stand.disputed', next: NOTHING },
};

const BY_STATUS: Readonly<Record<string, Standing>> = {
  planned: { stand: 'stand.waits', next: NOTHING },
  requested: { stand: 'stand.sent', next: NOTHING },
  received: { stand: 'stand.sent', next: NOTHING },
  'on-hold': { stand: 'stand.paused', next: NOTHING },
  completed: { stand: 'stand.done', next: NOTHING },
  rejected: { stand: 'stand.impossible', next: NOTHING },
  failed: { stand: 'stand.impossible', next: NOTHING },
  cancelled: { stand: 'stand.cancelled', next: NOTHING },
};

/** How a referral stands at `now`: a delivery asks for the returnee's word as long as it can be given. */
export function standingOf(r: ReferralOfReturnee, now: Date): Standing {
  if (FAILED.includes(r.status)) return BY_STATUS[r.status]!;
  if (asksForWord(r, now)) return { stand: 'stand.delivered', next: 'next.say' };
  if (r.status !== 'completed' && r.cancellation) return { stand: 'stand.stopping', next: NOTHING };
  const business = r.businessStatus === null ? undefined : BY_BUSINESS[r.businessStatus];
  return business ?? BY_STATUS[r.status] ?? { stand: 'stand.working', next: NOTHING };
}

/** Whether the returnee can still say if it was delivered. */
export function asksForWord({ confirmBy }: ReferralOfReturnee, now: Date): boolean {
  return confirmBy !== null && now.getTime() <= Date.parse(confirmBy);
}

/** What stops when the returnee withdraws the consent. */
export function restingOnConsent(referrals: readonly ReferralOfReturnee[]): ReferralOfReturnee[] {
  return referrals.filter(
    (r) => r.basis === 'consent' && !r.cancellation && ![...FAILED, 'completed'].includes(r.status),
  );
}
