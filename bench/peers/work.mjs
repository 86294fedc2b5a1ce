/**
 * The main job in SQL, the same for every peer: a case of eight referrals, the first before the rest, an audit row for
 * each step. Statements are in the shape that costs least (arrays, one statement a step), also for one row.
 */

/** Referrals of a case, each for an agency of its own, numbered from 1. */
export const AGENCIES = [1, 2, 3, 4, 5, 6, 7, 8];

export const SCHEMA = `
  create table case_file (
    id bigint primary key,
    status text not null,
    owed int not null,
    opened_at timestamptz not null,
    completed_at timestamptz
  );
  create table referral (
    case_id bigint not null,
    agency int not null,
    status text not null,
    completed_at timestamptz,
    primary key (case_id, agency)
  );
  create table audit (
    id bigint generated always as identity primary key,
    case_id bigint not null,
    agency int,
    at timestamptz not null default now(),
    entry text not null
  );`;

/** $1 case ids: the cases with their eight referrals; those that are there already stay as they are. */
export const OPEN = `
  with opened as (
    insert into case_file (id, status, owed, opened_at) select id, 'open', 8, now() from unnest($1::bigint[]) id
    on conflict do nothing returning id
  ), referred as (
    insert into referral (case_id, agency, status)
    select id, agency, 'requested' from opened, generate_series(1, 8) agency
  )
  insert into audit (case_id, entry) select id, 'opened' from opened`;

/** $1 an agency, $2 case ids: that agency's referrals of these cases completed; those that already were stay as they are. */
export const COMPLETE_REFERRALS = `
  with completed as (
    update referral set status = 'completed', completed_at = now()
    where case_id = any($2::bigint[]) and agency = $1 and status = 'requested' returning case_id
  )
  insert into audit (case_id, agency, entry) select case_id, $1, 'completed' from completed`;

/**
 * $1 case ids, one for each referral completed: cases that owe nothing more are completed and returned. Cases are locked
 * in order, so that workers who count the same cases down wait for each other and do not lock each other out.
 */
export const COUNT_DOWN = `
  with answered as (
    select id, count(*)::int as answers from unnest($1::bigint[]) id group by id
  ), locked as (
    select c.id, answers from case_file c join answered using (id) order by c.id for update of c
  ), counted as (
    update case_file c set owed = owed - answers,
      status = case when owed = answers then 'completed' else status end,
      completed_at = case when owed = answers then now() end
    from locked where c.id = locked.id returning c.id, c.owed
  ), audited as (
    insert into audit (case_id, entry) select id, 'closed' from counted where owed = 0
  )
  select id from counted where owed = 0`;

/** $1 case ids, $2 agencies, $3 statuses, side by side: what agencies reported on the way. */
export const REPORT = `
  insert into audit (case_id, agency, entry) select * from unnest($1::bigint[], $2::int[], $3::text[])`;

/** $1 case ids, whose referrals are all completed: the cases completed; for who knows without counting. */
export const CLOSE = `
  with closed as (
    update case_file set owed = 0, status = 'completed', completed_at = now()
    where id = any($1::bigint[]) and status = 'open' returning id
  )
  insert into audit (case_id, entry) select id, 'closed' from closed`;

const FAULTS = `
  select
    (select count(*) from case_file where status <> 'completed' or owed <> 0)::int as open_cases,
    (select count(*) from referral where status <> 'completed')::int as open_referrals,
    (select count(*) from case_file)::int as cases,
    (select count(*) from referral)::int as referrals,
    (select count(*) from audit where entry = 'completed')::int as completions,
    (select count(*) from (select from audit where entry = 'completed' group by case_id, agency) o)::int as once,
    (select count(*) from audit where entry in ('opened', 'closed'))::int as ends,
    (select count(*) from audit where entry in ('received', 'accepted'))::int as reports,
    (select count(*) from audit f join audit r using (case_id)
      where f.entry = 'completed' and f.agency = 1 and r.entry = 'completed' and r.agency > 1 and r.id < f.id)::int as overtaken,
    (select count(*) from referral f join referral r using (case_id)
      where f.agency = 1 and r.agency > 1 and r.completed_at < f.completed_at)::int as early`;

/** @typedef {{ query<T extends object>(sql: string, params?: unknown[]): Promise<T[]> }} Database */

/**
 * Throws unless each of so many cases has its 8 referrals completed once, the first before the others.
 * @param {Database} database
 * @param {number} cases
 * @param {number} reports of each referral before it is completed
 */
export async function verify(database, cases, reports) {
  /** @type {Record<string, number>[]} */
  const [found] = await database.query(FAULTS);
  const wanted = {
    open_cases: 0,
    open_referrals: 0,
    cases,
    referrals: cases * 8,
    completions: cases * 8,
    once: cases * 8,
    ends: cases * 2,
    reports: cases * 8 * reports,
    overtaken: 0,
    early: 0,
  };
  for (const [what, count] of Object.entries(wanted)) {
    if (found?.[what] !== count) throw new Error(`${what} should be ${count}: ${JSON.stringify(found)}`);
  }
}

/**
 * Milliseconds from opening to completion of each case but the first `skip`, by the database's clock at the start of both
 * transactions, as bench/main-job takes it.
 * @param {Database} database
 * @param {number} skip
 * @returns {Promise<number[]>}
 */
export async function latencies(database, skip) {
  /** @type {{ ms: number }[]} */
  const rows = await database.query(
    `select extract(epoch from completed_at - opened_at)::float8 * 1000 as ms from case_file where id > $1`,
    [skip],
  );
  return rows.map((row) => row.ms);
}
