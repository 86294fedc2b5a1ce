/** A referral as the facts of its case tell it: no personal data. */
import { Type, type Static } from 'typebox';
import {
  BASES,
  BUSINESS_STATUSES,
  CalendarDate,
  Instant,
  PURPOSES,
  REFERRAL_STATUSES,
  REJECT_CODES,
  Slug,
  codes,
} from './vocabulary';

/** One referral, whole, as it is after the fact. */
export const CaseReferralSchema = Type.Object({
  id: Type.String(),
  agency: Slug,
  service: Slug,
  /** The service that the plan asked for; an equivalent one may serve in its stead. */
  slot: Slug,
  attempt: Type.Integer({ minimum: 1 }),
  /** Codes of the needs that it serves; empty when it serves only as a prerequisite. */
  needs: Type.Array(Slug),
  status: codes(REFERRAL_STATUSES),
  businessStatus: Type.Optional(codes(BUSINESS_STATUSES)),
  /** Since when it has waited for nothing but its agency, which operations have paused; it stays where another was asked instead. */
  pausedSince: Type.Optional(Instant),
  /** The agency's office that serves. */
  office: Type.Optional(Type.String()),
  /** Since when no office of the agency has had room. */
  waitlistedAt: Type.Optional(Instant),
  /** What a consent must have been given for, as published when it was planned. */
  purpose: Type.Optional(codes(PURPOSES)),
  /** Booked before the arrival: nothing can be delivered before this day. */
  notBefore: Type.Optional(CalendarDate),
  /** The case under whose reference the agency knows it, when that case was merged into this one. */
  underCase: Type.Optional(Type.String()),
  /** When a final answer was last corrected. */
  correctedAt: Type.Optional(Instant),
  basis: codes(BASES),
  provisional: Type.Boolean(),
  /** What must be completed first: service codes, or `id`. */
  requires: Type.Array(Slug),
  /** Prerequisites that operations waived. */
  waived: Type.Array(Slug),
  /** Deadlines as published by the agency when it was planned. */
  ack: Type.String(),
  done: Type.String(),
  requestedAt: Type.Optional(Instant),
  ackDueAt: Type.Optional(Instant),
  dueAt: Type.Optional(Instant),
  /** Set when the agency first answered more than `received`. */
  acknowledgedAt: Type.Optional(Instant),
  endedAt: Type.Optional(Instant),
  code: Type.Optional(codes(REJECT_CODES)),
  /** Services that the agency wants to be completed first, and that wait for this one themselves. */
  circular: Type.Optional(Type.Array(Slug)),
  /** The outcome's result code. Fields of the outcome are personal data and not here. */
  result: Type.Optional(Type.String()),
  scheduledFor: Type.Optional(Instant),
  /** The done deadline is suspended since then (info-requested, on-hold). */
  suspendedAt: Type.Optional(Instant),
  /** Milliseconds of suspension already granted, of at most 10 days. */
  suspendedMs: Type.Optional(Type.Integer()),
  /** When the last reminder went out, by deadline. */
  remindedAck: Type.Optional(Instant),
  remindedDone: Type.Optional(Instant),
  remindedCancellation: Type.Optional(Instant),
  cancellation: Type.Optional(Type.Object({ requestedAt: Instant, dueAt: Instant, reason: Type.String() })),
  /** The end of the time in which the returnee confirms or disputes. */
  confirmBy: Type.Optional(Instant),
  /** By when `id` must be met for a provisional referral. */
  provisionalUntil: Type.Optional(Instant),
});
export type CaseReferral = Static<typeof CaseReferralSchema>;
