/** When needs are settled, and when the case itself is at its end. */
import type { CaseNeed, CaseReferral } from '@retorno/contracts';
import { attemptsAt, endedOtherwise, findNeed, isSent, isTerminal, latestOf, type CaseState } from './case';
import { CONSENT_REASONS, mayCover } from './consent';
import { byRule, type Decision, type Env, type Said } from './decision';
import { findOffer, isEligible, offersOf } from './plan/offers';
import { needsOf } from './plan/plan';
import { planningInput, replan } from './plan/planning';
import { dependentsOf, idSlot } from './plan/prerequisites';
import { isUnaccompaniedChild } from './plan/profile';
import { resumable } from './plan/resuming';

type Standing =
  'live' | 'unconfirmed' | 'confirmed' | 'silent' | 'disputed' | 'declined' | 'recalled' | 'broken';

/** What an attempt means for the needs that it serves. */
export function standingOf(referral: CaseReferral): Standing {
  if (!isTerminal(referral)) return 'live';
  if (referral.status === 'completed') {
    if (referral.businessStatus === 'disputed') return 'disputed';
    if (referral.businessStatus === 'confirmed') return 'confirmed';
    return referral.confirmBy ? 'unconfirmed' : 'silent';
  }
  if (referral.code === 'person-declined') return 'declined';
  return referral.status === 'cancelled' || referral.cancellation ? 'recalled' : 'broken';
}

const PENDING: readonly Standing[] = ['live', 'unconfirmed', 'disputed', 'broken'];

/** True when nothing that was tried for an open need can still lead anywhere by itself, and nobody has been asked yet. */
export function isForsaken(state: CaseState, need: string): boolean {
  if (state.referrals.some((r) => r.needs.includes(need) && !isTerminal(r))) return false;
  return attemptsAt(state, need).every((r) => !PENDING.includes(standingOf(r)));
}

/** Settles those of the needs whose every referral has come to its end. */
export function settleNeeds(d: Decision, codes: readonly string[]): void {
  for (const code of codes) {
    const standings = attemptsAt(d.state, code).map(standingOf);
    if (!d.isOpen(code) || standings.length === 0 || isUndecided(d, code)) continue;
    if (standings.some((s) => PENDING.includes(s))) continue;
    const by = byRule('settling');
    if (standings.includes('silent')) d.settle(code, 'settled', 'delivered-unconfirmed', by);
    else if (standings.includes('confirmed')) d.settle(code, 'settled', 'confirmed', by);
    else if (standings.includes('declined')) d.settle(code, 'settled', 'person-declined', by);
    else d.settle(code, 'unmet', 'decided-by-operations', by);
  }
}

/** A child's care alone does not settle that it came alone: somebody must have been asked for the decision. */
function isUndecided({ state, env }: Decision, code: string): boolean {
  const { need, gate } = env.rules.child;
  return code === need && latestOf(state.referrals, gate) === undefined;
}

/**
 * Ends a need that is not to be pursued: what was delivered counts as delivered, else it is settled as given, and the
 * referrals that serve nothing else are recalled.
 */
export function giveUp(
  d: Decision,
  code: string,
  as: Pick<CaseNeed, 'status' | 'reason'>,
  recallReason: string,
  by?: Said,
): void {
  const attempts = attemptsAt(d.state, code);
  const delivered =
    attempts.length > 0 &&
    attempts.every((r) => ['unconfirmed', 'silent', 'confirmed'].includes(standingOf(r)));
  if (d.isOpen(code)) {
    if (delivered) d.settle(code, 'settled', 'delivered-unconfirmed', by);
    else if (as.status !== 'open' && as.reason) d.settle(code, as.status, as.reason, by);
  }
  for (const attempt of attempts) release(d, attempt, code, recallReason);
}

/** One need less for a referral: nobody is asked about it any more, and it is recalled when it serves nothing else. */
function release(d: Decision, referral: CaseReferral, code: string, recallReason: string): void {
  if (referral.needs.some((other) => d.isOpen(other))) {
    const needs = referral.needs.filter((other) => other !== code);
    if (!isTerminal(referral)) d.setReferral({ ...referral, needs }, byRule('settling'));
    return;
  }
  if (referral.confirmBy) {
    const { confirmBy: _confirmBy, ...rest } = referral;
    d.setReferral(rest, byRule('settling'));
  } else if (!isTerminal(referral)) {
    // What the law asks for goes on, whoever settled the need that it was counted under.
    const owed = d.state.status === 'open' && referral.basis === 'legal-obligation';
    if (owed || isRequired(d, referral)) d.setReferral({ ...referral, needs: [] }, byRule('settling'));
    else d.recall(referral, recallReason, byRule('settling'));
  }
}

/** True when something else in the plan waits for the referral, or rests on it being made. */
function isRequired(d: Decision, referral: CaseReferral): boolean {
  const { state, env } = d;
  if (state.status !== 'open') return false;
  if (dependentsOf(referral.slot, state, env.rules).length > 0) return true;
  const provisional = state.referrals.some((r) => r.provisional && !endedOtherwise(r));
  return provisional && idSlot(state, env.rules) === referral.slot;
}

/** True for what a child alone gets whatever was asked. */
function isOwed({ state, env }: Decision, { slot }: CaseReferral): boolean {
  const { rules } = env;
  if (!isUnaccompaniedChild(state.profile, rules)) return false;
  return rules.child.added.includes(slot) || slot === idSlot(state, rules);
}

/** Recalls planned prerequisites that nothing waits for any more. */
export function prune(d: Decision): void {
  const { profile } = d.state;
  for (let pruned = true; pruned;) {
    pruned = false;
    for (const referral of d.state.referrals) {
      if (referral.status !== 'planned' || referral.needs.some((code) => d.isOpen(code))) continue;
      const offer = findOffer(d.env.catalogues, referral.agency, referral.service);
      const documented = offer?.forDocuments?.includes(profile.documentType) ?? false;
      if (documented || isRequired(d, referral) || isOwed(d, referral)) continue;
      d.cancelPlanned(referral, byRule('settling'));
      pruned = true;
    }
  }
}

/** True when this decision brought something to its end; only then can the case come to its own. */
function broughtAnEnd(d: Decision): boolean {
  return d.facts.some(
    (fact) =>
      fact.type === 'case-opened' ||
      fact.type === 'need-settled' ||
      (fact.type === 'case-updated' && fact.data.profile.stage === 'arrived') ||
      (fact.type === 'referral-changed' && isTerminal(fact.data.referral)),
  );
}

/** Until when a case that was reopened waits for something to do; undefined when it has some, or was never reopened. */
export function idleUntil(
  state: CaseState,
  { calendar, rules }: Pick<Env, 'calendar' | 'rules'>,
): Date | undefined {
  if (state.status !== 'open' || state.reopenedAt === undefined || awaitsReturn(state)) return undefined;
  const busy = state.needs.some((n) => n.status === 'open') || state.referrals.some((r) => !isTerminal(r));
  return busy ? undefined : calendar.add(new Date(state.reopenedAt), rules.recheck);
}

/** An announced returnee is still to come: the case is not at its end, whatever is settled. */
function awaitsReturn({ ahead, profile }: CaseState): boolean {
  return ahead === true && profile.stage !== undefined && profile.consent.status !== 'withdrawn';
}

/** Completes or closes the case when nothing is left to do. */
export function finish(d: Decision): void {
  if (d.state.status === 'closing') return finishClosing(d);
  const idle = idleUntil(d.state, d.env);
  const waited = idle !== undefined && idle <= d.env.now;
  if (d.state.status !== 'open' || !(waited || broughtAnEnd(d))) return;
  if (awaitsReturn(d.state) || d.state.needs.some((need) => need.status === 'open')) return;
  const sent = d.state.referrals.filter(isSent);
  if (d.state.profile.consent.status === 'withdrawn') {
    if (sent.some((r) => r.basis !== 'consent' || !r.cancellation)) return;
    cancelAllPlanned(d);
    d.emit('case-closing', { reason: 'consent-withdrawn' }, byRule('consent'));
    return finishClosing(d);
  }
  // What is planned still goes out when what it waits for comes; were it ended with the last need, the case would depend
  // on which of the two was told first.
  if (sent.length > 0) return;
  cancelAllPlanned(d);
  if (followUp(d)) return;
  d.emit('case-completed', {}, byRule('completion'));
}

function cancelAllPlanned(d: Decision): void {
  for (const referral of d.state.referrals) {
    if (referral.status === 'planned') d.cancelPlanned(referral, byRule('settling'));
  }
}

function finishClosing(d: Decision): void {
  const { referrals, closeReason } = d.state;
  if (referrals.some((r) => !isTerminal(r)) || !closeReason) return;
  d.emit('case-closed', { reason: closeReason }, byRule('closing'));
  resumeConsented(d);
}

/**
 * Told that somebody returns after all, where a case was closed because nobody would: it goes on where it stopped. What
 * agencies have yet to acknowledge is asked for anew beside it, for no emergency waits for that.
 */
export function resumeReturn(d: Decision): void {
  const { status, closeReason, profile } = d.state;
  if (status === 'open' || closeReason !== 'not-returning' || profile.stage === 'not-returning') return;
  d.emit('case-reopened', {}, byRule('arrival'));
  goOn(d, 'arrival', 'cancelled');
}

/** Opens unmet needs of a reopened case again and plans them anew; what the returnee asked for meanwhile, too. */
export function goOn(d: Decision, rule: 'arrival' | 'planning', retry: 'cancelled' | 'all'): void {
  const wanted = needsOf(planningInput(d));
  const { vulnerabilities } = d.state.profile;
  // A detention that is over, and what else no longer concerns the returnee, stays as it ended.
  const isOver = (code: string) =>
    vulnerabilities.some((v) => v === code) && !wanted.some((need) => need.code === code);
  const stopped = d.state.needs.filter((n) => n.status === 'unmet' && !isOver(n.code)).map((n) => n.code);
  for (const code of stopped) d.emit('need-reopened', { code }, byRule(rule));
  const added = wanted.filter((need) => !findNeed(d.state, need.code));
  const needs = [...stopped, ...added.map((need) => need.code)];
  replan(d, { needs, added, again: stopped, retry, anew: true });
}

/** Consent given again since a case was closed for want of it: what was stopped goes on. */
export function resumeConsented(d: Decision): void {
  const { status, closeReason, closingSince = '', consentSince, profile } = d.state;
  if (status !== 'closed' || closeReason !== 'consent-withdrawn') return;
  if (profile.consent.status !== 'granted' || consentSince <= closingSince) return;
  const stopped = resumable(d, CONSENT_REASONS);
  if (stopped.length === 0) return;
  d.emit('case-reopened', {}, byRule('consent'));
  for (const code of stopped) d.emit('need-reopened', { code }, byRule('consent'));
  replan(d, { needs: stopped, again: stopped, retry: 'cancelled' });
}

/** Plans the last step of a case, once; true while it is under way. */
function followUp(d: Decision): boolean {
  const { state, env } = d;
  const code = env.rules.followUpNeed;
  if (findNeed(state, code)) return false;
  const offered = offersOf(env.catalogues).some(
    (o) =>
      o.every === 'case-end' &&
      isEligible(o, state.profile, env.rules.home, env.now) &&
      (o.basis !== 'consent' || mayCover(state.profile.consent, o.purpose)),
  );
  if (!offered) return false;
  replan(d, { needs: [code], added: [{ code, origin: 'assessed' }] });
  return d.isOpen(code);
}
