/**
 * The field's words, as codes. They are the same in code, API, console and files.
 * Lists here are closed: a code that is not listed is refused at the border of the system.
 */
import { Type, type Static, type TEnum, type TSchema } from 'typebox';

/** Closed list of codes as a JSON Schema enum, typed as the union of its members. */
export function codes<const T extends readonly string[]>(list: T): TEnum<[...T]> {
  return Type.Enum<[...T]>([...list] as unknown as [...T]);
}

/** A date without time, ISO 8601 (`2026-11-20`). */
export const CalendarDate = Type.String({ format: 'date' });
/** An instant, RFC 3339 with offset or `Z`. */
export const Instant = Type.String({ format: 'date-time' });
/** An agency or service code: lower case, digits and hyphens. */
export const Slug = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' });

/** What the result of an outcome looks like: a code, never words about a person. */
export const RESULT_CODE = /^[a-z][a-z0-9-]{0,62}$/;
/** A duration: `n d` (working days in Lima) or `n h` (elapsed hours). */
export const Deadline = Type.String({ pattern: '^[1-9][0-9]{0,3} [dh]$' });

/** What the returnee can ask for. */
export const NEED_CODES = [
  'identity-document',
  'birth-registration',
  'civil-certificate',
  'health-insurance',
  'health-care',
  'emotional-support',
  'school-enrolment',
  'recognition-of-studies',
  'employment',
  'skills-certification',
  'entrepreneurship',
  'social-programme',
  'shelter',
  'legal-advice',
  'disability-card',
  'returnee-card',
  'police-record',
] as const;

/** What a returnee was assessed with on arrival. */
export const VULNERABILITY_CODES = [
  'unaccompanied-child',
  'older-person',
  'pregnant',
  'chronic-illness',
  'tb-or-hiv',
  'mental-distress',
  'disability',
  'gender-based-violence',
  'trafficking',
  'single-headed-household',
  'detained-abroad',
] as const;

/**
 * What a person suffered or suffers from: violence, trafficking, a child alone, health; and the need that says as much. Lists
 * never show these, nor do answers about one person to whom it is not shown.
 */
export const RESTRICTED_FACTS: readonly string[] = [
  'gender-based-violence',
  'trafficking',
  'unaccompanied-child',
  'tb-or-hiv',
  'pregnant',
  'chronic-illness',
  'mental-distress',
  'disability',
  'disability-card',
];
/** What is shown in the stead of a code that is not. */
export const MASK = 'restricted';

export const RETURN_TYPES = ['deportation', 'voluntary', 'assisted-voluntary'] as const;
export const SEXES = ['F', 'M', 'X'] as const;
export const DOCUMENT_TYPES = ['dni', 'passport', 'safe-conduct', 'none'] as const;
export const RELATIONSHIPS = ['single', 'head', 'spouse', 'child', 'unaccompanied'] as const;
export const CONSENT_STATUSES = ['pending', 'granted', 'refused', 'withdrawn', 'expired'] as const;
/**
 * Who gave the consent: the returnee, whoever answers for a child or a person under guardianship, or the authority that
 * protects a child who came alone.
 */
export const CONSENT_GIVERS = ['self', 'guardian', 'protection-authority'] as const;
/** What a consent can be given for, one by one. A service declares which of them it serves. */
export const PURPOSES = [
  'reception',
  'identity',
  'health',
  'protection',
  'social',
  'housing',
  'education',
  'work',
  'legal',
  'migration',
  'follow-up',
] as const;
/**
 * Where a return stands, when a consulate announced it: held abroad, released abroad (no return is certain), about to
 * travel, back, or given up. A manifest alone says nothing of it: its arrival date does.
 */
export const STAGES = ['detained', 'released', 'expected', 'arrived', 'not-returning'] as const;
/** Stands for a destination that nobody knows yet: no INEI code begins with 00. */
export const UNKNOWN_DISTRICT = '000000';

/** Legal basis of a disclosure (Ley 29733, DS 016-2024-JUS). */
export const BASES = ['consent', 'vital-interests', 'legal-obligation'] as const;

/** A referral's status; names follow FHIR Task.status. */
export const REFERRAL_STATUSES = [
  'planned',
  'requested',
  'received',
  'accepted',
  'rejected',
  'in-progress',
  'on-hold',
  'completed',
  'failed',
  'cancelled',
] as const;

/** The statuses that an agency can answer with. */
export const ANSWER_STATUSES = [
  'received',
  'accepted',
  'rejected',
  'in-progress',
  'on-hold',
  'completed',
  'failed',
  'cancelled',
] as const;

/** The answers that nothing follows. */
export const FINAL_STATUSES = ['rejected', 'completed', 'failed', 'cancelled'] as const;

/** Which answer may follow which status of a referral that was sent; both ends hold to it. Nothing follows a terminal one. */
export const NEXT_STATUSES = {
  received: ['accepted', 'rejected'],
  accepted: ['in-progress', 'on-hold', 'completed', 'failed'],
  'in-progress': ['on-hold', 'completed', 'failed'],
  'on-hold': ['in-progress', 'completed', 'failed'],
  rejected: [],
  completed: [],
  failed: [],
  cancelled: [],
} as const satisfies Record<AnswerStatus, readonly AnswerStatus[]>;

/** What a referral's status means for people; more than one may follow each other under one status. */
export const BUSINESS_STATUSES = [
  'awaiting-prerequisite',
  'awaiting-consent',
  'awaiting-arrival',
  'info-requested',
  'waitlisted',
  'scheduled',
  'no-show',
  'cancellation-requested',
  'delivered-unconfirmed',
  'confirmed',
  'disputed',
] as const;

/** The business statuses that an agency may give. */
export const ANSWER_BUSINESS_STATUSES = ['info-requested', 'waitlisted', 'scheduled', 'no-show'] as const;

/** Why an agency turned a referral down. A rejection without one is refused. */
export const REJECT_CODES = [
  'no-capacity',
  'not-eligible',
  'missing-documents',
  'out-of-area',
  'wrong-agency',
  'unreachable',
  'duplicate',
  'person-declined',
  'safety',
] as const;

export const NEED_STATUSES = ['open', 'settled', 'unmet'] as const;

/** How a need was settled. */
export const SETTLED_REASONS = ['confirmed', 'delivered-unconfirmed', 'person-declined'] as const;

/** Why a need stayed unmet. */
export const UNMET_REASONS = [
  'no-provider',
  'not-eligible',
  'no-capacity',
  'consent-refused',
  'consent-withdrawn',
  'consent-expired',
  'unreachable',
  'failed',
  'decided-by-operations',
  'case-closed',
] as const;

export const CASE_STATUSES = ['open', 'closing', 'completed', 'closed'] as const;

/** Why a case is closed before its needs are settled. */
export const CLOSE_REASONS = [
  'consent-withdrawn',
  'died',
  'left-country',
  'duplicate',
  'wrong-person',
  'unreachable',
  'not-returning',
] as const;

/**
 * The fields that a service may declare it needs to see. Nothing else of a returnee is disclosed.
 * `name` is both names; `contact` is phone, email and languages.
 */
export const DISCLOSED_FIELDS = [
  'name',
  'code-name',
  'birth',
  'sex',
  'nationality',
  'document',
  'district',
  'contact',
  'safe-contact',
  'languages',
  'household',
  'port',
  'flight',
  'years-abroad',
  'place-of-detention',
  'health-facts',
  'certificate',
] as const;

export type NeedCode = (typeof NEED_CODES)[number];
export type VulnerabilityCode = (typeof VULNERABILITY_CODES)[number];
export type DocumentType = (typeof DOCUMENT_TYPES)[number];
export type ConsentStatus = (typeof CONSENT_STATUSES)[number];
export type ConsentGiver = (typeof CONSENT_GIVERS)[number];
export type Purpose = (typeof PURPOSES)[number];
export type Stage = (typeof STAGES)[number];
export type Basis = (typeof BASES)[number];
export type ReferralStatus = (typeof REFERRAL_STATUSES)[number];
export type AnswerStatus = (typeof ANSWER_STATUSES)[number];
export type BusinessStatus = (typeof BUSINESS_STATUSES)[number];
export type RejectCode = (typeof REJECT_CODES)[number];
export type UnmetReason = (typeof UNMET_REASONS)[number];
export type SettledReason = (typeof SETTLED_REASONS)[number];
export type CaseStatus = (typeof CASE_STATUSES)[number];
export type CloseReason = (typeof CLOSE_REASONS)[number];
export type DisclosedField = (typeof DISCLOSED_FIELDS)[number];

export type { Static, TSchema };
