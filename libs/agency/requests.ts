/** What the coordinator's requests do to a referral, and what the agency answers to them by itself. Pure. */
import type {
  AnswerBody,
  CancellationRequested,
  InformationSupplied,
  OutcomeConfirmed,
  OutcomeDisputed,
  ReferralCorrected,
  ReferralReminded,
  ReferralRequested,
  ReferralUpdated,
} from '@retorno/contracts';
import { correctedByOperations } from './correction';
import { decideAlone, outcomeRulesOf, placed, receive, type Deciding, type Handled } from './deciding';
import { placedAnew } from './moving';
import { suitable, turns, waits, type Places } from './places';
import { answer, isOpen, type AgencyReferral, type Refusal } from './referral';

/** A request event, by what it asks. */
export type AgencyRequest =
  | { readonly type: 'requested'; readonly data: ReferralRequested }
  | { readonly type: 'reminded'; readonly data: ReferralReminded }
  | { readonly type: 'updated'; readonly data: ReferralUpdated }
  | { readonly type: 'information-supplied'; readonly data: InformationSupplied }
  | { readonly type: 'cancellation-requested'; readonly data: CancellationRequested }
  | { readonly type: 'outcome-confirmed'; readonly data: OutcomeConfirmed }
  | { readonly type: 'outcome-disputed'; readonly data: OutcomeDisputed }
  | { readonly type: 'corrected'; readonly data: ReferralCorrected };

/**
 * Handles one request: stores what it says, then lets the agency answer what needs no person. Undefined when nothing
 * changes: a repeated request, or one that came too late for a referral that has ended. `places` are the agency's, where
 * it has limits. Throws when the policy decides something impossible, or when the referral was never requested.
 */
export function handle(
  agency: Deciding,
  known: AgencyReferral | undefined,
  request: AgencyRequest,
  caseRef: string,
  now: Date,
  places?: Places,
): Handled | undefined {
  if (request.type === 'requested') {
    return known ? undefined : receive(agency, request.data, caseRef, now, places);
  }
  if (!known) throw new Error(`${request.type} for a referral that was never requested of ${agency.slug}`);
  const referral = applied(known, request, now);
  if (referral === known) return undefined;
  if (request.type === 'outcome-confirmed' || request.type === 'corrected') return { referral, answers: [] };
  const moved = request.type === 'updated' ? placedAnew(agency, known, referral, now, places) : undefined;
  return decideAlone(agency, moved ?? { referral, answers: [] }, request.type, now);
}

/**
 * Takes an answer of the agency's staff and lets the policy follow it up. Staff who accept a referral that waits for an
 * office serve it over the limit, at the one that suits it best.
 */
export function handleAnswer(
  agency: Deciding,
  known: AgencyReferral,
  body: AnswerBody,
  now: Date,
): Handled | Refusal {
  const office = suitable(agency, known.service, known.offices)[0]?.code;
  const served = body.status === 'accepted' && waits(known) && office ? { ...known, office } : known;
  const result = answer(served, body, now, outcomeRulesOf(agency, known));
  if ('refused' in result) return result;
  return decideAlone(agency, { referral: result.referral, answers: [result.answered] }, 'answered', now);
}

/** What a referral does when its time has come: it takes the office that is free for it, or asks its policy again. */
export function handleTime(
  agency: Deciding,
  known: AgencyReferral,
  now: Date,
  places?: Places,
): Handled | undefined {
  const office = places && waits(known) ? turns(agency, places).get(known.id) : undefined;
  const start = office === undefined ? undefined : placed(agency, known, office, now);
  const current = start?.referral ?? known;
  if (current.wakeAt === undefined || new Date(current.wakeAt) > now) return start;
  const { wakeAt: _now, ...awake } = current;
  return decideAlone(agency, { ...start, answers: start?.answers ?? [], referral: awake }, 'woken', now);
}

/** The referral with a later request written into it; the same object when it changes nothing. */
function applied(
  referral: AgencyReferral,
  request: Exclude<AgencyRequest, { type: 'requested' }>,
  now: Date,
): AgencyReferral {
  const updatedAt = now.toISOString();
  switch (request.type) {
    case 'corrected':
      return correctedByOperations(referral, request.data, now);
    case 'outcome-confirmed': {
      const businessStatus = request.data.confirmed ? 'confirmed' : 'delivered-unconfirmed';
      return referral.status === 'completed' ? { ...referral, businessStatus, updatedAt } : referral;
    }
    case 'outcome-disputed':
      return referral.status === 'completed'
        ? { ...referral, businessStatus: 'disputed', updatedAt }
        : referral;
    case 'updated': {
      const { returnee, provisional, notBefore, dueAt, offices } = request.data;
      const booking = { ...(notBefore && { notBefore }), ...(dueAt && { dueAt }) };
      // Insured at once, the card follows: what was delivered provisionally is made good after its end.
      const isMadeGood = referral.status === 'completed' && referral.provisional && !provisional;
      return isOpen(referral) || isMadeGood
        ? { ...referral, returnee, provisional, ...booking, ...(offices && { offices }), updatedAt }
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
