/**
 * Likely duplicates: registrations that meet by a blocking key are compared, and who looks like one person is told to the
 * newer case. Nothing is merged here: operations decides.
 */
import { DuplicateSuspected, RETURNEES_TOPIC } from '@retorno/contracts';
import type { UnitOfWork } from '@retorno/messaging';
import { blockingKeys } from './blocking';
import { isErased, registrationOf } from '../registration/registration';
import { readReturnees } from '../registration/returnee-table';
import { comparable, suspicion, type Comparable } from './score';

/** The secret of the blocking keys, 32 bytes. */
export const PEPPER = Symbol('the secret of the blocking keys');

/** At most so many are told for one person, the most alike first: a file full of one person stays linear. */
const MOST_DUPLICATES = 5;
/** At most so many, the oldest, are compared by one key. */
const MOST_CANDIDATES = 10;

/** Returnees by their place in the order of registration. */
interface Pair {
  readonly newer: string;
  readonly older: string;
}
type Suspected = Pair & NonNullable<ReturnType<typeof suspicion>>;

/** Finds who looks like one of these returnees; each pair is told once, on the newer case. */
export async function announceDuplicates(
  unit: UnitOfWork,
  returneeIds: readonly string[],
  pepper: Buffer,
): Promise<void> {
  if (returneeIds.length === 0) return;
  const subjects = await peopleOf(unit, 'where id = any($1::uuid[])', [returneeIds]);
  const keys = [...subjects].flatMap(([seq, person]) =>
    blockingKeys(person, pepper).map((key) => ({ seq, key })),
  );
  await keep(unit, [...subjects.keys()], keys);
  const pairs = await untold(unit, keys);
  const missing = new Set(
    pairs.flatMap((pair) => [pair.newer, pair.older]).filter((seq) => !subjects.has(seq)),
  );
  const others =
    missing.size === 0 ? [] : await peopleOf(unit, 'where seq = any($1::bigint[])', [[...missing]]);
  const suspected = mostAlike(pairs, new Map([...subjects, ...others]));
  if (suspected.length > 0) await tell(unit, suspected);
}

async function peopleOf(
  unit: UnitOfWork,
  where: string,
  params: unknown[],
): Promise<Map<string, Comparable>> {
  const places: { id: string; seq: string }[] = await unit.tx.query(
    `select id, seq from returnee ${where} order by seq`,
    params,
  );
  const stored = new Map((await readReturnees(unit, where, params)).map((found) => [found.id, found]));
  return new Map(
    places.flatMap(({ id, seq }): [string, Comparable][] => {
      const found = stored.get(id);
      if (!found || isErased(found)) return [];
      const { person, journey } = registrationOf(found);
      return [[seq, comparable({ person, sendingAuthority: journey.sendingAuthority })]];
    }),
  );
}

async function keep(
  unit: UnitOfWork,
  seqs: readonly string[],
  keys: readonly { seq: string; key: string }[],
): Promise<void> {
  await unit.tx.query('delete from duplicate_key where seq = any($1::bigint[])', [seqs]);
  await unit.tx.query(
    'insert into duplicate_key (key, seq) select * from unnest($1::bigint[], $2::bigint[])',
    [keys.map(({ key }) => key), keys.map(({ seq }) => seq)],
  );
}

/** Those who meet by a key and were not told yet. */
function untold(unit: UnitOfWork, keys: readonly { seq: string; key: string }[]): Promise<Pair[]> {
  return unit.tx.query(
    `with met as (
       select distinct greatest(s.seq, o.seq) as newer, least(s.seq, o.seq) as older
       from unnest($1::bigint[], $2::bigint[]) as s(key, seq) cross join lateral (
         select d.seq from duplicate_key d where d.key = s.key and d.seq <> s.seq
         order by d.seq limit ${MOST_CANDIDATES}) o)
     select newer, older from met
     where not exists (
       select 1 from duplicate_pair p join returnee n on n.id = p.newer_id join returnee o on o.id = p.older_id
       where n.seq = met.newer and o.seq = met.older)
     order by newer, older`,
    [keys.map(({ key }) => key), keys.map(({ seq }) => seq)],
  );
}

function mostAlike(pairs: readonly Pair[], people: ReadonlyMap<string, Comparable>): Suspected[] {
  const found = new Map<string, Suspected[]>();
  for (const pair of pairs) {
    const [newer, older] = [people.get(pair.newer), people.get(pair.older)];
    const alike = newer && older && suspicion(newer, older);
    if (alike) found.set(pair.newer, [...(found.get(pair.newer) ?? []), { ...pair, ...alike }]);
  }
  return [...found.values()].flatMap((of) =>
    of.sort((a, b) => b.score - a.score || Number(a.older) - Number(b.older)).slice(0, MOST_DUPLICATES),
  );
}

/** Told of the cases that go on: one that was merged into another stands for nobody any more. */
async function tell(unit: UnitOfWork, suspected: readonly Suspected[]): Promise<void> {
  const told: {
    key: string;
    other_id: string;
    other_number: string;
    ground: Suspected['ground'];
    score: number;
  }[] = await unit.tx.query(
    `with told as (
         insert into duplicate_pair (newer_id, older_id, ground, score, found_at)
         select n.id, o.id, x.ground, x.score, $5::timestamptz
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::int[]) as x(newer, older, ground, score)
           join returnee n on n.seq = x.newer join returnee o on o.seq = x.older
         on conflict do nothing
         returning newer_id, older_id, ground, score)
       select coalesce(n.merged_case_id, n.case_id) as key, c.case_id as other_id, c.case_number as other_number,
         told.ground, told.score
       from told join returnee n on n.id = newer_id join returnee o on o.id = older_id
         join returnee c on c.id = coalesce(o.merged_into, o.id)
       where coalesce(n.merged_into, n.id) <> c.id
       order by n.seq, o.seq`,
    [
      suspected.map((pair) => pair.newer),
      suspected.map((pair) => pair.older),
      suspected.map((pair) => pair.ground),
      suspected.map((pair) => pair.score),
      unit.now,
    ],
  );
  for (const { key, other_id, other_number, ground, score } of told) {
    unit.publish({
      topic: RETURNEES_TOPIC,
      key,
      contract: DuplicateSuspected,
      data: { otherCaseId: other_id, otherCaseNumber: other_number, ground, score },
    });
  }
}
