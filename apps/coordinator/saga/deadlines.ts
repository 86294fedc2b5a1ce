/** One timer per case, derived from its state: nothing that is due can be forgotten, for nothing has to be remembered. */
import type { CaseReferral } from '@retorno/contracts';
import { isSent, type CaseState } from './case';
import type { Decision, Env } from './decision';
import { raisedFrom } from './escalations';
import type { Problem } from './problem';
import { isReminded, problems } from './problems';
import { byRule } from './decision';
import { arrivesAt } from './phase';
import { reminderAt } from './standing';
import { idleUntil, settleNeeds } from './settling';

/** Something that is due at an instant if nothing happens before. */
interface Duty {
  readonly at: string;
  readonly referral: CaseReferral;
  readonly what: 'remind-ack' | 'remind-done' | 'remind-cancellation' | 'end-confirmation';
}

/** What happens at an instant if nothing happens before. */
export interface Timer {
  /** RFC 3339. */
  readonly at: string;
  readonly what: Duty['what'] | 'escalate' | 'consent-ends' | 'arrival' | 'end-of-case';
  readonly referralId?: string;
  /** Of an escalation: its reason. */
  readonly reason?: Problem['reason'];
}

/** Everything that is pending. `found`: the case's problems, where they are known. */
export function timersOf(state: CaseState, env: Env, found = problems(state, env)): Timer[] {
  const timers: Timer[] = dutiesOf(state, env).map(({ at, referral, what }) => ({
    at,
    what,
    referralId: referral.id,
  }));
  for (const problem of found) {
    const from = raisedFrom(state, problem, env);
    if (!from) continue;
    const { reason, referralId } = problem;
    const about = referralId === undefined ? {} : { referralId };
    timers.push({ at: from.toISOString(), what: 'escalate', reason, ...about });
  }
  const { status, until } = state.profile.consent;
  const runs = state.status === 'open' || state.status === 'closing';
  if (runs && status === 'granted' && until !== undefined) {
    timers.push({ at: new Date(until).toISOString(), what: 'consent-ends' });
  }
  const arrival = state.ahead && state.status === 'open' ? arrivesAt(state.profile) : undefined;
  if (arrival) timers.push({ at: arrival.toISOString(), what: 'arrival' });
  const idle = idleUntil(state, env);
  if (idle) timers.push({ at: idle.toISOString(), what: 'end-of-case' });
  return timers;
}

/**
 * The earliest instant at which `time-passed` has something to do; undefined when nothing is pending.
 * After a `time-passed` decision it lies ahead. `found`: the case's problems, where they are known.
 */
export function nextDueAt(state: CaseState, env: Env, found = problems(state, env)): Date | undefined {
  let first: string | undefined;
  // Instants of our own making are all written alike, so that their texts are in the order of time.
  for (const { at } of timersOf(state, env, found)) if (first === undefined || at < first) first = at;
  return first === undefined ? undefined : new Date(first);
}

/**
 * Does what has become due: reminders, and the end of the time to confirm. Escalations follow from the state; a consent
 * expires before anything else is decided.
 */
export function doWhatIsDue(d: Decision): void {
  for (const { at, referral, what } of dutiesOf(d.state, d.env)) {
    if (at > d.at) continue;
    // More than one duty may concern the same referral.
    const current = d.referral(referral.id);
    if (what === 'end-confirmation') endConfirmation(d, current);
    else d.setReferral(remind(current, what, d.at), byRule('reminder'));
  }
}

/** The referral with its reminder noted. */
export function remind(
  referral: CaseReferral,
  what: Exclude<Duty['what'], 'end-confirmation'>,
  at: string,
): CaseReferral {
  if (what === 'remind-ack') return { ...referral, remindedAck: at };
  if (what === 'remind-done') return { ...referral, remindedDone: at };
  return { ...referral, remindedCancellation: at };
}

function endConfirmation(d: Decision, referral: CaseReferral): void {
  const { confirmBy: _confirmBy, ...rest } = referral;
  d.setReferral(rest, byRule('confirmation-period'));
  settleNeeds(d, rest.needs);
}

function dutiesOf(state: CaseState, { standings }: Env): Duty[] {
  if (state.status !== 'open' && state.status !== 'closing') return [];
  const duties: Duty[] = [];
  for (const referral of state.referrals) {
    if (referral.confirmBy) duties.push({ at: referral.confirmBy, referral, what: 'end-confirmation' });
    if (!isSent(referral)) continue;
    const { cancellation, ackDueAt, dueAt } = referral;
    const from = (deadline: string) => reminderAt(standings, referral.agency, deadline);
    if (cancellation) {
      if (!isReminded(referral.remindedCancellation, cancellation.dueAt)) {
        duties.push({ at: from(cancellation.dueAt), referral, what: 'remind-cancellation' });
      }
      continue;
    }
    if (ackDueAt && !referral.acknowledgedAt && !isReminded(referral.remindedAck, ackDueAt)) {
      duties.push({ at: from(ackDueAt), referral, what: 'remind-ack' });
    }
    if (dueAt && !isReminded(referral.remindedDone, dueAt)) {
      duties.push({ at: from(dueAt), referral, what: 'remind-done' });
    }
  }
  return duties;
}
