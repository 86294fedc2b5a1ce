/** What a returnee's page may show, and how a referral stands in plain words. Pure. */
import type { CaseOfReturnee, DisclosureOfReturnee, ReferralOfReturnee } from './roundtable';
import type { TextKey } from './texts/translation';

const FAILED = ['rejected', 'failed', 'cancelled'];

/** Purposes whose services say by themselves that a person had to be brought to safety. */
const TELLING_PURPOSES = ['protection', 'housing'];

/**
 * The referrals on the page. Whoever looks over the shoulder of a person at risk must not learn it, nor where and when to
 * find them: what would say so is not there, and neither is a gap. An attempt that did not serve gives way to the next one.
 */
export function visibleReferrals({ atRisk, referrals }: CaseOfReturnee): ReferralOfReturnee[] {
  const shown = referrals
    .filter((r) => !(atRisk && isTelling(r)))
    .filter((r) => !FAILED.includes(r.status) || !referrals.some((other) => takesPlaceOf(other, r)));
  return atRisk ? shown.map((r) => ({ ...r, office: null, scheduledFor: null })) : shown;
}

/** Whether a service says what the returnee suffered, or that they are hiding; one that nobody publishes any more may. */
function isTelling({ restricted, title, purpose }: ReferralOfReturnee): boolean {
  return restricted || title === null || (purpose !== null && TELLING_PURPOSES.includes(purpose));
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
  const shown = new Set(referrals.filter((r) => !isTelling(r)).map((r) => r.id));
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
  // Without a time there is nowhere to go yet: they call.
  if (r.businessStatus === 'scheduled' && r.scheduledFor === null)
    return { stand: 'stand.scheduled', next: 'next.call' };
  const business = r.businessStatus === null ? undefined : BY_BUSINESS[r.businessStatus];
  return business ?? BY_STATUS[r.status] ?? { stand: 'stand.working', next: NOTHING };
}

const ATTENTION: readonly TextKey[] = ['next.say', 'next.go', 'next.call'];

/** What asks something of the returnee comes first; the rest stays as it was. */
export function byAttention(referrals: readonly ReferralOfReturnee[], now: Date): ReferralOfReturnee[] {
  const placeOf = (r: ReferralOfReturnee): number => {
    const place = ATTENTION.indexOf(standingOf(r, now).next);
    return place === -1 ? ATTENTION.length : place;
  };
  return [...referrals].sort((a, b) => placeOf(a) - placeOf(b));
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
