/** What operations can tell a case to do. What is impossible is refused with what is possible. */
import * as cases from './case-commands';
import { complain } from './complaints';
import { correctAnswer } from './corrections';
import type { Decision } from '../decision';
import { recordFollowUp } from './follow-up-commands';
import type { CaseCommand } from '../inputs';
import * as merging from '../merging';
import * as referrals from './referral-commands';

/** Carries out a command, or throws a Refusal. */
export function command(d: Decision, input: CaseCommand): void {
  switch (input.type) {
    case 'close':
      return cases.close(d, input);
    case 'reopen':
      return cases.reopen(d, input);
    case 'add-need':
      return cases.addNeed(d, input);
    case 'settle-need':
      return cases.settleNeed(d, input);
    case 'claim-escalation':
      return cases.claim(d, input);
    case 'release-escalation':
      return cases.release(d, input);
    case 'resolve-escalation':
      return cases.resolve(d, input);
    case 'merge-into':
      return merging.mergeInto(d, input);
    case 'merge-from':
      return merging.mergeFrom(d, input);
    case 'different':
      return merging.different(d, input);
    case 'waive':
      return referrals.waive(d, input);
    case 'reroute':
      return referrals.reroute(d, input);
    case 'cancel':
      return referrals.cancel(d, input);
    case 'remind':
      return referrals.remindAgency(d, input);
    case 'confirmation':
      return referrals.confirmation(d, input);
    case 'supply-information':
      return referrals.supplyInformation(d, input);
    case 'complain':
      return complain(d, input);
    case 'correct-answer':
      return correctAnswer(d, input);
    case 'record-follow-up':
      return recordFollowUp(d, input);
  }
}
