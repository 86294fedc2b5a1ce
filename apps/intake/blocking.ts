/**
 * By what two registrations meet, to be compared at all. A key is 64 bits of an HMAC: without the secret nobody can try
 * names or document numbers against the table, and what it holds is no copy of personal data.
 */
import { createHmac } from 'node:crypto';
import { documentCharacters } from './documents';
import type { Comparable } from './score';

/** Surnames and given names beyond these add keys, not recall. */
const SURNAMES = 3;
const GIVEN_NAMES = 2;

/**
 * The keys of a person as decimal text of signed 64-bit integers: document; phone; each name with the birth date, day and
 * month in either order; each surname with the first given name and the year; and the first names without any date.
 */
export function blockingKeys(of: Comparable, pepper: Buffer): string[] {
  return [...new Set(valuesOf(of).map((value) => keyed(value, pepper)))];
}

function valuesOf({ person, family, given: givenNames }: Comparable): string[] {
  const families = family.slice(0, SURNAMES).map((word) => word.sound);
  const given = givenNames.map((word) => word.sound);
  const [year = '', ...dayAndMonth] = person.dateOfBirth.split('-');
  const born = [year, ...dayAndMonth.sort()].join('-');
  const [first = ''] = given;
  const document = documentCharacters(person);
  return [
    ...(document ? [`document ${document}`] : []),
    ...(person.phone ? [`phone ${person.phone}`] : []),
    ...[...families, ...given.slice(0, GIVEN_NAMES)].map((name) => `born ${born} ${name}`),
    ...families.map((name) => `year ${year} ${[name, first].sort().join(' ')}`),
    `names ${[...families.slice(0, 2), first].sort().join(' ')}`,
  ];
}

function keyed(value: string, pepper: Buffer): string {
  return createHmac('sha256', pepper).update(value).digest().readBigInt64BE().toString();
}
