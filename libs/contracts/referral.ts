/** What the coordinator asks of an agency, and what the agency answers. Key: the pairwise case reference. */
import { Type, type Static } from 'typebox';
import { declareEvent, type DataOf } from './event';
import {
  ANSWER_BUSINESS_STATUSES,
  ANSWER_STATUSES,
  BASES,
  CalendarDate,
  FINAL_STATUSES,
  Instant,
  REJECT_CODES,
  SEXES,
  Slug,
  codes,
} from './vocabulary';

/** Only what the service declared in `sees`; every other field is absent. */
const DisclosedSchema = Type.Object({
  familyNames: Type.Optional(Type.String()),
  givenNames: Type.Optional(Type.String()),
  codeName: Type.Optional(Type.String()),
  dateOfBirth: Type.Optional(CalendarDate),
  sex: Type.Optional(codes(SEXES)),
  nationality: Type.Optional(Type.String()),
  documentType: Type.Optional(Type.String()),
  documentNumber: Type.Optional(Type.String()),
  destinationUbigeo: Type.Optional(Type.String()),
  phone: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  safePhone: Type.Optional(Type.String()),
  languages: Type.Optional(Type.Array(Type.String())),
  household: Type.Optional(Type.String()),
  portOfEntry: Type.Optional(Type.String()),
  flight: Type.Optional(Type.String()),
  yearsAbroad: Type.Optional(Type.Integer()),
  placeOfDetention: Type.Optional(Type.String()),
  healthFacts: Type.Optional(Type.Array(Type.String())),
  certificate: Type.Optional(Type.String()),
});

const referral = { referralId: Type.String(), service: Slug };

/** The agency is asked to serve. */
export const ReferralRequested = declareEvent(
  'referral-requested',
  1,
  Type.Object({
    ...referral,
    basis: codes(BASES),
    provisional: Type.Boolean(),
    requestedAt: Instant,
    /** When the agency must have accepted or rejected. */
    ackDueAt: Instant,
    /** When it must be done. */
    dueAt: Instant,
    returnee: DisclosedSchema,
    /** Codes of the agency's offices that suit the returnee, the best first. */
    offices: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 50 })),
    /** Booked before the arrival: nothing can be delivered before this day. */
    notBefore: Type.Optional(CalendarDate),
  }),
  { personal: ['returnee'] },
);
export type ReferralRequested = DataOf<typeof ReferralRequested>;

/** A deadline passed in silence. */
export const ReferralReminded = declareEvent(
  'referral-reminded',
  1,
  Type.Object({ ...referral, deadline: codes(['ack', 'done', 'cancellation'] as const), at: Instant }),
);
export type ReferralReminded = DataOf<typeof ReferralReminded>;

/**
 * A disclosed field changed, the returnee goes to live elsewhere, or `id` was met for a provisional referral. `returnee` holds
 * all disclosed fields as they are now.
 */
export const ReferralUpdated = declareEvent(
  'referral-updated',
  1,
  Type.Object({
    ...referral,
    provisional: Type.Boolean(),
    returnee: DisclosedSchema,
    /** The day before which nothing can be delivered, and the deadline that follows from it, where they moved. */
    notBefore: Type.Optional(CalendarDate),
    dueAt: Type.Optional(Instant),
    /** Codes of the offices that suit the returnee now, the best first; while nobody has begun to serve. */
    offices: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 50 })),
    at: Instant,
  }),
  { personal: ['returnee'] },
);
export type ReferralUpdated = DataOf<typeof ReferralUpdated>;

/** Answer to an agency's info-requested. */
export const InformationSupplied = declareEvent(
  'information-supplied',
  1,
  Type.Object({ ...referral, information: Type.String(), at: Instant }),
  { personal: ['information'] },
);
export type InformationSupplied = DataOf<typeof InformationSupplied>;

/** Please stop; only cancelled or completed (done already wins) may follow. */
export const CancellationRequested = declareEvent(
  'cancellation-requested',
  1,
  Type.Object({ ...referral, reason: Type.String(), at: Instant }),
);
export type CancellationRequested = DataOf<typeof CancellationRequested>;

/** The returnee confirmed the delivery, or the time to dispute it passed (`confirmed: false`). */
export const OutcomeConfirmed = declareEvent(
  'outcome-confirmed',
  1,
  Type.Object({ ...referral, confirmed: Type.Boolean(), at: Instant }),
);
export type OutcomeConfirmed = DataOf<typeof OutcomeConfirmed>;

/** The returnee says that it was not delivered. The need is open again. */
export const OutcomeDisputed = declareEvent('outcome-disputed', 1, Type.Object({ ...referral, at: Instant }));
export type OutcomeDisputed = DataOf<typeof OutcomeDisputed>;

/**
 * Operations corrected a final answer of the agency, or gave one in its stead. `status` is what stands from now on; the
 * agency's record follows.
 */
export const ReferralCorrected = declareEvent(
  'referral-corrected',
  1,
  Type.Object({
    ...referral,
    status: codes(ANSWER_STATUSES),
    code: Type.Optional(codes(REJECT_CODES)),
    /** A code: what operations wrote about it is not for the agency. */
    reason: Slug,
    at: Instant,
  }),
  { personal: ['reason'] },
);
export type ReferralCorrected = DataOf<typeof ReferralCorrected>;

/** The data of an answer that both the HTTP interface and the event carry. */
export const AnswerBody = Type.Object({
  status: codes(ANSWER_STATUSES),
  businessStatus: Type.Optional(codes(ANSWER_BUSINESS_STATUSES)),
  /** Why it was rejected; required with status rejected. */
  code: Type.Optional(codes(REJECT_CODES)),
  /** With code missing-documents: the services that must be completed first. */
  missing: Type.Optional(Type.Array(Slug, { minItems: 1, maxItems: 20 })),
  /** Free text for operations; may hold personal data, so it never leaves the coordinator. */
  note: Type.Optional(Type.String({ maxLength: 2000 })),
  scheduledFor: Type.Optional(Instant),
  /** A result code (`verified`), or an object of result fields (`{document}`). */
  outcome: Type.Optional(
    Type.Union([
      Type.String({ maxLength: 100 }),
      Type.Object({
        result: Type.Optional(Type.String({ maxLength: 100 })),
        /** Number of the document that was issued. */
        document: Type.Optional(Type.String({ maxLength: 40 })),
        certificate: Type.Optional(Type.String({ maxLength: 200 })),
      }),
    ]),
  ),
  /** Who answered, within the agency. */
  by: Type.Optional(Type.String({ maxLength: 200 })),
  at: Type.Optional(Instant),
});
export type AnswerBody = Static<typeof AnswerBody>;

/** A rule that answers names no person: most answers of the agencies' services have nothing to seal. */
function isRule(property: string, value: unknown): boolean {
  return property === 'by' && typeof value === 'string' && value.startsWith('rule:');
}

/** An agency's answer. */
export const ReferralAnswered = declareEvent(
  'referral-answered',
  1,
  Type.Object({
    ...AnswerBody.properties,
    referralId: Type.String(),
    /** Code of the office that serves; absent where the agency has one desk only, or none had room. */
    office: Type.Optional(Type.String({ maxLength: 64 })),
    /** How the referral stands at an agency that was restored from an older copy: news only for who has lost it as well. */
    restated: Type.Optional(Type.Literal(true)),
    at: Instant,
  }),
  { personal: ['note', 'outcome', 'by'], isHarmless: isRule },
);
export type ReferralAnswered = DataOf<typeof ReferralAnswered>;

/** The data of a correction that both the HTTP interface and the event carry: the answer that should have been given. */
export const CorrectionBody = Type.Object({
  status: codes(FINAL_STATUSES),
  code: AnswerBody.properties.code,
  missing: AnswerBody.properties.missing,
  outcome: AnswerBody.properties.outcome,
  /** Why the first answer was wrong; free text for operations. */
  reason: Type.String({ minLength: 1, maxLength: 2000 }),
  by: AnswerBody.properties.by,
  at: AnswerBody.properties.at,
});
export type CorrectionBody = Static<typeof CorrectionBody>;

/** An agency takes back a final answer and says what it should have been. An event of its own: nothing is edited. */
export const AnswerCorrected = declareEvent(
  'answer-corrected',
  1,
  Type.Object({ ...CorrectionBody.properties, referralId: Type.String(), at: Instant }),
  { personal: ['reason', 'outcome', 'by'], isHarmless: isRule },
);
export type AnswerCorrected = DataOf<typeof AnswerCorrected>;

/** The fields of a returnee as disclosed to one service. */
export type Disclosed = Static<typeof DisclosedSchema>;
