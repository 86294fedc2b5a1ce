/** What a service that lost records with its database, restored from an older copy, asks of its neighbour and is told. */
import { Type, type Static } from 'typebox';
import { declareEvent, type DataOf } from './event';
import { ReturneeChanged } from './returnee';
import { ANSWER_STATUSES, ANSWER_BUSINESS_STATUSES, Instant, REJECT_CODES, Slug, codes } from './vocabulary';

/** An agency does not know any more what it answered in a case: please say how its referrals stand. */
export const RecordsLost = declareEvent('records-lost', 1, Type.Object({ at: Instant }));
export type RecordsLost = DataOf<typeof RecordsLost>;

/** A referral as the agency's own last answer left it. */
const RestoredSchema = Type.Object({
  referralId: Type.String(),
  service: Slug,
  status: codes(ANSWER_STATUSES),
  businessStatus: Type.Optional(codes(ANSWER_BUSINESS_STATUSES)),
  code: Type.Optional(codes(REJECT_CODES)),
  scheduledFor: Type.Optional(Instant),
  office: Type.Optional(Type.String()),
  /** The outcome's result code; its other fields are personal and were not kept with the case. */
  result: Type.Optional(Type.String()),
});

/**
 * How every referral of the case stands that was sent to the agency. What it was told before, and has lost, is sent again
 * and comes first.
 */
export const RecordsRestored = declareEvent(
  'records-restored',
  1,
  Type.Object({ referrals: Type.Array(RestoredSchema), at: Instant }),
);
export type RecordsRestored = DataOf<typeof RecordsRestored>;
export type RestoredReferral = Static<typeof RestoredSchema>;

/** Intake does not know any more whom it registered under this case, or how that stands: please say what was told of it. */
export const RegistrationLost = declareEvent('registration-lost', 1, Type.Object({ at: Instant }));
export type RegistrationLost = DataOf<typeof RegistrationLost>;

/**
 * A registration as intake's messages have left it with the coordinator. What the sending authority calls the person and the
 * household's place are not in it: intake never tells the one, and finds the other again.
 */
export const RegistrationRestored = declareEvent(
  'registration-restored',
  1,
  Type.Object({
    returneeId: Type.String(),
    caseNumber: Type.String(),
    /** Absent once it was erased. */
    returnee: Type.Optional(Type.Omit(ReturneeChanged.schema, ['returneeId'])),
    /** The case that it was merged into. */
    mergedInto: Type.Optional(Type.String()),
    /** The cases that were merged into it. */
    mergedFrom: Type.Optional(Type.Array(Type.String())),
    at: Instant,
  }),
  { personal: ['returnee'] },
);
export type RegistrationRestored = DataOf<typeof RegistrationRestored>;
