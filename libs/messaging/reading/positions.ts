/**
 * How far a reader has come in the streams of a writer, in a form that both can compare range by range: a hash for each
 * range of keys, and the positions themselves only where the hashes differ.
 */
import type { EntityManager } from 'typeorm';

/** The keys from `from` on that come before `before`; null is without end. In the order of their bytes. */
export interface KeyRange {
  readonly from: string;
  readonly before: string | null;
}

/** A range with a hash of every position in it that is not 0. */
export interface RangeHash extends KeyRange {
  readonly hash: string;
}

/** Key and sequence number of the last event that was handled, or is parked. */
export type Position = [key: string, seq: number];

/** Part of a stream that its writer has no record of, although a reader has handled it. */
export interface LostEvents {
  readonly topic: string;
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** Positions in a range: 1,000 of them are about 50 KB. */
const RANGE = 1_000;
/** What was sent stays in the outbox for a tenth of a second: what is older waits to be sent. */
const WAITS = `interval '2 seconds'`;

const HASH = `coalesce(bit_xor(hashtextextended(key || ':' || seq, 0)), 0)::text`;

/** SQL: where a reader ($1) is in a topic ($2), in all streams or that of a key ($3). What is parked was accepted, too. */
const ACCEPTED = `(
  select key, greatest(c.last_seq, p.seq) as seq
  from (select key, last_seq from stream_cursor
        where consumer = $1 and topic = $2 and ($3::text is null or key = $3)) as c
  full join (select key, max(key_seq) as seq from parked
             where consumer = $1 and topic = $2 and ($3::text is null or key = $3) and key_seq > 0
             group by key) as p using (key)) as accepted`;

/** Topics that this service has written, or has read; by one look at the index for each. */
export async function topicsIn(
  tx: EntityManager,
  where: { written: true } | { readBy: string },
): Promise<string[]> {
  const table = 'written' in where ? 'stream_head' : 'stream_cursor';
  const of = 'written' in where ? '$1::text is null' : 't.consumer = $1';
  const rows: { topic: string }[] = await tx.query(
    `with recursive found as (
       (select topic from ${table} t where ${of} order by topic limit 1)
       union all
       select (select t.topic from ${table} t where ${of} and t.topic > found.topic order by t.topic limit 1)
       from found where found.topic is not null)
     select topic from found where topic is not null`,
    ['readBy' in where ? where.readBy : null],
  );
  return rows.map((row) => row.topic);
}

/** The streams of a topic that one service writes: all, or where each key has a writer of its own, that key. */
export interface Written {
  readonly topic: string;
  readonly key?: string;
}

/** A reader's positions in a topic as ranges, in order; always at least one. */
export async function rangesOf(
  tx: EntityManager,
  consumer: string,
  { topic, key }: Written,
): Promise<RangeHash[]> {
  const rows: { from: string; hash: string }[] = await tx.query(
    `select min(key collate "C") as "from", ${HASH} as hash
     from (select key, seq, (row_number() over (order by key collate "C") - 1) / ${RANGE} as range
           from ${ACCEPTED}) as positions
     group by range order by range`,
    [consumer, topic, key ?? null],
  );
  if (rows.length === 0) return [{ from: '', before: null, hash: '0' }];
  return rows.map(({ from, hash }, i) => ({
    from: i === 0 ? '' : from,
    before: rows[i + 1]?.from ?? null,
    hash,
  }));
}

/** A reader's positions in these ranges. */
export async function positionsIn(
  tx: EntityManager,
  consumer: string,
  { topic, key }: Written,
  ranges: readonly KeyRange[],
): Promise<Position[]> {
  const rows: { key: string; seq: string }[] = await tx.query(
    `select key, seq from ${ACCEPTED} where ${within('$4', '$5')} order by key`,
    [consumer, topic, key ?? null, ...bounds(ranges)],
  );
  return rows.map((row) => [row.key, Number(row.seq)]);
}

/** Those of a reader's ranges in which the writer's heads are not where the reader stands. */
export async function differing(
  tx: EntityManager,
  topic: string,
  ranges: readonly RangeHash[],
): Promise<KeyRange[]> {
  const rows: { n: number; hash: string }[] = await tx.query(
    // One pass over the heads, whatever the number of ranges: they have no index in the order of bytes.
    `select n, ${HASH} as hash
     from (select key, next_seq - 1 as seq,
             case when cardinality($2::text[]) = 0 then 0
               else width_bucket(key collate "C", $2::text[]) end as n
           from stream_head where topic = $1 and next_seq > 1) as heads
     group by n`,
    [topic, ranges.slice(1).map((range) => range.from)],
  );
  const own = new Map(rows.map(({ n, hash }) => [n, hash]));
  return ranges
    .filter(({ hash }, n) => hash !== (own.get(n) ?? '0'))
    .map(({ from, before }) => ({ from, before }));
}

/**
 * Notes that what a reader is behind with is to be sent again, unless it is so young that it must be on its way, or waits to
 * be sent. Answers how many events.
 */
export async function noteMissing(
  tx: EntityManager,
  topic: string,
  ranges: readonly KeyRange[],
  positions: readonly Position[],
  youngerMs: number,
): Promise<number> {
  const [row]: { events: string | null }[] = await tx.query(
    `with reader as (select * from unnest($4::text[], $5::bigint[]) as p(key, seq)),
       behind as (
         select h.stream, coalesce(p.seq, 0) as seq from stream_head h left join reader p using (key)
         where h.topic = $1 and ${within('$2', '$3')} and h.next_seq - 1 > coalesce(p.seq, 0)
           and h.stream not in (select unnest(streams) from outbox where at < now() - ${WAITS})),
       missing as (
         select b.stream, min(e.key_seq) as from_seq, count(*) as events
         from behind b join event e on e.stream = b.stream and e.key_seq > b.seq
         where e.at < now() - $6::int * interval '1 millisecond' group by b.stream),
       noted as (
         insert into send_again as a (stream, from_seq) select stream, from_seq from missing
         on conflict (stream) do update set from_seq = least(a.from_seq, excluded.from_seq))
     select sum(events) as events from missing`,
    [topic, ...bounds(ranges), ...columns(positions), youngerMs],
  );
  return Number(row?.events ?? 0);
}

/** What a reader has handled and the writer has no record of: this database was restored from an older copy. */
export async function lostEvents(
  tx: EntityManager,
  topic: string,
  positions: readonly Position[],
): Promise<LostEvents[]> {
  const rows: { key: string; head: string; seq: string }[] = await tx.query(
    `select key, coalesce(h.next_seq - 1, 0) as head, p.seq from unnest($2::text[], $3::bigint[]) as p(key, seq)
     left join (select key, next_seq from stream_head where topic = $1) as h using (key)
     where p.seq > coalesce(h.next_seq - 1, 0) order by key`,
    [topic, ...columns(positions)],
  );
  return rows.map(({ key, head, seq }) => ({ topic, key, from: Number(head) + 1, to: Number(seq) }));
}

/** SQL: the key is in one of the ranges whose bounds are these parameters. */
export function within(froms: string, befores: string): string {
  return `exists (select from unnest(${froms}::text[], ${befores}::text[]) as r("from", before)
    where key collate "C" >= r."from" and (r.before is null or key collate "C" < r.before))`;
}

/** Ranges as the parameters of `within`. */
export function bounds(ranges: readonly KeyRange[]): [string[], (string | null)[]] {
  return [ranges.map((range) => range.from), ranges.map((range) => range.before)];
}

/** Positions as parameters for `unnest`. */
export function columns(positions: readonly Position[]): [string[], number[]] {
  return [positions.map(([key]) => key), positions.map(([, seq]) => seq)];
}
