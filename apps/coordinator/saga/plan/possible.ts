/** What operations can tell a case to do now: found out by deciding it, so that nothing is offered that would be refused. */
import type { CaseReferral } from '@retorno/contracts';
import { command } from '../commands/commands';
import { Decision, Refusal, type Env } from '../decision';
import type { CaseCommand } from '../inputs';
import type { CaseState } from '../case';
import { providersFor } from '../answers';

/** The commands of a referral by their addresses under `/cases/{id}/referrals/{rid}/`. */
const REFERRAL_COMMANDS: Readonly<Record<string, (referralId: string) => CaseCommand>> = {
  remind: (referralId) => ({ type: 'remind', referralId }),
  reroute: (referralId) => ({ type: 'reroute', referralId }),
  waive: (referralId) => ({ type: 'waive', referralId }),
  cancel: (referralId) => ({ type: 'cancel', referralId }),
  information: (referralId) => ({ type: 'supply-information', referralId, information: '-' }),
  confirmation: (referralId) => ({ type: 'confirmation', referralId, outcome: 'confirmed' }),
  correction: (referralId) => ({ type: 'correct-answer', referralId, answer: { status: 'failed' } }),
};

/** What can be done with one referral: the ends of the addresses that would take it. */
export function possibleWith({ id }: CaseReferral, state: CaseState, env: Env): string[] {
  return Object.entries(REFERRAL_COMMANDS).flatMap(([name, of]) =>
    isTaken(of(id), state, env) ? [name] : [],
  );
}

/** What can be done with the case as a whole. */
export function possibleWithCase(state: CaseState, env: Env): string[] {
  const possible: string[] = [];
  if (isTaken({ type: 'close', reason: 'unreachable' }, state, env)) possible.push('close');
  if (isTaken({ type: 'reopen' }, state, env)) possible.push('reopen');
  if (state.status === 'open') possible.push('add-need');
  if (state.status === 'open' && state.needs.some(({ status }) => status === 'open'))
    possible.push('settle-need');
  return possible;
}

/** The agencies that a referral can be sent on to, in the order in which they would be asked. */
export function reroutableTo(referral: CaseReferral, state: CaseState, env: Env): string[] {
  const agencies = providersFor(holding(state, env), referral).map(({ agency }) => agency);
  return [...new Set(agencies)].filter((agency) =>
    isTaken({ type: 'reroute', referralId: referral.id, agency }, state, env),
  );
}

function isTaken(input: CaseCommand, state: CaseState, env: Env): boolean {
  try {
    command(holding(state, env), input);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** A decision that nobody keeps. */
function holding(state: CaseState, env: Env): Decision {
  return new Decision(state.id, state, env, { actor: 'operations', cause: 'asked' });
}
