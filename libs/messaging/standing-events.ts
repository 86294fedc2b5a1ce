/** The events of a stream that stands still: what they are and since when they wait, and nothing of what they say. */
import type { Envelope } from '@retorno/contracts';
import type { EntityManager } from 'typeorm';
import type { Stream } from './cursors';

/** An event that waits. A broken envelope names no type, id or time. */
export interface StandingEvent {
  /** 0: outside its stream. */
  readonly keySeq: number;
  readonly type: string | null;
  readonly eventId: string | null;
  /** When it happened, as its writer says. */
  readonly at: string | null;
  /** Since when it waits here. */
  readonly since: string;
}

/** The first ones of a stream that stands still, in its order. */
export interface StandingEvents extends Stream {
  readonly events: readonly StandingEvent[];
  /** How many there are altogether. */
  readonly count: number;
}

/** What is parked or held of a stream, at most `limit`. */
export async function standingEvents(
  tx: EntityManager,
  consumer: string,
  { topic, key }: Stream,
  limit: number,
): Promise<StandingEvents> {
  const rows: { keySeq: number; envelope: string; since: Date; count: number }[] = await tx.query(
    `select key_seq::int as "keySeq", envelope, since, count(*) over ()::int as count from (
       select key_seq, envelope, parked_at as since from parked where consumer = $1 and topic = $2 and key = $3
       union all
       select key_seq, envelope, held_at from held where consumer = $1 and topic = $2 and key = $3
     ) as standing order by key_seq limit $4`,
    [consumer, topic, key, limit],
  );
  const events = rows.map(({ keySeq, envelope, since }) => ({
    keySeq,
    since: since.toISOString(),
    ...named(envelope),
  }));
  return { topic, key, events, count: rows[0]?.count ?? 0 };
}

function named(envelope: string): Pick<StandingEvent, 'type' | 'eventId' | 'at'> {
  const { type, id, time } = (JSON.parse(envelope) as Partial<Envelope> | null) ?? {};
  return { type: textOf(type), eventId: textOf(id), at: textOf(time) };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
