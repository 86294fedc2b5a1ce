/** How much waits where, for figures and readiness. */
import type { DataSource } from 'typeorm';

/** Counts stop at MOST_SENT and MOST_STANDING: trouble must not be made worse by counting it. */
export interface Backlog {
  /** Events not yet acknowledged by the transport, and the age of the oldest in seconds. */
  outbox: number;
  outboxAgeSeconds: number;
  parkedStreams: number;
  parkedEvents: number;
  held: number;
  /** Streams that are to be sent again, and topics that have still to be asked for as a whole. */
  replays: number;
  /** Timers whose time passed more than 10 s ago. */
  timersLate: number;
}

// Counting all of 300,000 parked events and 500,000 of an outbox took half a second; these take 20 ms.
const MOST_SENT = 100_000;
const MOST_STANDING = 10_000;

/** Reads it in one statement; `now` is the Clock's time, which timers go by. */
export async function readBacklog(dataSource: DataSource, now: Date): Promise<Backlog> {
  const rows: Backlog[] = await dataSource.query(
    `with standing as materialized (select consumer, topic, key from parked limit ${MOST_STANDING})
     select (select coalesce(sum(events), 0)::int from (select events from outbox order by id limit ${MOST_SENT}) as o)
         as outbox,
       coalesce((select extract(epoch from now() - at)::float8 from outbox order by id limit 1), 0)
         as "outboxAgeSeconds",
       (select count(*)::int from (select distinct consumer, topic, key from standing) as s) as "parkedStreams",
       (select count(*)::int from standing) as "parkedEvents",
       (select count(*)::int from (select from held limit ${MOST_STANDING}) as h) as held,
       (select count(*)::int from (select from send_again limit ${MOST_STANDING}) as a)
         + (select count(*)::int from replay_wanted where asked_at is null) as replays,
       (select count(*)::int from (
          select from timer where due_at < $1::timestamptz - interval '10 seconds' limit ${MOST_STANDING}) as t
       ) as "timersLate"`,
    [now.toISOString()],
  );
  return rows[0]!;
}
