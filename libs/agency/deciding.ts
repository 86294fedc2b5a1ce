/** What an agency decides without a person: rules that hold for every agency, and its policy. Pure. */
import {
  ANSWER_BUSINESS_STATUSES,
  type AnswerBody,
  type AnswerCorrected,
  type CorrectionBody,
  type ReferralAnswered,
  type ReferralRequested,
} from '@retorno/contracts';
import { peruCalendar } from '@retorno/service';
import { correct } from './correction';
import type { AgencyDefinition, PolicyDecision, PolicyInputType } from './definition';
import { officeFor, type Places } from './places';
import { policyFailed } from './policy-failure';
import { answer, isOpen, recorded, type AgencyReferral, type Refusal } from './referral';

/** What decisions need of an agency's definition. */
export type Deciding = Pick<AgencyDefinition, 'slug' | 'services' | 'offices' | 'policy' | 'cancellations'>;

/** The referral as it is then, and what to tell the coordinator, in order: the answers, then a correction. */
export interface Handled {
  readonly referral: AgencyReferral;
  readonly answers: readonly ReferralAnswered[];
  readonly corrected?: AnswerCorrected;
}

const calendar = peruCalendar();

/** What the agency's service says of its outcome. */
export function outcomeRulesOf(agency: Deciding, referral: Pick<AgencyReferral, 'service'>) {
  return agency.services.find((offer) => offer.code === referral.service)?.outcome;
}

/**
 * A new referral: acknowledged at once with the office that serves it, or as waitlisted when none has room; then the
 * policy answers. While it waits for a room the policy only sets its priority and ends what is not to be served at all.
 */
export function receive(
  agency: Deciding,
  data: ReferralRequested,
  caseRef: string,
  now: Date,
  places: Places | undefined,
): Handled {
  const { referralId, ...asked } = data;
  const at = now.toISOString();
  const fresh: AgencyReferral = {
    id: referralId,
    caseRef,
    ...asked,
    status: 'received',
    history: [],
    updatedAt: at,
  };
  const by = 'rule:received';
  if (!agency.services.some((offer) => offer.code === data.service)) {
    const code = 'wrong-agency';
    return answeredWith(
      agency,
      acknowledged(fresh, by, at),
      [{ status: 'rejected', code, by: 'rule:service-not-offered' }],
      now,
    );
  }
  const decision = ask(agency, fresh, 'requested', now);
  const decided = noting(agency, fresh, decision, 'requested', now);
  const office = officeFor(agency, places, decided);
  const ends = endsWith(decision);
  if (!office && places && agency.offices && !ends) {
    const waiting = { ...decided, waitingSince: data.requestedAt };
    return acknowledged(waiting, by, at, 'waitlisted');
  }
  const served = office && !ends ? { ...decided, office } : decided;
  return answeredWith(agency, acknowledged(served, by, at), answersOf(decision), now);
}

/** A referral that waited gets its office; then the policy answers it as if it had just come. */
export function placed(agency: Deciding, waiting: AgencyReferral, office: string, now: Date): Handled {
  const { businessStatus, ...rest } = waiting;
  // A question that staff asked meanwhile stays asked.
  const kept = ANSWER_BUSINESS_STATUSES.find((code) => code === businessStatus && code !== 'waitlisted');
  const start = acknowledged({ ...rest, office }, 'rule:office-free', now.toISOString(), kept);
  return decideAlone(agency, start, 'requested', now);
}

/** Lets the policy answer after something happened, and grants a cancellation where nobody has begun. */
export function decideAlone(agency: Deciding, start: Handled, type: PolicyInputType, now: Date): Handled {
  const decision = ask(agency, start.referral, type, now);
  const noted = { ...start, referral: noting(agency, start.referral, decision, type, now) };
  const answered = answeredWith(agency, noted, answersOf(decision), now);
  const decided = correctedWith(agency, answered, decision.correction, now);
  // Nobody has begun to work on it, so there is nothing to undo and nobody to ask.
  const alone = agency.cancellations === 'automatic';
  if (alone && type === 'cancellation-requested' && decided.referral.status === 'received') {
    return answeredWith(agency, decided, [{ status: 'cancelled', by: 'rule:not-started' }], now);
  }
  return decided;
}

/** The referral with an answer of the service itself: the same status, and perhaps an office or a businessStatus. */
export function acknowledged(
  referral: AgencyReferral,
  by: string,
  at: string,
  businessStatus?: AnswerBody['businessStatus'],
): Handled {
  const { id: referralId, status, office } = referral;
  const more = businessStatus ? { businessStatus } : {};
  return {
    referral: {
      ...referral,
      ...more,
      history: recorded(referral, { at, status, ...more, by }),
      updatedAt: at,
    },
    answers: [{ referralId, status, ...more, ...(office !== undefined && { office }), at, by }],
  };
}

function ask(agency: Deciding, referral: AgencyReferral, type: PolicyInputType, now: Date): PolicyDecision {
  let decided: ReturnType<AgencyDefinition['policy']>;
  try {
    decided = agency.policy(referral, { type, now, calendar });
  } catch (error) {
    throw policyFailed(agency.slug, `${referral.service}, ${type}`, error);
  }
  return 'length' in decided ? { answers: decided } : decided;
}

function answersOf({ answers = [] }: PolicyDecision): AnswerBody[] {
  return answers.map((body) => ({ by: 'rule:policy', ...body }));
}

function endsWith({ answers = [] }: PolicyDecision): boolean {
  const last = answers.at(-1);
  return last !== undefined && !isOpen(last);
}

/** The referral with what its policy wants to be kept. Throws when a policy that was woken wants to be woken at once. */
function noting(
  agency: Deciding,
  referral: AgencyReferral,
  { priority, memo, wakeAt }: PolicyDecision,
  type: PolicyInputType,
  now: Date,
): AgencyReferral {
  if (type === 'woken' && wakeAt && wakeAt <= now) {
    throw new Error(
      `The policy of ${agency.slug} was woken and wants to be woken at once, which would never end.`,
    );
  }
  const { wakeAt: before, ...rest } = referral;
  const next = wakeAt === undefined ? before : wakeAt?.toISOString();
  return {
    ...rest,
    ...(priority && { priority }),
    ...(memo && { memo }),
    ...(next !== undefined && { wakeAt: next }),
  };
}

function answeredWith(agency: Deciding, start: Handled, bodies: readonly AnswerBody[], now: Date): Handled {
  return bodies.reduce<Handled>((handled, body) => {
    const { referral, answers } = handled;
    const result = answer(referral, body, now, outcomeRulesOf(agency, referral));
    if ('refused' in result) throw impossible(agency, 'an answer', result);
    return { ...handled, referral: result.referral, answers: [...answers, result.answered] };
  }, start);
}

function correctedWith(
  agency: Deciding,
  start: Handled,
  correction: CorrectionBody | undefined,
  now: Date,
): Handled {
  if (!correction) return start;
  const body = { by: 'rule:policy', ...correction };
  const result = correct(start.referral, body, now, outcomeRulesOf(agency, start.referral));
  if ('refused' in result) throw impossible(agency, 'a correction', result);
  return { ...start, ...result };
}

function impossible({ slug }: Deciding, what: string, { detail }: Refusal): Error {
  return new Error(`The policy of ${slug} gave ${what} that is not possible: ${detail}`);
}
