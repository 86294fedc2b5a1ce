/** Takes over registrations, many at a time, and publishes what happened: a batch is one turn. */
import type { Consent } from '@retorno/contracts';
import type { UnitOfWork } from '@retorno/messaging';
import { mint, type NewIds } from './case-numbers';
import { recordConsents } from '../consent/consent-history';
import { consentText, latestConsent, sameConsent, standingConsent } from '../consent/consent';
import { firstSaid, restated } from '../expected/announced';
import { announceChange, announceNew, publishConsent } from './announcing';
import { limaDay } from '../fields/dates';
import { announceDuplicates } from '../duplicates/duplicates';
import { addAlias, recognise, rename, track } from '../expected/expected';
import { announceOthers, householdsOf, type Households } from './households';
import type { Registration } from '../manifests/manifest-row';
import { announceJoined, joinedWith } from './merged';
import { REFERENCES, referenceOf } from './references';
import { findKnown, insert, readReturnees, update } from './returnee-table';
import { isRestoring, restoring } from '../restoring/restoring';
import { withToldPhone } from './told-phone';
import { effectOf, isErased, registrationOf, type RowEffect, type StoredReturnee } from './registration';

/** What became of a registration. */
export interface Registered extends NewIds {
  result: 'created' | 'updated' | 'unchanged';
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
    unit,
    entries.map(({ row }) => row),
  );
  for (const [row, ids] of fresh) announceNew(unit, ids, row, households.placeOf(row));
  await announceChanged(unit, changed, households);
  announceOthers(unit, households, [...fresh.keys(), ...changed.map(({ row }) => row)]);
  const arrivals = [...fresh].map(([{ journey }, ids]) => ({ id: ids.returneeId, journey, isNew: true }));
  await track(unit.tx, arrivals, limaDay(unit.now));
  const renamed = changed.filter(({ effect }) => effect.detailsChanged).map(({ stored }) => stored.id);
  await announceDuplicates(unit, [...[...fresh.values()].map((ids) => ids.returneeId), ...renamed], pepper);

  return entries.map(({ row, stored, effect }) => {
    if (!stored) return { result: 'created', ...fresh.get(row)! };
    const result = effect?.detailsChanged || effect?.consentChanged ? 'updated' : 'unchanged';
    return { result, returneeId: stored.id, caseId: stored.caseId, caseNumber: stored.caseNumber };
  });
}

/**
 * Whoever changes returnees does so in turn: two that say something of one person must see each other. Throws problem 503
 * while registrations that were lost are being restored.
 */
export async function takeTurn(unit: UnitOfWork): Promise<void> {
  await lockTurn(unit);
  if (await isRestoring(unit.tx)) throw restoring();
}

/** The same for what restores them. */
export async function lockTurn(unit: UnitOfWork): Promise<void> {
  await unit.tx.query('select id from registration_turn for update');
  await unit.keyring.fetchOrMake([REFERENCES]);
}

async function entriesOf(unit: UnitOfWork, rows: readonly Registration[]): Promise<Entry[]> {
  const identity = (row: Registration): string => referenceOf(unit.keyring, row);
  const known = await findKnown(unit, rows.map(identity));
  const recognised = await recognise(
    unit,
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
  const households = await householdsOf(unit, rows);
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
  const joined = await joinedWith(unit, ids);
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

function withIds(row: Registration, ids: NewIds | undefined): { row: Registration; ids: NewIds }[] {
  return ids ? [{ row, ids }] : [];
}
