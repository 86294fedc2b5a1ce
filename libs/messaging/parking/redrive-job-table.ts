/** The rows of redrive jobs: which streams, what became of each, and who works on them. */
import type { EntityManager } from 'typeorm';
import type { Stream } from '../reading/cursors';
import type { Tally } from './redrive-pace';

/** Ended jobs are kept so long. */
const KEPT_DAYS = 30;
/** So many failures are told of one job. */
const FAILURES_TOLD = 50;

/** running; done: every stream had its turn; stopped: by a person; failing: the first ones failed again for one cause. */
export type RedriveState = 'running' | 'done' | 'stopped' | 'failing';

/** What somebody asks for. */
export interface RedriveOrder {
  /** Streams that stand still for this cause; without it all parked ones of the service. */
  readonly cause?: string | undefined;
  /** At most so many, the longest standing first. */
  readonly count: number;
  /** Streams begun each second. */
  readonly perSecond: number;
}

/** A stream that failed again. */
export interface RedriveFailure extends Stream {
  /** Id of the message that holds it up now; null when none does any more. */
  readonly id: string | null;
  readonly cause: string;
}

/** A job and how far it is. */
export interface RedriveJob {
  readonly id: string;
  readonly service: string;
  readonly cause: string | null;
  readonly perSecond: number;
  readonly state: RedriveState;
  readonly startedBy: string;
  readonly startedAt: string;
  /** Who stopped it. */
  readonly endedBy: string | null;
  readonly endedAt: string | null;
  /** Streams: all of the job, those handled to their end, those that failed again, those whose turn has still to come. */
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly left: number;
  /** Events that were handled. */
  readonly handled: number;
}

/** A job that an instance works on. */
export interface HeldJob {
  readonly id: string;
  readonly perSecond: number;
}

/** Notes a job over what stands still and waits in no other one. Undefined when there is nothing. */
export async function addJob(
  tx: EntityManager,
  service: string,
  { cause, count, perSecond }: RedriveOrder,
  by: string,
  now: Date,
): Promise<string | undefined> {
  await tx.query(
    `delete from redrive_job where consumer = $1 and ended_at < $2::timestamptz - interval '${KEPT_DAYS} days'`,
    [service, now.toISOString()],
  );
  const [job]: { id: string }[] = await tx.query(
    `insert into redrive_job (consumer, cause, per_second, started_by, started_at) values ($1, $2, $3, $4, $5)
     returning id`,
    [service, cause ?? null, perSecond, by, now.toISOString()],
  );
  const [streams]: { n: number }[] = await tx.query(
    `with head as (
       select distinct on (topic, key) topic, key, cause, parked_at from parked
       where consumer = $2 order by topic, key, key_seq),
     chosen as (
       select h.* from head h
       where ($3::text is null or h.cause = $3) and not exists (
         select from redrive_stream s
         where s.consumer = $2 and s.topic = h.topic and s.key = h.key and s.outcome is null)
       order by parked_at, topic, key limit $4),
     -- Of two jobs begun at once the one that is first here gets a stream.
     added as (
       insert into redrive_stream (job, place, consumer, topic, key)
       select $1, row_number() over (order by parked_at, topic, key), $2, topic, key from chosen
       order by topic, key on conflict do nothing returning 1)
     select count(*)::int as n from added`,
    [job!.id, service, cause ?? null, count],
  );
  if (streams!.n > 0) return job!.id;
  await tx.query('delete from redrive_job where id = $1', [job!.id]);
  return undefined;
}

/** Takes a job that nobody works on, for 30 s (the database's clock); renewed with each of its streams. */
export async function holdJob(
  tx: EntityManager,
  service: string,
  owner: string,
): Promise<HeldJob | undefined> {
  const [rows]: [HeldJob[]] = await tx.query(
    `update redrive_job set owner = $2, claimed_until = now() + interval '30 seconds'
     where id = (
       select id from redrive_job
       where consumer = $1 and ended_at is null and (claimed_until is null or claimed_until < now())
       order by started_at limit 1 for update skip locked)
     returning id, per_second as "perSecond"`,
    [service, owner],
  );
  return rows[0];
}

/** Lets a job go that is still this owner's, for whoever comes next. */
export async function letJobGo(tx: EntityManager, id: string, owner: string): Promise<void> {
  await tx.query('update redrive_job set owner = null, claimed_until = null where id = $1 and owner = $2', [
    id,
    owner,
  ]);
}

/** The stream whose turn it is; null when none is left, undefined when the job is over or somebody else's. */
export async function nextOf(
  tx: EntityManager,
  id: string,
  owner: string,
): Promise<(Stream & { place: number }) | null | undefined> {
  const [held]: [object[]] = await tx.query(
    `update redrive_job set claimed_until = now() + interval '30 seconds'
     where id = $1 and owner = $2 and ended_at is null returning id`,
    [id, owner],
  );
  if (held.length === 0) return undefined;
  const rows: (Stream & { place: number })[] = await tx.query(
    'select place, topic, key from redrive_stream where job = $1 and outcome is null order by place limit 1',
    [id],
  );
  return rows[0] ?? null;
}

/** Notes what became of a stream, and gives what became of all so far. */
export async function noteOutcome(
  tx: EntityManager,
  id: string,
  place: number,
  { handled, failed }: { handled: number; failed: string | null },
): Promise<Tally & { left: number }> {
  await tx.query(
    'update redrive_stream set outcome = $3, cause = $4, handled = $5 where job = $1 and place = $2',
    [id, place, failed === null ? 'done' : 'failed', failed, handled],
  );
  const [tally]: (Tally & { left: number })[] = await tx.query(
    `select count(*) filter (where outcome = 'done')::int as done,
       count(*) filter (where outcome = 'failed')::int as failed,
       count(distinct cause) filter (where outcome = 'failed')::int as causes,
       count(*) filter (where outcome is null)::int as left
     from redrive_stream where job = $1`,
    [id],
  );
  return tally!;
}

/** Ends a job; the streams whose turn had not come wait in it no longer. False when there is none under way. */
export async function endJob(
  tx: EntityManager,
  service: string,
  id: string,
  state: Exclude<RedriveState, 'running'>,
  { by, now }: { by: string | null; now: Date },
): Promise<boolean> {
  const rows: object[] = await tx.query(
    `with ended as (
       update redrive_job set state = $3, ended_by = $4, ended_at = $5, owner = null, claimed_until = null
       where consumer = $1 and id::text = $2 and ended_at is null returning id),
     freed as (
       update redrive_stream s set outcome = 'untried' from ended
       where s.job = ended.id and s.outcome is null returning 1)
     select id from ended`,
    [service, id, state, by, now.toISOString()],
  );
  return rows.length > 0;
}

/** Jobs with how far they are: those under way first, then the newest; or the one with an id. */
export async function listJobs(
  tx: EntityManager,
  service: string,
  { id, limit }: { id?: string; limit: number },
): Promise<RedriveJob[]> {
  const rows: (Omit<RedriveJob, 'startedAt' | 'endedAt' | 'service'> & {
    startedAt: Date;
    endedAt: Date | null;
  })[] = await tx.query(
    `select j.id, j.cause, j.per_second as "perSecond", j.state, j.started_by as "startedBy",
       j.started_at as "startedAt", j.ended_by as "endedBy", j.ended_at as "endedAt", s.*
     from redrive_job j cross join lateral (
       select count(*)::int as total, count(*) filter (where outcome = 'done')::int as done,
         count(*) filter (where outcome = 'failed')::int as failed,
         count(*) filter (where outcome is null or outcome = 'untried')::int as left,
         coalesce(sum(handled), 0)::int as handled
       from redrive_stream where job = j.id) as s
     where j.consumer = $1 and ($2::text is null or j.id::text = $2)
     order by j.ended_at is null desc, j.started_at desc, j.id limit $3`,
    [service, id ?? null, limit],
  );
  return rows.map((row) => ({
    ...row,
    service,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  }));
}

/** The first streams of a job that failed again. */
export async function failuresOf(tx: EntityManager, id: string): Promise<RedriveFailure[]> {
  return tx.query(
    `select s.topic, s.key, s.cause, h.id from redrive_stream s
     left join lateral (
       select id from parked p where p.consumer = s.consumer and p.topic = s.topic and p.key = s.key
       order by key_seq limit 1) as h on true
     where s.job = $1 and s.outcome = 'failed' order by s.place limit ${FAILURES_TOLD}`,
    [id],
  );
}
