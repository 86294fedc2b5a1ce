/** A registration as the coordinator knows it, back in the tables from which it was lost. */
import type { RegistrationRestored } from '@retorno/contracts';
import type { KeyVault, UnitOfWork } from '@retorno/messaging';
import { announceNew } from '../registration/announcing';
import { numberOn, type NewIds } from '../registration/case-numbers';
import { recordConsents } from '../consent/consent-history';
import { limaDay } from '../fields/dates';
import { announceDuplicates } from '../duplicates/duplicates';
import { joinRetention } from '../erasure/erasure';
import { track } from '../expected/expected';
import type { Registration } from '../manifests/manifest-row';
import { householdsOf } from '../registration/households';
import { merge } from '../registration/merged';
import { lockTurn } from '../registration/registrar';
import { isErased, registrationOf, type StoredReturnee } from '../registration/registration';
import { insert, insertErased, readReturnees, update } from '../registration/returnee-table';

/** What restoring needs beside the unit of work. */
interface Means {
  readonly pepper: Buffer;
  readonly vault: KeyVault;
}

type Told = NonNullable<RegistrationRestored['returnee']>;

/** Stores what the coordinator knows of a case's registration, and which others are the same person's. Done again, nothing changes. */
export async function restore(
  unit: UnitOfWork,
  caseId: string,
  said: RegistrationRestored,
  { pepper, vault }: Means,
): Promise<void> {
  await lockTurn(unit);
  await numberOn(unit.tx, said.caseNumber);
  const [known] = await readReturnees(unit, 'where case_id = $1 for update', [caseId]);
  const { returneeId, caseNumber, returnee } = said;
  const ids = { returneeId, caseId, caseNumber };
  if (!returnee) {
    if (!known) await insertErased(unit, ids);
  } else if (!known || !isErased(known)) {
    const row = registrationFrom(returnee, known);
    if (known) await update(unit, [{ row, stored: known, consent: row.consent }]);
    else await insertNameless(unit, ids, row);
    await recordConsents(unit, 'restored', [{ returneeId, said: row.consent, held: true }]);
    await track(unit.tx, [{ id: returneeId, journey: row.journey, isNew: !known }], limaDay(unit.now));
    await announceDuplicates(unit, [returneeId], pepper);
    await sayAgain(unit, ids, row, said);
  }
  await mergeAgain(unit, caseId, said, vault);
}

/** Our stream has lost what it said. The coordinator may be restored after us, and then nobody else could tell it. */
async function sayAgain(
  unit: UnitOfWork,
  ids: NewIds,
  row: Registration,
  { mergedInto }: RegistrationRestored,
): Promise<void> {
  if (mergedInto !== undefined) return;
  const { placeOf } = await householdsOf(unit, [row]);
  announceNew(unit, ids, row, placeOf(row));
}

/** As told; what is never told is as it was known. */
function registrationFrom(
  { person, journey, vulnerabilities, needs, consent }: Told,
  known: Pick<StoredReturnee, 'details' | 'consent'> | undefined,
): Registration {
  const before = known && registrationOf(known);
  return {
    ...before,
    externalId: before?.externalId ?? '',
    person,
    journey,
    vulnerabilities,
    needs,
    consent,
  };
}

async function insertNameless(unit: UnitOfWork, ids: NewIds, row: Registration): Promise<void> {
  await insert(unit, [{ row, ids }]);
  await unit.tx.query('insert into reference_lost (returnee_id) values ($1)', [ids.returneeId]);
}

/** Whichever of the two is restored last finds the other. */
async function mergeAgain(
  unit: UnitOfWork,
  caseId: string,
  { mergedInto, mergedFrom = [] }: RegistrationRestored,
  vault: KeyVault,
): Promise<void> {
  const pairs = mergedFrom.map((from) => [from, caseId] as const);
  if (mergedInto !== undefined) pairs.push([caseId, mergedInto]);
  for (const [from, into] of pairs) {
    const survivor = await merge(unit, from, into);
    if (survivor) await joinRetention(unit, vault, from, survivor.caseId);
  }
}
