/** What a service that lost records with its database, restored from an older copy, asks of its neighbour and is told. */
import { Type, type Static } from 'typebox';
import { declareEvent, type DataOf } from './event';
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
