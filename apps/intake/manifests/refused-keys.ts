/** By what a refused row is found again when the person whom it is of is erased: as returnees are, and no more readable. */
import { DOCUMENT_TYPES, type Person } from '@retorno/contracts';
import type { Keyring } from '@retorno/messaging';
import { COLUMNS, type Column } from './columns';
import { documentKey, personKey, referenceColumn } from '../registration/references';

/** The cells of a row, wrong or not, as columns of a returnee would hold them: its reference, its document, its names with the birth date. */
export function refusedKeys(keyring: Keyring, cells: readonly string[]): string[] {
  const of = (column: Column): string => (cells[COLUMNS.indexOf(column)] ?? '').trim();
  const [authority, reference, number] = [of('sending_authority'), of('external_id'), of('document_number')];
  const person = {
    familyNames: of('family_names'),
    givenNames: of('given_names'),
    dateOfBirth: of('date_of_birth'),
  } as Person;
  // Which document it is may be what is wrong with the row.
  const documents = number === '' ? [] : DOCUMENT_TYPES.filter((type) => type !== 'none');
  return [
    ...(reference === '' ? [] : [referenceColumn(keyring, authority, reference)]),
    ...documents.flatMap((documentType) => {
      const key = documentKey(keyring, { ...person, documentType, documentNumber: number });
      return key === undefined ? [] : [key];
    }),
    ...(person.familyNames === '' || person.dateOfBirth === '' ? [] : [personKey(keyring, person)]),
  ];
}
