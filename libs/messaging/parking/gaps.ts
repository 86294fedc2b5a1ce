/** Streams that wait for events which have not arrived: what a person can do about them. */
import type { DataSource, EntityManager } from 'typeorm';
import type { StreamRange } from '../transport';

/** What is missing of a stream, and how many events wait behind it. */
export interface Gap extends StreamRange {
  readonly waiting: number;
}

/** SQL: the id under which the gap of a stream is listed. */
export const GAP_ID = `'gap-' || md5(h.topic || ' ' || h.key)`;

/** The gap with this id; undefined when there is none (any more). */
export async function gapOf(tx: EntityManager, consumer: string, id: string): Promise<Gap | undefined> {
  const rows: { topic: string; key: string; from: string; to: string; waiting: number }[] = await tx.query(
    `select h.topic, h.key, coalesce(max(c.last_seq), 0) + 1 as "from", min(h.key_seq) - 1 as "to",
       count(*)::int as waiting
     from held h left join stream_cursor c using (consumer, topic, key)
     where h.consumer = $1 and ${GAP_ID} = $2 group by h.topic, h.key
     having min(h.key_seq) > coalesce(max(c.last_seq), 0) + 1`,
    [consumer, id],
  );
  const row = rows[0];
  return row && { ...row, from: Number(row.from), to: Number(row.to) };
}

/**
 * Gives up what is missing, with who and why: a row in `skipped` for each place. The stream goes on behind it. Answers the
 * gap, or undefined when there is none with this id any more.
 */
export async function skipGap(
  dataSource: DataSource,
  consumer: string,
  id: string,
  { reason, by, now }: { reason: string; by: string; now: Date },
): Promise<Gap | undefined> {
  return dataSource.transaction(async (tx) => {
    const seen = await gapOf(tx, consumer, id);
    if (!seen) return undefined;
    await tx.query(
      `insert into stream_cursor (consumer, topic, key, last_seq, digest) values ($1, $2, $3, 0, '')
       on conflict do nothing`,
      [consumer, seen.topic, seen.key],
    );
    await tx.query('select from stream_cursor where consumer = $1 and topic = $2 and key = $3 for update', [
      consumer,
      seen.topic,
      seen.key,
    ]);
    // It may have been filled, in part or wholly, before the lock.
    const gap = await gapOf(tx, consumer, id);
    if (!gap) return undefined;
    const { topic, key, from, to } = gap;
    await tx.query(
      `insert into skipped (id, consumer, topic, key, key_seq, envelope, cause, reason, skipped_by, skipped_at)
       select gen_random_uuid(), $1, $2, $3, seq, 'null', 'has not arrived', $6, $7, $8
       from generate_series($4::bigint, $5::bigint) as seq`,
      [consumer, topic, key, from, to, reason, by, now.toISOString()],
    );
    await tx.query('update stream_cursor set last_seq = $4 where consumer = $1 and topic = $2 and key = $3', [
      consumer,
      topic,
      key,
      to,
    ]);
    return gap;
  });
}
