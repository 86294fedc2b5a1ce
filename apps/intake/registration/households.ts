/** A household is placed together: its members are sent to the offices that are nearest to its head. */
import { RETURNEES_TOPIC, ReturneeChanged, type Person } from '@retorno/contracts';
import type { UnitOfWork } from '@retorno/messaging';
import type { Registration } from '../manifests/manifest-row';
import { referenceColumn } from './references';
import { readReturnees, type Reading } from './returnee-table';
import { announcement, isErased, registrationOf, type StoredReturnee } from './registration';

/** Where the head of a household goes, and which languages it speaks. */
export type HouseholdPlace = NonNullable<Person['householdAt']>;

/** The members that are known of the households in some rows, the first that were registered first. */
export interface Households {
  /** Where the row's household is placed: by its head, or by its first member where nobody is the head. */
  placeOf(row: Registration): HouseholdPlace | undefined;
  /** Members of these households that the rows are not of. */
  readonly others: readonly StoredReturnee[];
}

/** Reads the households of rows that are stored already. */
export async function householdsOf(reading: Reading, rows: readonly Registration[]): Promise<Households> {
  const keys = rows.filter((row) => row.person.household !== undefined);
  if (keys.length === 0) return { placeOf: () => undefined, others: [] };
  const names = keys.map((row) =>
    referenceColumn(reading.keyring, row.journey.sendingAuthority, row.person.household!),
  );
  const found = await readReturnees(reading, 'where household = any($1::text[]) order by seq', [
    [...new Set(names)],
  ]);
  const stored = found.filter((one) => !isErased(one));
  const heads = new Map<string, Registration>();
  for (const member of stored.map((one) => registrationOf(one))) {
    const key = householdKey(member);
    if (!heads.has(key) || (isHead(member) && !isHead(heads.get(key)!))) heads.set(key, member);
  }
  const given = new Set(rows.map(memberKey));
  return {
    placeOf: (row) => placeOf(heads.get(householdKey(row))),
    others: stored.filter((one) => !given.has(memberKey(registrationOf(one)))),
  };
}

/** Tells the coordinator of members whose head is new, or has changed, that the household is placed elsewhere now. */
export function announceOthers(
  unit: UnitOfWork,
  { others, placeOf: placeIn }: Households,
  changed: readonly Registration[],
): void {
  const moved = new Set(changed.filter(isHead).map(householdKey));
  for (const stored of others) {
    const row = registrationOf(stored);
    // A registration that was merged into another is heard of through that one.
    if (!moved.has(householdKey(row)) || stored.mergedInto) continue;
    unit.publish({
      topic: RETURNEES_TOPIC,
      key: stored.caseId,
      contract: ReturneeChanged,
      data: announcement(stored.id, row, stored.consent, placeIn(row)),
    });
  }
}

function placeOf(head: Registration | undefined): HouseholdPlace | undefined {
  return head && { ubigeo: head.person.destinationUbigeo, languages: head.person.languages };
}

function isHead({ person }: Registration): boolean {
  return person.relationship === 'head';
}

/** A reference means the same household only with who gave it. */
function householdKey({ journey, person }: Registration): string {
  return `${journey.sendingAuthority}\n${person.household ?? ''}`;
}

function memberKey(row: Registration): string {
  return `${row.journey.sendingAuthority}\n${row.externalId}`;
}
