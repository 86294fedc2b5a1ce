/**
 * Who sees what: from the coordinator's restricted record of a person, only the fields that a service declared.
 * Purpose limitation and proportionality: Ley 29733, articles 6 to 8, and DS 016-2024-JUS.
 */
import { createHash } from 'node:crypto';
import {
  UNKNOWN_DISTRICT,
  type Disclosed,
  type DisclosedField,
  type DocumentType,
  type Journey,
  type Person,
  type ReturneeChanged,
  type ReturneeRegistered,
  type VulnerabilityCode,
} from '@retorno/contracts';
import type { Whereabouts } from '@retorno/service';

/** The vulnerabilities that are facts of health. Violence and trafficking are none and are never disclosed as such. */
const HEALTH_FACTS = [
  'pregnant',
  'chronic-illness',
  'tb-or-hiv',
  'mental-distress',
  'disability',
] as const satisfies readonly VulnerabilityCode[];
export type HealthFact = (typeof HEALTH_FACTS)[number];

/** A document that an agency issued to the returnee during the case. */
export interface ObtainedDocument {
  readonly documentType: DocumentType;
  readonly documentNumber: string;
}

/** What the coordinator keeps of a person, in its one restricted table; nothing of it stands anywhere else. */
export interface PersonRecord {
  readonly returneeId: string;
  readonly person: Person;
  readonly journey: Pick<
    Journey,
    'sendingAuthority' | 'originCountry' | 'portOfEntry' | 'flight' | 'yearsAbroad' | 'placeOfDetention'
  >;
  /** Detained abroad, so that the country of origin is where it is. */
  readonly detained: boolean;
  /** In the order of HEALTH_FACTS. */
  readonly healthFacts: readonly HealthFact[];
  /** Replaces the manifest's document in later referrals. */
  readonly obtainedDocument?: ObtainedDocument;
  /** Reference of the medical certificate that an agency issued. */
  readonly certificate?: string;
}

/**
 * The record of a person as intake tells it. `before` is the record so far: what agencies issued meanwhile is kept,
 * for intake's message does not carry it.
 */
export function personRecord(
  data: ReturneeRegistered | ReturneeChanged,
  before?: PersonRecord,
): PersonRecord {
  const { sendingAuthority, originCountry, portOfEntry, flight, yearsAbroad, placeOfDetention } =
    data.journey;
  return {
    returneeId: data.returneeId,
    person: data.person,
    journey: {
      sendingAuthority,
      originCountry,
      portOfEntry,
      yearsAbroad,
      ...(flight === undefined ? {} : { flight }),
      ...(placeOfDetention === undefined ? {} : { placeOfDetention }),
    },
    detained: data.vulnerabilities.includes('detained-abroad'),
    healthFacts: HEALTH_FACTS.filter((fact) => data.vulnerabilities.includes(fact)),
    ...(before?.obtainedDocument ? { obtainedDocument: before.obtainedDocument } : {}),
    ...(before?.certificate === undefined ? {} : { certificate: before.certificate }),
  };
}

/** Two records of one person: what the first one lacks is filled from the other. */
export function mergedRecord(into: PersonRecord, from: PersonRecord): PersonRecord {
  const { documentType, documentNumber, phone, email } = from.person;
  const document = documentNumber === undefined ? { documentType } : { documentType, documentNumber };
  const contact = { ...(phone === undefined ? {} : { phone }), ...(email === undefined ? {} : { email }) };
  const { obtainedDocument = from.obtainedDocument, certificate = from.certificate } = into;
  return {
    ...into,
    person: {
      ...contact,
      ...into.person,
      ...(into.person.documentType === 'none' ? document : {}),
    },
    detained: into.detained || from.detained,
    healthFacts: HEALTH_FACTS.filter(
      (fact) => into.healthFacts.includes(fact) || from.healthFacts.includes(fact),
    ),
    ...(obtainedDocument ? { obtainedDocument } : {}),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

/** An agency issued a document: later referrals carry it. */
export function withObtainedDocument(record: PersonRecord, document: ObtainedDocument): PersonRecord {
  return { ...record, obtainedDocument: document };
}

/** It had not issued one after all: the manifest's document counts again. */
export function withoutObtainedDocument(record: PersonRecord): PersonRecord {
  const { obtainedDocument: _obtained, ...rest } = record;
  return rest;
}

/** An agency issued a medical certificate: later referrals that need it carry it. */
export function withCertificate(record: PersonRecord, certificate: string): PersonRecord {
  return { ...record, certificate };
}

/** What an agency knows a case by; no other agency knows it by the same. */
interface References {
  readonly caseRef: string;
  /** Its reference of a household. */
  household(household: string): string;
}

/** How each declared field reads off the record. What is unknown is undefined and stays out. */
const READ: {
  readonly [F in DisclosedField]: (record: PersonRecord, as: References) => Unknowns<Disclosed>;
} = {
  name: ({ person }) => ({ familyNames: person.familyNames, givenNames: person.givenNames }),
  'code-name': (_record, { caseRef }) => ({ codeName: codeName(caseRef) }),
  birth: ({ person }) => ({ dateOfBirth: person.dateOfBirth }),
  sex: ({ person }) => ({ sex: person.sex }),
  nationality: ({ person }) => ({ nationality: person.nationality }),
  document: ({ person, obtainedDocument }) => {
    const { documentType, documentNumber } = obtainedDocument ?? person;
    return { documentType, documentNumber };
  },
  district: ({ person: { destinationUbigeo } }) => ({
    destinationUbigeo: destinationUbigeo === UNKNOWN_DISTRICT ? undefined : destinationUbigeo,
  }),
  contact: ({ person }) => ({ phone: person.phone, email: person.email, languages: person.languages }),
  'safe-contact': ({ person }) => ({ safePhone: person.phone }),
  languages: ({ person }) => ({ languages: person.languages }),
  // Two authorities may have given two households one reference.
  household: ({ person, journey }, as) => ({
    household: person.household && as.household(`${journey.sendingAuthority}\n${person.household}`),
  }),
  port: ({ journey }) => ({ portOfEntry: journey.portOfEntry }),
  flight: ({ journey }) => ({ flight: journey.flight }),
  'years-abroad': ({ journey }) => ({ yearsAbroad: journey.yearsAbroad }),
  // A manifest names no prison; the country is then what a consulate has to find the person by.
  'place-of-detention': ({ journey, detained }) => ({
    placeOfDetention: journey.placeOfDetention ?? (detained ? journey.originCountry : undefined),
  }),
  'health-facts': ({ healthFacts }) => ({
    healthFacts: healthFacts.length > 0 ? [...healthFacts] : undefined,
  }),
  certificate: ({ certificate }) => ({ certificate }),
};

/**
 * The fields of a person that a service declared in `sees`, and not one more. Unknown ones are absent. `as`: the
 * references under which its agency knows the case.
 */
export function disclose(record: PersonRecord, sees: readonly DisclosedField[], as: References): Disclosed {
  const disclosed: Record<string, unknown> = {};
  for (const field of sees) {
    for (const [name, value] of Object.entries(READ[field](record, as))) {
      if (value !== undefined) disclosed[name] = value;
    }
  }
  return disclosed;
}

/** By which properties a field is told. */
const TOLD_AS: { readonly [F in DisclosedField]: readonly (keyof Disclosed)[] } = {
  name: ['familyNames', 'givenNames'],
  'code-name': ['codeName'],
  birth: ['dateOfBirth'],
  sex: ['sex'],
  nationality: ['nationality'],
  document: ['documentType', 'documentNumber'],
  district: ['destinationUbigeo'],
  contact: ['phone', 'email', 'languages'],
  'safe-contact': ['safePhone'],
  languages: ['languages'],
  household: ['household'],
  port: ['portOfEntry'],
  flight: ['flight'],
  'years-abroad': ['yearsAbroad'],
  'place-of-detention': ['placeOfDetention'],
  'health-facts': ['healthFacts'],
  certificate: ['certificate'],
};

/** Those of the declared fields of which nothing was disclosed, because nothing is known. */
export function absentFields(disclosed: Disclosed, sees: readonly DisclosedField[]): DisclosedField[] {
  return sees.filter((field) => TOLD_AS[field].every((name) => disclosed[name] === undefined));
}

/** The fields that read otherwise than before, for telling the services that see them. */
export function changedFields(before: PersonRecord, after: PersonRecord): DisclosedField[] {
  return (Object.keys(READ) as DisclosedField[]).filter(
    (field) => JSON.stringify(READ[field](before, NOBODYS)) !== JSON.stringify(READ[field](after, NOBODYS)),
  );
}

/** Where offices are looked for: with the household, or where the returnee goes to live. */
export function whereabouts({ person }: PersonRecord): Whereabouts {
  return person.householdAt ?? { ubigeo: person.destinationUbigeo, languages: person.languages };
}

/** True when other offices may be the best ones now. */
export function hasMoved(before: PersonRecord, after: PersonRecord): boolean {
  return JSON.stringify(whereabouts(before)) !== JSON.stringify(whereabouts(after));
}

/** For comparing two records: no agency's references. */
const NOBODYS: References = { caseRef: '', household: (household) => household };

/**
 * A name to speak of a person by who must not be named: `Persona-7F3A21C4`. Stable for one agency, another at each, so
 * that it does not join their files.
 */
function codeName(caseRef: string): string {
  const digest = createHash('sha256').update(caseRef).digest('hex');
  return `Persona-${digest.slice(0, 8).toUpperCase()}`;
}

type Unknowns<T> = { [K in keyof T]?: T[K] | undefined };
