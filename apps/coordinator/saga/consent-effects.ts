/** What follows when a consent changes. Ley 29733, article 13.7: it can be withdrawn at any time. */
import type { Consent, UnmetReason } from '@retorno/contracts';
import { isTerminal } from './case';
import { CONSENT_REASONS, isWider, lacksConsent, missingConsentReason } from './consent';
import { byRule, type Decision } from './decision';
import { reconsider } from './plan/resuming';
import { giveUp, settleNeeds, standingOf } from './settling';

/** Why what rested on `before` is stopped. Purposes that go are withdrawn when they had been given, else refused. */
function stoppedReason(before: Consent, now: Consent): UnmetReason {
  return now.status === 'granted' && before.status === 'granted'
    ? 'consent-withdrawn'
    : missingConsentReason(now);
}

/** Stops what rests on a consent that went, and reopens what a consent now allows. Returns the needs that are open again. */
export function consentEffects(d: Decision, before: Consent): string[] {
  const now = d.state.profile.consent;
  stopWhatLacksConsent(d, stoppedReason(before, now));
  return isWider(now, before) ? reconsider(d, CONSENT_REASONS) : [];
}

/** Asks every agency to stop whose referral lacks consent, and ends the needs that nothing else serves. */
function stopWhatLacksConsent(d: Decision, reason: UnmetReason): void {
  const { consent } = d.state.profile;
  const lacking = d.state.referrals.filter((r) => lacksConsent(r, consent));
  if (lacking.length === 0) return;
  for (const need of d.state.needs.filter((n) => n.status === 'open')) {
    const attempts = d.state.referrals.filter((r) => r.needs.includes(need.code));
    const elsewhere = attempts.some(
      (r) => !lacksConsent(r, consent) && (!isTerminal(r) || standingOf(r) !== 'recalled'),
    );
    if (!attempts.some((r) => lacksConsent(r, consent)) || elsewhere) continue;
    giveUp(d, need.code, { status: 'unmet', reason }, reason, byRule('consent'));
  }
  recallWhatLacksConsent(d, reason);
  settleNeeds(
    d,
    d.state.needs.map((n) => n.code),
  );
}

/** Asks every agency to stop whose open referral lacks consent, however it came to be open: a correction can bring one back. */
export function recallWhatLacksConsent(
  d: Decision,
  reason: UnmetReason = missingConsentReason(d.state.profile.consent),
): void {
  const { referrals, profile } = d.state;
  for (const { id } of referrals.filter((r) => !isTerminal(r) && lacksConsent(r, profile.consent))) {
    d.recall(d.referral(id), reason, byRule('consent'));
  }
}
