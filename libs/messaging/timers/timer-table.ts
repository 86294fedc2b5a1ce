/** Durable timers: one row per document that waits for a moment. */
import type { EntityManager } from 'typeorm';
import { prepared } from '../sql';

/** A document's new due time in ms; undefined removes its timer. */
export interface TimerChange {
  name: string;
  key: string;
  dueAt: number | undefined;
}

/** A timer that was claimed because its time came. */
export interface ClaimedTimer {
  name: string;
  key: string;
  due_at: Date;
  generation: string;
  attempts: number;
}

/** Sets or removes timers. Setting raises the generation, so that one already claimed does nothing. */
export async function setTimers(tx: EntityManager, changes: readonly TimerChange[]): Promise<void> {
  const sorted = [...changes].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const gone = sorted.filter((c) => c.dueAt === undefined);
  const set = sorted.filter((c) => c.dueAt !== undefined);
  if (set.length > 0) {
    await prepared(
      tx,
      `insert into timer as t (name, key, due_at)
       select n, k, d from unnest($1::text[], $2::text[], $3::timestamptz[]) as x(n, k, d)
       on conflict (name, key) do update
       set due_at = excluded.due_at, generation = t.generation + 1, claimed_until = null, attempts = 0, cause = null`,
      [set.map((c) => c.name), set.map((c) => c.key), set.map((c) => new Date(c.dueAt!).toISOString())],
    );
  }
  if (gone.length > 0) {
    await tx.query(
      `delete from timer where (name, key) in (select n, k from unnest($1::text[], $2::text[]) as x(n, k))`,
      [gone.map((c) => c.name), gone.map((c) => c.key)],
    );
  }
}

/** Claims due timers for 30 s (the database's clock); another instance takes them over when they are not done by then. */
export async function claimDue(tx: EntityManager, now: Date, limit: number): Promise<ClaimedTimer[]> {
  const [rows] = await tx.query(
    `update timer set claimed_until = now() + interval '30 seconds'
     where (name, key) in (
       select name, key from timer
       where due_at <= $1 and (claimed_until is null or claimed_until < now())
       order by due_at limit $2 for update skip locked)
     returning name, key, due_at, generation, attempts`,
    [now.toISOString(), limit],
  );
  // What an update gives back is in no order.
  return (rows as ClaimedTimer[]).sort((a, b) => a.due_at.getTime() - b.due_at.getTime());
}

/** Which of the claimed timers still stand, their rows locked. Called after the documents are locked. */
export async function stillDue(tx: EntityManager, claimed: readonly ClaimedTimer[]): Promise<Set<string>> {
  const rows: { name: string; key: string }[] = await tx.query(
    `select t.name, t.key from timer t
     join unnest($1::text[], $2::text[], $3::bigint[]) as x(name, key, generation)
       on t.name = x.name and t.key = x.key and t.generation = x.generation
     order by t.name, t.key for update of t`,
    [claimed.map((c) => c.name), claimed.map((c) => c.key), claimed.map((c) => c.generation)],
  );
  return new Set(rows.map((row) => `${row.name}\n${row.key}`));
}

/** When the next unclaimed timer is due. */
export async function nextDue(tx: EntityManager): Promise<Date | undefined> {
  const rows: { due_at: Date | null }[] = await tx.query(
    `select min(due_at) as due_at from timer where claimed_until is null or claimed_until < now()`,
  );
  return rows[0]?.due_at ?? undefined;
}

/** A timer whose handler failed: tried again after a growing pause, listed for operations from the third failure on. */
export async function postpone(tx: EntityManager, timer: ClaimedTimer, cause: string): Promise<void> {
  await tx.query(
    `update timer set attempts = attempts + 1, cause = $4, claimed_until = now() + $5::int * interval '1 second'
     where name = $1 and key = $2 and generation = $3`,
    [timer.name, timer.key, timer.generation, cause, Math.min(3600, 5 * 4 ** timer.attempts)],
  );
}
