import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './cells';
import type { Column } from './columns';
import { readRecords } from './csv-records';
import { COLUMNS } from './columns';
import { readHeader } from './manifest-header';
import { readLine } from './manifest-report';
import { readRow } from './manifest-row';
import { DISTRICT_COUNT, isDistrict } from '../fields/ubigeo';

const TODAY = new Date('2026-11-20T12:00:00Z');
const GOOD: Row = {
  external_id: '007-00001',
  sending_authority: 'consulate:us-miami',
  return_type: 'deportation',
  arrival_date: '2026-11-20',
  flight: 'US431',
  origin_country: 'US',
  nationality: 'PE',
  port_of_entry: 'LIM',
  family_names: "Ñahui O'Higgins-Vásquez",
  given_names: 'María J.',
  date_of_birth: '1999-06-15',
  sex: 'F',
  document_type: 'dni',
  document_number: '12345678',
  household: 'H0001',
  relationship: 'head',
  phone: '+51970825377',
  email: 'person76@example.org',
  languages: 'es|qu',
  years_abroad: '5',
  destination_ubigeo: '150142',
  vulnerabilities: 'pregnant',
  needs: 'employment|health-insurance',
  consent: 'granted',
  consent_at: '2026-11-20T08:44:00-05:00',
};

function refusal(change: Row): string[] {
  const { errors } = readRow({ ...GOOD, ...change }, TODAY);
  return (errors ?? []).map((error) => `${error.column} ${error.code}`);
}

function accepted(change: Row = {}) {
  const result = readRow({ ...GOOD, ...change }, TODAY);
  expect(result.errors).toBeUndefined();
  return result.registration!;
}

test('a good row becomes a registration, normalised', () => {
  expect(accepted()).toEqual({
    externalId: '007-00001',
    journey: {
      sendingAuthority: 'consulate:us-miami',
      returnType: 'deportation',
      arrivalDate: '2026-11-20',
      flight: 'US431',
      originCountry: 'US',
      portOfEntry: 'LIM',
      yearsAbroad: 5,
    },
    person: {
      familyNames: "Ñahui O'Higgins-Vásquez",
      givenNames: 'María J.',
      dateOfBirth: '1999-06-15',
      sex: 'F',
      nationality: 'PE',
      documentType: 'dni',
      documentNumber: '12345678',
      household: 'H0001',
      relationship: 'head',
      phone: '+51970825377',
      email: 'person76@example.org',
      languages: ['es', 'qu'],
      destinationUbigeo: '150142',
    },
    vulnerabilities: ['pregnant'],
    needs: ['health-insurance', 'employment'],
    consent: { status: 'granted', at: '2026-11-20T13:44:00.000Z' },
  });
});

test('decomposed letters, spaces around and repeated codes make no other row', () => {
  const other = accepted({
    family_names: "  Ñahui  O'Higgins-Vásquez ".normalize('NFD'),
    needs: 'health-insurance|employment|employment|',
    consent_at: '2026-11-20T13:44:00Z',
  });
  expect(other).toEqual(accepted());
});

test('optional cells may be empty, and a returnee may need nothing', () => {
  const { person, journey, needs, vulnerabilities } = accepted({
    flight: '',
    household: '',
    phone: '',
    email: '',
    languages: '',
    vulnerabilities: '',
    needs: '',
  });
  expect({ needs, vulnerabilities, languages: person.languages }).toEqual({
    needs: [],
    vulnerabilities: [],
    languages: [],
  });
  expect([journey.flight, person.household, person.phone, person.email]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([
  'external_id',
  'sending_authority',
  'return_type',
  'arrival_date',
  'origin_country',
  'nationality',
  'port_of_entry',
  'family_names',
  'given_names',
  'date_of_birth',
  'sex',
  'document_type',
  'document_number',
  'relationship',
  'years_abroad',
  'destination_ubigeo',
  'consent',
  'consent_at',
] as Column[])('%s may not be empty', (column) => {
  expect(refusal({ [column]: ' ' })).toEqual([`${column} required`]);
});

test.each<[string, Row, string]>([
  ['an unknown return type', { return_type: 'expulsion' }, 'return_type unknown-code'],
  ['an unknown sex', { sex: 'f' }, 'sex unknown-code'],
  ['an unknown relationship', { relationship: 'uncle' }, 'relationship unknown-code'],
  ['an unknown document type', { document_type: 'ruc' }, 'document_type unknown-code'],
  ['an unknown need', { needs: 'employment|money' }, 'needs unknown-code'],
  ['an unknown vulnerability', { vulnerabilities: 'tall' }, 'vulnerabilities unknown-code'],
  ['an unknown consent', { consent: 'maybe' }, 'consent unknown-code'],
  [
    'a withdrawal, which comes through the consent interface',
    { consent: 'withdrawn' },
    'consent unknown-code',
  ],
  ['an unknown country', { origin_country: 'XX' }, 'origin_country unknown-country'],
  ['a country in small letters', { nationality: 'pe' }, 'nationality unknown-country'],
  ['a country of three letters', { nationality: 'PER' }, 'nationality unknown-country'],
  ['a code that ISO has not assigned', { nationality: 'XK' }, 'nationality unknown-country'],
  ['a port of two letters', { port_of_entry: 'LI' }, 'port_of_entry invalid-format'],
  ['an authority without place', { sending_authority: 'consulate' }, 'sending_authority invalid-format'],
  ['an external id with a formula', { external_id: '=1+1' }, 'external_id invalid-format'],
  ['a flight that is none', { flight: 'by bus' }, 'flight invalid-format'],
  ['31 February', { date_of_birth: '1990-02-31' }, 'date_of_birth invalid-date'],
  ['29 February of a common year', { arrival_date: '2026-02-29' }, 'arrival_date invalid-date'],
  ['a date of another order', { arrival_date: '20/11/2026' }, 'arrival_date invalid-date'],
  ['a birth after arrival', { date_of_birth: '2026-11-21' }, 'date_of_birth born-after-arrival'],
  ['a birth in the year 0190', { date_of_birth: '0190-01-01' }, 'date_of_birth implausible-date'],
  [
    'an arrival in 1926',
    { arrival_date: '1926-11-20', date_of_birth: '1920-01-01' },
    'arrival_date implausible-date',
  ],
  ['an arrival in 2062', { arrival_date: '2062-11-20' }, 'arrival_date implausible-date'],
  ['a DNI with letters', { document_number: '1234567A' }, 'document_number invalid-document-number'],
  ['a DNI of seven digits', { document_number: '1234567' }, 'document_number invalid-document-number'],
  ['a DNI of ten digits', { document_number: '1234567890' }, 'document_number invalid-document-number'],
  ['a DNI with two hyphens', { document_number: '12345678--9' }, 'document_number invalid-document-number'],
  ['a check letter beyond K', { document_number: '12345678-L' }, 'document_number invalid-document-number'],
  [
    'a passport with signs',
    { document_type: 'passport', document_number: '12-34567' },
    'document_number invalid-document-number',
  ],
  [
    'a safe-conduct number that is a formula',
    { document_type: 'safe-conduct', document_number: '=SC(1)' },
    'document_number invalid-document-number',
  ],
  ['a number without document', { document_type: 'none' }, 'document_number unexpected'],
  ['a local telephone number', { phone: '970825377' }, 'phone invalid-phone'],
  ['a telephone number too short for its country', { phone: '+5112345' }, 'phone invalid-phone'],
  ['text as telephone number', { phone: '+51 nine' }, 'phone invalid-phone'],
  ['an address without domain', { email: 'person@' }, 'email invalid-email'],
  ['an address that is a formula', { email: '=cmd@example.org' }, 'email invalid-email'],
  ['an unknown language', { languages: 'es|spa' }, 'languages unknown-language'],
  ['negative years', { years_abroad: '-1' }, 'years_abroad invalid-number'],
  ['half years', { years_abroad: '1.5' }, 'years_abroad invalid-number'],
  ['more years than a life', { years_abroad: '101' }, 'years_abroad invalid-number'],
  ['a district of five digits', { destination_ubigeo: '10101' }, 'destination_ubigeo invalid-format'],
  ['a district that does not exist', { destination_ubigeo: '150199' }, 'destination_ubigeo unknown-ubigeo'],
  ['a department that does not exist', { destination_ubigeo: '260101' }, 'destination_ubigeo unknown-ubigeo'],
  [
    'consent at an instant without offset',
    { consent_at: '2026-11-20T08:44:00' },
    'consent_at invalid-instant',
  ],
  ['consent on 31 November', { consent_at: '2026-11-31T08:44:00Z' }, 'consent_at invalid-instant'],
  ['consent in two years', { consent_at: '2028-11-20T08:44:00Z' }, 'consent_at implausible-date'],
])('%s is refused', (_, change, expected) => {
  expect(refusal(change)).toEqual([expected]);
});

test.each([
  '=HYPERLINK("http://example.org")',
  '+51',
  '@SUM(A1)',
  '<script>alert(1)</script>',
  "'; drop table returnee; --",
  'Ana\u0000',
  'Ana\nRosa',
  'a'.repeat(101),
  '123',
])('a name that is no name is refused: %j', (name) => {
  expect(refusal({ family_names: name })).toEqual(['family_names invalid-name']);
});

test('everything wrong with a row is said at once', () => {
  expect(refusal({ sex: '', needs: 'x', phone: '1' })).toEqual([
    'sex required',
    'phone invalid-phone',
    'needs unknown-code',
  ]);
});

test.each(['pending', 'refused'])('%s consent needs no time', (status) => {
  expect(accepted({ consent: status, consent_at: '' }).consent).toEqual({ status });
});

test('someone born on the day of arrival is accepted', () => {
  expect(accepted({ date_of_birth: '2026-11-20' }).person.dateOfBirth).toBe('2026-11-20');
});

test('no text of any cell crashes the reading or comes back in a message', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', minLength: 8 }),
    fc.constantFrom('=cmd|calc', '<b>Ana</b>', "' or 1=1 --", '__proto__', 'constructor'),
  );
  fc.assert(
    fc.property(fc.constantFrom(...COLUMNS), hostile, (column, value) => {
      const { errors = [] } = readRow({ ...GOOD, [column]: value }, TODAY);
      for (const error of errors) expect(error.message).not.toContain(value);
    }),
  );
});

test("INEI's list of districts is whole, and RENIEC's codes are told apart", () => {
  expect(DISTRICT_COUNT).toBe(1893);
  expect(isDistrict('150101')).toBe(true);
  // Callao is department 07 for INEI and 24 for RENIEC; INEI's 24 is Tumbes.
  expect(isDistrict('070106')).toBe(true);
  expect(isDistrict('240106')).toBe(true);
  expect(isDistrict('240107')).toBe(false);
});

test('every row of the sample manifest is accepted but the one born after arrival', async () => {
  async function* file() {
    yield readFileSync(join(__dirname, '../../local/sample/arrivals-2026-11-20.csv'));
  }
  const records = readRecords(file());
  const header = (await records.next()).value;
  const columns = readHeader(header.cells).columns!;
  const rejected: unknown[] = [];
  let rows = 0;
  for await (const record of records) {
    rows++;
    const { line, errors } = readLine(record, columns, TODAY);
    if (errors.length > 0) rejected.push({ line, errors: errors.map((e) => `${e.column} ${e.code}`) });
  }
  expect(rows).toBe(200);
  expect(rejected).toEqual([{ line: 84, errors: ['date_of_birth born-after-arrival'] }]);
});
