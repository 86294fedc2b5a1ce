/** What the room of words of codes holds: each closed list of contracts that a screen shows. */
import type {
  Basis,
  BusinessStatus,
  CaseStatus,
  CloseReason,
  ConsentStatus,
  DisclosedField,
  DocumentType,
  DUPLICATE_GROUNDS,
  EscalationReason,
  NeedCode,
  Purpose,
  ReferralStatus,
  RejectCode,
  RELATIONSHIPS,
  RETURN_TYPES,
  SettledReason,
  SEXES,
  Stage,
  UnmetReason,
  VulnerabilityCode,
} from '@retorno/contracts';

/** Words by code, as they stand within a sentence. */
export interface CodeWords {
  readonly case: Record<CaseStatus, string>;
  readonly consent: Record<ConsentStatus, string>;
  readonly need: Record<NeedCode | VulnerabilityCode | 'arrival-reception' | 'follow-up', string>;
  readonly needStatus: Record<'open' | 'settled' | 'unmet', string>;
  readonly needReason: Record<SettledReason | UnmetReason, string>;
  readonly referral: Record<ReferralStatus, string>;
  readonly business: Record<BusinessStatus | 'awaiting-agency', string>;
  readonly reject: Record<RejectCode, string>;
  readonly close: Record<CloseReason, string>;
  readonly escalation: Record<EscalationReason | 'agency-paused' | 'offered-now', string>;
  readonly escalationStatus: Record<'open' | 'claimed' | 'resolved', string>;
  readonly basis: Record<Basis, string>;
  readonly purpose: Record<Purpose, string>;
  readonly field: Record<DisclosedField | 'information', string>;
  readonly stage: Record<Stage, string>;
  readonly returnType: Record<(typeof RETURN_TYPES)[number], string>;
  readonly sex: Record<(typeof SEXES)[number], string>;
  readonly documentType: Record<DocumentType, string>;
  readonly relationship: Record<(typeof RELATIONSHIPS)[number], string>;
  readonly priority: Record<'urgent' | 'routine', string>;
  /** What a person's follow-up asks about (`apps/coordinator/questionnaire.ts`). */
  readonly dimension: Record<'economic' | 'social' | 'psychosocial', string>;
  readonly ground: Record<(typeof DUPLICATE_GROUNDS)[number], string>;
  /** What is shown instead of what lists do not show. */
  readonly restricted: string;
}

/** Words that begin a line, as they stand within a sentence. */
export function inSentence<C extends string>(words: Readonly<Record<C, string>>): Record<C, string> {
  const begun = Object.entries<string>(words).map(([code, [first = '', ...rest]]) => [
    code,
    first.toLowerCase() + rest.join(''),
  ]);
  return Object.fromEntries(begun) as Record<C, string>;
}
