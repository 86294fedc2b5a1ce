/** The events of a stream that stands still: what they are and since when they wait, and nothing of what they say. */
import type { Envelope } from '@retorno/contracts';
import type { EntityManager } from 'typeorm';
import { claimIn, type Claim, type ClaimRow } from './claims';
import type { Stream } from '../reading/cursors';

/** An event that waits. A broken envelope names no type, id or time. */
export interface StandingEvent {
  /** 0: outside its stream. */
  readonly keySeq: number;
  readonly type: string | null;
  readonly eventId: string | null;
  /** When it happened, as its writer says. */
  readonly at: string | null;
  /** Since when it waits here: when it arrived, or for the first one, when it could not be handled. */
  readonly since: string;
}

/** The first ones of a stream that stands still, in its order. */
export interface StandingEvents extends Stream {
  readonly events: readonly StandingEvent[];
  /** How many there are altogether. */
  readonly count: number;
  /** The place of the first one of all, which holds the others up. */
  readonly first: number;
  /** Whether others come after these. */
  readonly isMore: boolean;
  /** Why the first one could not be handled; null where none was tried. */
  readonly cause: string | null;
  /** Who looks into it. */
  readonly claim: Claim | null;
}

/** What is parked or held of a stream behind a place (-1: from the first), at most `limit`. */
export async function standingEvents(
  tx: EntityManager,
  consumer: string,
  { topic, key }: Stream,
  limit: number,
  after = -1,
): Promise<StandingEvents> {
  const rows: {
    keySeq: number | null;
    envelope: string;
    since: Date;
    count: number;
    first: number | null;
  }[] = await tx.query(
    `with standing as materialized (
       select key_seq, envelope, parked_at as since from parked where consumer = $1 and topic = $2 and key = $3
       union all
       select key_seq, envelope, held_at from held where consumer = $1 and topic = $2 and key = $3),
     shown as (select * from standing where key_seq > $5 order by key_seq limit $4)
     select s.key_seq::int as "keySeq", s.envelope, s.since, n.count, n.first
     from (select count(*)::int as count, min(key_seq)::int as first from standing) as n left join shown s on true order by s.key_seq`,
    [consumer, topic, key, limit + 1, after],
  );
  const found = rows.flatMap(({ keySeq, envelope, since }) =>
    keySeq === null ? [] : [{ keySeq, since: since.toISOString(), ...named(envelope) }],
  );
  const [head]: (ClaimRow & { cause: string | null })[] = await tx.query(
    `select cause, claimed_by, claim_note, claimed_at from parked
     where consumer = $1 and topic = $2 and key = $3 order by key_seq limit 1`,
    [consumer, topic, key],
  );
  return {
    cause: head?.cause ?? null,
    claim: head ? claimIn(head) : null,
    topic,
    key,
    events: found.slice(0, limit),
    count: rows[0]?.count ?? 0,
    first: rows[0]?.first ?? 0,
    isMore: found.length > limit,
  };
}

function named(envelope: string): Pick<StandingEvent, 'type' | 'eventId' | 'at'> {
  const { type, id, time } = (JSON.parse(envelope) as Partial<Envelope> | null) ?? {};
  return { type: textOf(type), eventId: textOf(id), at: textOf(time) };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
