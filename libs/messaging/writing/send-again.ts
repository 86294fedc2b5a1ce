/**
 * What is to be sent again, whoever asked for it: streams, each from a place on. The relay puts it into the outbox a page at
 * a time. Events keep their ids and places; what a reader has already, it drops.
 */
import type { DataSource, EntityManager } from 'typeorm';
import type { ResendRequest } from '../transport';

/** Events that may wait in the outbox when a page is added: what is sent again must not stand in the way of news. */
const MOST_WAITING = 2_000;
/** Streams looked at for one page, and events after which it is full. */
const PAGE_STREAMS = 200;
const PAGE_EVENTS = 500;

/** Notes what a reader asks for: a stream from a place on, or every stream of a topic. Those that begin later come by themselves. */
export async function noteAsked(tx: EntityManager, request: ResendRequest): Promise<void> {
  await tx.query(
    `insert into send_again as a (stream, from_seq)
     select stream, $3::bigint from stream_head where topic = $1 and ($2::text is null or key = $2)
     on conflict (stream) do update set from_seq = least(a.from_seq, excluded.from_seq)`,
    'key' in request ? [request.topic, request.key, request.from] : [request.topic, null, 1],
  );
}

/** What became of an attempt to go on. */
export type Step = 'none' | 'full' | 'sent';

/** Puts the next page into the outbox. `full`: too much waits there already. */
export function sendNextPage(dataSource: DataSource): Promise<Step> {
  return dataSource.transaction(async (tx): Promise<Step> => {
    const some: unknown[] = await tx.query('select from send_again limit 1');
    if (some.length === 0) return 'none';
    const [{ waiting }]: [{ waiting: number }] = await tx.query(
      'select coalesce(sum(events), 0)::int as waiting from (select events from outbox limit $1) as o',
      [MOST_WAITING],
    );
    if (waiting >= MOST_WAITING) return 'full';
    await tx.query(
      // A range spans what was lost in it: those places hold nothing.
      `with next as (
         select stream, from_seq from send_again order by stream limit $1 for update skip locked),
       kept as (
         select n.stream, e.first, e.last, e.count, sum(e.count) over (order by n.stream) - e.count as before
         from next n cross join lateral (
           select min(key_seq) as first, max(key_seq) as last, count(*)::int as count
           from (select key_seq from event where stream = n.stream and key_seq >= n.from_seq
                 order by key_seq limit $2) as part) as e),
       page as (select * from kept where before < $2),
       ended as (delete from send_again a using page p where a.stream = p.stream and p.count < $2),
       goes_on as (
         update send_again a set from_seq = p.last + 1 from page p where a.stream = p.stream and p.count >= $2)
       insert into outbox (streams, firsts, counts, events)
       select array_agg(stream order by stream), array_agg(first order by stream),
         array_agg((last - first + 1)::int order by stream), sum(count)
       from page where count > 0 having count(*) > 0`,
      [PAGE_STREAMS, PAGE_EVENTS],
    );
    return 'sent';
  });
}
