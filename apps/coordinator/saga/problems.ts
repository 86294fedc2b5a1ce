/** What is wrong with a case, or will be if nothing happens: a function of its state, so that nothing has to be remembered. */
import type { CaseReferral } from '@retorno/contracts';
import { arrivalOverdue } from './arrival-overdue';
import { endedOtherwise, isNeedOpen, isNewest, isSent, latestOf, type CaseState } from './case';
import { stopTerm } from './consent';
import { consentProblems } from './consent-problems';
import { followUpProblems } from './follow-up';
import { heldUp } from './plan/held-up';
import { mayBeServed, offeredNow } from './plan/offered-now';
import { heldByPause } from './plan/paused';
import { dependentsOf, slotOf } from './plan/prerequisites';
import type { Context, Problem } from './problem';
import { isUnaccompaniedChild } from './plan/profile';
import { maintenanceAt, reminderAt } from './standing';
import type { Rules } from './plan/rules';
import { isForsaken, standingOf } from './settling';

/** Everything that is wrong with the case, or will be if nothing happens. */
export function problems(state: CaseState, context: Context): Problem[] {
  if (state.status === 'closed') return [];
  const found = state.referrals.flatMap((r) => ofReferral(state, r, context));
  if (state.status === 'closing') return found;
  const missing = [...missingProviders(state, context), ...found, ...followUpProblems(state, context.rules)];
  if (state.status === 'completed') return missing;
  const late = [...consentProblems(state, context), ...arrivalOverdue(state, context)];
  const held = [...heldUp(state, context), ...heldByPause(state, context)];
  return [...missing, ...held, ...late].filter(
    (problem, i, all) => all.findIndex((p) => p.key === problem.key) === i,
  );
}

function ofReferral(state: CaseState, r: CaseReferral, context: Context): Problem[] {
  if (isSent(r)) {
    return r.cancellation ? unansweredRecall(r, context) : [...silence(r, context), ...provisional(state, r)];
  }
  if (state.status === 'closing' || r.status === 'planned') return [];
  return [...unserved(state, r, context.rules), ...provisional(state, r)];
}

function about(r: CaseReferral): { referralId: string; detail: Record<string, string> } {
  return { referralId: r.id, detail: { agency: r.agency, service: r.service } };
}

/** An agency that should have answered, and was reminded, or is spared the reminder while its maintenance lasts. */
function silence(r: CaseReferral, context: Context): Problem[] {
  const { calendar, rules } = context;
  const found: Problem[] = [];
  const { ackDueAt, dueAt } = r;
  if (ackDueAt && !r.acknowledgedAt && isTold(r, r.remindedAck, ackDueAt, context)) {
    const from = calendar.graceEnd(new Date(ackDueAt), r.ack);
    found.push({
      ...late(r, context),
      key: `ack-overdue|${r.id}`,
      reason: 'ack-overdue',
      from,
      since: ackDueAt,
    });
  }
  if (dueAt && isTold(r, r.remindedDone, dueAt, context)) {
    const from = calendar.graceEnd(new Date(dueAt), r.done);
    found.push({
      ...late(r, context),
      key: `done-overdue|${r.id}`,
      reason: 'done-overdue',
      from,
      since: dueAt,
    });
  }
  if (r.businessStatus === 'info-requested') {
    const since = r.suspendedAt ? { since: r.suspendedAt } : {};
    found.push({ ...about(r), key: `info-requested|${r.id}`, reason: 'info-requested', ...since });
  }
  if (r.businessStatus === 'waitlisted' && r.waitlistedAt) {
    const since = r.waitlistedAt;
    const long = calendar.add(new Date(since), rules.waitlist);
    // Somebody looks for another provider while there is time.
    const from = dueAt && new Date(dueAt) < long ? new Date(dueAt) : long;
    found.push({ ...about(r), key: `waitlisted|${r.id}`, reason: 'waitlisted', from, since });
  }
  return found;
}

function unansweredRecall(r: CaseReferral, context: Context): Problem[] {
  if (!r.cancellation || !isTold(r, r.remindedCancellation, r.cancellation.dueAt, context)) return [];
  const { dueAt } = r.cancellation;
  const term = stopTerm(r, r.cancellation, context);
  const from = context.calendar.graceEnd(new Date(dueAt), term);
  return [
    {
      ...late(r, context),
      key: `cancellation-overdue|${r.id}`,
      reason: 'cancellation-overdue',
      from,
      since: dueAt,
    },
  ];
}

/** No deadline waits for an agency's maintenance: whoever looks at it is told that there is one. */
function late(r: CaseReferral, { standings, now }: Context): ReturnType<typeof about> {
  const window = maintenanceAt(standings, r.agency, now);
  const { referralId, detail } = about(r);
  return { referralId, detail: window ? { ...detail, maintenance: window.until } : detail };
}

/** True when nobody is reminded any more before the escalation. */
function isTold(r: CaseReferral, remindedAt: string | undefined, dueAt: string, context: Context): boolean {
  return isReminded(remindedAt, dueAt) || reminderAt(context.standings, r.agency, dueAt) > dueAt;
}

/** A reminder from before the deadline is none for it. */
export function isReminded(remindedAt: string | undefined, dueAt: string): boolean {
  return remindedAt !== undefined && remindedAt >= dueAt;
}

function provisional(state: CaseState, r: CaseReferral): Problem[] {
  if (!r.provisional || !r.provisionalUntil || endedOtherwise(r) || state.status === 'closing') return [];
  const from = new Date(r.provisionalUntil);
  return [{ ...about(r), key: `provisional-overdue|${r.id}`, reason: 'provisional-overdue', from }];
}

/** A referral that ended without serving, with nothing tried in its place. */
function unserved(state: CaseState, r: CaseReferral, rules: Rules): Problem[] {
  const standing = standingOf(r);
  if (standing !== 'disputed' && !endedOtherwise(r)) return [];
  if (!isNewest(state, r)) return [];
  const since = r.endedAt ? { since: r.endedAt } : {};
  const open = r.needs.some((code) => state.needs.some((n) => n.code === code && n.status === 'open'));
  if (standing === 'disputed') {
    return open ? [{ ...about(r), key: `disputed|${r.id}`, reason: 'disputed', ...since }] : [];
  }
  const code: Record<string, string> = r.code ? { code: r.code } : {};
  const missing: Record<string, string> = r.circular
    ? { missing: r.circular.join(','), circular: 'true' }
    : {};
  const dependents = state.status === 'open' ? dependentsOf(r.slot, state, rules) : [];
  if (dependents.length > 0) {
    const detail = {
      ...code,
      ...missing,
      service: r.slot,
      referral: r.id,
      dependents: dependents.map((x) => x.service).join(','),
    };
    return [
      { key: `prerequisite-unmet|${r.id}`, reason: 'prerequisite-unmet', referralId: r.id, detail, ...since },
    ];
  }
  if (standing !== 'broken' || (r.needs.length > 0 && !open)) return [];
  const reason = r.status === 'rejected' ? 'rejected' : 'failed';
  const detail = { ...about(r).detail, ...code, ...missing };
  const once = r.needs.length === 0;
  return [{ key: `${reason}|${r.id}`, reason, referralId: r.id, detail, ...since, once }];
}

/** Needs and services that nobody offers. One group for all cases that miss the same. */
function missingProviders(state: CaseState, context: Context): Problem[] {
  const { rules } = context;
  const offered = state.status === 'completed' ? offeredNow(state, context) : new Map<string, string[]>();
  const found: Problem[] = [...offered].map(([agency, codes]) => mayBeServed(agency, codes));
  const isOffered = (code: string) => [...offered.values()].some((codes) => codes.includes(code));
  const child = isUnaccompaniedChild(state.profile, rules);
  const add = (code: string, detail: Record<string, string>, once = false) => {
    const group = `no-provider:${code}`;
    found.push({ key: `no-provider|${group}`, reason: 'no-provider', group, detail, once });
  };
  const addGate = () => add(rules.child.gate, { service: rules.child.gate, need: rules.child.need });
  for (const need of state.needs) {
    if (need.status === 'unmet' && need.reason === 'no-provider' && !isOffered(need.code))
      add(need.code, { need: need.code }, true);
    if (need.status !== 'open' || !isForsaken(state, need.code)) continue;
    if (child && need.code === rules.child.need) addGate();
    else add(need.code, { need: need.code });
  }
  if (child && isNeedOpen(state, rules.child.need)) {
    if (!latestOf(state.referrals, rules.child.gate)) addGate();
    for (const slot of [...rules.child.added, slotOf('id', state, rules)]) {
      if (slot !== rules.child.gate && !latestOf(state.referrals, slot)) add(slot, { service: slot });
    }
  }
  return found;
}
