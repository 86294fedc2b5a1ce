/** Which follow-ups are to be done now. What a list needs of each case stands in two columns; the rest follows from the day. */
import type { CaseState } from '../saga/case';
import { covers } from '../saga/consent';
import { monthsAfter } from '../saga/follow-up';
import type { Rules } from '../saga/plan/rules';

type FollowUpRules = Pick<Rules, 'followUp'>;

const DAY_MS = 86_400_000;

/** The day of arrival from which waves are counted; undefined when nobody is to be asked, or no more. */
export function followedFrom(state: CaseState, { followUp }: FollowUpRules): string | undefined {
  const { profile, status, ahead } = state;
  const runs = status === 'open' || status === 'completed';
  if (!runs || ahead || profile.dateUnknown || !covers(profile.consent, followUp.purpose)) return undefined;
  return followedUpTo(state) === followUp.months.at(-1) ? undefined : profile.arrivalDate;
}

/** The last wave of which something was recorded, in months; 0 before the first. */
export function followedUpTo({ followUps }: Pick<CaseState, 'followUps'>): number {
  return Math.max(0, ...Object.keys(followUps ?? {}).map(Number));
}

/** One wave, for the cases that are in it now: those that arrived later than `after` and not later than `upto`. */
export interface DueWave {
  readonly month: number;
  readonly after: string;
  readonly upto: string;
}

/** Before every day of arrival. */
const EVER = '-infinity';

/** The waves that are open or overdue at a moment, those of the earliest arrivals first. Their days do not overlap. */
export function dueWaves(
  now: Date,
  { followUp }: FollowUpRules,
  status: 'open' | 'overdue' | undefined,
): DueWave[] {
  const { months, openDays } = followUp;
  const begun = (month: number | undefined): string =>
    month === undefined ? EVER : lastArrivalDue(month, now);
  const expected = new Date(now.getTime() - openDays * DAY_MS);
  return months
    .map((month, i): DueWave => {
      const wave = { month, after: begun(months[i + 1]), upto: begun(month) };
      const late = lastArrivalDue(month, expected);
      if (status === 'open') return { ...wave, after: laterOf(wave.after, late) };
      return status === 'overdue' ? { ...wave, upto: late } : wave;
    })
    .filter(({ after, upto }) => after === EVER || after < upto)
    .reverse();
}

/** A due follow-up as a list shows it. */
export interface DueFollowUp {
  readonly month: number;
  readonly status: 'open' | 'overdue';
  readonly from: string;
  readonly until: string;
  /** When the next wave begins, after which this one cannot be recorded any more; null for the last. */
  readonly closes: string | null;
}

/** The wave of somebody who arrived on a day. */
export function dueFollowUp(
  arrival: string,
  month: number,
  now: Date,
  { followUp }: FollowUpRules,
): DueFollowUp {
  const from = monthsAfter(arrival, month);
  const until = new Date(from.getTime() + followUp.openDays * DAY_MS);
  const next = followUp.months[followUp.months.indexOf(month) + 1];
  return {
    month,
    status: now < until ? 'open' : 'overdue',
    from: from.toISOString(),
    until: until.toISOString(),
    closes: next === undefined ? null : monthsAfter(arrival, next).toISOString(),
  };
}

/** The last day of arrival whose wave has begun at a moment. */
function lastArrivalDue(month: number, now: Date): string {
  // No earlier than the last day of the month before: months have 28 to 31 days.
  const day = new Date(now);
  day.setUTCMonth(day.getUTCMonth() - month);
  day.setUTCDate(day.getUTCDate() + 4);
  while (monthsAfter(dateOf(day), month) > now) day.setUTCDate(day.getUTCDate() - 1);
  return dateOf(day);
}

function dateOf(day: Date): string {
  return day.toISOString().slice(0, 10);
}

function laterOf(one: string, other: string): string {
  return one === EVER || one < other ? other : one;
}
