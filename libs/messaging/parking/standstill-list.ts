/** The list of where streams stand still. */
import type { Envelope } from '@retorno/contracts';
import type { EntityManager } from 'typeorm';
import { claimIn, type Claim, type ClaimRow } from './claims';
import { GAP_ID } from './gaps';

/** What GET /parked shows: where a stream stands still and why. */
export interface ParkedStream {
  id: string;
  kind: 'parked' | 'gap' | 'timer';
  service: string;
  topic: string;
  key: string;
  /** 0: outside its stream, for a false source or a broken envelope; it can be skipped, and blocks nothing. */
  keySeq: number;
  type: string | null;
  cause: string;
  /** One for the tries before it was parked, and one per redrive since. */
  attempts: number;
  /** How many events wait behind it. */
  behind: number;
  since: string;
  nextTryAt: string | null;
  /** Who looks into it; only of a parked message. */
  claim: Claim | null;
}

/** Where streams stand still: parked ones, gaps that were not filled within a minute, timers that keep failing. */
export async function standstills(
  tx: EntityManager,
  service: string,
  after: string,
  limit: number,
): Promise<ParkedStream[]> {
  const rows: (Omit<ParkedStream, 'since' | 'nextTryAt' | 'type' | 'service' | 'claim'> & {
    since: Date;
    next_try_at: Date | null;
    envelope: string | null;
  } & ClaimRow)[] = await tx.query(
    `select * from (
     select * from (
       select distinct on (topic, key) id::text, 'parked' as kind, topic, key, key_seq::int as "keySeq", envelope,
         coalesce(cause, 'waits for its turn') as cause, attempts, parked_at as since, next_try_at,
         (count(*) over (partition by topic, key) - 1)::int as behind, claimed_by, claim_note, claimed_at
       from parked where consumer = $1 order by topic, key, key_seq
     ) as heads
     union all
     select ${GAP_ID}, 'gap', h.topic, h.key, (min(key_seq) - 1)::int, null,
       'events ' || coalesce(max(c.last_seq), 0) + 1 || ' to ' || min(key_seq) - 1
         || ' have not arrived. Their writer is asked for them every minute; redrive asks at once, skip gives them up',
       0, min(held_at), null, count(*)::int, null, null, null
     from held h left join stream_cursor c using (consumer, topic, key)
     where consumer = $1 group by h.topic, h.key having min(held_at) < now() - interval '60 seconds'
     union all
     select 'timer-' || md5(name || ' ' || key), 'timer', 'timer.' || name, key, generation::int, null, cause, attempts,
       due_at, claimed_until, 0, null, null, null
     from timer where attempts >= 3
     ) as standing
     where id > $2 collate "C" order by id collate "C" limit $3`,
    [service, after, limit],
  );
  return rows.map(({ envelope, next_try_at, since, claimed_by, claim_note, claimed_at, ...row }) => ({
    ...row,
    service,
    type: typeOf(envelope),
    since: since.toISOString(),
    nextTryAt: next_try_at?.toISOString() ?? null,
    claim: claimIn({ claimed_by, claim_note, claimed_at }),
  }));
}

/** The type that an envelope names; it may be broken. */
function typeOf(envelope: string | null): string | null {
  const type = (JSON.parse(envelope ?? 'null') as Partial<Envelope> | null)?.type;
  return typeof type === 'string' ? type : null;
}
