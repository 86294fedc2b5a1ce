import type { Person } from '@retorno/contracts';
import { documentKey, personKey } from './registration';

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
