/** A final answer that was wrong: what it should have been stands from now on, as a new fact. Nothing is edited or recalled. */
import { outcomeMisfits, type AnswerBody, type AnswerCorrected, type CaseReferral } from '@retorno/contracts';
import { refuse, restrictedOf, takeAnswer } from '../answers';
import { endedOtherwise, findNeed, findReferral, hasEnded, isNewest, isSent, isTerminal } from '../case';
import type { CaseState } from '../case';
import { byRule, Refusal, type Decision, type Said } from '../decision';
import { raise } from '../escalations';
import type { CaseFact } from '../facts';
import { knownReferral, mustBeOpen, said, type CommandOf } from './guards';
import { findOffer } from '../plan/offers';
import { offerOf, replan } from '../plan/planning';
import { unmetOf, verificationFailed } from '../plan/prerequisites';
import type { Rules } from '../plan/rules';
import { settleNeeds } from '../settling';
import { resultOf } from '../transitions';

/** An agency takes its final answer back. What is impossible, or says what stands already, is recorded as refused. */
export function answerCorrected(d: Decision, agency: string, data: AnswerCorrected): void {
  const { reason, referralId, ...answer } = data;
  const referral = findReferral(d.state, referralId);
  const words = { ...restrictedOf(answer), note: reason };
  if (!referral || referral.agency !== agency || !isCorrectable(d.state, referral, answer)) {
    return refuse(d, agency, referral, data, words);
  }
  correct(d, referral, answer, { restricted: words });
}

function isCorrectable(state: CaseState, referral: CaseReferral, answer: AnswerBody): boolean {
  if (!isTerminal(referral) || !referral.requestedAt || !isNewest(state, referral)) return false;
  if (answer.status === 'rejected' && !answer.code) return false;
  // Without a recall nobody asked the agency to cancel anything.
  if (answer.status === 'cancelled' && !referral.cancellation) return false;
  return !saysTheSame(referral, answer);
}

/** A number or a reference is no part of the case, so that one that is given counts as another. */
function saysTheSame(referral: CaseReferral, answer: AnswerBody): boolean {
  const outcome = typeof answer.outcome === 'string' ? { result: answer.outcome } : (answer.outcome ?? {});
  if (answer.status !== referral.status) return false;
  if (answer.status === 'rejected') return answer.code === referral.code;
  if (answer.status !== 'completed') return true;
  const names = 'document' in outcome || 'certificate' in outcome;
  return !names && (outcome.result === undefined || outcome.result === referral.result);
}

/**
 * The same by operations, for an agency that told us so by other means; or its final answer, when it cannot answer any
 * more by itself.
 */
export function correctAnswer(d: Decision, input: CommandOf<'correct-answer'>): void {
  const referral = knownReferral(d, input.referralId);
  const { answer } = input;
  if (hasEnded(d.state)) mustBeOpen(d);
  if (!isNewest(d.state, referral)) {
    throw new Refusal('superseded', 'A later attempt has taken its place.', []);
  }
  if (!isTerminal(referral) && !(isSent(referral) && isTerminal(answer))) {
    throw new Refusal('not-final', 'Only a final answer can be corrected or stood in for.', FINAL);
  }
  if (
    !referral.requestedAt ||
    answer.status === 'received' ||
    (answer.status === 'rejected' && !answer.code)
  ) {
    throw new Refusal('bad-correction', 'Give the status that it should be; a rejection needs its code.');
  }
  mustFitService(d, referral, answer);
  const words = { restricted: { ...restrictedOf(answer), ...said(input).restricted } };
  if (isSent(referral)) takeAnswer(d, referral, answer, words.restricted);
  else correct(d, referral, answer, words);
}

/** What the service is not done without, operations must know, too: throws a refusal that names the field. */
function mustFitService(d: Decision, referral: CaseReferral, answer: AnswerBody): void {
  const [wrong] = outcomeMisfits(answer, offerOf(d, referral)?.outcome ?? {});
  if (!wrong) return;
  const field = wrong.pointer.slice(1).replaceAll('/', '.');
  throw new Refusal('bad-correction', `${field} ${wrong.detail}.`, wrong.allowed);
}

const FINAL = ['rejected', 'completed', 'failed', 'cancelled'];

function correct(
  d: Decision,
  referral: CaseReferral,
  answer: AnswerBody,
  by: Required<Pick<Said, 'restricted'>>,
) {
  const before = d.state;
  const corrected = { ...referral, correctedAt: d.at };
  if (referral.status === 'completed' && answer.status === 'completed')
    sayOtherwise(d, corrected, answer, by);
  else decideAgain(d, corrected, answer, by);
  tellWhatRestedOnIt(d, before, referral, answer);
}

/** Still delivered, with another result: what the returnee said of the delivery stands. */
function sayOtherwise(d: Decision, referral: CaseReferral, answer: AnswerBody, by: Said): void {
  const { result: _result, ...rest } = referral;
  const stands = resultOf(answer) ?? referral.result;
  d.setReferral({ ...rest, ...(stands === undefined ? {} : { result: stands }) }, by);
  if (d.state.status === 'open' && verificationFailed(d.state, d.env.rules)) replan(d, { needs: [] });
}

/** As if the answer came only now. A case that completed goes on for a need that is open again; a closed one does not. */
function decideAgain(
  d: Decision,
  referral: CaseReferral,
  answer: AnswerBody,
  by: Required<Pick<Said, 'restricted'>>,
): void {
  const served = referral.needs.filter((code) => findNeed(d.state, code)?.status === 'settled');
  const undone = referral.status === 'completed' && served.length > 0;
  if (d.state.status === 'completed' && undone) d.emit('case-reopened', {}, byRule('correction'));
  const reopened = d.state.status === 'open' ? referral.needs : [];
  for (const code of reopened) {
    if (findNeed(d.state, code)?.status !== 'open') d.emit('need-reopened', { code }, byRule('correction'));
  }
  takeAnswer(d, withoutEnd(referral), answer, by.restricted);
  if (d.referral(referral.id).status !== 'completed') return;
  settleNeeds(d, referral.needs);
  if (d.state.status !== 'completed') return;
  for (const code of referral.needs) {
    if (findNeed(d.state, code)?.status !== 'unmet') continue;
    d.settle(code, 'settled', 'delivered-unconfirmed', byRule('correction'));
  }
}

/** What went out because of the wrong answer is not called back: a person decides what to do about it. */
function tellWhatRestedOnIt(
  d: Decision,
  before: CaseState,
  referral: CaseReferral,
  answer: AnswerBody,
): void {
  const { rules } = d.env;
  const unsettled = d.state.referrals.filter(
    (r) =>
      r.requestedAt !== undefined &&
      !endedOtherwise(r) &&
      before.referrals.some((known) => known.id === r.id && known.requestedAt) &&
      unmetOf(r, before, rules).length === 0 &&
      unmetOf(r, d.state, rules).length > 0,
  );
  const dependents = [...new Set([...unsettled, ...toldTheNumber(d, before, referral, answer)])];
  if (dependents.length === 0) return;
  const { agency, service, id: referralId } = referral;
  const detail = { agency, service, dependents: dependents.map((r) => r.service).join(',') };
  raise(d, { key: `corrected|${referralId}`, reason: 'corrected', referralId, detail });
}

/** The referrals that carried the number of a document that is another one, or none. */
function toldTheNumber(
  d: Decision,
  before: CaseState,
  issue: CaseReferral,
  answer: AnswerBody,
): CaseReferral[] {
  const another = typeof answer.outcome === 'object' && answer.outcome.document !== undefined;
  const { endedAt } = issue;
  if (!issues(issue, d.env.rules) || issue.status !== 'completed' || !endedAt) return [];
  if (answer.status === 'completed' && !another) return [];
  return before.referrals.filter(
    (r) =>
      r.id !== issue.id &&
      r.requestedAt !== undefined &&
      r.requestedAt >= endedAt &&
      findOffer(d.env.catalogues, r.agency, r.service)?.sees.includes('document'),
  );
}

function issues(referral: CaseReferral, rules: Rules): boolean {
  return (rules.issues[referral.slot] ?? rules.issues[referral.service]) !== undefined;
}

/** True when a decision takes back that a document was issued: its number must not be passed on any more. */
export function withdrawsDocument(before: CaseState, facts: readonly CaseFact[], rules: Rules): boolean {
  return facts.some((fact) => {
    if (fact.type !== 'referral-changed') return false;
    const { referral } = fact.data;
    const issued = findReferral(before, referral.id)?.status === 'completed';
    return issued && issues(referral, rules) && referral.status !== 'completed';
  });
}

function withoutEnd(referral: CaseReferral): CaseReferral {
  const {
    endedAt: _endedAt,
    code: _code,
    result: _result,
    confirmBy: _confirmBy,
    businessStatus: _businessStatus,
    cancellation: _cancellation,
    remindedCancellation: _reminded,
    ...rest
  } = referral;
  return rest;
}
