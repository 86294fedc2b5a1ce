/** What the coordinator's requests do to a referral, and what the agency answers to them by itself. Pure. */
import type {
  AnswerBody,
  CancellationRequested,
  InformationSupplied,
  OutcomeConfirmed,
  OutcomeDisputed,
  ReferralAnswered,
  ReferralReminded,
  ReferralRequested,
  ReferralUpdated,
} from '@retorno/contracts';
import { peruCalendar } from '@retorno/service';
import type { AgencyDefinition, Policy, PolicyDecision, PolicyInputType } from './definition';
import { answer, isOpen, type AgencyReferral } from './referral';

/** A request event, by what it asks. */
export type AgencyRequest =
  | { readonly type: 'requested'; readonly data: ReferralRequested }
  | { readonly type: 'reminded'; readonly data: ReferralReminded }
  | { readonly type: 'updated'; readonly data: ReferralUpdated }
  | { readonly type: 'information-supplied'; readonly data: InformationSupplied }
  | { readonly type: 'cancellation-requested'; readonly data: CancellationRequested }
  | { readonly type: 'outcome-confirmed'; readonly data: OutcomeConfirmed }
  | { readonly type: 'outcome-disputed'; readonly data: OutcomeDisputed };

type Deciding = Pick<AgencyDefinition, 'slug' | 'services' | 'policy' | 'cancellations'>;

const calendar = peruCalendar();

/** The referral after a request, and the answers to publish, in order. */
export interface Handled {
  readonly referral: AgencyReferral;
  readonly answers: readonly ReferralAnswered[];
}

/**
 * Handles one request: stores what it says, acknowledges a new referral with `received`, then lets the policy answer.
 * Undefined when nothing changes: a repeated request, or one that came too late for a referral that has ended.
 * Throws when the policy gives an answer that is impossible, or when the referral was never requested.
 */
export function handle(
  agency: Deciding,
  known: AgencyReferral | undefined,
  request: AgencyRequest,
  caseRef: string,
  now: Date,
): Handled | undefined {
  if (request.type === 'requested') {
    return known ? undefined : decideAlone(agency, opened(request.data, caseRef, now), 'requested', now);
  }
  if (!known) throw new Error(`${request.type} for a referral that was never requested of ${agency.slug}`);
  const referral = applied(known, request, now);
  if (referral === known) return undefined;
  if (!isOpen(referral) || request.type === 'outcome-confirmed' || request.type === 'outcome-disputed') {
    return { referral, answers: [] };
  }
  return decideAlone(agency, { referral, answers: [] }, request.type, now);
}

/** A new referral and its automatic acknowledgement. */
function opened(data: ReferralRequested, caseRef: string, now: Date): Handled {
  const at = now.toISOString();
  const by = 'rule:received';
  const { referralId, ...asked } = data;
  return {
    referral: {
      id: referralId,
      caseRef,
      ...asked,
      status: 'received',
      history: [{ at, status: 'received', by }],
      updatedAt: at,
    },
    answers: [{ referralId, status: 'received', at, by }],
  };
}

/** The referral with a later request written into it; the same object when it changes nothing. */
function applied(
  referral: AgencyReferral,
  request: Exclude<AgencyRequest, { type: 'requested' }>,
  now: Date,
): AgencyReferral {
  const updatedAt = now.toISOString();
  switch (request.type) {
    case 'outcome-confirmed': {
      const businessStatus = request.data.confirmed ? 'confirmed' : 'delivered-unconfirmed';
      return referral.status === 'completed' ? { ...referral, businessStatus, updatedAt } : referral;
    }
    case 'outcome-disputed':
      return referral.status === 'completed'
        ? { ...referral, businessStatus: 'disputed', updatedAt }
        : referral;
    case 'updated': {
      const { returnee, provisional, notBefore, dueAt } = request.data;
      const booking = { ...(notBefore && { notBefore }), ...(dueAt && { dueAt }) };
      // Insured at once, the card follows: what was delivered provisionally is made good after its end.
      const isMadeGood = referral.status === 'completed' && referral.provisional && !provisional;
      return isOpen(referral) || isMadeGood
        ? { ...referral, returnee, provisional, ...booking, updatedAt }
        : referral;
    }
  }
  if (!isOpen(referral)) return referral;
  switch (request.type) {
    case 'reminded':
      return { ...referral, remindedAt: request.data.at, updatedAt };
    case 'information-supplied': {
      // The question is answered; it may be asked again.
      const { businessStatus, ...rest } = referral;
      const open = businessStatus && businessStatus !== 'info-requested' ? { businessStatus } : {};
      return { ...rest, ...open, information: request.data.information, updatedAt };
    }
    case 'cancellation-requested': {
      if (referral.cancellationRequested) return referral;
      const { reason, at } = request.data;
      const { scheduledFor: _dropped, ...rest } = referral;
      return {
        ...rest,
        businessStatus: 'cancellation-requested',
        cancellationRequested: { reason, at },
        updatedAt,
      };
    }
  }
}

/** Lets the agency answer what needs no person: rules that hold for every agency, and its policy. */
function decideAlone(agency: Deciding, start: Handled, type: PolicyInputType, now: Date): Handled {
  if (type === 'requested' && !agency.services.some((offer) => offer.code === start.referral.service)) {
    return answeredWith(
      agency.slug,
      start,
      [{ status: 'rejected', code: 'wrong-agency', by: 'rule:service-not-offered' }],
      now,
    );
  }
  const decision = decisionOf(agency.policy(start.referral, { type, now, calendar }));
  const bodies = (decision.answers ?? []).map((body) => ({ by: 'rule:policy', ...body }));
  const noted = { ...start, referral: noting(start.referral, decision) };
  const decided = answeredWith(agency.slug, noted, bodies, now);
  // Nobody has begun to work on it, so there is nothing to undo and nobody to ask.
  const alone = agency.cancellations === 'automatic';
  if (alone && type === 'cancellation-requested' && decided.referral.status === 'received') {
    return answeredWith(agency.slug, decided, [{ status: 'cancelled', by: 'rule:not-started' }], now);
  }
  return decided;
}

function decisionOf(decided: ReturnType<Policy>): PolicyDecision {
  return 'length' in decided ? { answers: decided } : decided;
}

/** The referral with what its policy wants to be kept. */
function noting(referral: AgencyReferral, { priority, memo, wakeAt }: PolicyDecision): AgencyReferral {
  const { wakeAt: before, ...rest } = referral;
  const next = wakeAt === undefined ? before : wakeAt?.toISOString();
  return {
    ...rest,
    ...(priority && { priority }),
    ...(memo && { memo }),
    ...(next !== undefined && { wakeAt: next }),
  };
}

function answeredWith(slug: string, start: Handled, bodies: readonly AnswerBody[], now: Date): Handled {
  return bodies.reduce<Handled>(({ referral, answers }, body) => {
    const result = answer(referral, body, now);
    if ('refused' in result)
      throw new Error(`The policy of ${slug} gave an answer that is not possible: ${result.detail}`);
    return { referral: result.referral, answers: [...answers, result.answered] };
  }, start);
}
