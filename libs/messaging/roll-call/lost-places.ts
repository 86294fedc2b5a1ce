/** The places of our own streams that were lost with a database restored from an older copy: on record, and told of. */
import type { EntityManager } from 'typeorm';
import { bounds, columns, within, type KeyRange, type LostEvents, type Position } from '../reading/positions';
import type { ResendRequest } from '../transport';

/** Of what a reader says was lost, what is not on record yet. Locks the streams: the same may be said twice at a time. */
export async function notOnRecord(tx: EntityManager, lost: readonly LostEvents[]): Promise<LostEvents[]> {
  const { topics, keys, froms, tos } = lostColumns(lost);
  await tx.query(
    `select from stream_head join unnest($1::text[], $2::text[]) as x(topic, key) using (topic, key)
     order by topic, key for update of stream_head`,
    [topics, keys],
  );
  const rows: LostRow[] = await tx.query(
    `select topic, key, min(f) as "from", max(t) as "to"
     from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) as x(topic, key, f, t)
     where not exists (
       select from lost l where l.topic = x.topic and l.key = x.key and l.from_seq <= f and l.to_seq >= t)
     group by topic, key order by topic, key`,
    [topics, keys, froms, tos],
  );
  return rows.map(lostOf);
}

/** Goes on behind what was lost, so that no reader takes a new event for one that it knows; and keeps it on record. */
export async function goOnBehind(
  tx: EntityManager,
  lost: readonly LostEvents[],
  reader: string,
): Promise<void> {
  const { topics, keys, froms, tos } = lostColumns(lost);
  await tx.query(
    `insert into stream_head as h (topic, key, next_seq)
     select t, k, s + 1 from unnest($1::text[], $2::text[], $3::bigint[]) as x(t, k, s) order by t, k
     on conflict (topic, key) do update set next_seq = greatest(h.next_seq, excluded.next_seq)`,
    [topics, keys, tos],
  );
  await tx.query(
    `insert into lost (topic, key, from_seq, to_seq, reader)
     select * , $5 from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
     on conflict (topic, key, from_seq) do update set to_seq = greatest(lost.to_seq, excluded.to_seq)`,
    [topics, keys, froms, tos, reader],
  );
}

function lostColumns(lost: readonly LostEvents[]) {
  return {
    topics: lost.map((one) => one.topic),
    keys: lost.map((one) => one.key),
    froms: lost.map((one) => one.from),
    tos: lost.map((one) => one.to),
  };
}

// Places may have been used again, the first ones, before anybody could say that they were lost.
const GONE = `
  select l.topic, l.key, to_seq as "to", greatest(from_seq, (
    select max(key_seq) + 1 from event join stream_head h using (stream)
    where h.topic = l.topic and h.key = l.key and key_seq between from_seq and to_seq)) as "from"
  from lost l`;

/** What of a range, or of a whole topic, that a reader asks for is lost here, and so can never come. */
export async function lostWithin(tx: EntityManager, request: ResendRequest): Promise<LostEvents[]> {
  if (!('key' in request)) return lostBehind(tx, request.topic, [{ from: '', before: null }], []);
  const { topic, key, from, to } = request;
  const rows: LostRow[] = await tx.query(
    `select * from (${GONE} where topic = $1 and key = $2 and from_seq <= $4 and to_seq >= $3) as gone
     where "from" <= "to" order by "from"`,
    [topic, key, from, to],
  );
  return rows.map(lostOf);
}

/** What a reader that stands at these places would wait for in vain: a reader that was restored itself, for example. */
export async function lostBehind(
  tx: EntityManager,
  topic: string,
  ranges: readonly KeyRange[],
  positions: readonly Position[],
): Promise<LostEvents[]> {
  const rows: LostRow[] = await tx.query(
    `select gone.* from (${GONE} where topic = $1 and ${within('$2', '$3')}) as gone
     left join unnest($4::text[], $5::bigint[]) as p(key, seq) using (key)
     where "from" <= "to" and "to" > coalesce(p.seq, 0) order by key, "from"`,
    [topic, ...bounds(ranges), ...columns(positions)],
  );
  return rows.map(lostOf);
}

/** What was found to be lost since a reader last agreed with us: it may have made something of it that nobody else knows. */
export async function lostSinceHeard(
  tx: EntityManager,
  reader: string,
  topic: string,
): Promise<LostEvents[]> {
  const rows: LostRow[] = await tx.query(
    `select topic, key, from_seq as "from", to_seq as "to" from lost
     where topic = $2 and found_at > coalesce(
       (select at from heard where reader = $1 and topic = $2), '-infinity') order by key, from_seq`,
    [reader, topic],
  );
  return rows.map(lostOf);
}

type LostRow = { topic: string; key: string; from: string; to: string };

function lostOf({ topic, key, from, to }: LostRow): LostEvents {
  return { topic, key, from: Number(from), to: Number(to) };
}
