/** Who is expected, in the database: found by a manifest's rows, listed by flight, and told when a manifest leaves them out. */
import type { Journey } from '@retorno/contracts';
import type { EntityManager } from 'typeorm';
import { hasArrived, onlyOne } from './announced';
import type { Registration } from '../manifests/manifest-row';
import { documentCharacters } from '../fields/documents';
import { documentKey, personKey, referenceOf } from '../registration/references';
import { isErased, registrationOf, type StoredReturnee } from '../registration/registration';
import {
  hasLostReference,
  noteAuthorities,
  readReturnees,
  type Reading,
} from '../registration/returnee-table';

/** Somebody who is known by other words than those of the row. */
export interface Recognised {
  stored: StoredReturnee;
  /** By another identity that is known already; or a row recognised the announced, or a notice whom a manifest named. */
  by: 'alias' | 'row' | 'notice';
}

/** Finds those of the rows that are about somebody known under another identity. */
export async function recognise(
  reading: Reading,
  rows: readonly Registration[],
): Promise<Map<Registration, Recognised>> {
  const found = new Map<Registration, Recognised>();
  if (rows.length === 0) return found;
  for (const [row, id] of await byAlias(reading, rows)) {
    const [stored] = await readReturnees(reading, 'where id = $1', [id]);
    if (stored) found.set(row, { stored, by: 'alias' });
  }
  const unknown = rows.filter((row) => !found.has(row));
  const taken = new Set([...found.values()].map(({ stored }) => stored.id));
  const matches: { row: Registration; stored: StoredReturnee }[] = [];
  for (const [row, ids] of await alike(reading, unknown)) {
    const candidates = (await readReturnees(reading, 'where id = any($1::uuid[]) order by id', [ids])).filter(
      (stored) => !isErased(stored) && !taken.has(stored.id) && isSameReturn(row, stored),
    );
    const match = onlyOne(
      row,
      candidates.map((stored) => candidateOf(row, stored)),
    );
    const stored = match && candidates.find(({ id }) => id === match.id);
    if (stored) matches.push({ row, stored });
  }
  for (const { row, stored } of matches) {
    // Two rows of one file that both look like the same person: which it is, a person has to say.
    const rivals = matches.filter((other) => other.stored.id === stored.id);
    const by = row.journey.stage === undefined || hasLostReference(stored) ? 'row' : 'notice';
    if (rivals.length === 1) found.set(row, { stored, by });
  }
  return found;
}

/**
 * A row is about who was announced; a notice about who a manifest named for the same day; and either about whom the same
 * sender named for that day, by a name that was lost.
 */
function isSameReturn(said: Registration, stored: StoredReturnee): boolean {
  const { journey } = registrationOf(stored);
  if (hasLostReference(stored) && said.journey.sendingAuthority === journey.sendingAuthority) {
    return said.journey.arrivalDate === journey.arrivalDate || said.journey.dateUnknown === true;
  }
  // Who was said not to return may come after all, as long as the case is not closed.
  if (said.journey.stage === undefined) return journey.stage !== undefined;
  const onManifest = journey.stage === undefined || journey.onManifest === true;
  return onManifest && !said.journey.dateUnknown && journey.arrivalDate === said.journey.arrivalDate;
}

function candidateOf(row: Registration, stored: StoredReturnee) {
  const registration = registrationOf(stored);
  const document = documentCharacters(row.person);
  const sameDocument =
    document !== undefined &&
    registration.person.documentType === row.person.documentType &&
    documentCharacters(registration.person) === document;
  return { id: stored.id, sameDocument, registration };
}

async function byAlias(
  { tx, keyring }: Reading,
  rows: readonly Registration[],
): Promise<[row: Registration, id: string][]> {
  const found: { n: number; returnee_id: string }[] = await tx.query(
    `select x.n::int as n, a.returnee_id
     from unnest($1::text[]) with ordinality as x(external_id, n) join returnee_alias a using (external_id)`,
    [rows.map((row) => referenceOf(keyring, row))],
  );
  return found.map(({ n, returnee_id: id }) => [rows[n - 1]!, id]);
}

/**
 * Ids of those with the same document or the same names and birth date: for a row among the expected and those whose
 * reference was lost, for a notice among all.
 */
async function alike(
  { tx, keyring }: Reading,
  rows: readonly Registration[],
): Promise<[row: Registration, ids: string[]][]> {
  if (rows.length === 0) return [];
  const found: { n: number; ids: string[] }[] = await tx.query(
    `select x.n::int as n, array_agg(r.id) as ids
     from unnest($1::text[], $2::text[], $3::boolean[]) with ordinality as x(document_key, person_key, notice, n)
     cross join lateral (
       select o.id from expected_return e join returnee o on o.id = e.returnee_id
         left join case_feedback f on f.key = o.case_id::text
       where not x.notice and f.status is distinct from 'closed' and (o.document_key = x.document_key or o.person_key = x.person_key)
       union
       select o.id from reference_lost l join returnee o on o.id = l.returnee_id
       where o.document_key = x.document_key or o.person_key = x.person_key
       union
       (select id from returnee where x.notice and document_key = x.document_key order by seq desc limit ${MOST_ALIKE})
       union
       (select id from returnee where x.notice and person_key = x.person_key order by seq desc limit ${MOST_ALIKE})
     ) r group by x.n order by x.n`,
    [
      rows.map((row) => documentKey(keyring, row.person) ?? null),
      rows.map((row) => personKey(keyring, row.person)),
      rows.map((row) => row.journey.stage !== undefined),
    ],
  );
  return found.map(({ n, ids }) => [rows[n - 1]!, ids]);
}

const MOST_ALIKE = 20;

/** The row's identity becomes the returnee's own; the one so far still leads to them. */
export async function rename({ tx, keyring }: Reading, id: string, row: Registration): Promise<void> {
  await noteAuthorities({ tx }, [{ id, authority: row.journey.sendingAuthority }]);
  await tx.query(
    `with before as (select id, external_id from returnee where id = $1),
       found as (delete from reference_lost where returnee_id = $1 returning returnee_id),
       alias as (
         insert into returnee_alias (external_id, returnee_id)
         select external_id, id from before where id not in (select returnee_id from found))
     update returnee set external_id = $2 where id = $1`,
    [id, referenceOf(keyring, row)],
  );
}

/** The notice's identity leads to a returnee as well from now on. */
export async function addAlias({ tx, keyring }: Reading, id: string, row: Registration): Promise<void> {
  await tx.query('insert into returnee_alias (external_id, returnee_id) values ($1, $2)', [
    referenceOf(keyring, row),
    id,
  ]);
}

/** Keeps the list of who is expected in line with what was just stored. */
export async function track(
  tx: EntityManager,
  changes: readonly { id: string; journey: Journey; isNew: boolean }[],
  today: string,
): Promise<void> {
  const ahead = changes.filter(({ journey }) => !hasArrived(journey, today));
  const here = changes.filter(({ journey, isNew }) => !isNew && hasArrived(journey, today));
  if (here.length > 0) {
    await tx.query('delete from expected_return where returnee_id = any($1::uuid[])', [
      here.map(({ id }) => id),
    ]);
  }
  if (ahead.length === 0) return;
  const rows = ahead.map(({ id, journey }) => ({
    id,
    stage: journey.stage ?? null,
    on_manifest: journey.stage === undefined || journey.onManifest === true,
    flight: journey.flight ?? null,
    arrival_date: journey.dateUnknown ? null : journey.arrivalDate,
  }));
  await tx.query(
    `insert into expected_return (returnee_id, stage, on_manifest, flight, arrival_date)
     select id, stage, on_manifest, flight, arrival_date
     from json_to_recordset($1) as x(id uuid, stage text, on_manifest boolean, flight text, arrival_date date)
     on conflict (returnee_id) do update set stage = excluded.stage, on_manifest = excluded.on_manifest,
       flight = excluded.flight, arrival_date = excluded.arrival_date`,
    [JSON.stringify(rows)],
  );
}

/** Notes the flights that a manifest is the list of, as far as anybody is expected on them. */
export async function noteFlights(
  tx: EntityManager,
  manifestId: string,
  rows: readonly Registration[],
): Promise<void> {
  const flights = new Map(
    rows.flatMap(({ journey: { flight, arrivalDate } }) =>
      flight ? [[`${flight} ${arrivalDate}`, { flight, arrivalDate }]] : [],
    ),
  );
  if (flights.size === 0) return;
  await tx.query(
    `insert into manifest_flight (manifest_id, flight, arrival_date)
     select $1, "flight", "arrivalDate" from json_to_recordset($2) as x("flight" text, "arrivalDate" date)
     where exists (select from expected_return e where e.flight = x."flight" and e.arrival_date = x."arrivalDate")
     on conflict do nothing`,
    [manifestId, JSON.stringify([...flights.values()])],
  );
}

/** Ids of those who were announced for a flight of this manifest and whom no manifest names: of its sender's own, if it is for one. */
export async function leftOut(tx: EntityManager, manifestId: string): Promise<string[]> {
  const rows: { returnee_id: string }[] = await tx.query(
    `select e.returnee_id from manifest_flight f join expected_return e using (flight, arrival_date)
     join manifest m on m.id = f.manifest_id
     where f.manifest_id = $1 and not e.on_manifest and e.stage <> 'not-returning'
       and (m.authority is null or exists (
         select from returnee_authority a where a.returnee_id = e.returnee_id and a.authority = m.authority))`,
    [manifestId],
  );
  return rows.map((row) => row.returnee_id);
}
