/** What must be completed before what. A prerequisite is a service code, or `id`: proof of who somebody is. */
import type { CaseProfile, CaseReferral } from '@retorno/contracts';
import { isTerminal, latestOf } from '../case';
import type { Rules } from './rules';

/** What prerequisites are judged by. */
export interface Standing {
  readonly profile: CaseProfile;
  readonly referrals: readonly CaseReferral[];
}

/** The service that meets a prerequisite for this returnee as things stand. */
export function slotOf(code: string, standing: Standing, rules: Rules): string {
  return code === 'id' ? idSlot(standing, rules) : code;
}

/**
 * Which service meets `id`: the card for foreigners; for nationals the verification of the document that they gave, and
 * when there is none, or its verification ended otherwise, the issue of a new one.
 */
export function idSlot({ profile, referrals }: Standing, rules: Rules): string {
  const { documentType, verify, issue, foreigner } = rules.id;
  if (profile.nationality !== rules.home) return foreigner;
  if (verificationFailed({ profile, referrals }, rules)) return issue;
  if (latestOf(referrals, verify)) return verify;
  // A document that was issued meanwhile needs no verification when the next manifest names it.
  const issued = latestOf(referrals, issue)?.status === 'completed';
  return profile.documentType === documentType && !issued ? verify : issue;
}

/** True when a national's document was not verified, whatever the way in which that ended. A recall is no result. */
export function verificationFailed({ profile, referrals }: Standing, rules: Rules): boolean {
  const verification = latestOf(referrals, rules.id.verify);
  if (!verification || profile.nationality !== rules.home) return false;
  if (!isTerminal(verification) || verification.status === 'cancelled') return false;
  return !isVerified(verification, rules);
}

function isVerified(referral: CaseReferral, rules: Rules): boolean {
  return referral.status === 'completed' && referral.result === rules.id.verified;
}

/** True when the prerequisite was completed; a later dispute recalls nothing. */
export function isMet(code: string, standing: Standing, rules: Rules): boolean {
  const slot = slotOf(code, standing, rules);
  const serves = (r: CaseReferral) => r.slot === slot || r.service === slot;
  return standing.referrals.some((r) =>
    slot === rules.id.verify ? serves(r) && isVerified(r, rules) : serves(r) && r.status === 'completed',
  );
}

/** The prerequisites that still hold a referral back. */
export function unmetOf(
  referral: Pick<CaseReferral, 'requires' | 'waived'>,
  standing: Standing,
  rules: Rules,
): string[] {
  return referral.requires.filter((c) => !referral.waived.includes(c) && !isMet(c, standing, rules));
}

/** The planned referrals that wait for this slot. */
export function dependentsOf(slot: string, standing: Standing, rules: Rules): CaseReferral[] {
  return standing.referrals.filter(
    (r) =>
      r.status === 'planned' &&
      unmetOf(r, standing, rules).some((code) => slotOf(code, standing, rules) === slot),
  );
}
