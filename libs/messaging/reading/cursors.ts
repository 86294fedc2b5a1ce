/** The reading half: how far each stream was handled, what is held and what is parked. */
import { hash } from 'node:crypto';
import type { Envelope } from '@retorno/contracts';
import type { EntityManager } from 'typeorm';
import { streamId } from '../writing/outbox';
import { expectRows, prepared } from '../sql';
import type { StreamRange } from '../transport';

/** What is in order: the events of one key of one topic. */
export interface Stream {
  topic: string;
  key: string;
}

/** A stream as its consumer knows it. */
export interface Cursor extends Stream {
  lastSeq: number;
  /** What last_seq was when it was read; 0 for a stream never seen. */
  readSeq: number;
  digest: string;
  /** When the newest event that was handled was written: see `bornAt`. */
  newest: number;
  parked: boolean;
  held: boolean;
  /** An event is to be handled. */
  moved: boolean;
}

/** An event with its topic, waiting to be handled, held or parked. */
export interface StreamEvent {
  topic: string;
  envelope: Envelope;
}

/** Extends the chain of handled event ids. In one call, for an object of its own cost each event three times as much. */
export function chained(digest: string, eventId: string): string {
  return hash('sha1', digest + eventId, 'base64url').slice(0, 16);
}

/**
 * When an event was written, by its id (UUID version 7): ms since 1970 by its writer's clock. 0 for any other id.
 *
 * An event under a place that was handled already is one that comes again, and is dropped. Of those none is newer than all
 * that were handled. One that is newer was written by a service whose database was restored from an older copy, and that
 * had not heard yet how far its readers are: it is a different event, and is handled.
 */
export function bornAt({ id }: Pick<Envelope, 'id'>): number {
  return id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) || 0 : 0;
}

/** Reads the cursors of these streams; a stream never seen stands at 0. */
export async function readCursors(
  tx: EntityManager,
  consumer: string,
  events: readonly StreamEvent[],
): Promise<Map<string, Cursor>> {
  const wanted = new Map(events.map((e) => [streamId(e.topic, e.envelope.partitionkey), e]));
  const { rows } = await prepared<{
    topic: string;
    key: string;
    last_seq: string;
    digest: string;
    newest: string;
    parked: boolean;
    held: boolean;
  }>(
    tx,
    `select s.topic, s.key, coalesce(c.last_seq, 0) as last_seq, coalesce(c.digest, '') as digest,
         coalesce(c.newest, 0) as newest,
         exists (select from parked p where p.consumer = $1 and p.topic = s.topic and p.key = s.key) as parked,
         exists (select from held h where h.consumer = $1 and h.topic = s.topic and h.key = s.key) as held
       from unnest($2::text[], $3::text[]) as s(topic, key)
       left join lateral (
         select last_seq, digest, newest from stream_cursor k
         where k.consumer = $1 and k.topic = s.topic and k.key = s.key offset 0) as c on true`,
    [
      consumer,
      [...wanted.values()].map((e) => e.topic),
      [...wanted.values()].map((e) => e.envelope.partitionkey),
    ],
  );
  return new Map(
    rows.map((row) => {
      const seq = Number(row.last_seq);
      return [
        streamId(row.topic, row.key),
        { ...row, lastSeq: seq, readSeq: seq, newest: Number(row.newest), moved: false },
      ];
    }),
  );
}

/** Moves cursors that advanced. Throws ConcurrentChange when another instance moved one first. */
export async function writeCursors(
  tx: EntityManager,
  consumer: string,
  cursors: Iterable<Cursor>,
): Promise<void> {
  const moved = [...cursors].filter((c) => c.moved);
  if (moved.length === 0) return;
  const { count } = await prepared(
    tx,
    `insert into stream_cursor as c (consumer, topic, key, last_seq, read_seq, digest, newest)
     select $1, t, k, s, r, d, n
     from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[]) as x(t, k, s, r, d, n)
     order by t, k
     on conflict (consumer, topic, key) do update
     set last_seq = excluded.last_seq, read_seq = excluded.read_seq, digest = excluded.digest,
       newest = excluded.newest
     where c.last_seq = excluded.read_seq and (c.last_seq < excluded.last_seq or c.newest < excluded.newest)`,
    [
      consumer,
      moved.map((c) => c.topic),
      moved.map((c) => c.key),
      moved.map((c) => c.lastSeq),
      moved.map((c) => c.readSeq),
      moved.map((c) => c.digest),
      moved.map((c) => c.newest),
    ],
  );
  expectRows('stream cursor', count, moved.length);
}

/** Keeps events that came before the ones they follow; one that is there already stays. */
export async function hold(
  tx: EntityManager,
  consumer: string,
  events: readonly StreamEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `insert into held (consumer, topic, key, key_seq, envelope)
     select $1, t, k, s, e from unnest($2::text[], $3::text[], $4::bigint[], $5::text[]) as x(t, k, s, e)
     on conflict do nothing`,
    [consumer, ...columnsOf(events)],
  );
}

/** The held events of these streams, in order. */
export async function heldOf(
  tx: EntityManager,
  consumer: string,
  streams: readonly Cursor[],
): Promise<StreamEvent[]> {
  if (streams.length === 0) return [];
  const rows: { topic: string; envelope: string }[] = await tx.query(
    `select h.topic, h.envelope from held h
     join unnest($2::text[], $3::text[]) as s(topic, key) using (topic, key)
     where h.consumer = $1 order by h.topic, h.key, h.key_seq`,
    [consumer, streams.map((s) => s.topic), streams.map((s) => s.key)],
  );
  return rows.map((row) => ({ topic: row.topic, envelope: JSON.parse(row.envelope) as Envelope }));
}

/** The held event that is next in its stream. */
export async function nextHeld(
  tx: EntityManager,
  consumer: string,
  stream: Stream,
): Promise<StreamEvent | undefined> {
  const rows: { envelope: string }[] = await tx.query(
    `select h.envelope from held h left join stream_cursor c using (consumer, topic, key)
     where h.consumer = $1 and h.topic = $2 and h.key = $3 and h.key_seq = coalesce(c.last_seq, 0) + 1`,
    [consumer, stream.topic, stream.key],
  );
  return rows[0] && { topic: stream.topic, envelope: JSON.parse(rows[0].envelope) as Envelope };
}

/**
 * Streams whose held events may be handled: another instance held them at the moment when this one handled what they
 * waited for. Forgets those that were handled meanwhile.
 */
export async function overlooked(tx: EntityManager, consumer: string): Promise<Stream[]> {
  await tx.query(
    `delete from held h using stream_cursor c
     where h.consumer = $1 and c.consumer = $1 and c.topic = h.topic and c.key = h.key and h.key_seq <= c.last_seq`,
    [consumer],
  );
  return tx.query(
    `select h.topic, h.key from held h left join stream_cursor c using (consumer, topic, key)
     where h.consumer = $1 and h.key_seq = coalesce(c.last_seq, 0) + 1 limit 100`,
    [consumer],
  );
}

/** Forgets held events that the cursor has reached. */
export async function releaseHeld(
  tx: EntityManager,
  consumer: string,
  streams: readonly Cursor[],
): Promise<void> {
  if (streams.length === 0) return;
  await tx.query(
    `delete from held h using unnest($2::text[], $3::text[], $4::bigint[]) as s(topic, key, seq)
     where h.consumer = $1 and h.topic = s.topic and h.key = s.key and h.key_seq <= s.seq`,
    [consumer, streams.map((s) => s.topic), streams.map((s) => s.key), streams.map((s) => s.lastSeq)],
  );
}

/** Columns of events for `unnest`: topic, key, key_seq, envelope. */
export function columnsOf(events: readonly StreamEvent[]): [string[], string[], number[], string[]] {
  return [
    events.map((e) => e.topic),
    events.map((e) => e.envelope.partitionkey),
    events.map((e) => e.envelope.keyseq),
    events.map((e) => JSON.stringify(e.envelope)),
  ];
}

/** Moves cursors over what their writer can never send, where they stand right before it. */
export async function passOver(
  tx: EntityManager,
  consumer: string,
  gone: readonly (Stream & { from: number; to: number })[],
): Promise<void> {
  await tx.query(
    `with gone as (
       select * from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[]) as x(topic, key, first, last)),
     begun as (
       insert into stream_cursor (consumer, topic, key, last_seq, digest)
       select $1, topic, key, last, '' from gone where first = 1 order by topic, key on conflict do nothing)
     update stream_cursor c set last_seq = gone.last from gone
     where c.consumer = $1 and c.topic = gone.topic and c.key = gone.key
       and c.last_seq >= gone.first - 1 and c.last_seq < gone.last`,
    [
      consumer,
      gone.map((g) => g.topic),
      gone.map((g) => g.key),
      gone.map((g) => g.from),
      gone.map((g) => g.to),
    ],
  );
}

/** What is missing before events that have been held for `ms`; noted as asked for, so that it is not given again so soon. */
export async function gapsToAskFor(tx: EntityManager, consumer: string, ms: number): Promise<StreamRange[]> {
  const rows: { topic: string; key: string; from: string; to: string }[] = await tx.query(
    `with gap as (
       select h.topic, h.key, coalesce(max(c.last_seq), 0) + 1 as "from", min(h.key_seq) - 1 as "to"
       from held h left join stream_cursor c using (consumer, topic, key)
       where h.consumer = $1 group by h.topic, h.key
       having min(h.held_at) < now() - $2::int * interval '1 millisecond'
          and coalesce(max(h.asked_at), '-infinity') < now() - $2::int * interval '1 millisecond'),
     found as (select * from gap where "from" <= "to" limit 1000),
     noted as (
       update held h set asked_at = now() from found
       where h.consumer = $1 and h.topic = found.topic and h.key = found.key)
     select * from found`,
    [consumer, ms],
  );
  return rows.map((row) => ({ ...row, from: Number(row.from), to: Number(row.to) }));
}
