/**
 * What is told and what was told, in the database. A message is gathered and claimed in one transaction before it is sent, and
 * ticked off in another: processes never send one at the same time, and what a process takes with it is sent again under the
 * same id once its time is over. At least once, and twice only when a process ends between sending and ticking off.
 */
import { randomUUID } from 'node:crypto';
import type { EscalationReason } from '@retorno/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { NAMED, type Digest, type Due } from './digest';

/** How long a claimed message is its process's own, ms: longer than sending may take. */
export const CLAIM_MS = 120_000;
/** First pause after a failed try and the longest one, ms. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 600_000;

/** From when on something is told. */
export interface Times {
  readonly now: Date;
  /** Escalations due by then are old enough to be told; a message gathered after it is too young for the next. */
  readonly before: Date;
  /** When what is told now is told again. */
  readonly again: Date;
}

/** How a channel does, as its row says. */
export interface ChannelState {
  readonly channel: string;
  readonly sentAt: Date | null;
  readonly failingSince: Date | null;
  readonly failure: string | null;
}

interface ChannelRow {
  readonly message: string | null;
  readonly gathered_at: Date | null;
  readonly due_at: Date | null;
}

/** The message that has to go out by this channel now, claimed; undefined when there is none, or another process has it. */
export function claim(dataSource: DataSource, channel: string, times: Times): Promise<Digest | undefined> {
  return dataSource.transaction(async (tx) => {
    await tx.query('insert into notification_channel (channel) values ($1) on conflict do nothing', [
      channel,
    ]);
    const [row]: ChannelRow[] = await tx.query(
      'select message, gathered_at, due_at from notification_channel where channel = $1 for update skip locked',
      [channel],
    );
    if (!row) return undefined;
    if (row.message !== null) {
      if (row.due_at && row.due_at > times.now) return undefined;
      const digest = await digestOf(tx, channel, row.message, row.gathered_at!, times);
      if (digest) await keep(tx, channel, row.message, row.gathered_at!, times);
      else await close(tx, channel, row.message);
      return digest;
    }
    if (row.gathered_at && row.gathered_at > times.before) return undefined;
    const message = randomUUID();
    if (!(await gather(tx, channel, message, times))) return undefined;
    await keep(tx, channel, message, times.now, times);
    return digestOf(tx, channel, message, times.now, times);
  });
}

/** Takes what is due, nobody's and not told lately into a message; false when there is nothing. */
async function gather(tx: EntityManager, channel: string, message: string, times: Times): Promise<boolean> {
  const [taken]: { count: number }[] = await tx.query(
    `with told as (
       insert into notified (channel, escalation_id, message, again_at)
       select $1, e.id, $2, $5 from escalation e
       where e.status <> 'resolved' and e.due_at <= $4
         and not exists (select from escalation_owner o where o.escalation_id = e.id and o.owner is not null)
         and not exists (select from notified n where n.channel = $1 and n.escalation_id = e.id and n.again_at > $3)
       on conflict (channel, escalation_id) do update set message = excluded.message, again_at = excluded.again_at
       returning 1)
     select count(*)::int as count from told`,
    [channel, message, times.now, times.before, times.again],
  );
  if (taken!.count === 0) return false;
  await tx.query(
    `delete from notified n using escalation e
     where n.channel = $1 and n.message <> $2 and e.id = n.escalation_id and e.status = 'resolved'`,
    [channel, message],
  );
  return true;
}

/** The message's try begins: it is this process's until the claim is over. */
async function keep(
  tx: EntityManager,
  channel: string,
  message: string,
  gatheredAt: Date,
  { now }: Times,
): Promise<void> {
  await tx.query(
    `update notification_channel set message = $2, gathered_at = $3, due_at = $4, tries = tries + 1 where channel = $1`,
    [channel, message, gatheredAt, new Date(now.getTime() + CLAIM_MS)],
  );
}

/** What of a message is still nobody's: less than when it was gathered, never more. Undefined when it is nothing. */
async function digestOf(
  tx: EntityManager,
  channel: string,
  message: string,
  at: Date,
  { before }: Times,
): Promise<Digest | undefined> {
  const still = `from notified n join escalation e on e.id = n.escalation_id
    where n.channel = $1 and n.message = $2 and e.status <> 'resolved' and e.due_at <= $3
      and not exists (select from escalation_owner o where o.escalation_id = e.id and o.owner is not null)`;
  const reasons: { reason: EscalationReason; count: number }[] = await tx.query(
    `select e.reason, count(*)::int as count ${still} group by e.reason order by count(*) desc, e.reason`,
    [channel, message, before],
  );
  if (reasons.length === 0) return undefined;
  const first: (Omit<Due, 'dueAt'> & { dueAt: Date })[] = await tx.query(
    `select e.id, e.case_number as number, e.reason, e.due_at as "dueAt" ${still} order by e.due_at, e.id limit ${NAMED}`,
    [channel, message, before],
  );
  return {
    id: message,
    at: at.toISOString(),
    reasons,
    first: first.map((due) => ({ ...due, dueAt: due.dueAt.toISOString() })),
  };
}

async function close(tx: EntityManager, channel: string, message: string): Promise<void> {
  await tx.query(
    `update notification_channel set message = null, due_at = null, tries = 0
     where channel = $1 and message = $2`,
    [channel, message],
  );
}

/** The receiver has it. */
export function sent(dataSource: DataSource, channel: string, message: string, now: Date): Promise<void> {
  return dataSource.transaction(async (tx) => {
    await close(tx, channel, message);
    await tx.query(
      'update notification_channel set sent_at = $2, failing_since = null, failure = null where channel = $1',
      [channel, now],
    );
  });
}

/** It did not arrive, as far as we know: tried again after a pause that doubles. `failure` is a word without addresses. */
export async function failed(
  dataSource: DataSource,
  channel: string,
  message: string,
  { now, failure }: { now: Date; failure: string },
): Promise<void> {
  await dataSource.query(
    `update notification_channel
     set due_at = $3::timestamptz + least(${FIRST_PAUSE_MS} * power(2, least(tries, 20) - 1), ${LONGEST_PAUSE_MS}) * interval '1 millisecond',
       failing_since = coalesce(failing_since, $3), failure = $4
     where channel = $1 and message = $2`,
    [channel, message, now, failure],
  );
}

/** How the channels do; one that was never used has no row. */
export function statesOf(dataSource: DataSource, channels: readonly string[]): Promise<ChannelState[]> {
  return dataSource.query(
    `select channel, sent_at as "sentAt", failing_since as "failingSince", failure
     from notification_channel where channel = any($1)`,
    [channels],
  );
}
