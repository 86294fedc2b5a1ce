/** What senders call a person or a household: columns hold it digested, so that equal ones are found and none is read. */
import type { Keyring } from '@retorno/messaging';
import type { Registration } from './manifest-row';

/** The key of these columns. It is never erased: a row sent again after an erasure must still be known. */
export const REFERENCES = 'intake/references';

/** A sender's own reference (an external id, a household) as a column; the key of REFERENCES must have been fetched. */
export function referenceColumn(keyring: Keyring, sendingAuthority: string, reference: string): string {
  return keyring.digest(REFERENCES, `${sendingAuthority}\n${reference}`);
}

/** The column external_id of a registration. */
export function referenceOf(keyring: Keyring, { journey, externalId }: Registration): string {
  return referenceColumn(keyring, journey.sendingAuthority, externalId);
}
