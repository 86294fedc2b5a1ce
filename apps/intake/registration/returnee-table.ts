/** Returnees in the database: rows of which everything that tells who they are is sealed, or digested. Set-based. */
import { subjectOfCase, type Consent } from '@retorno/contracts';
import type { Keyring, UnitOfWork } from '@retorno/messaging';
import type { Rows } from '@retorno/service';
import type { NewIds } from './case-numbers';
import { consentText } from '../consent/consent';
import type { Registration } from '../manifests/manifest-row';
import { documentKey, personKey, referenceColumn, referenceOf } from './references';
import { detailsOf, type StoredReturnee } from './registration';

/** A database connection, and the keys that what is read of it needs. */
export interface Reading {
  readonly tx: Rows;
  readonly keyring: Keyring;
}

/** Reads returnees by a condition of the caller's own (never text from outside). */
export async function readReturnees(
  { tx, keyring }: Reading,
  where: string,
  params: unknown[],
): Promise<StoredReturnee[]> {
  const rows: ReturneeRow[] = await tx.query(
    `select id, case_id, case_number, external_id, details, consent, stated, merged_into, merged_case_id
     from returnee ${where}`,
    params,
  );
  const sealed = rows.map((row) => (JSON.parse(row.details) as SealedDetails).sealed);
  await keyring.fetch(rows.filter((_, i) => sealed[i] !== '').map((row) => subjectOfCase(row.case_id)));
  return rows.map((row, i) => ({
    id: row.id,
    caseId: row.case_id,
    caseNumber: row.case_number,
    reference: row.external_id,
    details: keyring.open(subjectOfCase(row.case_id), sealed[i]!, placeOf(row.id)) ?? '',
    consent: JSON.parse(row.consent) as Consent,
    stated: JSON.parse(row.stated) as Consent,
    ...(row.merged_into && {
      mergedInto: { returneeId: row.merged_into, caseId: row.merged_case_id! },
    }),
  }));
}

interface ReturneeRow {
  id: string;
  case_id: string;
  case_number: string;
  external_id: string;
  details: string;
  consent: string;
  stated: string;
  merged_into: string | null;
  merged_case_id: string | null;
}

/** The column `details`: JSON, sealed under the key of the case. */
interface SealedDetails {
  sealed: string;
}

type SubjectIds = Pick<NewIds, 'returneeId' | 'caseId'>;

function sealedDetails(keyring: Keyring, ids: SubjectIds, row: Registration): string {
  const details: SealedDetails = {
    sealed: keyring.seal(subjectOfCase(ids.caseId), detailsOf(row), placeOf(ids.returneeId)),
  };
  return JSON.stringify(details);
}

/** Where the seal belongs: under another returnee it does not open. */
function placeOf(returneeId: string): string {
  return `intake|returnee|${returneeId}`;
}

/** The column external_id of somebody of whom it is not known any more what the sender calls them. */
function lostReference(returneeId: string): string {
  return `lost:${returneeId}`;
}

/** Restored without what the sender calls them. */
export function hasLostReference({ reference }: StoredReturnee): boolean {
  return reference.startsWith('lost:');
}

/** Those that are known already, by their reference. */
export async function findKnown(
  unit: UnitOfWork,
  references: readonly string[],
): Promise<Map<string, StoredReturnee>> {
  const where = 'where external_id = any($1::text[]) order by id for update';
  const found = await readReturnees(unit, where, [references]);
  return new Map(found.map((stored) => [stored.reference, stored]));
}

/** The columns that follow from a registration. */
function columnsOf(keyring: Keyring, ids: SubjectIds, row: Registration, consent: Consent) {
  const { household } = row.person;
  return {
    household:
      household === undefined ? null : referenceColumn(keyring, row.journey.sendingAuthority, household),
    details: sealedDetails(keyring, ids, row),
    consent: consentText(consent),
    stated: JSON.stringify(row.consent),
    document_key: documentKey(keyring, row.person) ?? null,
    person_key: personKey(keyring, row.person),
  };
}

/** Stores those who are new. */
export async function insert(
  unit: UnitOfWork,
  rows: readonly { row: Registration; ids: NewIds }[],
): Promise<void> {
  if (rows.length === 0) return;
  await unit.keyring.fetchOrMake(rows.map(({ ids }) => subjectOfCase(ids.caseId)));
  const values = rows.map(({ row, ids }, n) => ({
    n,
    id: ids.returneeId,
    case_id: ids.caseId,
    case_number: ids.caseNumber,
    external_id: row.externalId === '' ? lostReference(ids.returneeId) : referenceOf(unit.keyring, row),
    ...columnsOf(unit.keyring, ids, row, row.consent),
  }));
  await unit.tx.query(
    `insert into returnee (id, case_id, case_number, external_id, household, details,
       consent, stated, document_key, person_key, registered_at, updated_at)
     select id, case_id, case_number, external_id, household, details,
       consent, stated, document_key, person_key, $2, $2
     from json_to_recordset($1) as x(n int, id uuid, case_id uuid, case_number text,
       external_id text, household text, details text, consent text, stated text,
       document_key text, person_key text)
     order by n`,
    [JSON.stringify(values), unit.now],
  );
  await noteAuthorities(
    unit,
    rows.map(({ row, ids }) => ({ id: ids.returneeId, authority: row.journey.sendingAuthority })),
  );
}

/** Notes who named returnees: their own logins see them from now on. */
export async function noteAuthorities(
  { tx }: Pick<Reading, 'tx'>,
  named: readonly { id: string; authority: string }[],
): Promise<void> {
  await tx.query(
    `insert into returnee_authority (returnee_id, authority)
     select id, authority from json_to_recordset($1) as x(id uuid, authority text) on conflict do nothing`,
    [JSON.stringify(named)],
  );
}

/** Somebody who was erased: the ids, under which the record of the erasure is found, and nothing else. */
export async function insertErased({ tx, now }: UnitOfWork, ids: NewIds): Promise<void> {
  const { returneeId, caseId, caseNumber } = ids;
  await tx.query(
    `insert into returnee (id, case_id, case_number, external_id, details, consent, stated,
       person_key, registered_at, updated_at)
     values ($1, $2, $3, $4, '{"sealed":""}', $5, $5, '', $6, $6)`,
    [returneeId, caseId, caseNumber, lostReference(returneeId), JSON.stringify({ status: 'pending' }), now],
  );
}

/** Stores what is known by now of those who are stored. */
export async function update(
  unit: UnitOfWork,
  rows: readonly { row: Registration; stored: StoredReturnee; consent: Consent }[],
): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map(({ row, stored: { id, caseId }, consent }) => ({
    id,
    ...columnsOf(unit.keyring, { returneeId: id, caseId }, row, consent),
  }));
  await unit.tx.query(
    `update returnee r set household = x.household, details = x.details, consent = x.consent, stated = x.stated, document_key = x.document_key, person_key = x.person_key, updated_at = $2
     from json_to_recordset($1) as x(id uuid, household text, details text, consent text, stated text, document_key text, person_key text)
     where r.id = x.id`,
    [JSON.stringify(values), unit.now],
  );
}
