/** The saga: what follows from an input for a case. Pure: clock, calendar, catalogues and rules come in as arguments. */
import { answered } from './answers';
import { evolve, type CaseState } from './case';
import { catchUp } from './plan/catch-up';
import { command } from './commands/commands';
import { answerCorrected } from './commands/corrections';
import { doWhatIsDue, nextDueAt } from './deadlines';
import { recallWhatLacksConsent } from './consent-effects';
import { Decision, Refusal, type Env, type Origin } from './decision';
import { factsLost, reconcile } from './escalations';
import type { CaseFact } from './facts';
import { goAroundPaused } from './plan/going-around';
import type { CaseInput } from './inputs';
import { sendReady } from './plan/planning';
import type { Problem } from './problem';
import {
  arriveWhenDue,
  changed,
  consentChanged,
  duplicateSuspected,
  expireConsent,
  registered,
} from './returnee';
import { finish } from './settling';

export type { Env } from './decision';
export { Refusal } from './decision';

/** The facts that follow from an input, in order; none when nothing does. Throws a Refusal for an impossible command. */
export function decide(state: CaseState | undefined, input: CaseInput, env: Env): CaseFact[] {
  return decided(state, input, env).d.facts;
}

/** Decides, and folds the facts into the case. `dueAt`: when time alone is its next input. */
export function run(
  state: CaseState | undefined,
  input: CaseInput,
  env: Env,
): { state: CaseState; facts: CaseFact[]; dueAt: Date | undefined } {
  const { d, problems } = decided(state, input, env);
  return { state: d.state, facts: d.facts, dueAt: nextDueAt(d.state, env, problems) };
}

/** The fold of a case's facts. */
export function fold(facts: Iterable<CaseFact>, state?: CaseState): CaseState | undefined {
  let current = state;
  for (const fact of facts) current = evolve(current, fact);
  return current;
}

function decided(
  state: CaseState | undefined,
  input: CaseInput,
  env: Env,
): { d: Decision; problems: Problem[] } {
  if (!state && input.type !== 'registered') {
    throw new Refusal('unknown-case', 'There is no such case.');
  }
  const caseId = state?.id ?? (input.type === 'registered' ? input.caseId : '');
  const d = new Decision(caseId, state, env, originOf(input));
  if (state) {
    // A consent that is over and a day that has come count before anything else that is told.
    expireConsent(d);
    arriveWhenDue(d);
  }
  apply(d, state !== undefined, input);
  recallWhatLacksConsent(d);
  sendReady(d);
  goAroundPaused(d);
  // Reopening is a person's wish to go on, even where nothing can be planned yet.
  if (input.type !== 'reopen') finish(d);
  return { d, problems: reconcile(d) };
}

function apply(d: Decision, known: boolean, input: CaseInput): void {
  // Intake says it again of the other case, once it knows.
  if (known && d.state.mergedInto && isFromIntake(input)) return;
  switch (input.type) {
    case 'registered':
      return known ? changed(d, input.data) : registered(d, input.data);
    case 'changed':
      return changed(d, input.data);
    case 'consent-changed':
      return consentChanged(d, input.consent);
    case 'duplicate-suspected':
      return duplicateSuspected(d, input.data);
    case 'answered':
      answered(d, input.agency, input.data);
      break;
    case 'answer-corrected':
      answerCorrected(d, input.agency, input.data);
      break;
    case 'time-passed':
      doWhatIsDue(d);
      break;
    case 'catalogue-changed':
      catchUp(d);
      break;
    case 'facts-lost':
      factsLost(d, input.events);
      break;
    default:
      command(d, input);
  }
}

function isFromIntake({ type }: CaseInput): boolean {
  return ['registered', 'changed', 'consent-changed', 'duplicate-suspected'].includes(type);
}

/** Who acts, and the cause by which the timeline tells it. */
function originOf(input: CaseInput): Origin {
  switch (input.type) {
    case 'registered':
    case 'changed':
      return { actor: 'intake', cause: `returnee-${input.type}` };
    case 'consent-changed':
    case 'duplicate-suspected':
      return { actor: 'intake', cause: input.type };
    case 'answered':
      return { actor: `agency:${input.agency}`, cause: `answer:${input.data.status}` };
    case 'answer-corrected':
      return { actor: `agency:${input.agency}`, cause: `correction:${input.data.status}` };
    case 'time-passed':
    case 'catalogue-changed':
    case 'facts-lost':
      return { actor: `rule:${input.type}`, cause: input.type };
    default:
      return { actor: 'operations', cause: `operations:${input.type}` };
  }
}
