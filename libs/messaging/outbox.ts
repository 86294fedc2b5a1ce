/** The writing half: events get their place in their stream and wait for the relay. */
import type { Envelope } from '@retorno/contracts';
import type { EntityManager } from 'typeorm';
import { prepared } from './sql';
import type { StreamRange } from './transport';

/** Most bytes of an event: no broker takes more than about 1 MB, and one that is refused would stop all behind it. */
const MOST_BYTES = 900_000;

/** An event that has no place in its stream yet. */
export interface PendingEvent {
  topic: string;
  envelope: Omit<Envelope, 'keyseq'>;
}

/** An outbox row: its position and the event. */
export interface OutboxRow {
  position: string;
  topic: string;
  envelope: string;
}

/**
 * Appends events in the order given and numbers each within its stream without gaps. The stream's head is locked (in
 * sorted order) before any position is drawn, so positions of one stream are in the order of their commits.
 */
export async function append(tx: EntityManager, events: readonly PendingEvent[]): Promise<void> {
  if (events.length === 0) return;
  const streams = new Map<string, { topic: string; key: string; count: number; next: number }>();
  for (const { topic, envelope } of events) {
    const id = streamId(topic, envelope.partitionkey);
    const stream = streams.get(id);
    if (stream) stream.count += 1;
    else streams.set(id, { topic, key: envelope.partitionkey, count: 1, next: 0 });
  }
  const list = [...streams.values()];
  const { rows: heads } = await prepared<{ topic: string; key: string; next_seq: string }>(
    tx,
    `insert into stream_head as h (topic, key, next_seq)
     select t, k, n + 1 from unnest($1::text[], $2::text[], $3::bigint[]) as x(t, k, n) order by t, k
     on conflict (topic, key) do update set next_seq = h.next_seq + excluded.next_seq - 1
     returning topic, key, next_seq`,
    [list.map((s) => s.topic), list.map((s) => s.key), list.map((s) => s.count)],
  );
  for (const head of heads) {
    const stream = streams.get(streamId(head.topic, head.key))!;
    stream.next = Number(head.next_seq) - stream.count;
  }
  const rows = events.map(({ topic, envelope }) => {
    const keyseq = streams.get(streamId(topic, envelope.partitionkey))!.next++;
    const text = JSON.stringify({ ...envelope, keyseq });
    if (Buffer.byteLength(text) > MOST_BYTES) throw new Error(`${envelope.type} is too large for ${topic}`);
    return { topic, key: envelope.partitionkey, keyseq, envelope: text };
  });
  await prepared(
    tx,
    `with written as (
       insert into event_log (topic, key, key_seq, envelope)
       select t, k, s, e
       from rows from (unnest($1::text[], $2::text[], $3::bigint[]), string_to_table($4, E'\\n'))
         with ordinality as x(t, k, s, e, n)
       order by n
       returning position)
     insert into outbox (position) select position from written`,
    [
      rows.map((r) => r.topic),
      rows.map((r) => r.key),
      rows.map((r) => r.keyseq),
      // JSON has no raw line break: one text instead of an array needs no escaping at either end.
      rows.map((r) => r.envelope).join('\n'),
    ],
  );
}

/** The oldest unsent events, in order. */
export function unsent(tx: EntityManager, limit: number): Promise<OutboxRow[]> {
  return tx.query(
    // The planner, left free, scans the whole log for a few rows: `offset 0` keeps it a look-up per row.
    `select o.position, l.topic, l.envelope
     from (select position from outbox order by position limit $1) as o
     cross join lateral (select topic, envelope from event_log e where e.position = o.position offset 0) as l
     order by o.position`,
    [limit],
  );
}

/**
 * Forgets acknowledged rows. By id and never `<= x`: the row of a slow commit would vanish unsent. This commit need not
 * reach the disk: what a crash brings back is sent again, and dropped by the readers' cursors.
 */
export async function acknowledge(tx: EntityManager, positions: readonly string[]): Promise<void> {
  await tx.query(
    `with lazily as materialized (select set_config('synchronous_commit', 'off', true) as set)
     delete from outbox using lazily where position = any($1::bigint[]) and lazily.set is not null`,
    [positions],
  );
}

/** Puts part of a stream back into the outbox; the events keep their ids and places. */
export async function sendAgain(tx: EntityManager, range: StreamRange): Promise<void> {
  await tx.query(
    `insert into outbox (position)
     select position from event_log where topic = $1 and key = $2 and key_seq between $3 and $4
     on conflict do nothing`,
    [range.topic, range.key, range.from, range.to],
  );
}

/** A stream as one string, for maps. */
export function streamId(topic: string, key: string): string {
  return `${topic}\n${key}`;
}
