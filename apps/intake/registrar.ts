/** Stores registrations, many at a time, and publishes what happened. All SQL here is set-based: a batch is one turn. */
import { subjectOfCase, type Consent } from '@retorno/contracts';
import type { Keyring, UnitOfWork } from '@retorno/messaging';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { recordConsents } from './consent-history';
import { consentText, latestConsent, sameConsent, standingConsent } from './consent';
import { firstSaid, restated } from './announced';
import { announceChange, announceNew, publishConsent } from './announcing';
import { limaDay } from './dates';
import { announceDuplicates } from './duplicates';
import { addAlias, recognise, rename, track } from './expected';
import { announceOthers, householdsOf, type Households } from './households';
import type { Registration } from './manifest-row';
import { announceJoined, joinedWith } from './merged';
import { REFERENCES, referenceColumn, referenceOf } from './references';
import { withToldPhone } from './told-phone';
import {
  detailsOf,
  documentKey,
  effectOf,
  isErased,
  personKey,
  registrationOf,
  type ReadReturnees,
  type RowEffect,
  type StoredReturnee,
} from './registration';

/** What became of a registration. */
export interface Registered {
  result: 'created' | 'updated' | 'unchanged';
  returneeId: string;
  caseId: string;
  caseNumber: string;
}

/** A row or notice with what it makes of who is known; without `stored` it is about somebody new. */
interface Entry {
  row: Registration;
  stored?: StoredReturnee;
  effect?: RowEffect;
}

/**
 * Registers rows and notices in the order given; answers in the same order. The caller sees to it that no two share
 * (sendingAuthority, externalId).
 */
export async function register(
  unit: UnitOfWork,
  rows: readonly Registration[],
  pepper: Buffer,
): Promise<Registered[]> {
  if (rows.length === 0) return [];
  await takeTurn(unit);
  const entries = await entriesOf(unit, rows);
  const fresh = await mint(
    unit.tx,
    entries.filter(({ stored }) => !stored).map(({ row }) => row),
  );
  await insert(
    unit,
    entries.flatMap(({ row }) => withIds(row, fresh.get(row))),
  );
  await recordConsents(
    unit,
    'manifest',
    entries.flatMap(({ row, stored, effect }) => {
      if (!stored) return [{ returneeId: fresh.get(row)!.returneeId, said: row.consent, held: true }];
      const said = effect?.said;
      return said ? [{ returneeId: stored.id, said, held: said === effect.consent }] : [];
    }),
  );
  const changed = await storeChanged(unit, entries);
  const households = await householdsOf(
    unit.keyring,
    entries.map(({ row }) => row),
    readingIn(unit),
  );
  for (const [row, ids] of fresh) announceNew(unit, ids, row, households.placeOf(row));
  await announceChanged(unit, changed, households);
  announceOthers(unit, households, [...fresh.keys(), ...changed.map(({ row }) => row)]);
  const arrivals = [...fresh].map(([{ journey }, ids]) => ({ id: ids.returneeId, journey, isNew: true }));
  await track(unit.tx, arrivals, limaDay(unit.now));
  const renamed = changed.filter(({ effect }) => effect.detailsChanged).map(({ stored }) => stored.id);
  await announceDuplicates(unit, [...[...fresh.values()].map((ids) => ids.returneeId), ...renamed], {
    pepper,
    read: readingIn(unit),
  });

  return entries.map(({ row, stored, effect }) => {
    if (!stored) return { result: 'created', ...fresh.get(row)! };
    const result = effect?.detailsChanged || effect?.consentChanged ? 'updated' : 'unchanged';
    return { result, returneeId: stored.id, caseId: stored.caseId, caseNumber: stored.caseNumber };
  });
}

/** Whoever changes returnees does so in turn: two that say something of one person must see each other. */
export async function takeTurn(unit: UnitOfWork): Promise<void> {
  await unit.tx.query('select id from registration_turn for update');
  await unit.keyring.fetchOrMake([REFERENCES]);
}

async function entriesOf(unit: UnitOfWork, rows: readonly Registration[]): Promise<Entry[]> {
  const identity = (row: Registration): string => referenceOf(unit.keyring, row);
  const known = await findKnown(unit, rows.map(identity));
  const recognised = await recognise(
    unit,
    readReturnees,
    rows.filter((row) => !known.has(identity(row))),
  );
  for (const [row, { stored, by }] of recognised) {
    if (by === 'row') await rename(unit, stored.id, row);
    else if (by === 'notice') await addAlias(unit, stored.id, row);
  }
  const taken = new Set<string>();
  const today = limaDay(unit.now);
  return rows.map((row): Entry => {
    const other = recognised.get(row);
    const stored = known.get(identity(row)) ?? other?.stored;
    if (!stored) return { row: firstSaid(row) };
    // An old row sent again must not bring back who was erased.
    if (isErased(stored)) return { row, stored };
    // One returnee under two identities in one file: the first row counts.
    if (taken.has(stored.id)) return { row, stored };
    taken.add(stored.id);
    const before = registrationOf(stored);
    const said = other && other.by !== 'row' ? asKnown(row, before) : row;
    const next = withToldPhone(before, restated(before, said, today));
    return { row: next, stored, effect: effectOf(stored, next, unit.now) };
  });
}

/** The row under the identity that the returnee goes by. */
function asKnown(row: Registration, { externalId, journey }: Registration): Registration {
  const { sendingAuthority } = journey;
  return { ...row, externalId, journey: { ...row.journey, sendingAuthority } };
}

/** Stores and publishes what changed of known returnees. Gives those that did. */
export async function restate(unit: UnitOfWork, entries: readonly Entry[]): Promise<Required<Entry>[]> {
  const changed = await storeChanged(unit, entries);
  const rows = changed.map(({ row }) => row);
  const households = await householdsOf(unit.keyring, rows, readingIn(unit));
  await announceChanged(unit, changed, households);
  announceOthers(unit, households, rows);
  return changed;
}

async function announceChanged(
  unit: UnitOfWork,
  changed: readonly Required<Entry>[],
  households: Households,
): Promise<void> {
  const ids = changed.map(({ stored }) => stored.id);
  const joined = await joinedWith(unit, readingIn(unit), ids);
  for (const { row, stored, effect } of changed) {
    const place = households.placeOf(row);
    const known = joined.get(stored.id);
    if (effect.detailsChanged && known) announceJoined(unit, known, stored.id, place);
    else announceChange(unit, stored, row, effect, place);
  }
}

async function storeChanged(unit: UnitOfWork, entries: readonly Entry[]): Promise<Required<Entry>[]> {
  const changed = entries.filter((entry): entry is Required<Entry> => {
    const { stored, effect } = entry;
    return stored !== undefined && (effect?.detailsChanged === true || effect?.consentChanged === true);
  });
  await update(
    unit,
    changed.map(({ row, stored, effect }) => ({ row, stored, consent: effect.consent })),
  );
  const moves = changed.map(({ row, stored }) => ({ id: stored.id, journey: row.journey, isNew: false }));
  await track(unit.tx, moves, limaDay(unit.now));
  return changed;
}

/** Applies a consent given by itself. Undefined when there is no such returnee. */
export async function changeConsent(
  unit: UnitOfWork,
  returneeId: string,
  incoming: Consent,
): Promise<{ stored: StoredReturnee; consent: Consent; applied: boolean } | undefined> {
  const [stored] = await readReturnees(unit, 'where id = $1 for update', [returneeId]);
  if (!stored) return undefined;
  const consent = latestConsent(stored.consent, incoming);
  const applied = consent === incoming;
  await recordConsents(unit, 'interface', [{ returneeId, said: incoming, held: applied }]);
  if (applied && !sameConsent(consent, stored.consent)) {
    await unit.tx.query('update returnee set consent = $2, updated_at = $3 where id = $1', [
      returneeId,
      consentText(consent),
      unit.now,
    ]);
    publishConsent(unit, stored, consent);
  }
  return { stored, consent: standingConsent(consent, unit.now), applied };
}

/** A database connection, and the keys that what is read of it needs. */
export type Reading = Pick<UnitOfWork, 'tx' | 'keyring'>;

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

/** For those that only compare and tell. */
function readingIn(unit: UnitOfWork): ReadReturnees {
  return (where, params) => readReturnees(unit, where, params);
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

type NewIds = Omit<Registered, 'result'>;
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

/** Those that are known already, by their reference. */
async function findKnown(
  unit: UnitOfWork,
  references: readonly string[],
): Promise<Map<string, StoredReturnee>> {
  const where = 'where external_id = any($1::text[]) order by id for update';
  const found = await readReturnees(unit, where, [references]);
  return new Map(found.map((stored) => [stored.reference, stored]));
}

/** New ids and case numbers. Numbers of a year rise without being promised gap-free. */
async function mint(tx: EntityManager, rows: readonly Registration[]): Promise<Map<Registration, NewIds>> {
  const minted = new Map<Registration, NewIds>();
  const years = new Set(rows.map((row) => row.journey.arrivalDate.slice(0, 4)));
  for (const year of [...years].sort()) {
    const ofYear = rows.filter((row) => row.journey.arrivalDate.startsWith(year));
    const [counter]: { last: number }[] = await tx.query(
      `insert into case_number as c (year, last) values ($1, $2)
       on conflict (year) do update set last = c.last + excluded.last returning last`,
      [year, ofYear.length],
    );
    const first = counter!.last - ofYear.length + 1;
    ofYear.forEach((row, i) => {
      const caseNumber = `RT-${year}-${String(first + i).padStart(6, '0')}`;
      minted.set(row, { returneeId: uuidv7(), caseId: uuidv7(), caseNumber });
    });
  }
  return minted;
}

function withIds(row: Registration, ids: NewIds | undefined): { row: Registration; ids: NewIds }[] {
  return ids ? [{ row, ids }] : [];
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
    document_key: documentKey(row.person) ?? null,
    person_key: personKey(row.person),
  };
}

async function insert(unit: UnitOfWork, rows: readonly { row: Registration; ids: NewIds }[]): Promise<void> {
  if (rows.length === 0) return;
  await unit.keyring.fetchOrMake(rows.map(({ ids }) => subjectOfCase(ids.caseId)));
  const values = rows.map(({ row, ids }, n) => ({
    n,
    id: ids.returneeId,
    case_id: ids.caseId,
    case_number: ids.caseNumber,
    sending_authority: row.journey.sendingAuthority,
    external_id: referenceOf(unit.keyring, row),
    ...columnsOf(unit.keyring, ids, row, row.consent),
  }));
  await unit.tx.query(
    `insert into returnee (id, case_id, case_number, sending_authority, external_id, household, details,
       consent, stated, document_key, person_key, registered_at, updated_at)
     select id, case_id, case_number, sending_authority, external_id, household, details,
       consent, stated, document_key, person_key, $2, $2
     from json_to_recordset($1) as x(n int, id uuid, case_id uuid, case_number text, sending_authority text,
       external_id text, household text, details text, consent text, stated text,
       document_key text, person_key text)
     order by n`,
    [JSON.stringify(values), unit.now],
  );
}

async function update(
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
