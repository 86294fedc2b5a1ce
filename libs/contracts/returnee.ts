/** What intake tells the coordinator: the person, the needs, the vulnerabilities, the consent. */
import { Type, type Static } from 'typebox';
import { declareEvent, type DataOf } from './event';
import {
  CONSENT_GIVERS,
  CONSENT_STATUSES,
  CalendarDate,
  DOCUMENT_TYPES,
  Instant,
  NEED_CODES,
  PURPOSES,
  RELATIONSHIPS,
  RETURN_TYPES,
  SEXES,
  STAGES,
  VULNERABILITY_CODES,
  codes,
} from './vocabulary';

/** Personal data: it stays in intake, in this event, and in one restricted table of the coordinator. */
const PersonSchema = Type.Object({
  familyNames: Type.String(),
  givenNames: Type.String(),
  dateOfBirth: CalendarDate,
  sex: codes(SEXES),
  /** ISO 3166-1 alpha-2. */
  nationality: Type.String({ pattern: '^[A-Z]{2}$' }),
  documentType: codes(DOCUMENT_TYPES),
  documentNumber: Type.Optional(Type.String()),
  /** Reference shared by the members of a household. */
  household: Type.Optional(Type.String()),
  relationship: codes(RELATIONSHIPS),
  /** Where the head of the household goes and what it speaks: its members are sent to the same offices. */
  householdAt: Type.Optional(
    Type.Object({ ubigeo: Type.String({ pattern: '^[0-9]{6}$' }), languages: Type.Array(Type.String()) }),
  ),
  /** E.164. */
  phone: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  /** ISO 639-1. */
  languages: Type.Array(Type.String()),
  /** Six digits, INEI. */
  destinationUbigeo: Type.String({ pattern: '^[0-9]{6}$' }),
});

const JourneySchema = Type.Object({
  sendingAuthority: Type.String(),
  returnType: codes(RETURN_TYPES),
  arrivalDate: CalendarDate,
  flight: Type.Optional(Type.String()),
  originCountry: Type.String({ pattern: '^[A-Z]{2}$' }),
  portOfEntry: Type.String(),
  /** Years of the last unbroken stay abroad. */
  yearsAbroad: Type.Integer({ minimum: 0 }),
  /** Where the return stands, when a consulate announced it; `arrivalDate` is then the day that is expected. */
  stage: Type.Optional(codes(STAGES)),
  /** No day of arrival is known: `arrivalDate` is then the day of the notice, by which ages are taken. */
  dateUnknown: Type.Optional(Type.Boolean()),
  /**
   * For an announced return: a manifest names the returnee, who thus arrives on `arrivalDate`; or (false) the manifest of
   * the expected flight does not.
   */
  onManifest: Type.Optional(Type.Boolean()),
  /** Where the person is held, as the consulate names it. Personal data. */
  placeOfDetention: Type.Optional(Type.String({ maxLength: 200 })),
});

/** A consent as it stands. Without `purposes` it is for all of them; `until` is when it expires. */
export const ConsentSchema = Type.Object({
  status: codes(CONSENT_STATUSES),
  at: Type.Optional(Instant),
  by: Type.Optional(codes(CONSENT_GIVERS)),
  purposes: Type.Optional(Type.Array(codes(PURPOSES), { minItems: 1 })),
  until: Type.Optional(Instant),
});

const fields = {
  returneeId: Type.String(),
  person: PersonSchema,
  journey: JourneySchema,
  vulnerabilities: Type.Array(codes(VULNERABILITY_CODES)),
  needs: Type.Array(codes(NEED_CODES)),
  consent: ConsentSchema,
};

const personal = ['person', 'journey', 'vulnerabilities', 'needs'];

/** First notice of a returnee: a case begins. */
export const ReturneeRegistered = declareEvent(
  'returnee-registered',
  2,
  Type.Object({ caseNumber: Type.String(), ...fields }),
  { personal },
);
export type ReturneeRegistered = DataOf<typeof ReturneeRegistered>;

/** A row changed: everything as it is now. What differs from before is for the coordinator to find. */
export const ReturneeChanged = declareEvent('returnee-changed', 2, Type.Object(fields), { personal });
export type ReturneeChanged = DataOf<typeof ReturneeChanged>;

/** Consent given, refused or withdrawn. The latest by `at` wins. */
export const ConsentChanged = declareEvent(
  'consent-changed',
  2,
  Type.Object({ returneeId: Type.String(), consent: ConsentSchema }),
);
export type ConsentChanged = DataOf<typeof ConsentChanged>;

/** By what two persons look alike. */
export const DUPLICATE_GROUNDS = ['same-document', 'same-names-and-birth-date', 'similar-person'] as const;

/** This case's person looks like another case's. Nothing is merged: operations decides. */
export const DuplicateSuspected = declareEvent(
  'duplicate-suspected',
  2,
  Type.Object({
    /** The other case. */
    otherCaseId: Type.String(),
    otherCaseNumber: Type.String(),
    ground: codes(DUPLICATE_GROUNDS),
    /** How alike the two are, 0 to 100, where that was scored. */
    score: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  }),
);
export type DuplicateSuspected = DataOf<typeof DuplicateSuspected>;

/**
 * The returnee's personal data is to be erased, for good and everywhere: on request, or because its time is over. The
 * coordinator does it, for it knows whether anything is open, and under which references agencies know the case.
 */
export const ErasureRequested = declareEvent(
  'erasure-requested',
  1,
  Type.Object({ returneeId: Type.String(), at: Instant }),
);
export type ErasureRequested = DataOf<typeof ErasureRequested>;

export type Person = Static<typeof PersonSchema>;
export type Journey = Static<typeof JourneySchema>;
export type Consent = Static<typeof ConsentSchema>;
