/** What intake tells of the returnee: the first notice, changed rows, consent, a likely duplicate. */
import type {
  CaseNeed,
  CaseProfile,
  Consent,
  DuplicateSuspected,
  ReturneeChanged,
  ReturneeRegistered,
} from '@retorno/contracts';
import { findNeed, isSent, isTerminal } from './case';
import { arrive, asArrived, isOvertaken, leaveBehind, rebook } from './arrival';
import { endEarly } from './case-commands';
import { byRule, type Decision, type Said } from './decision';
import { raise } from './escalations';
import { arrivesAt } from './phase';
import { needsOf } from './plan';
import { plannable, planningInput, replan, type PlanningScope } from './planning';
import { profileOf } from './profile';
import { giveUp, prune, settleNeeds, standingOf, resumeConsented, resumeReturn } from './settling';

/** First notice: the case opens and is planned. */
export function registered(d: Decision, data: ReturneeRegistered): void {
  d.emit('case-opened', { number: data.caseNumber, profile: profileOf(data) });
  const needs = needsOf(planningInput(d));
  replan(d, { needs: needs.map((need) => need.code), added: needs });
}

/** A row that says otherwise than before: added needs are planned, removed ones recalled, the latest consent wins. */
export function changed(d: Decision, data: ReturneeChanged): void {
  const before = d.state.profile;
  const stated = profileOf(data);
  const consent = isLater(stated.consent, before.consent) ? stated.consent : before.consent;
  const had = needsOf(planningInput(d));
  const wasAhead = d.state.ahead;
  if (!update(d, asArrived(d, { ...stated, consent }))) return;
  const has = needsOf(planningInput(d));
  const added = newOf(has, had);
  const asked = added.some((need) => need.origin === 'asked') || isWantedAfterAll(d, consent);
  if (d.state.status === 'completed' && asked) d.emit('case-reopened', {});
  if (d.state.status !== 'open') {
    resumeConsented(d);
    return resumeReturn(d);
  }
  if (stated.stage === 'not-returning') return endEarly(d, 'not-returning', byRule('arrival'));
  const removed = had.filter((need) => !has.some((other) => other.code === need.code));
  for (const { code } of removed) {
    const unmet = findNeed(d.state, code)?.status === 'unmet';
    if (isOvertaken(d, code)) leaveBehind(d, code);
    else if (unmet) d.settle(code, 'settled', 'person-declined');
    else giveUp(d, code, { status: 'settled', reason: 'person-declined' }, 'need-removed');
  }
  rebook(d);
  const again = [...consentEffects(d, before.consent.status), ...(wasAhead ? arrive(d) : [])];
  const reconsidered = [...again, ...reconsider(d, ['not-eligible'])];
  const granted = consent.status === 'granted' && before.consent.status !== 'granted';
  planChange(d, added, reconsidered, granted ? { retry: 'cancelled' } : {});
  prune(d);
}

/** The day of an arrival that nobody has to tell has come: the case goes on with what serves in the country. */
export function arriveWhenDue(d: Decision): void {
  const { ahead, status, profile } = d.state;
  const day = arrivesAt(profile);
  if (!ahead || status !== 'open' || !day || day > d.env.now) return;
  const had = needsOf({ ...planningInput(d), now: new Date(day.getTime() - 1) });
  update(d, asArrived(d, profile), byRule('arrival'));
  const has = needsOf(planningInput(d));
  for (const { code } of had) {
    if (!has.some((need) => need.code === code)) leaveBehind(d, code);
  }
  rebook(d);
  const again = [...arrive(d), ...reconsider(d, ['not-eligible'])];
  planChange(d, newOf(has, had), again, {});
  prune(d);
}

/** Consent given, refused or withdrawn since. */
export function consentChanged(d: Decision, consent: Consent): void {
  const before = d.state.profile;
  if (!isLater(consent, before.consent) || !update(d, { ...before, consent })) return;
  if (d.state.status === 'completed' && isWantedAfterAll(d, consent)) d.emit('case-reopened', {});
  if (d.state.status !== 'open') return resumeConsented(d);
  const again = [...consentEffects(d, before.consent.status), ...reconsider(d, ['not-eligible'])];
  planChange(d, [], again, consent.status === 'granted' ? { retry: 'cancelled' } : {});
  prune(d);
}

/** Consent to what was refused before: a case that ended for want of it goes on. */
function isWantedAfterAll(d: Decision, consent: Consent): boolean {
  return consent.status === 'granted' && d.state.needs.some((need) => need.reason === 'consent-refused');
}

/** This case's person looks like another case's. Nothing is merged: operations decides. */
export function duplicateSuspected(d: Decision, data: DuplicateSuspected): void {
  const { otherCaseId, otherCaseNumber, ground } = data;
  raise(d, {
    key: `duplicate-suspected|${otherCaseId}`,
    reason: 'duplicate-suspected',
    detail: { otherCaseId, otherCaseNumber, ground },
  });
}

/** A consent without a time is older than any that has one; of two with the same time the later said counts. */
function isLater(next: Consent, known: Consent): boolean {
  if (known.at === undefined) return true;
  return next.at !== undefined && Date.parse(next.at) >= Date.parse(known.at);
}

type WantedNeed = Pick<CaseNeed, 'code' | 'origin'>;

function newOf(has: readonly WantedNeed[], had: readonly WantedNeed[]): WantedNeed[] {
  return has.filter((need) => !had.some((other) => other.code === need.code));
}

/** Records the profile; false when nothing differs. */
function update(d: Decision, profile: CaseProfile, by?: Said): boolean {
  const { consent, ...rest } = profile;
  const next: CaseProfile = {
    ...rest,
    consent: { status: consent.status, ...(consent.at === undefined ? {} : { at: consent.at }) },
  };
  if (JSON.stringify(sorted(next)) === JSON.stringify(sorted(d.state.profile))) return false;
  d.emit('case-updated', { profile: next }, by);
  return true;
}

function sorted(profile: CaseProfile): [string, unknown][] {
  return Object.entries(profile).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Plans added needs and those to look at again, and brings what is planned in line with the profile. */
function planChange(
  d: Decision,
  added: readonly Pick<CaseNeed, 'code' | 'origin'>[],
  again: readonly string[],
  scope: Pick<PlanningScope, 'retry'>,
): void {
  const isNew = added.filter((need) => !findNeed(d.state, need.code));
  const back = added.map((need) => need.code).filter((code) => findNeed(d.state, code));
  for (const code of back) if (!d.isOpen(code)) d.emit('need-reopened', { code });
  const open = d.state.needs.filter((need) => need.status === 'open').map((need) => need.code);
  replan(d, {
    needs: [...open, ...isNew.map((need) => need.code)],
    added: isNew,
    again: [...again, ...back],
    ...scope,
  });
}

/** Reopens the needs that were unmet for one of these reasons; planning settles them again where nothing changed. */
function reconsider(d: Decision, reasons: readonly CaseNeed['reason'][]): string[] {
  const codes = d.state.needs
    .filter((n) => n.status === 'unmet' && reasons.includes(n.reason))
    .map((n) => n.code);
  const wanted = needsOf(planningInput(d)).map((need) => need.code);
  const possible = plannable(
    d,
    codes.filter((code) => wanted.includes(code)),
  );
  for (const code of possible) d.emit('need-reopened', { code }, byRule('planning'));
  return possible;
}

/** What a consent that changed does to what is under way. Returns the needs that are open again. */
function consentEffects(d: Decision, before: Consent['status']): string[] {
  const { status } = d.state.profile.consent;
  if (status === before) return [];
  if (status === 'granted') return reconsider(d, ['consent-refused', 'consent-withdrawn']);
  if (status === 'refused' || status === 'withdrawn') stopWhatRestsOnConsent(d, status);
  return [];
}

function stopWhatRestsOnConsent(d: Decision, status: 'refused' | 'withdrawn'): void {
  const reason = `consent-${status}` as const;
  const resting = d.state.referrals.filter((r) => r.basis === 'consent');
  const ended = new Set<string>();
  for (const need of d.state.needs.filter((n) => n.status === 'open')) {
    const attempts = d.state.referrals.filter((r) => r.needs.includes(need.code));
    const elsewhere = attempts.some(
      (r) => r.basis !== 'consent' && (!isTerminal(r) || standingOf(r) !== 'recalled'),
    );
    if (attempts.length === 0 || elsewhere) continue;
    giveUp(d, need.code, { status: 'unmet', reason }, reason, byRule('consent'));
    ended.add(need.code);
  }
  for (const { id } of resting) {
    const referral = d.referral(id);
    if (referral.status === 'planned' || isSent(referral)) d.recall(referral, reason, byRule('consent'));
  }
  settleNeeds(
    d,
    d.state.needs.map((n) => n.code),
  );
}
