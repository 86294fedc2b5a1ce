/**
 * How a returnee fares 1, 3 and 6 months after the arrival. Each wave is open for a while; who was not heard of by then,
 * or does badly, is escalated. A completed case stays completed.
 */
import type { CaseReferral } from '@retorno/contracts';
import type { CaseState, FollowUp } from './case';
import { covers } from './consent';
import { LIMA_OFFSET_MS } from './phase';
import { DIMENSIONS, NEEDS_OF, type Dimension } from './questionnaire';
import type { Rules } from './plan/rules';

const DAY_MS = 86_400_000;

/** A wave of a case: it may be recorded from `from` on, is expected before `until`, and can be until `closes`. */
export interface Wave {
  readonly month: number;
  readonly from: Date;
  readonly until: Date;
  /** When the next wave begins; absent for the last. */
  readonly closes?: Date;
  readonly recorded?: FollowUp;
}

/** The waves of a case; none while the day of its arrival is not known. */
export function wavesOf(state: CaseState, { followUp }: Pick<Rules, 'followUp'>): Wave[] {
  const { profile, ahead } = state;
  if (ahead || profile.dateUnknown) return [];
  const begins = followUp.months.map((month) => monthsAfter(profile.arrivalDate, month));
  return followUp.months.map((month, i): Wave => {
    const from = begins[i]!;
    const closes = begins[i + 1];
    const recorded = state.followUps?.[month];
    return {
      month,
      from,
      until: new Date(from.getTime() + followUp.openDays * DAY_MS),
      ...(closes ? { closes } : {}),
      ...(recorded ? { recorded } : {}),
    };
  });
}

/** The first instant in Lima of the same day of the month so many months later, or of the month's last day. */
export function monthsAfter(date: string, months: number): Date {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  // Asked at every decision: by numbers, for a text in between costs more than the rest of the wave.
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last)) - LIMA_OFFSET_MS);
}

/** True while the case is one whose returnee is asked: not closed early, with a consent to it at that moment. */
export function isFollowed(state: CaseState, rules: Pick<Rules, 'followUp'>, at: Date): boolean {
  const { consent } = state.profile;
  const runs = state.status === 'open' || state.status === 'completed';
  const stands = consent.until === undefined || new Date(consent.until) > at;
  return runs && stands && covers(consent, rules.followUp.purpose);
}

/** One wave in which something is wrong, or will be from an instant on. */
interface FollowUpProblem {
  readonly key: string;
  readonly reason: 'follow-up-overdue' | 'follow-up-concern';
  readonly group: string;
  readonly detail: Record<string, string>;
  readonly once: true;
  readonly from?: Date;
}

/** Waves that nobody was heard in, and returnees who do badly. */
export function followUpProblems(state: CaseState, rules: Rules): FollowUpProblem[] {
  return wavesOf(state, rules).flatMap((wave) => {
    const { month, until, recorded } = wave;
    const missed = !recorded && until > new Date(state.openedAt);
    if (missed)
      return isFollowed(state, rules, until) ? [problem('follow-up-overdue', month, {}, until)] : [];
    const concern = recorded && concernOf(state, recorded, rules);
    const isTold = concern && isFollowed(state, rules, new Date(recorded.at));
    return isTold ? [problem('follow-up-concern', month, concern)] : [];
  });
}

function problem(
  reason: FollowUpProblem['reason'],
  month: number,
  more: Record<string, string>,
  from?: Date,
): FollowUpProblem {
  const group = `${reason}:${month}`;
  const detail = { month: String(month), ...more };
  return { key: `${reason}|${group}`, reason, group, detail, once: true, ...(from ? { from } : {}) };
}

/** What is low, the needs to open because of it, and the referrals that were to meet them; undefined when all is well. */
function concernOf(
  state: CaseState,
  { scores }: FollowUp,
  { followUp }: Pick<Rules, 'followUp'>,
): Record<string, string> | undefined {
  if (!scores) return undefined;
  const veryLow = DIMENSIONS.filter((dimension) => scores[dimension] < followUp.dimensionBelow);
  if (scores.composite >= followUp.compositeBelow && veryLow.length === 0) return undefined;
  const low = DIMENSIONS.filter((dimension) => scores[dimension] < followUp.compositeBelow);
  const needs = low.flatMap((dimension) => suggested(state, dimension));
  const referrals = referralsFor(state, needs).map((referral) => referral.id);
  return {
    composite: String(scores.composite),
    dimensions: low.join(','),
    needs: needs.join(','),
    ...(referrals.length > 0 ? { referrals: referrals.join(',') } : {}),
  };
}

/** What of the plan is still to be met for a dimension, or all that the dimension points to when nothing of it is. */
function suggested(state: CaseState, dimension: Dimension): string[] {
  const codes = NEEDS_OF[dimension];
  const unmet = codes.filter((code) => state.needs.some((n) => n.code === code && n.status !== 'settled'));
  if (unmet.length > 0) return unmet;
  return codes.filter((code) => !state.needs.some((need) => need.code === code));
}

/** The referrals of a case that were to meet one of these needs. */
export function referralsFor(state: CaseState, needs: readonly string[]): CaseReferral[] {
  return state.referrals.filter((referral) => referral.needs.some((code) => needs.includes(code)));
}
