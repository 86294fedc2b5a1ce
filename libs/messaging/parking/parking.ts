/** Messages that could not be handled, kept with everything behind them of the same stream. */
import { createHash } from 'node:crypto';
import type { Envelope } from '@retorno/contracts';
import type { EntityManager } from 'typeorm';
import { bornAt, columnsOf, type Stream, type StreamEvent } from '../reading/cursors';

/** Pauses before a parked stream is tried again by itself; after them it waits for a person. */
const BACKOFF_MS = [60_000, 5 * 60_000, 30 * 60_000];

/** The first parked event of a stream. */
export interface ParkedHead extends StreamEvent {
  id: string;
  /** 0 for an event outside its stream. */
  keySeq: number;
  cause: string | null;
}

/**
 * Parks events, and whatever is held of their streams behind them. The first carries the cause; with a null cause all
 * of them join a stream that is parked already. Events that were handled meanwhile are left out.
 */
export async function park(
  tx: EntityManager,
  consumer: string,
  events: readonly StreamEvent[],
  cause: string | null,
  now: Date,
): Promise<void> {
  if (events.length === 0) return;
  const nextTry = cause === null ? null : new Date(now.getTime() + BACKOFF_MS[0]!).toISOString();
  await tx.query(
    `with event as (
       select distinct on (topic, key, key_seq) *
       from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $9::bigint[]) with ordinality
         as x(topic, key, key_seq, envelope, born, n)
       order by topic, key, key_seq, n),
     waiting as (
       delete from held h using (select distinct topic, key from event) as s
       where h.consumer = $1 and h.topic = s.topic and h.key = s.key
       returning h.topic, h.key, h.key_seq, h.envelope, h.held_at)
     insert into parked (consumer, topic, key, key_seq, envelope, parked_at, cause, attempts, next_try_at)
     select $1, a.topic, a.key, a.key_seq, a.envelope, coalesce(a.held_at, $6::timestamptz), case when n = 1 then $7::text end,
       case when n = 1 and $7::text is not null then 1 else 0 end, case when n = 1 then $8::timestamptz end
     from (select *, null::timestamptz as held_at from event
           union all
           select w.topic, w.key, w.key_seq, w.envelope, 0, null, w.held_at from waiting w
           where not exists (
             select from event e where e.topic = w.topic and e.key = w.key and e.key_seq = w.key_seq)) as a
     left join stream_cursor c on c.consumer = $1 and c.topic = a.topic and c.key = a.key
     where a.key_seq > coalesce(c.last_seq, 0) or a.born > c.newest
     on conflict (consumer, topic, key, key_seq) do nothing`,
    [
      consumer,
      ...columnsOf(events),
      now.toISOString(),
      cause,
      nextTry,
      events.map(({ envelope }) => bornAt(envelope)),
    ],
  );
}

/**
 * Parks an event with a false source or a broken envelope by itself: it must not block the stream that it names. The
 * same event delivered again is the same row. It is not tried again by itself.
 */
export async function parkOutside(
  tx: EntityManager,
  consumer: string,
  event: { topic: string; envelope: unknown },
  cause: string,
  now: Date,
): Promise<void> {
  const envelope = JSON.stringify(event.envelope ?? null);
  const key = `outside-${createHash('sha1').update(envelope).digest('hex')}`;
  await tx.query(
    `insert into parked (consumer, topic, key, key_seq, envelope, parked_at, cause, attempts)
     values ($1, $2, $3, 0, $4, $5, $6, 1) on conflict do nothing`,
    [consumer, event.topic, key, envelope, now.toISOString(), cause],
  );
}

/**
 * Ends the parking of streams whose head came before the event that it follows: what is parked of them becomes held,
 * so that the gap is asked for.
 */
export async function unpark(
  tx: EntityManager,
  consumer: string,
  heads: readonly StreamEvent[],
): Promise<void> {
  if (heads.length === 0) return;
  await tx.query(
    `with waiting as (
       delete from parked p using unnest($2::text[], $3::text[]) as s(topic, key)
       where p.consumer = $1 and p.topic = s.topic and p.key = s.key
       returning p.topic, p.key, p.key_seq, p.envelope, p.parked_at)
     insert into held (consumer, topic, key, key_seq, envelope, held_at)
     select $1, topic, key, key_seq, envelope, least(parked_at, now()) from waiting on conflict do nothing`,
    [consumer, heads.map((e) => e.topic), heads.map((e) => e.envelope.partitionkey)],
  );
}

/** Removes the parked rows of these events. */
export async function takeParked(
  tx: EntityManager,
  consumer: string,
  events: readonly StreamEvent[],
): Promise<void> {
  const [topics, keys, seqs] = columnsOf(events);
  await tx.query(
    `delete from parked p using unnest($2::text[], $3::text[], $4::bigint[]) as s(topic, key, seq)
     where p.consumer = $1 and p.topic = s.topic and p.key = s.key and p.key_seq = s.seq`,
    [consumer, topics, keys, seqs],
  );
}

/** Removes one parked row. */
export async function removeParked(tx: EntityManager, id: string): Promise<void> {
  await tx.query(`delete from parked where id = $1`, [id]);
}

export async function headOf(
  tx: EntityManager,
  consumer: string,
  stream: Stream,
): Promise<ParkedHead | undefined> {
  const rows: { id: string; topic: string; key_seq: string; envelope: string; cause: string | null }[] =
    await tx.query(
      `select id, topic, key_seq, envelope, cause from parked
       where consumer = $1 and topic = $2 and key = $3 order by key_seq limit 1`,
      [consumer, stream.topic, stream.key],
    );
  const row = rows[0];
  if (!row) return undefined;
  const { id, topic, cause } = row;
  return { id, topic, cause, keySeq: Number(row.key_seq), envelope: JSON.parse(row.envelope) as Envelope };
}

/** The stream of a parked message's id. */
export async function streamOf(tx: EntityManager, id: string): Promise<Stream | undefined> {
  const rows: Stream[] = await tx.query(`select topic, key from parked where id::text = $1`, [id]);
  return rows[0];
}

/**
 * Notes that a redrive failed, and when the next one comes by itself; never again after the last pause, and never for
 * an event outside its stream.
 */
export async function noteFailure(tx: EntityManager, id: string, cause: string, now: Date): Promise<void> {
  await tx.query(
    `update parked set cause = $2, attempts = attempts + 1,
       next_try_at = case when key_seq > 0
         then $3::timestamptz + ($4::bigint[])[attempts + 1] * interval '1 millisecond' end
     where id = $1`,
    [id, cause, now.toISOString(), BACKOFF_MS],
  );
}

/** True when anything is parked, held or being redriven: one question for a service of which nothing is. */
export async function standsStill(tx: EntityManager, consumer: string): Promise<boolean> {
  const rows: { some: boolean }[] = await tx.query(
    `select exists (select from parked where consumer = $1) or exists (select from held where consumer = $1)
       or exists (select from redrive_job where consumer = $1 and ended_at is null) as some`,
    [consumer],
  );
  return rows[0]!.some;
}

/** Streams whose head may be tried again now: the pause is over, or its forerunner is gone. */
export async function dueStreams(tx: EntityManager, consumer: string, now: Date): Promise<Stream[]> {
  return tx.query(
    `select topic, key from (
       select distinct on (topic, key) topic, key, cause, next_try_at from parked
       where consumer = $1 order by topic, key, key_seq) as heads
     where cause is null or next_try_at <= $2 limit 100`,
    [consumer, now.toISOString()],
  );
}

/** SQL: `bornAt` of a column `envelope`. */
const BORN_AT = `case when envelope::json ->> 'id' ~ '^[0-9a-f]{8}-[0-9a-f]{4}-7'
  then ('x' || left(envelope::json ->> 'id', 8) || substr(envelope::json ->> 'id', 10, 4))::bit(48)::bigint
  else 0 end`;

/** Takes the head of a stream out for good, with who and why. The stream goes on behind it. */
export async function skipHead(
  tx: EntityManager,
  consumer: string,
  id: string,
  reason: string,
  by: string,
  now: Date,
): Promise<boolean> {
  const taken: unknown[] = await tx.query(
    `with head as (
       select p.* from parked p left join stream_cursor c using (consumer, topic, key)
       where p.id = $2 and p.consumer = $1
         and p.key_seq <= coalesce(c.last_seq, 0) + 1 -- the head, and nothing missing before it
       for update of p),
     gone as (delete from parked p using head where p.id = head.id),
     audit as (
       insert into skipped (id, consumer, topic, key, key_seq, envelope, cause, reason, skipped_by, skipped_at)
       select id, consumer, topic, key, key_seq, envelope, cause, $3, $4, $5 from head),
     moved as (
       insert into stream_cursor as c (consumer, topic, key, last_seq, digest, newest)
       select consumer, topic, key, key_seq, '', ${BORN_AT} from head where key_seq > 0
       on conflict (consumer, topic, key) do update
       set last_seq = greatest(c.last_seq, excluded.last_seq), newest = greatest(c.newest, excluded.newest))
     select id from head`,
    [consumer, id, reason, by, now.toISOString()],
  );
  return taken.length > 0;
}
