/** How a policy is tried in its spec. */
import type { AnswerBody } from '@retorno/contracts';
import { peruCalendar } from '@retorno/service';
import type { Policy, PolicyDecision, PolicyInput } from './definition';
import { answer, type AgencyReferral } from './referral';

const NOW = new Date('2026-11-23T15:00:00Z');

/** A referral that has just come in: Monday, ten o'clock in Lima. */
function referral(changes: Partial<AgencyReferral> = {}): AgencyReferral {
  const at = NOW.toISOString();
  return {
    id: 'r1',
    caseRef: 'c1',
    service: 'service',
    basis: 'consent',
    provisional: false,
    status: 'received',
    requestedAt: at,
    ackDueAt: at,
    dueAt: at,
    returnee: {},
    history: [],
    updatedAt: at,
    ...changes,
  };
}

type Decided = PolicyDecision & { readonly answers: readonly AnswerBody[] };

/**
 * What a policy decides of a referral, said by what matters of it; asked when the referral has just come in, unless
 * `input` says otherwise. Throws when one of the answers is impossible.
 */
function ask(policy: Policy, changes: Partial<AgencyReferral>, input: Partial<PolicyInput> = {}): Decided {
  const now = input.now ?? NOW;
  const before = referral(changes);
  const decided = policy(before, { type: 'requested', calendar: peruCalendar(), ...input, now });
  const decision: PolicyDecision = 'length' in decided ? { answers: decided } : decided;
  const answers = decision.answers ?? [];
  answers.reduce((current, body) => {
    const result = answer(current, body, now);
    if ('refused' in result) throw new Error(`the policy's answer is not possible: ${result.detail}`);
    return result.referral;
  }, before);
  return { ...decision, answers };
}

export const asked = Object.assign(ask, { referral });
