/** "Investigated by": who looks into a parked message. It is kept with the message, and goes with it. */
import type { EntityManager } from 'typeorm';

/** Who looks into a parked message, since when, and what they say of it. */
export interface Claim {
  readonly by: string;
  readonly note: string | null;
  readonly since: string;
}

/** The columns of a parked row that say so. */
export interface ClaimRow {
  claimed_by: string | null;
  claim_note: string | null;
  claimed_at: Date | null;
}

export function claimIn({ claimed_by, claim_note, claimed_at }: ClaimRow): Claim | null {
  if (claimed_by === null || claimed_at === null) return null;
  return { by: claimed_by, note: claim_note, since: claimed_at.toISOString() };
}

/** Which parked streams: the one whose first message has this id, or all that stand still for a cause. */
export type Which = { readonly id: string } | { readonly cause: string };

/** What became of taking parked messages, or of letting them go. */
export interface Claimed {
  /** How many were taken, or let go. */
  readonly claimed: number;
  /** How many stayed as they were: somebody else looks into them. */
  readonly others: number;
}

/** SQL: rows of `parked p` that hold their stream up, chosen by `$2` (an id, or null) or `$3` (a cause). */
const CHOSEN = `p.consumer = $1 and (p.id::text = $2::text or p.cause = $3::text)
  and not exists (
    select from parked e
    where e.consumer = p.consumer and e.topic = p.topic and e.key = p.key and e.key_seq < p.key_seq)`;

/** Takes what is free or already `by`'s, with a new note; with `takeOver` also what is somebody else's. */
export async function claim(
  tx: EntityManager,
  consumer: string,
  which: Which,
  { by, note, now, takeOver = false }: { by: string; note: string | null; now: Date; takeOver?: boolean },
): Promise<Claimed> {
  // The rows are locked before who has them is looked at: of two people at once one takes it.
  const rows: { taken: number; others: number }[] = await tx.query(
    `with chosen as (select id, claimed_by from parked p where ${CHOSEN} order by id for update),
     free as (select id from chosen where claimed_by is null or claimed_by = $4 or $7::boolean),
     taken as (
       update parked p set claimed_by = $4, claim_note = $5,
         claimed_at = case when p.claimed_by = $4 then p.claimed_at else $6 end
       from free where p.id = free.id returning p.id)
     select (select count(*)::int from taken) as taken, (select count(*)::int from chosen) as others`,
    [consumer, ...chosenBy(which), by, note, now.toISOString(), takeOver],
  );
  const { taken, others } = rows[0]!;
  return { claimed: taken, others: others - taken };
}

/** Lets go what `by` has taken. */
export async function release(
  tx: EntityManager,
  consumer: string,
  which: Which,
  by: string,
): Promise<Claimed> {
  const rows: { freed: number; others: number }[] = await tx.query(
    `with chosen as (select id, claimed_by from parked p where ${CHOSEN} order by id for update),
     freed as (
       update parked p set claimed_by = null, claim_note = null, claimed_at = null
       from chosen where p.id = chosen.id and chosen.claimed_by = $4 returning p.id)
     select (select count(*)::int from freed) as freed, (select count(*)::int from chosen) as others`,
    [consumer, ...chosenBy(which), by],
  );
  const { freed, others } = rows[0]!;
  return { claimed: freed, others: others - freed };
}

function chosenBy(which: Which): [id: string | null, cause: string | null] {
  return 'id' in which ? [which.id, null] : [null, which.cause];
}
