/** What was sent stays available for sending again for 30 days: longer than topics keep it, and no longer than needed. */
import type { DataSource } from 'typeorm';

const DAYS = 30;
const AT_ONCE = 5_000;

/**
 * Removes events that were written more than 30 days ago and have been sent, except those of topics that are kept for
 * good. Also personal data goes with them. Answers how many were removed.
 */
export async function forgetSent(dataSource: DataSource, keeps: readonly string[]): Promise<number> {
  for (let total = 0; ;) {
    const [, removed]: [unknown, number] = await dataSource.query(
      `with waiting as materialized (
         select r.* from outbox cross join lateral unnest(streams, firsts, counts) as r(stream, first, count)),
       old as (
         select stream, key_seq from event e join stream_head using (stream)
         where at < now() - $1::int * interval '1 day' and topic <> all($2::text[])
           and not exists (
             select from waiting w
             where w.stream = e.stream and e.key_seq between w.first and w.first + w.count - 1)
         limit $3)
       delete from event e using old where e.stream = old.stream and e.key_seq = old.key_seq`,
      [DAYS, keeps, AT_ONCE],
    );
    total += removed;
    if (removed < AT_ONCE) return total;
  }
}
