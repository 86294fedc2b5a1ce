import type { Consent, Person } from '@retorno/contracts';
import { documentKey, latestConsent, personKey } from './registration';

const at = (hour: number) => `2026-11-20T${String(hour).padStart(2, '0')}:00:00.000Z`;
const consent = (status: Consent['status'], hour?: number): Consent => ({
  status,
  ...(hour !== undefined && { at: at(hour) }),
});

test.each([
  ['the later one wins', consent('granted', 1), consent('refused', 2), 'refused'],
  ['an older one does not overwrite', consent('withdrawn', 3), consent('granted', 2), 'withdrawn'],
  ['one without time does not overwrite', consent('granted', 1), consent('pending'), 'granted'],
  ['any dated one overwrites one without time', consent('pending'), consent('granted', 1), 'granted'],
  ['at the same time the newer word wins', consent('granted', 1), consent('refused', 1), 'refused'],
  ['at the same time a withdrawal stands', consent('withdrawn', 1), consent('granted', 1), 'withdrawn'],
])('consent: %s', (_, current, incoming, expected) => {
  expect(latestConsent(current, incoming).status).toBe(expected);
});

const person = (change: Partial<Person>): Person => ({
  familyNames: 'Núñez Peña',
  givenNames: 'José',
  dateOfBirth: '1990-01-01',
  sex: 'M',
  nationality: 'PE',
  documentType: 'dni',
  documentNumber: '12345678',
  relationship: 'single',
  languages: [],
  destinationUbigeo: '150101',
  ...change,
});

test('accents, capitals and spaces do not hide a duplicate', () => {
  const other = person({ familyNames: 'NUNEZ  PENA', givenNames: 'jose' });
  expect(personKey(other)).toBe(personKey(person({})));
});

test('another birth date or other names are another person', () => {
  expect(personKey(person({ dateOfBirth: '1990-01-02' }))).not.toBe(personKey(person({})));
  expect(personKey(person({ givenNames: 'Núñez', familyNames: 'Peña José' }))).not.toBe(
    personKey(person({})),
  );
});

test('the same number of another kind of document is another document, and no document is none', () => {
  const { documentNumber: _, ...nobody } = person({ documentType: 'none' });
  expect(documentKey(person({ documentType: 'passport' }))).not.toBe(documentKey(person({})));
  expect(documentKey(nobody)).toBeUndefined();
});
