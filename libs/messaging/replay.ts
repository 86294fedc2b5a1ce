/**
 * A reader that begins anew: it forgets how far it was and what it made of a topic, and asks the writer for every stream
 * from the first event. What arrives meanwhile is held until what it follows has come.
 */
import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { WholeTopic } from './transport';

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
  const wanted: { topic: string; id: string }[] = await dataSource.query(
    'select topic, id from replay_wanted where asked_at is null',
  );
  for (const { topic, id } of wanted) {
    await ask({ topic });
    await dataSource.query('update replay_wanted set asked_at = now() where topic = $1 and id = $2', [
      topic,
      id,
    ]);
  }
}
