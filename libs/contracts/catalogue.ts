/** What an agency publishes about itself. The coordinator plans from this and knows no agency by name. */
import { Type, type Static } from 'typebox';
import { declareEvent, type DataOf } from './event';
import {
  BASES,
  Deadline,
  DISCLOSED_FIELDS,
  DOCUMENT_TYPES,
  PURPOSES,
  Slug,
  VULNERABILITY_CODES,
  codes,
} from './vocabulary';

/** Conditions that must all hold, taken at arrival_date; a need whose condition fails is not-eligible. */
const OnlySchema = Type.Object({
  /** Age in completed years, both ends included. */
  ageFrom: Type.Optional(Type.Integer({ minimum: 0 })),
  ageTo: Type.Optional(Type.Integer({ minimum: 0 })),
  nationality: Type.Optional(codes(['peruvian', 'other'] as const)),
  /** Years of the last unbroken stay abroad. */
  yearsAbroadFrom: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Entry at most this many calendar days ago. */
  enteredWithinDays: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Ports of entry at which it is offered. */
  ports: Type.Optional(Type.Array(Type.String())),
  /** Ports of entry at which it is not offered. */
  portsExcept: Type.Optional(Type.Array(Type.String())),
  phase: Type.Optional(codes(['before-arrival', 'after-arrival'] as const)),
  documentTypes: Type.Optional(Type.Array(codes(DOCUMENT_TYPES))),
  /** Consent granted, or younger than this age. */
  consentOrUnder: Type.Optional(Type.Integer({ minimum: 0 })),
});

/** A service as offered. */
const ServiceOfferSchema = Type.Object({
  /** The service's code, unique within the agency: `mental-health`. */
  code: Slug,
  title: Type.Optional(Type.Object({ es: Type.String(), en: Type.String() })),
  /** Need and vulnerability codes that it answers: any of them triggers it. */
  for: Type.Array(Slug),
  /** Also triggered by holding one of these documents, whatever was asked. */
  forDocuments: Type.Optional(Type.Array(codes(DOCUMENT_TYPES))),
  /** Triggered without any need: on every arrival, or for every case once all other needs are settled. */
  every: Type.Optional(codes(['arrival', 'case-end'] as const)),
  only: Type.Optional(OnlySchema),
  /** Service codes, or `id`, that must be completed first. */
  requires: Type.Array(Slug),
  /** Service codes of other agencies in whose stead it can serve. It is then an alternative, not a first choice. */
  equivalentTo: Type.Optional(Type.Array(Slug)),
  /** Deadline to accept or reject, from requestedAt. */
  ack: Deadline,
  /** Deadline to finish, from requestedAt. */
  done: Deadline,
  basis: codes(BASES),
  /** What a consent must have been given for. Absent: only a consent to everything counts. */
  purpose: Type.Optional(codes(PURPOSES)),
  /** The law or agreement that lets the agency have these fields, for people: `Ley 26842, art. 29`. */
  law: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
  /** May be asked for before the arrival, so that an appointment exists when the returnee lands. */
  preBook: Type.Optional(Type.Boolean()),
  /** Other deadlines and basis for returnees with any of these vulnerabilities. */
  urgent: Type.Optional(
    Type.Object({
      for: Type.Array(codes(VULNERABILITY_CODES)),
      ack: Deadline,
      done: Deadline,
      basis: codes(BASES),
    }),
  ),
  /** Groups that are served at once, before the required `id`, with `provisional: true` until it is met. */
  provisionalFor: Type.Optional(
    Type.Object({
      vulnerabilities: Type.Array(codes(VULNERABILITY_CODES)),
      underAge: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
  ),
  /** What its outcome must be, where that matters to others. */
  outcome: Type.Optional(
    Type.Object({
      /** Fields without which it cannot be completed. */
      requires: Type.Optional(Type.Array(codes(['result', 'document', 'certificate'] as const))),
      /** The results that there are. Absent: any. */
      results: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
      /** Results that staff may note while they are still at it (status in-progress). */
      interim: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
      /** How the number of its document looks, since later referrals carry it: a regular expression, and in words. */
      document: Type.Optional(Type.Object({ pattern: Type.String(), inWords: Type.String() })),
    }),
  ),
  /** The fields disclosed beside referral, pairwise case reference, service and deadlines. */
  sees: Type.Array(codes(DISCLOSED_FIELDS)),
});

/** Where an agency serves. Services and languages left out: all of the agency's services, and Spanish. */
const OfficeSchema = Type.Object({
  code: Type.String(),
  name: Type.String(),
  ubigeoInei: Type.String(),
  address: Type.Optional(Type.String({ maxLength: 300 })),
  phone: Type.Optional(Type.String({ maxLength: 40 })),
  /** Opening hours, for people. */
  hours: Type.Optional(Type.String({ maxLength: 200 })),
  services: Type.Optional(Type.Array(Slug)),
  /** ISO 639-1. */
  languages: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z]{2}$' }))),
  /** Open referrals that it can have at once, by service; a service left out has no limit. */
  capacity: Type.Optional(Type.Record(Type.String(), Type.Integer({ minimum: 0 }))),
});

/** An agency publishes its catalogue at start and whenever it changes; the newest replaces the one before. */
export const CataloguePublished = declareEvent(
  'catalogue-published',
  1,
  Type.Object({
    agency: Slug,
    name: Type.String({ minLength: 1 }),
    /** Grows with every change of the definition. */
    version: Type.Integer({ minimum: 1 }),
    services: Type.Array(ServiceOfferSchema, { minItems: 1 }),
    offices: Type.Optional(Type.Array(OfficeSchema)),
    contact: Type.Optional(
      Type.Object({ email: Type.Optional(Type.String()), phone: Type.Optional(Type.String()) }),
    ),
  }),
);
export type CataloguePublished = DataOf<typeof CataloguePublished>;
export type Office = Static<typeof OfficeSchema>;
export type ServiceOffer = Static<typeof ServiceOfferSchema>;
export type OfferConditions = Static<typeof OnlySchema>;
