/** The writing half: events get their place in their stream and wait for the relay. */
import { dataschemaOf, sourceOf, type Envelope } from '@retorno/contracts';
import type { EntityManager } from 'typeorm';
import { prepared } from '../sql';
import type { TransportRecord } from '../transport';

/** Most bytes of an event: no broker takes more than about 1 MB, and one that is refused would stop all behind it. */
const MOST_BYTES = 900_000;

/** An event that has no place in its stream yet. */
export interface PendingEvent {
  topic: string;
  envelope: Omit<Envelope, 'keyseq'>;
}

/** The events of one transaction: a row of the outbox, and what is sent and forgotten together. */
export interface OutboxBatch {
  id: bigint;
  records: TransportRecord[];
}

/** What was written here, as it was before it was sealed. */
const writtenHere = new WeakMap<Envelope, Envelope>();

/** True for an event that was checked when it was written, and has not left this process's memory since. */
export function isWrittenHere(event: Envelope): boolean {
  return writtenHere.has(event);
}

/**
 * An event that was written here, open: the same process need not open what it has just sealed. What travels, waits or is
 * kept is the sealed one.
 */
export function asWrittenHere(event: Envelope): Envelope | undefined {
  return writtenHere.get(event);
}

/**
 * Appends events in the order given (`open`: the same as they were before they were sealed) and numbers each within its stream without gaps. The streams' heads are locked (in
 * sorted order) before the batch's id is drawn, so batches that share a stream have ids in the order of their commits.
 */
export async function append(
  tx: EntityManager,
  events: readonly PendingEvent[],
  open: readonly PendingEvent[] = events,
): Promise<OutboxBatch | undefined> {
  if (events.length === 0) return undefined;
  const streams = new Map<string, { topic: string; key: string; place: number; count: number }>();
  const placed = events.map(({ topic, envelope }) => {
    const id = streamId(topic, envelope.partitionkey);
    let stream = streams.get(id);
    if (!stream) {
      stream = { topic, key: envelope.partitionkey, place: streams.size, count: 0 };
      streams.set(id, stream);
    }
    return { place: stream.place, offset: stream.count++ };
  });
  const list = [...streams.values()];
  const { rows } = await prepared<{ id: string; firsts: string[] }>(
    tx,
    `with stream as materialized (
       select * from unnest($1::text[], $2::text[], $3::int[]) with ordinality as x(topic, key, count, place)),
     head as (
       insert into stream_head as h (topic, key, next_seq)
       select topic, key, count + 1 from stream order by topic, key
       on conflict (topic, key) do update set next_seq = h.next_seq + excluded.next_seq - 1
       returning stream, topic, key, next_seq),
     placed as materialized (
       select head.stream, next_seq - count as first, count, place from head join stream using (topic, key)),
     written as (
       insert into event (stream, key_seq, body)
       select p.stream, p.first + e.above, e.body
       from rows from (unnest($4::int[], $5::int[]), string_to_table($6, E'\\n')) as e(place, above, body)
       join placed p on p.place = e.place + 1)
     insert into outbox (streams, firsts, counts, events)
     select array_agg(stream order by place), array_agg(first order by place), array_agg(count order by place),
       sum(count) from placed
     returning id, firsts`,
    [
      list.map((s) => s.topic),
      list.map((s) => s.key),
      list.map((s) => s.count),
      placed.map((p) => p.place),
      placed.map((p) => p.offset),
      // JSON has no raw line break: one text instead of an array needs no escaping at either end.
      events.map(bodyOf).join('\n'),
    ],
  );
  const { id, firsts } = rows[0]!;
  const first = firsts.map(Number);
  return {
    id: BigInt(id),
    records: events.map(({ topic, envelope }, i) => {
      const { place, offset } = placed[i]!;
      const keyseq = first[place]! + offset;
      const written = { ...envelope, keyseq } as Envelope;
      const unsealed = open[i]!.envelope;
      writtenHere.set(written, unsealed === envelope ? written : ({ ...unsealed, keyseq } as Envelope));
      return { topic, envelope: written };
    }),
  };
}

/** What neither the row's columns nor the event's type say: the rest is put back when it is read. */
function bodyOf({ topic, envelope }: PendingEvent): string {
  const { id, type, time, partitionkey, correlationid, causationid, traceparent, data } = envelope;
  const other = correlationid === partitionkey ? undefined : correlationid;
  const body = JSON.stringify({ id, type, time, correlationid: other, causationid, traceparent, data });
  if (Buffer.byteLength(body) > MOST_BYTES) throw new Error(`${envelope.type} is too large for ${topic}`);
  return body;
}

/** The event as it was written. */
export function envelopeOf(service: string, row: { key: string; key_seq: string; body: string }): Envelope {
  const said = JSON.parse(row.body) as Pick<Envelope, 'id' | 'type' | 'time' | 'data'>;
  return {
    specversion: '1.0',
    source: sourceOf(service),
    dataschema: dataschemaOf(said.type),
    datacontenttype: 'application/json',
    partitionkey: row.key,
    correlationid: row.key,
    keyseq: Number(row.key_seq),
    ...said,
  };
}

/**
 * The oldest batches that wait, in order: whole ones, until there are `limit` events. Those in `except` are left out.
 * `more`: others may wait behind them.
 */
export async function unsent(
  tx: EntityManager,
  service: string,
  limit: number,
  except: readonly bigint[] = [],
): Promise<{ batches: OutboxBatch[]; more: boolean }> {
  const rows: { id: string; topic: string; key: string; key_seq: string; body: string }[] = await tx.query(
    // The planner, left free, scans the whole log for a few rows: `offset 0` keeps it a look-up per stream.
    `select o.id, h.topic, h.key, e.key_seq, e.body
     from (select *, sum(events) over (order by id) - events as before
           from (select * from outbox where id <> all($2::bigint[]) order by id limit $1) as oldest) as o
     cross join lateral unnest(o.streams, o.firsts, o.counts) as r(stream, first, count)
     cross join lateral (select topic, key from stream_head where stream = r.stream offset 0) as h
     cross join lateral (
       select key_seq, body from event
       where stream = r.stream and key_seq between r.first and r.first + r.count - 1 offset 0) as e
     where o.before < $1
     order by o.id, r.stream, e.key_seq`,
    [limit, except.map(String)],
  );
  const batches = new Map<string, OutboxBatch>();
  for (const row of rows) {
    let batch = batches.get(row.id);
    if (!batch) batches.set(row.id, (batch = { id: BigInt(row.id), records: [] }));
    batch.records.push({ topic: row.topic, envelope: envelopeOf(service, row) });
  }
  return { batches: [...batches.values()], more: rows.length >= limit };
}

/**
 * Forgets acknowledged batches. By id and never `<= x`: one of a slow commit would vanish unsent. This commit need not
 * reach the disk: what a crash brings back is sent again, and dropped by the readers' cursors.
 */
export async function acknowledge(tx: EntityManager, ids: readonly bigint[]): Promise<void> {
  await tx.query(
    `with lazily as materialized (select set_config('synchronous_commit', 'off', true) as set)
     delete from outbox using lazily where id = any($1::bigint[]) and lazily.set is not null`,
    [ids.map(String)],
  );
}

/** A stream as one string, for maps. */
export function streamId(topic: string, key: string): string {
  return `${topic}\n${key}`;
}
