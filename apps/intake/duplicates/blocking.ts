/**
 * By what two registrations meet, to be compared at all. A key is 64 bits of an HMAC: without the secret nobody can try
 * names or document numbers against the table, and what it holds is no copy of personal data.
 */
import { createHmac } from 'node:crypto';
import { documentCharacters } from '../fields/documents';
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
  const [year = ''] = person.dateOfBirth.split('-');
  const [first = ''] = given;
  const document = documentCharacters(person);
  return [
    ...(document ? [numberKey(document)] : []),
    ...(person.phone ? [`phone ${person.phone}`] : []),
    ...[...families, ...given.slice(0, GIVEN_NAMES)].map((name) => bornKey(person.dateOfBirth, name)),
    ...families.map((name) => `year ${year} ${[name, first].sort().join(' ')}`),
    nameKey([...families.slice(0, 2), first]),
  ];
}

/** Of the first names without any date, by their sounds. */
export function nameKey(sounds: readonly string[]): string {
  return `names ${sounds.toSorted().join(' ')}`;
}

/** Of one name by its sound, with the birth date `YYYY-MM-DD`, day and month in either order. */
export function bornKey(dateOfBirth: string, sound: string): string {
  const [year = '', ...dayAndMonth] = dateOfBirth.split('-');
  return `born ${[year, ...dayAndMonth.sort()].join('-')} ${sound}`;
}

/** Of a number as somebody says it, whatever the kind of document: a DNI may come with its check character. */
export function documentKeys(said: string): string[] {
  const characters = said.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
  return [...new Set([characters, characters.replace(/^(\d{8})[0-9A-K]$/, '$1')])].map(numberKey);
}

function numberKey(characters: string): string {
  return `document ${characters}`;
}

/** A value as the table holds it. */
export function keyed(value: string, pepper: Buffer): string {
  return createHmac('sha256', pepper).update(value).digest().readBigInt64BE().toString();
}
