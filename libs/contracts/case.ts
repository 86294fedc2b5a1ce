/**
 * What happened to a case: the coordinator's facts, published as they were decided. Folding a case's facts in order
 * gives its state; the stream is also its timeline. No personal data: free text and names stay in the coordinator.
 */
import { Type, type Static, type TProperties } from 'typebox';
import { declareEvent, type DataOf } from './event';
import { CaseReferralSchema } from './case-referral';
import { ConsentSchema } from './returnee';
import {
  CLOSE_REASONS,
  CalendarDate,
  DOCUMENT_TYPES,
  Instant,
  NEED_CODES,
  NEED_STATUSES,
  RETURN_TYPES,
  SETTLED_REASONS,
  SEXES,
  STAGES,
  Slug,
  UNMET_REASONS,
  VULNERABILITY_CODES,
  codes,
} from './vocabulary';

/** Every fact says when, who and why. */
const origin = {
  at: Instant,
  /** `intake`, `agency:<slug>`, `operations`, `returnee` or `rule:<name>`. */
  actor: Type.String(),
  /** The rule, command or event that caused it, in a few words or as a code. */
  cause: Type.String(),
};

function caseEvent<P extends TProperties>(name: string, properties: P, version = 1) {
  return declareEvent(name, version, Type.Object({ ...properties, ...origin }));
}

/** What planning needs to know of a returnee, without saying who it is. */
const ProfileSchema = Type.Object({
  returnType: codes(RETURN_TYPES),
  arrivalDate: CalendarDate,
  originCountry: Type.String(),
  portOfEntry: Type.String(),
  yearsAbroad: Type.Integer(),
  /** Completed years at arrival_date. */
  age: Type.Integer(),
  sex: codes(SEXES),
  nationality: Type.String(),
  documentType: codes(DOCUMENT_TYPES),
  /** First two digits of the destination's INEI code: the department. */
  region: Type.String(),
  /** Relationship `unaccompanied` in the manifest. */
  unaccompanied: Type.Boolean(),
  vulnerabilities: Type.Array(codes(VULNERABILITY_CODES)),
  needs: Type.Array(codes(NEED_CODES)),
  consent: ConsentSchema,
  /** Where the return stands, when a consulate announced it. */
  stage: Type.Optional(codes(STAGES)),
  /** No day of arrival is known; `arrivalDate` only serves to take ages by. */
  dateUnknown: Type.Optional(Type.Boolean()),
  /** A manifest names the returnee who was announced; false: the manifest of the expected flight does not. */
  onManifest: Type.Optional(Type.Boolean()),
});

/** A need and how it stands. `asked` by the returnee, or `assessed` (a vulnerability, an arrival, a follow-up). */
const NeedSchema = Type.Object({
  code: Slug,
  origin: codes(['asked', 'assessed'] as const),
  status: codes(NEED_STATUSES),
  reason: Type.Optional(codes([...SETTLED_REASONS, ...UNMET_REASONS] as const)),
});

export const ESCALATION_REASONS = [
  'ack-overdue',
  'done-overdue',
  'cancellation-overdue',
  'consent-overdue',
  'consent-expiring',
  'provisional-overdue',
  'info-requested',
  'rejected',
  'failed',
  'prerequisite-unmet',
  'no-provider',
  'disputed',
  'refused-answer',
  'duplicate-suspected',
  'arrival-overdue',
  'complaint',
  'waitlisted',
  'follow-up-overdue',
  'follow-up-concern',
  'corrected',
  'records-differ',
  'moved',
] as const;

const EscalationSchema = Type.Object({
  id: Type.String(),
  reason: codes(ESCALATION_REASONS),
  /** Escalations of many cases with one cause share a group: `no-provider:shelter`. */
  group: Type.Optional(Type.String()),
  referralId: Type.Optional(Type.String()),
  /** Codes only: a reject code, a service, a need, the other case. */
  detail: Type.Record(Type.String(), Type.String()),
  raisedAt: Instant,
  dueAt: Instant,
});

export const CaseOpened = caseEvent('case-opened', { number: Type.String(), profile: ProfileSchema }, 2);
/** The manifest's row or the consent changed. */
export const CaseUpdated = caseEvent('case-updated', { profile: ProfileSchema }, 2);
/** Needs were turned into a plan; the referrals follow as referral-changed. */
export const CasePlanned = caseEvent(
  'case-planned',
  {
    rules: Type.Integer(),
    /** Catalogue version by agency that the plan was made with. */
    catalogues: Type.Record(Type.String(), Type.Integer()),
    needs: Type.Array(NeedSchema),
  },
  2,
);
export const NeedSettled = caseEvent(
  'need-settled',
  {
    code: Slug,
    status: codes(['settled', 'unmet'] as const),
    reason: codes([...SETTLED_REASONS, ...UNMET_REASONS] as const),
  },
  2,
);
export const NeedReopened = caseEvent('need-reopened', { code: Slug });
export const ReferralChanged = caseEvent('referral-changed', { referral: CaseReferralSchema }, 2);
/** Operations let a referral go before these prerequisites. */
export const PrerequisiteWaived = caseEvent('prerequisite-waived', {
  referralId: Type.String(),
  prerequisites: Type.Array(Slug),
});
export const EscalationRaised = caseEvent('escalation-raised', { escalation: EscalationSchema }, 3);
export const EscalationClaimed = caseEvent('escalation-claimed', { id: Type.String() });
/** Whoever had taken it handed it over: it is nobody's again. */
export const EscalationReleased = caseEvent('escalation-released', { id: Type.String() });
export const EscalationResolved = caseEvent('escalation-resolved', {
  id: Type.String(),
  /** A code: `answered`, `rerouted`, `decided` … */
  resolution: Type.String(),
});
/** An impossible transition arrived as an event: recorded, and nothing changed. */
export const AnswerRefused = caseEvent('answer-refused', {
  referralId: Type.String(),
  from: Type.String(),
  to: Type.String(),
});
export const CaseCompleted = caseEvent('case-completed', {});
export const CaseClosing = caseEvent('case-closing', { reason: codes(CLOSE_REASONS) }, 2);
export const CaseClosed = caseEvent('case-closed', { reason: codes(CLOSE_REASONS) }, 2);
export const CaseReopened = caseEvent('case-reopened', {});
/** Two cases are one person's: `from` was merged into this case, or this case into `into`. */
export const CaseMerged = caseEvent('case-merged', {
  from: Type.Optional(Type.String()),
  into: Type.Optional(Type.String()),
  /** The other case's. */
  number: Type.String(),
  /** With `into`: ids of the referrals that went along and are no longer this case's. */
  referrals: Type.Optional(Type.Array(Type.String())),
});
/**
 * How the returnee fares so many months after the arrival: scores from 0 to 1 by dimension, after IOM's reintegration
 * sustainability survey. `version` is the questionnaire's.
 */
export const FollowUpRecorded = caseEvent('follow-up-recorded', {
  month: Type.Integer({ minimum: 1 }),
  version: Type.Integer({ minimum: 1 }),
  outcome: codes(['answered', 'unreachable', 'declined'] as const),
  scores: Type.Optional(
    Type.Object({
      economic: Type.Number({ minimum: 0, maximum: 1 }),
      social: Type.Number({ minimum: 0, maximum: 1 }),
      psychosocial: Type.Number({ minimum: 0, maximum: 1 }),
      composite: Type.Number({ minimum: 0, maximum: 1 }),
    }),
  ),
});

/** Everything that cases.v1 carries. */
export const CASE_EVENTS = [
  CaseOpened,
  CaseUpdated,
  CasePlanned,
  NeedSettled,
  NeedReopened,
  ReferralChanged,
  PrerequisiteWaived,
  EscalationRaised,
  EscalationClaimed,
  EscalationReleased,
  EscalationResolved,
  AnswerRefused,
  CaseCompleted,
  CaseClosing,
  CaseClosed,
  CaseReopened,
  CaseMerged,
  FollowUpRecorded,
] as const;

export type CaseOpened = DataOf<typeof CaseOpened>;
export type CaseUpdated = DataOf<typeof CaseUpdated>;
export type CasePlanned = DataOf<typeof CasePlanned>;
export type NeedSettled = DataOf<typeof NeedSettled>;
export type NeedReopened = DataOf<typeof NeedReopened>;
export type ReferralChanged = DataOf<typeof ReferralChanged>;
export type PrerequisiteWaived = DataOf<typeof PrerequisiteWaived>;
export type EscalationRaised = DataOf<typeof EscalationRaised>;
export type EscalationClaimed = DataOf<typeof EscalationClaimed>;
export type EscalationReleased = DataOf<typeof EscalationReleased>;
export type EscalationResolved = DataOf<typeof EscalationResolved>;
export type AnswerRefused = DataOf<typeof AnswerRefused>;
export type CaseCompleted = DataOf<typeof CaseCompleted>;
export type CaseClosing = DataOf<typeof CaseClosing>;
export type CaseClosed = DataOf<typeof CaseClosed>;
export type CaseReopened = DataOf<typeof CaseReopened>;
export type CaseMerged = DataOf<typeof CaseMerged>;
export type FollowUpRecorded = DataOf<typeof FollowUpRecorded>;

export type CaseProfile = Static<typeof ProfileSchema>;
export type CaseNeed = Static<typeof NeedSchema>;
export type CaseEscalation = Static<typeof EscalationSchema>;
export type EscalationReason = (typeof ESCALATION_REASONS)[number];
