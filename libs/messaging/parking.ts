/** Messages that could not be handled, kept with everything behind them of the same stream. */
import type { Envelope } from '@retorno/contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { columnsOf, type Cursor, type StreamEvent } from './cursors';

/** Pauses before a parked stream is tried again by itself; after them it waits for a person. */
const BACKOFF_MS = [60_000, 5 * 60_000, 30 * 60_000];

/** What GET /parked shows: where a stream stands still and why. */
export interface ParkedStream {
  id: string;
  kind: 'parked' | 'gap' | 'timer';
  service: string;
  topic: string;
  key: string;
  keySeq: number;
  type: string | null;
  cause: string;
  attempts: number;
  /** How many events wait behind it. */
  behind: number;
  since: string;
  nextTryAt: string | null;
}

/**
 * Parks events of one stream. The first carries the cause; with a null cause all of them join a stream that is parked
 * already.
 */
export async function park(
  tx: EntityManager,
  consumer: string,
  events: readonly StreamEvent[],
  cause: string | null,
  attempts: number,
  now: Date,
): Promise<void> {
  if (events.length === 0) return;
  const [topics, keys, seqs, envelopes] = columnsOf(events);
  const nextTry = cause === null ? null : new Date(now.getTime() + BACKOFF_MS[0]!).toISOString();
  await tx.query(
    `insert into parked (consumer, topic, key, key_seq, envelope, parked_at, cause, attempts, next_try_at)
     select $1, t, k, s, e, $6, case when n = 1 then $7 end, case when n = 1 then $8::int else 0 end,
            case when n = 1 then $9::timestamptz end
     from unnest($2::text[], $3::text[], $4::bigint[], $5::text[]) with ordinality as x(t, k, s, e, n)
     on conflict (consumer, topic, key, key_seq) do nothing`,
    [consumer, topics, keys, seqs, envelopes, now.toISOString(), cause, attempts, nextTry],
  );
}

/** The same event in a place of its own: one with a false source or a broken envelope must not block a stream. */
export function outsideStream(event: StreamEvent): StreamEvent {
  const partitionkey = `outside-${uuidv7()}`;
  return { topic: event.topic, envelope: { ...event.envelope, partitionkey, keyseq: 1 } };
}

/** Removes parked rows that the cursor has reached. */
export async function takeParked(
  tx: EntityManager,
  consumer: string,
  streams: readonly Cursor[],
): Promise<void> {
  await tx.query(
    `delete from parked p using unnest($2::text[], $3::text[], $4::bigint[]) as s(topic, key, seq)
     where p.consumer = $1 and p.topic = s.topic and p.key = s.key and p.key_seq <= s.seq`,
    [consumer, streams.map((s) => s.topic), streams.map((s) => s.key), streams.map((s) => s.lastSeq)],
  );
}

/** The first parked event of a stream. */
export async function headOf(
  tx: EntityManager,
  consumer: string,
  stream: { topic: string; key: string },
): Promise<(StreamEvent & { id: string; cause: string | null; attempts: number }) | undefined> {
  const rows: { id: string; topic: string; envelope: string; cause: string | null; attempts: number }[] =
    await tx.query(
      `select id, topic, envelope, cause, attempts from parked
       where consumer = $1 and topic = $2 and key = $3 order by key_seq limit 1`,
      [consumer, stream.topic, stream.key],
    );
  const row = rows[0];
  return row && { ...row, envelope: JSON.parse(row.envelope) as Envelope };
}

/** The stream of a parked message's id. */
export async function streamOf(
  tx: EntityManager,
  id: string,
): Promise<{ topic: string; key: string } | undefined> {
  const rows: { topic: string; key: string }[] = await tx.query(
    `select topic, key from parked where id::text = $1`,
    [id],
  );
  return rows[0];
}

/** Notes that a redrive failed again, and when the next one comes by itself; never again after the last pause. */
export async function noteFailure(tx: EntityManager, id: string, cause: string, now: Date): Promise<void> {
  await tx.query(
    `update parked set cause = $2, attempts = attempts + 1,
       next_try_at = $3::timestamptz + ($4::bigint[])[attempts - 1] * interval '1 millisecond'
     where id = $1`,
    [id, cause, now.toISOString(), BACKOFF_MS],
  );
}

/** Streams whose head may be tried again now: the pause is over, or its forerunner is gone. */
export async function dueStreams(
  tx: EntityManager,
  consumer: string,
  now: Date,
): Promise<{ topic: string; key: string }[]> {
  return tx.query(
    `select topic, key from (
       select distinct on (topic, key) topic, key, cause, next_try_at from parked
       where consumer = $1 order by topic, key, key_seq) as heads
     where cause is null or next_try_at <= $2 limit 100`,
    [consumer, now.toISOString()],
  );
}

/** Takes the head of a stream out for good, with who and why. The stream goes on behind it. */
export async function skipHead(
  tx: EntityManager,
  consumer: string,
  id: string,
  reason: string,
  by: string,
  now: Date,
): Promise<boolean> {
  const moved: { topic: string }[] = await tx.query(
    `with head as (
       select p.* from parked p where p.id = $2 and p.consumer = $1 and not exists (
         select from parked f where f.consumer = p.consumer and f.topic = p.topic and f.key = p.key
           and f.key_seq < p.key_seq) for update),
     gone as (delete from parked p using head where p.id = head.id),
     audit as (
       insert into skipped (id, consumer, topic, key, key_seq, envelope, cause, reason, skipped_by, skipped_at)
       select id, consumer, topic, key, key_seq, envelope, cause, $3, $4, $5 from head)
     insert into stream_cursor as c (consumer, topic, key, last_seq, digest)
     select consumer, topic, key, key_seq, '' from head
     on conflict (consumer, topic, key) do update set last_seq = greatest(c.last_seq, excluded.last_seq)
     returning topic`,
    [consumer, id, reason, by, now.toISOString()],
  );
  return moved.length > 0;
}

/** Where streams stand still: parked ones, gaps that were not filled within a minute, timers that keep failing. */
export async function standstills(
  tx: EntityManager,
  service: string,
  after: string,
  limit: number,
): Promise<ParkedStream[]> {
  const rows: (Omit<ParkedStream, 'since' | 'nextTryAt' | 'type' | 'service'> & {
    since: Date;
    next_try_at: Date | null;
    envelope: string | null;
  })[] = await tx.query(
    `select * from (
       select distinct on (topic, key) id::text, 'parked' as kind, topic, key, key_seq::int as "keySeq", envelope,
         coalesce(cause, 'waits for its turn') as cause, attempts, parked_at as since, next_try_at,
         (count(*) over (partition by topic, key) - 1)::int as behind
       from parked where consumer = $1 order by topic, key, key_seq
     ) as heads
     union all
     select 'gap-' || md5(topic || ' ' || key), 'gap', h.topic, h.key, (min(key_seq) - 1)::int, null,
       'events before ' || min(key_seq) || ' have not arrived', 0, min(held_at), null, count(*)::int
     from held h where consumer = $1 group by h.topic, h.key having min(held_at) < now() - interval '60 seconds'
     union all
     select 'timer-' || md5(name || ' ' || key), 'timer', 'timer.' || name, key, generation::int, null, cause, attempts,
       due_at, claimed_until, 0
     from timer where attempts >= 3
     order by 1`,
    [service],
  );
  return rows
    .filter((row) => row.id > after)
    .slice(0, limit)
    .map(({ envelope, next_try_at, since, ...row }) => ({
      ...row,
      service,
      type: envelope === null ? null : ((JSON.parse(envelope) as Partial<Envelope>).type ?? null),
      since: since.toISOString(),
      nextTryAt: next_try_at?.toISOString() ?? null,
    }));
}
