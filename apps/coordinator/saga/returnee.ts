/** What intake tells of the returnee: the first notice, changed rows, consent, a likely duplicate. */
import {
  UNKNOWN_DISTRICT,
  type CaseNeed,
  type CaseProfile,
  type Consent,
  type DuplicateSuspected,
  type ReturneeChanged,
  type ReturneeRegistered,
} from '@retorno/contracts';
import { findNeed, isPlaceable, isSent } from './case';
import { arrive, asArrived, isOvertaken, leaveBehind, rebook } from './arrival';
import { endEarly } from './commands/case-commands';
import { CONSENT_REASONS, consentAt, isWider } from './consent';
import { consentEffects } from './consent-effects';
import { byRule, type Decision, type Said } from './decision';
import { raise } from './escalations';
import { arrivesAt, sameReturn } from './phase';
import { needsOf } from './plan/plan';
import { planningInput, replan, type PlanningScope } from './plan/planning';
import { profileOf } from './plan/profile';
import { reconsider, resumable } from './plan/resuming';
import { giveUp, prune, resumeConsented, resumeReturn } from './settling';
import { isDecided } from './suspicions';

/** First notice: the case opens and is planned. */
export function registered(d: Decision, data: ReturneeRegistered): void {
  d.emit('case-opened', { number: data.caseNumber, profile: profileOf(data, d.env.now) });
  const needs = needsOf(planningInput(d));
  replan(d, { needs: needs.map((need) => need.code), added: needs });
}

/** A row that says otherwise than before: added needs are planned, removed ones recalled, the latest consent wins. */
export function changed(d: Decision, data: ReturneeChanged): void {
  const before = d.state.profile;
  const stated = profileOf(data, d.env.now);
  const consent = isLater(stated.consent, before.consent) ? stated.consent : before.consent;
  const had = needsOf(planningInput(d));
  const wasAhead = d.state.ahead;
  if (!update(d, asArrived(d, { ...stated, consent }))) return;
  const has = needsOf(planningInput(d));
  const added = newOf(has, had);
  const asked = added.some((need) => need.origin === 'asked') || isWantedAfterAll(d, before.consent);
  if (d.state.status === 'completed' && asked) d.emit('case-reopened', {});
  if (d.state.status !== 'open') {
    resumeConsented(d);
    if (!sameReturn(before, d.state.profile)) resumeReturn(d);
    return;
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
  if (before.region !== stated.region && before.region !== NOWHERE) tellOfficesLeft(d);
  followConsent(d, before.consent, { added, arrived: wasAhead === true });
}

/** The department of somebody of whom nobody knew where they go. */
const NOWHERE = UNKNOWN_DISTRICT.slice(0, 2);

/** What was only received is placed anew by its agency; an office that has begun is far away now, and a person decides. */
function tellOfficesLeft(d: Decision): void {
  for (const r of d.state.referrals) {
    if (!isSent(r) || isPlaceable(r) || r.office === undefined || r.cancellation) continue;
    const detail = { agency: r.agency, service: r.service };
    raise(d, { key: `moved|${r.id}`, reason: 'moved', referralId: r.id, detail });
  }
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

/** Consent given, narrowed, widened, refused or withdrawn since. */
export function consentChanged(d: Decision, consent: Consent): void {
  const before = d.state.profile;
  if (!isLater(consent, before.consent) || !update(d, { ...before, consent })) return;
  if (d.state.status === 'completed' && isWantedAfterAll(d, before.consent)) d.emit('case-reopened', {});
  if (d.state.status !== 'open') return resumeConsented(d);
  followConsent(d, before.consent);
}

/** The end of the time for which the consent was given: what rests on it stops. A rule's doing, not that of whoever comes next. */
export function expireConsent(d: Decision): void {
  const { profile } = d.state;
  const consent = consentAt(profile.consent, d.env.now);
  if (consent.status === profile.consent.status) return;
  d.emit('case-updated', { profile: { ...profile, consent } }, { ...byRule('consent'), cause: 'expired' });
  if (d.state.status === 'open') followConsent(d, profile.consent);
}

/** Stops what the consent no longer carries, takes up what it carries now, and plans what was added. */
function followConsent(
  d: Decision,
  before: Consent,
  { added = [], arrived = false }: { added?: readonly WantedNeed[]; arrived?: boolean } = {},
): void {
  const resumed = [...consentEffects(d, before), ...(arrived ? arrive(d) : [])];
  const again = [...resumed, ...reconsider(d, ['not-eligible'])];
  planChange(d, added, again, isWider(d.state.profile.consent, before) ? { retry: 'cancelled' } : {});
  prune(d);
}

/** Consent to what lacked it before: a case that ended for want of it goes on. */
function isWantedAfterAll(d: Decision, before: Consent): boolean {
  return isWider(d.state.profile.consent, before) && resumable(d, CONSENT_REASONS).length > 0;
}

/** This case's person looks like another case's. Nothing is merged: operations decides. */
export function duplicateSuspected(d: Decision, data: DuplicateSuspected): void {
  const { otherCaseId, otherCaseNumber, ground, score } = data;
  if (otherCaseId === d.state.id || isDecided(d.state, otherCaseId)) return;
  raise(d, {
    key: `duplicate-suspected|${otherCaseId}`,
    reason: 'duplicate-suspected',
    detail: {
      otherCaseId,
      otherCaseNumber,
      ground,
      ...(score === undefined ? {} : { score: String(score) }),
    },
  });
}

/**
 * A consent without a time is older than any that has one; of two with the same time the later said counts. `pending` says
 * that nobody was asked yet: it takes nothing back.
 */
function isLater(next: Consent, known: Consent): boolean {
  if (next.status === 'pending' && known.status !== 'pending') return false;
  if (known.status === 'pending' && next.status !== 'pending') return true;
  if (known.at === undefined) return true;
  return next.at !== undefined && Date.parse(next.at) >= Date.parse(known.at);
}

type WantedNeed = Pick<CaseNeed, 'code' | 'origin'>;

function newOf(has: readonly WantedNeed[], had: readonly WantedNeed[]): WantedNeed[] {
  return has.filter((need) => !had.some((other) => other.code === need.code));
}

/** Records the profile; false when nothing differs. */
function update(d: Decision, profile: CaseProfile, by?: Said): boolean {
  const next: CaseProfile = { ...profile, consent: consentAt(profile.consent, d.env.now) };
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
