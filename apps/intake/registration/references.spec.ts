import type { Person } from '@retorno/contracts';
import { Keyring, type KeyVault } from '@retorno/messaging';
import type { EntityManager } from 'typeorm';
import { documentKey, personKey, REFERENCES } from './references';

/** A ring that has got one key. */
async function ringOf(key: string): Promise<Keyring> {
  const keys: KeyVault['keys'] = (_tx, subjects) =>
    Promise.resolve(new Map(subjects.map((subject) => [subject, key.repeat(32)])));
  const ring = new Keyring({ keys } as KeyVault, {} as EntityManager);
  await ring.fetch([REFERENCES]);
  return ring;
}

let ring: Keyring;
beforeAll(async () => {
  ring = await ringOf('a');
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
  expect(personKey(ring, other)).toBe(personKey(ring, person({})));
});

test('another birth date or other names are another person', () => {
  expect(personKey(ring, person({ dateOfBirth: '1990-01-02' }))).not.toBe(personKey(ring, person({})));
  expect(personKey(ring, person({ givenNames: 'Núñez', familyNames: 'Peña José' }))).not.toBe(
    personKey(ring, person({})),
  );
});

test('the same number of another kind of document is another document, and no document is none', () => {
  const { documentNumber: _, ...nobody } = person({ documentType: 'none' });
  expect(documentKey(ring, person({ documentType: 'passport' }))).not.toBe(documentKey(ring, person({})));
  expect(documentKey(ring, nobody)).toBeUndefined();
});

test('a DNI is the same document with its check character and without', () => {
  for (const documentNumber of ['12345678-9', '12345678-K']) {
    expect(documentKey(ring, person({ documentNumber }))).toBe(documentKey(ring, person({})));
  }
  expect(documentKey(ring, person({ documentNumber: '12345679' }))).not.toBe(documentKey(ring, person({})));
});

test('the columns cannot be tried without the key: under another one every person has another value', async () => {
  const other = await ringOf('b');
  expect(documentKey(other, person({}))).not.toBe(documentKey(ring, person({})));
  expect(personKey(other, person({}))).not.toBe(personKey(ring, person({})));
});
