/** Returnees whose cases operations made one: what is heard of either is told of the case that goes on, for all of them. */
import { RETURNEES_TOPIC, ReturneeChanged } from '@retorno/contracts';
import type { UnitOfWork } from '@retorno/messaging';
import { latestConsent } from '../consent/consent';
import type { HouseholdPlace } from './households';
import { announcement, isErased, registrationOf, type StoredReturnee } from './registration';
import type { Registration } from '../manifests/manifest-row';
import { readReturnees, type Reading } from './returnee-table';

/** One person under several registrations: the surviving one and those merged into it. */
export interface Joined {
  readonly survivor: StoredReturnee;
  readonly members: readonly StoredReturnee[];
}

/**
 * Remembers that one case was merged into another, and tells of that one what is known of both. Gives the registration that
 * stands for the person; undefined when nothing is known of one of the cases.
 */
export async function merge(
  unit: UnitOfWork,
  caseId: string,
  intoCaseId: string,
): Promise<StoredReturnee | undefined> {
  // TypeORM gives what an update returns with the number of rows behind it.
  const [merged]: [{ id: string }[], number] = await unit.tx.query(
    `update returnee r set merged_into = coalesce(s.merged_into, s.id),
       merged_case_id = coalesce(s.merged_case_id, s.case_id)
     from returnee s where s.case_id = $2 and (r.case_id = $1 or r.merged_case_id = $1) returning r.id`,
    [caseId, intoCaseId],
  );
  const [first] = merged;
  const joined = first && (await joinedWith(unit, [first.id])).get(first.id);
  if (joined) announceJoined(unit, joined, joined.survivor.id);
  return joined?.survivor;
}

/** The persons of those of the returnees that are known under several registrations. */
export async function joinedWith(reading: Reading, ids: readonly string[]): Promise<Map<string, Joined>> {
  const all: { id: string; survivor: string }[] =
    ids.length === 0
      ? []
      : await reading.tx.query(
          `with survivor as (
             select distinct merged_into as id from returnee
             where merged_into is not null and (id = any($1::uuid[]) or merged_into = any($1::uuid[])))
           select r.id, s.id as survivor from survivor s join returnee r on r.id = s.id or r.merged_into = s.id`,
          [ids],
        );
  if (all.length === 0) return new Map();
  const found = await readReturnees(reading, 'where id = any($1::uuid[]) order by seq', [
    all.map((r) => r.id),
  ]);
  const stored = found.filter((one) => !isErased(one));
  const survivorOf = new Map(all.map((r) => [r.id, r.survivor]));
  return new Map(
    ids.flatMap((id): [string, Joined][] => {
      const survivor = stored.find((r) => r.id === survivorOf.get(id));
      return survivor
        ? [[id, { survivor, members: stored.filter((r) => survivorOf.get(r.id) === survivor.id) }]]
        : [];
    }),
  );
}

/** Tells the surviving case who the person is by now: as `latest` says it, with what only others of them know. */
export function announceJoined(
  unit: UnitOfWork,
  { survivor, members }: Joined,
  latest: string,
  at?: HouseholdPlace,
): void {
  const newest = members.find((member) => member.id === latest) ?? survivor;
  const consent = members.map((m) => m.consent).reduce(latestConsent);
  const row = joinedRow(
    registrationOf(survivor),
    [newest, ...members].map((member) => registrationOf(member)),
  );
  unit.publish({
    topic: RETURNEES_TOPIC,
    key: survivor.caseId,
    contract: ReturneeChanged,
    data: announcement(survivor.id, row, consent, at),
  });
}

/**
 * One registration out of several. The return is the survivor's; the person is as the first of the others says, and what
 * it does not say comes from those behind it; needs and vulnerabilities are everybody's.
 */
function joinedRow(survivor: Registration, others: readonly Registration[]): Registration {
  const all = [...others, survivor];
  const [first = survivor] = others;
  const { household: _household, relationship: _relationship, ...person } = first.person;
  const { household, relationship } = survivor.person;
  const documented = all.find((row) => row.person.documentType !== 'none')?.person ?? first.person;
  const phone = all.find((row) => row.person.phone !== undefined)?.person.phone;
  const email = all.find((row) => row.person.email !== undefined)?.person.email;
  const { documentType, documentNumber } = documented;
  return {
    ...survivor,
    person: {
      ...person,
      relationship,
      documentType,
      ...(documentNumber === undefined ? {} : { documentNumber }),
      ...(household === undefined ? {} : { household }),
      ...(phone === undefined ? {} : { phone }),
      ...(email === undefined ? {} : { email }),
    },
    vulnerabilities: [...new Set(all.flatMap((row) => row.vulnerabilities))],
    needs: [...new Set(all.flatMap((row) => row.needs))],
  };
}
