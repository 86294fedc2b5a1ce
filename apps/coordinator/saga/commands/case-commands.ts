/** What operations can tell a case as a whole, its needs and its escalations. */
import {
  NEED_CODES,
  SETTLED_REASONS,
  UNMET_REASONS,
  type CaseNeed,
  type CloseReason,
  type UnmetReason,
} from '@retorno/contracts';
import { findNeed } from '../case';
import { byRule, Refusal, type Decision, type Said } from '../decision';
import { DECIDED } from '../escalations';
import { mustBeOpen, mustNotBeMerged, said, type CommandOf } from './guards';
import { replan } from '../plan/planning';
import { giveUp, goOn, prune } from '../settling';

export function close(d: Decision, input: CommandOf<'close'>): void {
  if (d.state.status !== 'open') {
    throw new Refusal('case-not-open', `The case is ${d.state.status}; only an open case can be closed.`, []);
  }
  endEarly(d, input.reason, said(input));
}

/** Closes an open case before its needs are settled: what is under way is recalled. */
export function endEarly(d: Decision, why: CloseReason, by: Said): void {
  d.emit('case-closing', { reason: why }, by);
  const reason = unmetReasonOf(why);
  for (const need of d.state.needs.filter((n) => n.status === 'open')) {
    giveUp(d, need.code, { status: 'unmet', reason }, 'case-closing', byRule('closing'));
  }
  for (const { id } of d.state.referrals) d.recall(d.referral(id), 'case-closing', byRule('closing'));
  if (why !== 'duplicate') return;
  for (const { id, reason: about, resolvedAt } of d.state.escalations) {
    if (about !== 'duplicate-suspected' || resolvedAt) continue;
    d.emit('escalation-resolved', { id, resolution: 'closed-as-duplicate' }, byRule('closing'));
  }
}

function unmetReasonOf(reason: CloseReason): UnmetReason {
  return reason === 'consent-withdrawn' || reason === 'unreachable' ? reason : 'decided-by-operations';
}

/** A case that ended, or is about to, goes on. */
export function reopen(d: Decision, input: CommandOf<'reopen'>): void {
  if (d.state.status === 'open') throw new Refusal('case-not-ended', 'The case is open already.', []);
  mustNotBeMerged(d.state.mergedInto);
  d.emit('case-reopened', {}, said(input));
  goOn(d, 'planning', 'all');
}

export function addNeed(d: Decision, input: CommandOf<'add-need'>): void {
  const { code } = input;
  mustBeOpen(d);
  if (!(NEED_CODES as readonly string[]).includes(code)) {
    throw new Refusal('bad-need', 'This is no need that can be asked for.', NEED_CODES);
  }
  const known = findNeed(d.state, code);
  if (known?.status === 'open') {
    throw new Refusal('need-open', 'The case has this need already and it is open.', ['settle']);
  }
  if (known) {
    d.emit('need-reopened', { code }, said(input));
    replan(d, { needs: [code], again: [code] });
  } else {
    replan(d, { needs: [code], added: [{ code, origin: 'asked' }], ...said(input) });
  }
}

export function settleNeed(d: Decision, input: CommandOf<'settle-need'>): void {
  mustBeOpen(d);
  const need = findNeed(d.state, input.code);
  if (!need) throw new Refusal('unknown-need', 'The case has no such need.');
  if (need.status !== 'open') {
    throw new Refusal('need-settled', `The need is ${need.status} already.`, ['add it again']);
  }
  const as = settlementOf(input.reason);
  if (as.status !== 'open' && as.reason) d.settle(need.code, as.status, as.reason, said(input));
  giveUp(d, need.code, as, 'need-settled');
  prune(d);
}

function settlementOf(reason: string): Pick<CaseNeed, 'status' | 'reason'> {
  const settled = SETTLED_REASONS.find((code) => code === reason);
  if (settled) return { status: 'settled', reason: settled };
  return {
    status: 'unmet',
    reason: UNMET_REASONS.find((code) => code === reason) ?? 'decided-by-operations',
  };
}

export function claim(d: Decision, input: CommandOf<'claim-escalation'>): void {
  mustBeUnresolved(d, input.escalationId);
  d.emit('escalation-claimed', { id: input.escalationId }, said(input));
}

/** At the end of a shift; that nobody had taken it is no reason to refuse. */
export function release(d: Decision, input: CommandOf<'release-escalation'>): void {
  mustBeUnresolved(d, input.escalationId);
  d.emit('escalation-released', { id: input.escalationId }, said(input));
}

/** When its cause persists it is raised again later. */
export function resolve(d: Decision, input: CommandOf<'resolve-escalation'>): void {
  mustBeUnresolved(d, input.escalationId);
  d.emit('escalation-resolved', { id: input.escalationId, resolution: DECIDED }, said(input));
}

function mustBeUnresolved(d: Decision, id: string): void {
  const escalation = d.state.escalations.find((e) => e.id === id);
  if (!escalation) throw new Refusal('unknown-escalation', 'The case has no such escalation.');
  if (escalation.resolvedAt)
    throw new Refusal('escalation-resolved', 'The escalation is resolved already.', []);
}
