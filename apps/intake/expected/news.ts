/** News of returns that are still ahead: where they stand, flights that will not go, people whom a manifest leaves out. */
import type { UnitOfWork } from '@retorno/messaging';
import { problem, type Rows } from '@retorno/service';
import { hasArrived, notOnManifest, standing, type Standing } from './announced';
import { ownedBy } from '../registration/authority';
import { limaDay } from '../fields/dates';
import { gone } from '../erasure/erasure';
import { leftOut } from './expected';
import type { Registration } from '../manifests/manifest-row';
import { restate, takeTurn } from '../registration/registrar';
import { readReturnees } from '../registration/returnee-table';
import { effectOf, isErased, registrationOf, type StoredReturnee } from '../registration/registration';

/** A flight on a day, `YYYY-MM-DD`. */
export interface Flight {
  flight: string;
  date: string;
}

/** Takes over where a return stands. Undefined when there is no such returnee; throws a problem when they have arrived. */
export async function tell(
  unit: UnitOfWork,
  returneeId: string,
  told: Standing,
): Promise<StoredReturnee | undefined> {
  await takeTurn(unit);
  const [stored] = await readReturnees(unit, 'where id = $1 for update', [returneeId]);
  if (!stored) return undefined;
  if (isErased(stored)) throw gone();
  const today = limaDay(unit.now);
  const known = registrationOf(stored);
  if (hasArrived(known.journey, today)) {
    throw problem(409, 'arrived', 'The returnee has arrived: a manifest says so. Nothing is ahead any more.');
  }
  const row = standing(known, told, today);
  await restate(unit, [entryOf(unit, stored, row)]);
  return { ...stored, details: JSON.stringify(row) };
}

/**
 * Everybody expected on a flight that will not go is expected without flight and day; whose word is one authority's, of
 * its own returnees, which are the `rows` that are there for it. Gives how many.
 */
export async function cancelFlight(
  unit: UnitOfWork,
  { flight, date }: Flight,
  { reason, authority, rows }: { reason: string; authority: string | undefined; rows: Rows },
): Promise<number> {
  await takeTurn(unit);
  await rows.query(
    `insert into flight_cancelled (flight, arrival_date, reason, cancelled_at, authority) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [flight, date, reason, unit.now, authority ?? ''],
  );
  const on: { id: string }[] = await rows.query(
    `select e.returnee_id as id from expected_return e where e.flight = $1 and e.arrival_date = $2
       and ${ownedBy(3, 'e.returnee_id')}`,
    [flight, date, authority ?? null],
  );
  const ids = on.map(({ id }) => id);
  const expected = await readReturnees(unit, 'where id = any($1::uuid[]) order by id for update', [ids]);
  const today = limaDay(unit.now);
  const entries = expected.flatMap((stored) => {
    const known = registrationOf(stored);
    const { journey } = known;
    if (hasArrived(journey, today) || journey.stage === 'not-returning') return [];
    const told: Standing = {
      stage: journey.stage === 'detained' ? 'detained' : 'expected',
      ...(journey.placeOfDetention && { placeOfDetention: journey.placeOfDetention }),
    };
    return [entryOf(unit, stored, standing(known, told, today))];
  });
  return (await restate(unit, entries)).length;
}

/** Tells the cases of those who were expected on a flight of this manifest and whom it does not name. */
export async function tellLeftOut(unit: UnitOfWork, manifestId: string): Promise<void> {
  await takeTurn(unit);
  const ids = await leftOut(unit.tx, manifestId);
  if (ids.length === 0) return;
  const missing = await readReturnees(unit, 'where id = any($1::uuid[]) order by id for update', [ids]);
  await restate(
    unit,
    missing.map((stored) => entryOf(unit, stored, notOnManifest(registrationOf(stored)))),
  );
}

function entryOf(unit: UnitOfWork, stored: StoredReturnee, next: Registration) {
  // News of the journey says nothing of consent.
  const row = { ...next, consent: stored.stated };
  return { row, stored, effect: effectOf(stored, row, unit.now) };
}
