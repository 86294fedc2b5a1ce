/**
 * By what somebody is found again: what a sender calls them, their document, their names with the birth date. Columns
 * hold it digested under a key of the vault, so that equal ones are found and none is read: without the key nobody can
 * try the hundred million numbers of a DNI either.
 */
import type { Person } from '@retorno/contracts';
import type { Keyring } from '@retorno/messaging';
import { documentCharacters } from '../fields/documents';
import type { Registration } from '../manifests/manifest-row';

/** The key of these columns, which must have been fetched. It is never erased: a row sent again after an erasure must still be known. */
export const REFERENCES = 'intake/references';

/** A sender's own reference (an external id, a household) as a column. */
export function referenceColumn(keyring: Keyring, sendingAuthority: string, reference: string): string {
  return keyring.digest(REFERENCES, `${sendingAuthority}\n${reference}`);
}

/** The column external_id of a registration. */
export function referenceOf(keyring: Keyring, { journey, externalId }: Registration): string {
  return referenceColumn(keyring, journey.sendingAuthority, externalId);
}

/** The column document_key: equal for the same document; undefined without one. */
export function documentKey(keyring: Keyring, person: Person): string | undefined {
  const characters = documentCharacters(person);
  return characters && keyring.digest(REFERENCES, `document\n${person.documentType}\n${characters}`);
}

/** The column person_key: equal for the same names and birth date, whatever the accents, capitals and spaces. */
export function personKey(keyring: Keyring, person: Person): string {
  const names = [person.familyNames, person.givenNames].map(plain);
  return keyring.digest(REFERENCES, ['person', ...names, person.dateOfBirth].join('\n'));
}

function plain(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}
