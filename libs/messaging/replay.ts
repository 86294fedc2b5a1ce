/**
 * A reader that begins anew: it forgets how far it was and what it made of a topic, and asks the writer for every stream
 * from the first event. What arrives meanwhile is held until what it follows has come.
 */
import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { WholeTopic } from './transport';

/** Events that may wait in the outbox when a page is added: what is sent again must not stand in the way of news. */
const MOST_WAITING = 2_000;
/** Streams looked at for one page, and events after which it is full. */
const PAGE_STREAMS = 200;
const PAGE_EVENTS = 500;

/** Notes that a topic is wanted from the beginning, unless that was noted before. */
export async function wantOnce(tx: EntityManager, topic: string): Promise<void> {
  await tx.query('insert into replay_wanted (topic, id) values ($1, $2) on conflict do nothing', [
    topic,
    randomUUID(),
  ]);
}

/**
 * Forgets all that was read of a topic, runs `clear` for what was made of it, and notes that it is wanted anew; in one
 * transaction. Batches under way end before, and the next ones begin behind it.
 */
export async function forgetReading(
  dataSource: DataSource,
  consumer: string,
  topic: string,
  clear: (tx: EntityManager) => Promise<void>,
): Promise<void> {
  await dataSource.transaction(async (tx) => {
    // Also against those who have only read their cursors so far: they would write them back as they were.
    await tx.query('lock table stream_cursor in access exclusive mode');
    // What was skipped comes again, too: where it still cannot be handled, somebody has to decide anew.
    for (const table of ['stream_cursor', 'held', 'parked', 'skipped']) {
      await tx.query(`delete from ${table} where consumer = $1 and topic = $2`, [consumer, topic]);
    }
    await clear(tx);
    await tx.query(
      `insert into replay_wanted (topic, id) values ($1, $2)
       on conflict (topic) do update set id = excluded.id, asked_at = null`,
      [topic, randomUUID()],
    );
  });
}

/** Asks for what is wanted and was not asked for yet: `ask` resolves when the request is safe with the transport. */
export async function askForWanted(
  dataSource: DataSource,
  ask: (request: WholeTopic) => Promise<void>,
): Promise<void> {
  const wanted: WholeTopic[] = await dataSource.query(
    'select topic, id from replay_wanted where asked_at is null',
  );
  for (const { topic, id } of wanted) {
    await ask({ topic, id });
    await dataSource.query('update replay_wanted set asked_at = now() where topic = $1 and id = $2', [
      topic,
      id,
    ]);
  }
}

/** The writer notes that somebody wants a topic from the beginning; streams that begin later come by themselves. */
export async function beginReplay(tx: EntityManager, { topic, id }: WholeTopic): Promise<void> {
  await tx.query(
    `insert into replay_running (id, topic, position, until)
     select $1, $2, 0, coalesce(max(stream), 0) from stream_head where topic = $2
     on conflict do nothing`,
    [id, topic],
  );
}

/** What became of an attempt to go on with a replay. */
export type ReplayStep = 'none' | 'full' | 'sent';

/**
 * Puts the next page of a running replay into the outbox: whole streams, each from its first event, with their ids and
 * places. `full`: too much waits there already.
 */
export function replayNext(dataSource: DataSource): Promise<ReplayStep> {
  return dataSource.transaction(async (tx): Promise<ReplayStep> => {
    const [job]: { id: string; topic: string; position: string; until: string }[] = await tx.query(
      'select id, topic, position, until from replay_running order by at, id limit 1 for update skip locked',
    );
    if (!job) return 'none';
    const [{ waiting }]: [{ waiting: number }] = await tx.query(
      'select coalesce(sum(events), 0)::int as waiting from (select events from outbox limit $1) as o',
      [MOST_WAITING],
    );
    if (waiting >= MOST_WAITING) return 'full';
    const [{ position }]: [{ position: string | null }] = await tx.query(
      `with next as (
         select stream from stream_head where topic = $1 and stream > $2 and stream <= $3 order by stream limit $4),
       kept as (
         select s.stream, e.first, e.count, sum(e.count) over (order by s.stream) - e.count as before
         from next s cross join lateral (
           select min(key_seq) as first, count(*)::int as count from event where stream = s.stream) as e),
       page as (select * from kept where before < $5),
       written as (
         insert into outbox (streams, firsts, counts, events)
         select array_agg(stream order by stream), array_agg(first order by stream), array_agg(count order by stream),
           sum(count)
         from page where count > 0 having count(*) > 0)
       select max(stream) as position from page`,
      [job.topic, job.position, job.until, PAGE_STREAMS, PAGE_EVENTS],
    );
    if (position === null) await tx.query('delete from replay_running where id = $1', [job.id]);
    else await tx.query('update replay_running set position = $2 where id = $1', [job.id, position]);
    return 'sent';
  });
}
