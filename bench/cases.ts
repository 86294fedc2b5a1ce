/** Cases of the main job handed in over HTTP, waited for, timed and verified. */
import { setTimeout as pause } from 'node:timers/promises';
import { check } from '../tests/faults/checker';
import { printed } from '../tests/faults/report';
import type { Bearers } from '../tests/support/bearers';
import { manifestCsv, type ManifestRow } from '../tests/support/manifest';
import { REFERRALS_PER_CASE } from './fixtures';
import { percentile, rounded, type Cost, type Meter } from './measure';

/** A system under measurement: all in this process, or a process for each service. */
export interface Running<C extends Cost = Cost> {
  adminUrl: string;
  /** Where intake answers. */
  url: string;
  bearers: Bearers;
  meter: Meter;
  cost(): Promise<C>;
  /** Events that the coordinator has handled since its start, where that can be asked for nothing. */
  handled?: () => number;
}

/** What the coordinator handles of one case: its registration, and two answers to each referral. */
const EVENTS_PER_CASE = 1 + 2 * REFERRALS_PER_CASE;
/** With a bound on the cases in flight, new ones are handed in by so many at least. */
const LEAST_AT_ONCE = 10;

/** The moment by the database's clock: cases opened from it on are those of one measurement. */
export async function databaseNow(meter: Meter): Promise<string> {
  const [row] = await meter.query<{ now: string }>('select now()::text as now');
  return row!.now;
}

/** Hands in manifests so that at most `inflight` cases are under way (0: no bound), until all are done. */
export async function feed(running: Running, rows: readonly ManifestRow[], inflight: number): Promise<void> {
  const since = await databaseNow(running.meter);
  const before = running.handled?.() ?? 0;
  // More cannot be done; counting the cases themselves each time was a tenth of the database's work.
  const mostDone = (): number =>
    running.handled ? Math.floor((running.handled() - before) / EVENTS_PER_CASE) : rows.length;
  let given = 0;
  const room = (done: number): number =>
    inflight === 0 ? rows.length - given : Math.min(inflight - (given - done), rows.length - given);
  const least = (): number => Math.max(1, Math.min(LEAST_AT_ONCE, rows.length - given));
  for (;;) {
    if (room(mostDone()) >= least() || mostDone() >= rows.length) {
      const done = await doneCases(running.meter, since);
      if (done >= rows.length) return;
      const next = room(done);
      if (next >= least()) {
        await upload(running, rows.slice(given, given + next));
        given += next;
      }
    }
    await pause(25);
  }
}

/** Hands in cases at a steady rate, whatever becomes of them, and returns when all are done. */
export async function feedSteadily(
  running: Running,
  rows: readonly ManifestRow[],
  perSecond: number,
): Promise<void> {
  const since = await databaseNow(running.meter);
  const began = performance.now();
  for (let given = 0; given < rows.length;) {
    const due = Math.min(rows.length, Math.floor(((performance.now() - began) / 1000) * perSecond) + 1);
    if (due > given) await upload(running, rows.slice(given, due));
    given = due;
    await pause(20);
  }
  while ((await doneCases(running.meter, since)) < rows.length) await pause(50);
}

export async function upload(
  { url, bearers }: Pick<Running, 'url' | 'bearers'>,
  rows: readonly ManifestRow[],
): Promise<void> {
  const response = await fetch(`${url}/intake/manifests`, {
    method: 'POST',
    headers: {
      'content-type': 'text/csv',
      authorization: await bearers('POST', '/intake/manifests'),
    },
    body: manifestCsv(rows),
  });
  if (response.status !== 202) throw new Error(`the manifest was answered with ${response.status}`);
  await response.arrayBuffer();
}

/** Cases whose agencies owe nothing any more: the first referral goes out in the transaction that opens the case. */
async function doneCases(meter: Meter, since: string): Promise<number> {
  const rows = await meter.query<{ done: number }>(
    `select count(*)::int as done from coordinator.open_case where agencies = '{}' and opened_at >= $1`,
    [since],
  );
  return rows[0]!.done;
}

/**
 * From the registration to the last answer, per case, by the database's clock at the start of the transactions, ms: what
 * the last commit takes is not in it.
 */
export async function latenciesOf(meter: Meter, since: string): Promise<number[]> {
  const rows = await meter.query<{ ms: number }>(
    `with began as (
       select key, min(at) as at from intake.stream_head join intake.event using (stream)
       where topic = 'intake.returnees.v1' and at >= $1 group by key),
     ended as (
       select key, max(at) as at from coordinator.stream_head join coordinator.event using (stream)
       where topic = 'cases.v1' and at >= $1 group by key)
     select extract(epoch from ended.at - began.at)::float8 * 1000 as ms from began join ended using (key)`,
    [since],
  );
  return rows.map((row) => row.ms);
}

/** What some work costs, for a report, with what it was made of. */
export interface Measured<C> {
  seconds: number;
  /** By the database's clock. */
  since: string;
  before: C;
  after: C;
  /** Per case, where nothing else is said. */
  figures: Record<string, number>;
}

/** Measures work that so many cases go through. */
export async function measured<C extends Cost>(
  running: Running<C>,
  cases: number,
  work: () => Promise<void>,
): Promise<Measured<C>> {
  await running.meter.settled();
  const since = await databaseNow(running.meter);
  const before = await running.cost();
  await work();
  // CPU is read now, and the database's counters once its backends have reported: waiting for them is no work.
  const after = await running.cost();
  await running.meter.settled();
  const settled = await running.meter.cost();
  const seconds = (after.at - before.at) / 1000;
  const node = (after.nodeCpuMs - before.nodeCpuMs) / cases;
  const postgres = (after.postgresCpuMs - before.postgresCpuMs) / cases;
  const broker = (after.brokerCpuMs - before.brokerCpuMs) / cases;
  const figures = {
    seconds: rounded(seconds, 2),
    cases_per_s: rounded(cases / seconds),
    commits_per_case: rounded((settled.commits - before.commits) / cases, 2),
    flushes_per_case: rounded((settled.flushes - before.flushes) / cases, 2),
    wal_kb_per_case: rounded((settled.walBytes - before.walBytes) / cases / 1024),
    cpu_ms_per_case: rounded(node + postgres + broker, 2),
    node_cpu_ms_per_case: rounded(node, 2),
    postgres_cpu_ms_per_case: rounded(postgres, 2),
    ...(broker > 0 ? { broker_cpu_ms_per_case: rounded(broker, 2) } : {}),
  };
  return { seconds, since, before, after, figures };
}

/** p50, p99 of milliseconds, for a report. */
export function spread(name: string, values: readonly number[]): Record<string, number> {
  return {
    [`${name}p50_ms`]: rounded(percentile(values, 0.5)),
    [`${name}p99_ms`]: rounded(percentile(values, 0.99)),
  };
}

/** Throws unless every case has its referrals completed and the checker finds nothing. */
export async function verify(running: Running, cases: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    const report = await check(running.adminUrl);
    if (!report.ok) throw new Error(printed(report));
    const complete = report.cases === cases && report.referrals === cases * REFERRALS_PER_CASE;
    if (complete && report.inFlight + report.parked + report.held === 0) break;
    // What the last cases published may still be on its way to nobody.
    if (tries === 20) throw new Error(`not everything was done: ${printed(report)}`);
    await pause(250);
  }
  await verifyCompleted(running.meter, '-infinity', cases);
}

/** Throws unless so many cases were opened since, all their referrals completed. */
export async function verifyCompleted(meter: Meter, since: string, cases: number): Promise<void> {
  const [row] = await meter.query<{ completed: number }>(
    `select count(*)::int as completed from coordinator.case_file c,
       jsonb_array_elements(c.body::jsonb -> 'state' -> 'referrals') r
     where c.opened_at >= $1 and r ->> 'status' = 'completed'`,
    [since],
  );
  if (row!.completed !== cases * REFERRALS_PER_CASE)
    throw new Error(`${row!.completed} referrals are completed of ${cases * REFERRALS_PER_CASE}`);
}
