/** The manifest's columns: the header of the CSV and the fields of the JSON interface are the same words. */
import {
  DOCUMENT_TYPES,
  NEED_CODES,
  RELATIONSHIPS,
  RETURN_TYPES,
  SEXES,
  VULNERABILITY_CODES,
} from '@retorno/contracts';

/** What may be said of a returnee by a manifest; withdrawn comes later and through the consent interface only. */
export const ROW_CONSENTS = ['granted', 'refused', 'pending'] as const;

interface ColumnFacts {
  /** What it holds, for people who write manifests. */
  about: string;
  example: string;
  required?: true;
  /** Several values: separated by `|` in a cell, an array in JSON. */
  list?: true;
  codes?: readonly string[];
}

const columns = {
  external_id: {
    about: "The sending authority's own id of this return; with sending_authority it is the idempotency key.",
    example: '007-00001',
    required: true,
  },
  sending_authority: {
    about: 'Who sends the manifest: a kind and a place.',
    example: 'consulate:us-miami',
    required: true,
  },
  return_type: {
    about: 'How the person returns.',
    example: 'deportation',
    required: true,
    codes: RETURN_TYPES,
  },
  arrival_date: { about: 'Day of arrival in Peru.', example: '2026-11-20', required: true },
  flight: { about: 'Flight number; empty for an arrival by land.', example: 'US431' },
  origin_country: { about: 'Country returned from, ISO 3166-1 alpha-2.', example: 'US', required: true },
  nationality: { about: 'ISO 3166-1 alpha-2.', example: 'PE', required: true },
  port_of_entry: { about: 'Port of entry, three letters.', example: 'LIM', required: true },
  family_names: { about: 'Family names.', example: 'Quispe Mamani', required: true },
  given_names: { about: 'Given names.', example: 'Rosa', required: true },
  date_of_birth: { about: 'Date of birth.', example: '1990-02-28', required: true },
  sex: { about: 'As in the travel document.', example: 'F', required: true, codes: SEXES },
  document_type: {
    about: 'The document that the person carries.',
    example: 'dni',
    required: true,
    codes: DOCUMENT_TYPES,
  },
  document_number: {
    about:
      'Its number; a DNI has eight digits, and may have its check digit or letter behind them: 12345678-9. Empty when document_type is none.',
    example: '12345678',
  },
  household: {
    about: "The sending authority's reference shared by a household's members.",
    example: 'H0001',
  },
  relationship: {
    about: 'Place in the household.',
    example: 'head',
    required: true,
    codes: RELATIONSHIPS,
  },
  phone: { about: 'E.164.', example: '+51987654321' },
  email: { about: 'E-mail address.', example: 'somebody@example.org' },
  languages: { about: 'ISO 639-1 codes.', example: 'es|qu', list: true },
  years_abroad: { about: 'Full years of the last unbroken stay abroad.', example: '5', required: true },
  destination_ubigeo: {
    about: "District of destination, INEI's six digits (RENIEC's codes differ).",
    example: '150101',
    required: true,
  },
  vulnerabilities: {
    about: 'Vulnerability codes.',
    example: 'pregnant',
    list: true,
    codes: VULNERABILITY_CODES,
  },
  needs: { about: 'Need codes.', example: 'health-insurance|employment', list: true, codes: NEED_CODES },
  consent: {
    about: 'Consent to disclose to agencies.',
    example: 'granted',
    required: true,
    codes: ROW_CONSENTS,
  },
  consent_at: {
    about: 'When consent was given or refused, RFC 3339 with offset; required when granted.',
    example: '2026-11-20T08:44:00-05:00',
  },
} as const satisfies Record<string, ColumnFacts>;

/**
 * Columns of a file of refused rows that say where a row stood and what was wrong with it. Such a file, corrected, is sent
 * again as it is: what they hold is not read.
 */
export const NOTES = ['line', 'errors'] as const;

export type Column = keyof typeof columns;

/** All columns, in the order in which manifests usually have them. */
export const COLUMNS = Object.keys(columns) as Column[];

/** What is known of a column. */
export function columnFacts(column: Column): ColumnFacts {
  return columns[column];
}

/** True for a column of the manifest. */
export function isColumn(name: string): name is Column {
  return Object.hasOwn(columns, name);
}
