/** What has to be said to whom because of what was decided. The shell adds what may be disclosed and sends it. */
import type {
  CancellationRequested,
  CaseEnded,
  CaseReferral,
  CasesMerged,
  DisclosedField,
  DocumentObtained,
  InformationSupplied,
  OutcomeConfirmed,
  OutcomeDisputed,
  ReferralCorrected,
  ReferralReminded,
  ReferralRequested,
  ReferralUpdated,
} from '@retorno/contracts';
import { evolve, endedOtherwise, findReferral, isPlaceable, isSent, type CaseState } from './case';
import { INFORMATION_SUPPLIED } from './commands/referral-commands';
import type { CaseFact, FactOf } from './facts';
import { findOffer, type Catalogues } from './plan/offers';
import type { Rules } from './plan/rules';

/** Messages to an agency by the name of their contract. The two that disclose lack `returnee`: the shell adds it. */
interface AgencyData {
  'referral-requested': Omit<ReferralRequested, 'returnee'>;
  'referral-updated': Omit<ReferralUpdated, 'returnee'>;
  'referral-reminded': ReferralReminded;
  'information-supplied': InformationSupplied;
  'cancellation-requested': CancellationRequested;
  'outcome-confirmed': OutcomeConfirmed;
  'outcome-disputed': OutcomeDisputed;
  'referral-corrected': ReferralCorrected;
}
interface FeedbackData {
  'document-obtained': DocumentObtained;
  'case-ended': CaseEnded;
  'cases-merged': CasesMerged;
}

/** To the agency of a referral. */
export type AgencyMessage = {
  [T in keyof AgencyData]: {
    readonly to: 'agency';
    readonly agency: string;
    readonly service: string;
    readonly type: T;
    readonly data: AgencyData[T];
  };
}[keyof AgencyData];
/** To intake. */
export type FeedbackMessage = {
  [T in keyof FeedbackData]: { readonly to: 'intake'; readonly type: T; readonly data: FeedbackData[T] };
}[keyof FeedbackData];
export type Message = AgencyMessage | FeedbackMessage;

/**
 * The messages that follow from the facts of one decision, in order. `before` is the case as it was.
 * A document that was obtained comes before the referrals that carry it.
 */
export function messagesFor(
  before: CaseState | undefined,
  facts: readonly CaseFact[],
  rules: Rules,
): Message[] {
  const messages: Message[] = [];
  let state = before;
  for (const fact of facts) {
    if (fact.type === 'referral-changed') {
      messages.push(...ofReferral(state && findReferral(state, fact.data.referral.id), fact, rules));
    }
    if (fact.type === 'case-merged' && fact.data.into) {
      const { into, number: intoNumber, at } = fact.data;
      messages.push({ to: 'intake', type: 'cases-merged', data: { into, intoNumber, at } });
    }
    const status = ENDS[fact.type];
    if (status) messages.push({ to: 'intake', type: 'case-ended', data: { status, at: fact.data.at } });
    state = evolve(state, fact);
  }
  return messages;
}

const ENDS: Partial<Record<CaseFact['type'], CaseEnded['status']>> = {
  'case-completed': 'completed',
  'case-closed': 'closed',
  'case-reopened': 'open',
};

/**
 * Tells the agencies of open referrals whose service sees one of the fields; of somebody who `moved`, also those that may
 * still choose another office. For a row that changed.
 */
export function updatesFor(
  state: CaseState,
  changed: readonly DisclosedField[],
  catalogues: Catalogues,
  at: Date,
  moved = false,
): AgencyMessage[] {
  const isSeen = ({ agency, service }: CaseReferral) =>
    findOffer(catalogues, agency, service)?.sees.some((field) => changed.includes(field)) ?? false;
  const isElsewhere = (r: CaseReferral) =>
    moved && isPlaceable(r) && (catalogues.get(r.agency)?.offices?.length ?? 0) > 1;
  return state.referrals
    .filter((r) => isSent(r) && !r.cancellation)
    .filter((r) => isSeen(r) || isElsewhere(r))
    .map((r) => updated(r, at.toISOString()));
}

function ofReferral(
  before: CaseReferral | undefined,
  fact: FactOf<'referral-changed'>,
  rules: Rules,
): Message[] {
  const { referral, at } = fact.data;
  const { id: referralId, service, agency } = referral;
  const to = { to: 'agency' as const, agency, service };
  const about = { referralId, service, at };
  const messages: Message[] = [];
  // Only an answer and its correction carry a number.
  if (referral.status === 'completed') messages.push(...obtained(before, fact, rules));
  // It was asked for under the case that it came along from.
  if (!before && referral.underCase) return [];
  const requested = requestOf(referral);
  if (requested && !before?.requestedAt) {
    return [...messages, { ...to, type: 'referral-requested', data: requested }];
  }
  if (!referral.requestedAt || !before) return messages;
  if (fact.data.cause === CORRECTED && fact.data.actor === 'operations') {
    messages.push({ ...to, type: 'referral-corrected', data: correctionOf(fact) });
  }
  for (const [deadline, field] of REMINDERS) {
    if (referral[field] && referral[field] !== before[field]) {
      messages.push({ ...to, type: 'referral-reminded', data: { ...about, deadline } });
    }
  }
  const settledId = before.provisional && !referral.provisional && !endedOtherwise(referral);
  const moved = before.notBefore !== referral.notBefore;
  if (settledId || moved) messages.push(updated(referral, at, moved));
  if (fact.data.cause === INFORMATION_SUPPLIED && before.businessStatus === 'info-requested') {
    const information = fact.restricted?.note ?? '';
    messages.push({ ...to, type: 'information-supplied', data: { ...about, information } });
  }
  if (referral.cancellation && !before.cancellation) {
    const { reason } = referral.cancellation;
    messages.push({ ...to, type: 'cancellation-requested', data: { ...about, reason } });
  }
  if (before.confirmBy && !referral.confirmBy && referral.status === 'completed') {
    if (referral.businessStatus === 'disputed')
      messages.push({ ...to, type: 'outcome-disputed', data: about });
    else {
      const confirmed = referral.businessStatus === 'confirmed';
      messages.push({ ...to, type: 'outcome-confirmed', data: { ...about, confirmed } });
    }
  }
  return messages;
}

const REMINDERS = [
  ['ack', 'remindedAck'],
  ['done', 'remindedDone'],
  ['cancellation', 'remindedCancellation'],
] as const;

function requestOf(referral: CaseReferral): Omit<ReferralRequested, 'returnee'> | undefined {
  const { id: referralId, service, basis, provisional, requestedAt, ackDueAt, dueAt } = referral;
  if (!requestedAt || !ackDueAt || !dueAt) return undefined;
  const { notBefore } = referral;
  return {
    referralId,
    service,
    basis,
    provisional,
    requestedAt,
    ackDueAt,
    dueAt,
    ...(notBefore ? { notBefore } : {}),
  };
}

function updated(referral: CaseReferral, at: string, moved = false): AgencyMessage {
  const { id: referralId, service, agency, provisional, notBefore, dueAt } = referral;
  const booking = moved && notBefore && dueAt ? { notBefore, dueAt } : {};
  return {
    to: 'agency',
    agency,
    service,
    type: 'referral-updated',
    data: { referralId, service, provisional, ...booking, at },
  };
}

/** The cause of what operations said in an agency's stead; what rules made of it has another actor. */
const CORRECTED = 'operations:correct-answer';

function correctionOf(fact: FactOf<'referral-changed'>): ReferralCorrected {
  const { id: referralId, service, status, code } = fact.data.referral;
  if (status === 'planned' || status === 'requested') throw new Error('no agency answers so');
  return {
    referralId,
    service,
    status,
    ...(code ? { code } : {}),
    reason: 'decided-by-operations',
    at: fact.data.at,
  };
}

/** A document that the agency issued; its number came with the answer and is no part of the fact. */
function obtained(
  before: CaseReferral | undefined,
  fact: FactOf<'referral-changed'>,
  rules: Rules,
): FeedbackMessage[] {
  const { referral, at } = fact.data;
  const documentNumber = fact.restricted?.document;
  const documentType = rules.issues[referral.slot] ?? rules.issues[referral.service];
  if (!documentNumber || !documentType) return [];
  const corrected = before?.status === 'completed' ? { corrected: true } : {};
  const data = { documentType, documentNumber, at, ...corrected };
  return [{ to: 'intake', type: 'document-obtained', data }];
}
