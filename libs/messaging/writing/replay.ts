/**
 * A reader that begins anew: it forgets how far it was and what it made of a topic, or of some of its streams, and asks the
 * writer for them from the first event. What arrives meanwhile is held until what it follows has come.
 */
import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { Stream } from '../reading/cursors';
import type { LostEvents } from '../reading/positions';
import type { ResendRequest } from '../transport';

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
       on conflict (topic, key) do update set id = excluded.id, asked_at = null`,
      [topic, randomUUID()],
    );
  });
}

/**
 * Forgets the streams of which a reader has handled what their writer has lost, runs `clear` for what was made of them, and
 * notes that they are wanted anew; in one transaction. Answers the streams.
 */
export async function forgetStreams(
  dataSource: DataSource,
  consumer: string,
  lost: readonly LostEvents[],
  clear: (tx: EntityManager, topic: string, keys: readonly string[]) => Promise<void>,
): Promise<Stream[]> {
  return dataSource.transaction(async (tx) => {
    // As above: a batch under way would write its cursors back.
    await tx.query('lock table stream_cursor in access exclusive mode');
    const streams: Stream[] = await tx.query(
      `select distinct c.topic, c.key from stream_cursor c
       join unnest($2::text[], $3::text[], $4::bigint[]) as l(topic, key, first) using (topic, key)
       where c.consumer = $1 and c.last_seq >= l.first`,
      [consumer, lost.map((l) => l.topic), lost.map((l) => l.key), lost.map((l) => l.from)],
    );
    const columns = [streams.map((s) => s.topic), streams.map((s) => s.key)];
    for (const table of ['stream_cursor', 'held', 'parked', 'skipped']) {
      await tx.query(
        `delete from ${table} t using unnest($2::text[], $3::text[]) as s(topic, key)
         where t.consumer = $1 and t.topic = s.topic and t.key = s.key`,
        [consumer, ...columns],
      );
    }
    for (const topic of new Set(streams.map((s) => s.topic))) {
      const keys = streams.filter((s) => s.topic === topic).map(({ key }) => key);
      await clear(tx, topic, keys);
    }
    await tx.query(
      `insert into replay_wanted (topic, key, id)
       select t, k, gen_random_uuid() from unnest($1::text[], $2::text[]) as x(t, k)
       on conflict (topic, key) do update set id = excluded.id, asked_at = null`,
      columns,
    );
    return streams;
  });
}

/** Asks for what is wanted and was not asked for yet: `ask` resolves when the request is safe with the transport. */
export async function askForWanted(
  dataSource: DataSource,
  ask: (request: ResendRequest) => Promise<void>,
): Promise<void> {
  const wanted: { topic: string; key: string; id: string }[] = await dataSource.query(
    'select topic, key, id from replay_wanted where asked_at is null',
  );
  for (const { topic, key, id } of wanted) {
    await ask(key === '' ? { topic } : { topic, key, from: 1, to: Number.MAX_SAFE_INTEGER });
    await dataSource.query(
      'update replay_wanted set asked_at = now() where topic = $1 and key = $2 and id = $3',
      [topic, key, id],
    );
  }
}
