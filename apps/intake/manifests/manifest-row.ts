/** One row of a manifest, or one returnee as JSON, to what intake keeps; or everything that is wrong with it. */
import {
  DOCUMENT_TYPES,
  NEED_CODES,
  RELATIONSHIPS,
  RETURN_TYPES,
  SEXES,
  VULNERABILITY_CODES,
  type Consent,
  type Journey,
  type NeedCode,
  type Person,
  type VulnerabilityCode,
} from '@retorno/contracts';
import { isEmail } from 'class-validator';
import parsePhone from 'libphonenumber-js/min';
import { wordOfManifest } from '../consent/consent';
import { Cells, type Row, type RowError } from './cells';
import { COLUMNS, ROW_CONSENTS } from './columns';
import { DAY, parseInstant, yearsBetween } from '../fields/dates';
import { readNumber } from '../fields/documents';
import { isLanguage } from '../fields/languages';
import { isDistrict } from '../fields/ubigeo';

/** A returnee as a manifest describes one return of one person. */
export interface Registration {
  /** Empty when it was lost with a restored database: the next row of theirs says it again. */
  externalId: string;
  person: Person;
  journey: Journey;
  vulnerabilities: VulnerabilityCode[];
  needs: NeedCode[];
  consent: Consent;
  /** Of a return that was announced before its manifest. */
  announced?: Announced;
  /** The phone as the returnee gave it since, and what rows said of it until then. */
  told?: ToldPhone;
}

/** A phone that the returnee gave. It holds until a row says something else than rows did before. */
export interface ToldPhone {
  phone: string;
  /** Absent when rows named none. */
  instead?: string;
}

/** What was said of a return before its manifest. A manifest adds to it and takes nothing back. */
export interface Announced {
  needs: NeedCode[];
  vulnerabilities: VulnerabilityCode[];
  /** Fingerprint of the notice or row that was taken over last: the same one again says nothing new. */
  said: string;
}

export type RowResult =
  { registration: Registration; errors?: never } | { errors: RowError[]; registration?: never };

const AUTHORITY = /^[a-z][a-z0-9-]{0,49}(:[a-z0-9][a-z0-9-]{0,49}){1,3}$/;
const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/;
export const PORT = /^[A-Z]{3}$/;
export const FLIGHT = /^[A-Z0-9]{2,3}[0-9]{1,4}[A-Z]?$/;
const E164 = /^\+[1-9]\d{6,14}$/;
const EARLIEST_ARRIVAL = '2000-01-01';
const ANNOUNCED_AHEAD_MS = 2 * 366 * DAY;
const CONSENT_AHEAD_MS = 31 * DAY;
const LONGEST_LIFE = 125;

/** Checks every rule and normalises (NFC, trimmed). `today` bounds how far ahead an arrival may be announced. */
export function readRow(row: Row, today: Date): RowResult {
  const cells = new Cells(row);
  const registration = {
    externalId: cells.matching('external_id', REFERENCE, 'letters, digits and . _ : / - only, at most 64'),
    journey: readJourney(cells, today),
    person: readPerson(cells),
    vulnerabilities: cells.codes('vulnerabilities', VULNERABILITY_CODES),
    needs: cells.codes('needs', NEED_CODES),
    consent: readConsent(cells),
  };
  checkBirth(cells, registration.person.dateOfBirth, registration.journey.arrivalDate);
  checkConsentTime(cells, registration.consent, registration.journey.arrivalDate, today);
  // Fields stand at placeholders only where an error was noted.
  if (cells.errors.length > 0) return { errors: inColumnOrder(cells.errors) };
  const { person, journey } = registration;
  const consent = wordOfManifest(registration.consent, person.dateOfBirth, journey.arrivalDate);
  return { registration: { ...registration, consent } };
}

function inColumnOrder(errors: readonly RowError[]): RowError[] {
  return errors.toSorted((a, b) => COLUMNS.indexOf(a.column) - COLUMNS.indexOf(b.column));
}

function readJourney(cells: Cells, today: Date): Journey {
  const arrivalDate = cells.date('arrival_date');
  if (arrivalDate && !isPlausibleArrival(arrivalDate, today)) {
    cells.refuse(
      'arrival_date',
      'implausible-date',
      `must lie between ${EARLIEST_ARRIVAL} and two years from now`,
    );
  }
  const flight = cells.matching('flight', FLIGHT, "an airline's code and a number, like US431", (text) =>
    text.replaceAll(' ', ''),
  );
  return {
    sendingAuthority: cells.matching(
      'sending_authority',
      AUTHORITY,
      'a kind and a place, like consulate:us-miami',
    ),
    returnType: cells.code('return_type', RETURN_TYPES),
    arrivalDate,
    ...(flight && { flight }),
    originCountry: cells.country('origin_country'),
    portOfEntry: cells.matching('port_of_entry', PORT, 'three capital letters, like LIM'),
    yearsAbroad: cells.integer('years_abroad', 100),
  };
}

/** True for a day from 2000 to two years from now. */
export function isPlausibleArrival(day: string, today: Date): boolean {
  const latest = new Date(today.getTime() + ANNOUNCED_AHEAD_MS).toISOString().slice(0, 10);
  return day >= EARLIEST_ARRIVAL && day <= latest;
}

function readPerson(cells: Cells): Person {
  const household = cells.matching('household', REFERENCE, 'letters, digits and . _ : / - only, at most 64');
  const phone = readPhone(cells);
  const email = readEmail(cells);
  return {
    familyNames: cells.name('family_names'),
    givenNames: cells.name('given_names'),
    dateOfBirth: cells.date('date_of_birth'),
    sex: cells.code('sex', SEXES),
    nationality: cells.country('nationality'),
    ...readDocument(cells),
    ...(household && { household }),
    relationship: cells.code('relationship', RELATIONSHIPS),
    ...(phone && { phone }),
    ...(email && { email }),
    languages: readLanguages(cells),
    destinationUbigeo: readUbigeo(cells),
  };
}

function readDocument(cells: Cells): Pick<Person, 'documentType' | 'documentNumber'> {
  const documentType = cells.code('document_type', DOCUMENT_TYPES);
  const text = cells.text('document_number');
  if (documentType === 'none') {
    if (text) cells.refuse('document_number', 'unexpected', 'must be empty when document_type is none');
    return { documentType };
  }
  if (!text) {
    if (documentType)
      cells.refuse('document_number', 'required', 'must be given unless document_type is none');
    return { documentType };
  }
  // Of an unknown kind nothing can be said; the row is refused for that already.
  const { number = '', wrong } = documentType ? readNumber(documentType, text) : {};
  if (wrong !== undefined) cells.refuse('document_number', 'invalid-document-number', wrong);
  return { documentType, documentNumber: number };
}

/** True for a telephone number in E.164 that some country could have given out. */
export function isPhone(text: string): boolean {
  return E164.test(text) && parsePhone(text)?.isPossible() === true;
}

function readPhone(cells: Cells): string | undefined {
  const text = cells.text('phone');
  if (!text) return undefined;
  // Possible, not valid: number ranges are opened faster than libraries are updated.
  if (isPhone(text)) return text;
  cells.refuse(
    'phone',
    'invalid-phone',
    'must be a telephone number in E.164: +, country code and digits, no spaces',
  );
  return undefined;
}

function readEmail(cells: Cells): string | undefined {
  const text = cells.text('email');
  if (!text) return undefined;
  if (/^[A-Za-z0-9_]/.test(text) && text.length <= 254 && isEmail(text)) return text;
  cells.refuse('email', 'invalid-email', 'must be an e-mail address like name@example.org');
  return undefined;
}

function readLanguages(cells: Cells): string[] {
  const list = cells.list('languages');
  if (!list.every(isLanguage)) {
    cells.refuse('languages', 'unknown-language', 'must hold ISO 639-1 codes like es or qu, separated by |');
  }
  return list;
}

function readUbigeo(cells: Cells): string {
  const text = cells.required('destination_ubigeo') ?? '';
  if (text && !/^\d{6}$/.test(text)) {
    cells.refuse('destination_ubigeo', 'invalid-format', 'must be six digits, leading zero included');
  } else if (text && !isDistrict(text)) {
    cells.refuse(
      'destination_ubigeo',
      'unknown-ubigeo',
      "must be the INEI code of a district (not RENIEC's code)",
    );
  }
  return text;
}

function readConsent(cells: Cells): Consent {
  const status = cells.code('consent', ROW_CONSENTS);
  const text = cells.text('consent_at');
  const at = text === undefined ? undefined : parseInstant(text);
  if (text !== undefined && at === undefined) {
    cells.refuse(
      'consent_at',
      'invalid-instant',
      'must be RFC 3339 with offset, like 2026-11-20T08:44:00-05:00',
    );
  } else if (text === undefined && status === 'granted') {
    cells.refuse('consent_at', 'required', 'must be given when consent is granted');
  }
  return { status, ...(at && { at }) };
}

function checkBirth(cells: Cells, born: string, arrival: string): void {
  if (!born || !arrival) return;
  if (born > arrival) {
    cells.refuse('date_of_birth', 'born-after-arrival', 'must not be later than arrival_date');
  } else if (yearsBetween(born, arrival) > LONGEST_LIFE) {
    cells.refuse(
      'date_of_birth',
      'implausible-date',
      `must be at most ${LONGEST_LIFE} years before arrival_date`,
    );
  }
}

function checkConsentTime(cells: Cells, consent: Consent, arrival: string, today: Date): void {
  if (consent.at && arrival && !isPlausibleConsentTime(consent.at, arrival, today)) {
    cells.refuse('consent_at', 'implausible-date', 'must not lie in the future');
  }
}

/**
 * The latest consent wins, so one dated years ahead by a slip would shut out every later one. A month is left for wrong
 * clocks and wrong days.
 */
export function isPlausibleConsentTime(at: string, arrivalDate: string, today: Date): boolean {
  return Date.parse(at) <= Math.max(today.getTime(), Date.parse(arrivalDate)) + CONSENT_AHEAD_MS;
}
