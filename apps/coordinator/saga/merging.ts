/**
 * Two cases of one person become one, and no referral is lost: what the merged case's agencies hold goes on under the
 * surviving case, by the reference that they know; what was only planned is planned anew there.
 */
import type { CaseNeed, CaseProfile, CaseReferral } from '@retorno/contracts';
import { findNeed, isSent, isTerminal, type CaseState } from './case';
import { byRule, Refusal, type Decision } from './decision';
import { forAPerson, keyOf, raise } from './escalations';
import { said, type CommandOf } from './commands/guards';
import { replan } from './plan/planning';
import { consentChanged } from './returnee';
import { settleNeeds } from './settling';
import { DIFFERENT, isAbout, isDecided, mergedIds } from './suspicions';

const MERGED = 'merged';

/** The referrals that go along. What is under way at both stays with the surviving case; the other one is recalled. */
function adoptedBy(into: CaseState, from: CaseState): CaseReferral[] {
  const busy = new Set(into.referrals.filter(isSent).map((r) => r.slot));
  return from.referrals.filter((r) => (isSent(r) ? !busy.has(r.slot) : r.status === 'completed'));
}

/** Ends a case whose person another case is about. It is closing as long as an agency has not let go of a recalled referral. */
export function mergeInto(d: Decision, input: CommandOf<'merge-into'>): void {
  const { other } = input;
  mustBeMergeable(d.state, other);
  const referrals = adoptedBy(other, d.state).map((r) => r.id);
  d.emit('case-merged', { into: other.id, number: other.number, referrals }, said(input));
  d.emit('case-closing', { reason: 'duplicate' }, byRule(MERGED));
  for (const { code, status } of d.state.needs) {
    if (status === 'open') d.settle(code, 'unmet', 'case-closed', byRule(MERGED));
  }
  for (const referral of d.state.referrals) d.recall(referral, 'duplicate', byRule(MERGED));
  for (const { id, resolvedAt } of d.state.escalations) {
    if (!resolvedAt) d.emit('escalation-resolved', { id, resolution: MERGED }, byRule(MERGED));
  }
}

/** Takes in what another case of the same person had. `other` is that case as it was before. */
export function mergeFrom(d: Decision, input: CommandOf<'merge-from'>): void {
  const { other } = input;
  mustBeMergeable(d.state, other);
  const adopted = adoptedBy(d.state, other);
  d.emit('case-merged', { from: other.id, number: other.number }, said(input));
  const profile = joinedProfile(d.state.profile, other.profile);
  if (JSON.stringify(profile) !== JSON.stringify(d.state.profile)) d.emit('case-updated', { profile });
  const taken = takeNeeds(d, other.needs);
  for (const referral of adopted) adopt(d, referral, other.id);
  takeEscalations(d, input, adopted);
  resolveSuspicions(d, [other.id, ...mergedIds(other)], MERGED);
  consentChanged(d, other.profile.consent);
  dropWithoutConsent(d, adopted);
  planTaken(d, taken);
  settleNeeds(
    d,
    d.state.needs.map((need) => need.code),
  );
}

/** The two are different people: nobody is asked again. Nothing follows where nothing was suspected. */
export function different(d: Decision, input: CommandOf<'different'>): void {
  resolveSuspicions(d, input.others, DIFFERENT, said(input));
}

/** The case that survives by default: the one that was opened first. */
export function elderOf(a: CaseState, b: CaseState): CaseState {
  // Numbers rise in the order of registration; two cases of one manifest may open at the same instant.
  return a.openedAt < b.openedAt || (a.openedAt === b.openedAt && a.number < b.number) ? a : b;
}

function mustBeMergeable(state: CaseState, other: CaseState): void {
  if (state.id === other.id) throw new Refusal('same-case', 'These are one case already.', []);
  for (const { mergedInto, number, status } of [state, other]) {
    if (mergedInto) {
      throw new Refusal('case-merged', `${number} was merged into ${mergedInto.number}.`, [
        mergedInto.number,
      ]);
    }
    if (status !== 'open') {
      throw new Refusal('case-not-open', `${number} is ${status}; only two open cases can be merged.`, [
        'reopen',
      ]);
    }
  }
}

/** What was asked for or assessed in either. The rest is the surviving case's, but for a document that it lacks. */
function joinedProfile(into: CaseProfile, from: CaseProfile): CaseProfile {
  return {
    ...into,
    vulnerabilities: [...new Set([...into.vulnerabilities, ...from.vulnerabilities])],
    needs: [...new Set([...into.needs, ...from.needs])],
    documentType: into.documentType === 'none' ? from.documentType : into.documentType,
  };
}

/** Adds the needs that are new, as they stand; opens those again that are open there. Returns the codes that came along. */
function takeNeeds(d: Decision, needs: readonly CaseNeed[]): string[] {
  const fresh = needs.filter((need) => !findNeed(d.state, need.code));
  const known = needs.filter((need) => !fresh.includes(need));
  if (fresh.length > 0) {
    d.emit('case-planned', { rules: d.state.rules, catalogues: {}, needs: fresh }, byRule(MERGED));
  }
  const back: string[] = [];
  for (const { code, status, reason } of known) {
    const own = findNeed(d.state, code);
    const givenUp = own?.status === 'unmet' || own?.reason === 'person-declined';
    if (!givenUp) continue;
    if (status === 'open') {
      d.emit('need-reopened', { code }, byRule(MERGED));
      back.push(code);
    } else if (status === 'settled' && reason && own.status === 'unmet') {
      d.settle(code, 'settled', reason, byRule(MERGED));
    }
  }
  return [...fresh.filter((need) => need.status === 'open').map((need) => need.code), ...back];
}

/** The same referral, under the reference by which its agency knows it. It takes the place of one that was not sent yet. */
function adopt(d: Decision, referral: CaseReferral, from: string): void {
  const own = d.state.referrals.filter((r) => r.slot === referral.slot);
  const planned = own.find((r) => r.status === 'planned');
  const needs = [...referral.needs];
  if (planned) {
    const missing = planned.needs.filter((code) => d.isOpen(code) && !needs.includes(code));
    const delivers = isSent(referral) || (missing.length === 0 && referral.businessStatus !== 'disputed');
    if (delivers) {
      d.cancelPlanned(planned, byRule(MERGED));
      needs.push(...missing);
    }
  }
  const { underCase = from } = referral;
  d.setReferral({ ...referral, needs, attempt: own.length + 1, underCase }, byRule(MERGED));
}

/** Escalations about what came along, and those that only a person can end, with their times. */
function takeEscalations(
  d: Decision,
  { other, others = [] }: CommandOf<'merge-from'>,
  adopted: readonly CaseReferral[],
): void {
  for (const escalation of other.escalations) {
    const { reason, detail, referralId, group, raisedAt, dueAt, claimedAt, resolvedAt } = escalation;
    const along = adopted.some((r) => r.id === referralId) || (!referralId && forAPerson(escalation));
    const about = reason === 'duplicate-suspected' ? (detail['otherCaseId'] ?? '') : '';
    const isKnown = about !== '' && (isDecided(d.state, about) || others.includes(about));
    if (resolvedAt || !along || about === d.state.id || isKnown) continue;
    const before = d.state.escalations.length;
    const problem = { key: keyOf(escalation), reason, detail, ...(referralId ? { referralId } : {}) };
    raise(d, { ...problem, ...(group ? { group } : {}) }, { raisedAt, dueAt });
    const raised = d.state.escalations[before];
    if (raised && claimedAt) d.emit('escalation-claimed', { id: raised.id }, byRule(MERGED));
  }
}

function resolveSuspicions(
  d: Decision,
  others: readonly string[],
  resolution: string,
  by: Parameters<Decision['emit']>[2] = byRule(MERGED),
): void {
  for (const escalation of d.state.escalations) {
    if (escalation.resolvedAt || !isAbout(escalation, others)) continue;
    d.emit('escalation-resolved', { id: escalation.id, resolution }, by);
  }
}

/** The consent that holds is the surviving case's: what came along and rests on one that is gone is recalled. */
function dropWithoutConsent(d: Decision, adopted: readonly CaseReferral[]): void {
  const { status } = d.state.profile.consent;
  if (status === 'granted' || status === 'pending') return;
  for (const { id, basis } of adopted) {
    if (basis === 'consent') d.recall(d.referral(id), `consent-${status}`, byRule('consent'));
  }
}

/** Plans what came along and has nothing that serves it yet. */
function planTaken(d: Decision, taken: readonly string[]): void {
  const isServed = (code: string): boolean =>
    d.state.referrals.some(
      (r) => r.needs.includes(code) && (!isTerminal(r) || (r.status === 'completed' && !isDisputed(r))),
    );
  const again = taken.filter((code) => d.isOpen(code) && !isServed(code));
  const open = d.state.needs.filter((need) => need.status === 'open').map((need) => need.code);
  replan(d, { needs: open, again });
}

function isDisputed(referral: CaseReferral): boolean {
  return referral.businessStatus === 'disputed';
}
