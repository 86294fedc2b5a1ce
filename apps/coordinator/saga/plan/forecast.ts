/** When a case's plan is done if everybody keeps to the deadlines, and which steps decide that. */
import type { CaseReferral } from '@retorno/contracts';
import { isSent, isTerminal, latestOf, type CaseState } from '../case';
import type { Env } from '../decision';
import { arrivesAt, hasDay, startOfDay } from '../phase';
import { slotOf, unmetOf } from './prerequisites';

/** Instants are RFC 3339. */
export interface Forecast {
  /** When the last step is done; null when that cannot be said: a step waits for something that has no term. */
  readonly expectedAt: string | null;
  /** Ids of the referrals that decide it, first to last: a day lost on one of them is a day lost. */
  readonly critical: readonly string[];
  /** When each referral that is under way or planned is done, by id. */
  readonly referrals: Readonly<Record<string, string | null>>;
}

/** A date, or null where there is no term. */
type End = Date | null;

/** The outlook of an open case by the deadlines that the agencies published. A date that has passed counts as now. */
export function forecastOf(state: CaseState, env: Env): Forecast {
  const ends = endsOf(state, env);
  const live = state.referrals.filter((r) => !isTerminal(r) && !r.cancellation);
  const dated = live.filter((r) => ends(r) !== null);
  const last = dated.reduce<CaseReferral | undefined>(
    (latest, r) => (latest && ends(latest)! >= ends(r)! ? latest : r),
    undefined,
  );
  const isComplete = state.status === 'open' && dated.length === live.length && everyNeedIsServed(state);
  return {
    expectedAt: isComplete ? (ends(last)?.toISOString() ?? null) : null,
    critical: last ? pathTo(last, state, env, ends) : [],
    referrals: Object.fromEntries(live.map((r) => [r.id, ends(r)?.toISOString() ?? null])),
  };
}

type Ends = (referral: CaseReferral | undefined) => End;

function endsOf(state: CaseState, env: Env): Ends {
  const known = new Map<string, End>();
  const ends: Ends = (r) => {
    if (!r) return null;
    const end = known.get(r.id);
    if (end !== undefined) return end;
    // A wrong catalogue can make steps wait for each other.
    known.set(r.id, null);
    const found = endOf(r, state, env, ends);
    known.set(r.id, found);
    return found;
  };
  return ends;
}

function endOf(r: CaseReferral, state: CaseState, env: Env, ends: Ends): End {
  if (isTerminal(r)) return r.status === 'completed' && r.endedAt ? new Date(r.endedAt) : null;
  if (isSent(r)) {
    const by = r.scheduledFor ?? r.dueAt;
    return by === undefined ? null : latest([new Date(by), env.now]);
  }
  if (r.businessStatus === 'awaiting-consent' || r.pausedSince !== undefined) return null;
  const starts: End[] = [env.now, ...awaited(r, state, env).map(ends)];
  if (r.businessStatus === 'awaiting-arrival') starts.push(arrival(state));
  const start = starts.some((end) => end === null) ? null : latest(starts as Date[]);
  return start && env.calendar.add(start, r.done);
}

function arrival({ profile }: CaseState): End {
  return arrivesAt(profile) ?? (hasDay(profile) ? startOfDay(profile.arrivalDate) : null);
}

/** What a planned referral still waits for; undefined where nothing in the plan meets a prerequisite. */
function awaited(r: CaseReferral, state: CaseState, { rules }: Env): (CaseReferral | undefined)[] {
  if (r.status !== 'planned') return [];
  return unmetOf(r, state, rules).map((code) => latestOf(state.referrals, slotOf(code, state, rules)));
}

function pathTo(last: CaseReferral, state: CaseState, env: Env, ends: Ends): string[] {
  const path: string[] = [];
  for (let at: CaseReferral | undefined = last; at && !path.includes(at.id);) {
    path.unshift(at.id);
    at = awaited(at, state, env)
      .filter((r) => ends(r) !== null)
      .sort((a, b) => ends(b)!.getTime() - ends(a)!.getTime())[0];
  }
  return path;
}

/** An open need that nothing serves has no term: a person decides what becomes of it. */
function everyNeedIsServed({ needs, referrals }: CaseState): boolean {
  return needs.every(
    ({ code, status }) =>
      status !== 'open' ||
      referrals.some((r) => r.needs.includes(code) && (!isTerminal(r) || r.confirmBy !== undefined)),
  );
}

function latest(dates: readonly Date[]): Date {
  return new Date(Math.max(...dates.map(Number)));
}
