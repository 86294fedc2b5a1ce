/**
 * The main job: cases of 8 referrals, the first before the rest, through the real intake, coordinator and eight agencies,
 * every step durable, agencies answering at once. A case counts as done when its 8 referrals are completed: nobody
 * confirms here, so the cases stay open until their ten days are over. Ends with the checker.
 *
 *   node dist/bench/main-job.js [--cases 2000] [--inflight 100] [--warmup 200] [--one] [--profile file.cpuprofile]
 *
 * `--inflight 0` gives everything in one manifest. `--one`: one case at a time, seen from outside over HTTP. `--profile`
 * writes a CPU profile of the measured part alone.
 */
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { check } from '../tests/faults/checker';
import { printed } from '../tests/faults/report';
import { manifestCsv, type ManifestRow } from '../tests/support/manifest';
import { benchAgencies, benchRows, REFERRALS_PER_CASE } from './fixtures';
import { LiveCases } from './live-cases';
import { percentile, profiled, rounded, type Meter } from './measure';
import { bench, startSystem, type System } from './system';

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '2000' },
    inflight: { type: 'string', default: '100' },
    warmup: { type: 'string', default: '200' },
    one: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});

/** With a bound on the cases in flight, new ones are handed in by so many at least. */
const LEAST_AT_ONCE = 10;

async function mainJob(): Promise<object> {
  const system = await startSystem(benchAgencies());
  try {
    return options.one ? await oneByOne(system) : await underLoad(system);
  } finally {
    await system.stop();
  }
}

async function underLoad(system: System): Promise<object> {
  const cases = Number(options.cases);
  const inflight = Number(options.inflight);
  const warmup = Number(options.warmup);
  const { meter } = system;
  await feed(system, benchRows(warmup, 2), inflight, 0);
  await meter.settled();
  const before = await meter.cost();
  await profiled(options.profile, () => feed(system, benchRows(cases, 1), inflight, warmup));
  const ended = performance.now();
  // CPU is read now, and the database's counters once its backends have reported: waiting for them is no work.
  const worked = await meter.cost();
  const rss = meter.rssMb();
  await meter.settled();
  const after = await meter.cost();
  const latencies = await latenciesOf(meter, warmup);
  await verify(system, cases + warmup);
  const seconds = (ended - before.at) / 1000;
  return {
    bench: 'main-job',
    cases,
    inflight,
    seconds: rounded(seconds, 2),
    cases_per_s: rounded(cases / seconds),
    p50_ms: rounded(percentile(latencies, 0.5)),
    p99_ms: rounded(percentile(latencies, 0.99)),
    commits_per_case: rounded((after.commits - before.commits) / cases, 2),
    flushes_per_case: rounded((after.flushes - before.flushes) / cases, 2),
    wal_kb_per_case: rounded((after.walBytes - before.walBytes) / cases / 1024),
    cpu_ms_per_case: rounded(
      (worked.nodeCpuMs - before.nodeCpuMs + worked.postgresCpuMs - before.postgresCpuMs) / cases,
      2,
    ),
    node_cpu_ms_per_case: rounded((worked.nodeCpuMs - before.nodeCpuMs) / cases, 2),
    postgres_cpu_ms_per_case: rounded((worked.postgresCpuMs - before.postgresCpuMs) / cases, 2),
    rss_mb: rss.node,
    postgres_rss_mb: rss.postgres,
  };
}

/** What the coordinator handles of one case: its registration, and two answers to each referral. */
const EVENTS_PER_CASE = 1 + 2 * REFERRALS_PER_CASE;

/** Hands in manifests so that at most `inflight` cases are under way (0: no bound), until all are done. */
async function feed(system: System, rows: ManifestRow[], inflight: number, already: number): Promise<void> {
  const { messaging } = system.topology.services.find((service) => service.name === 'coordinator')!;
  const before = messaging.counts().handled;
  let given = 0;
  const room = (done: number): number =>
    inflight === 0 ? rows.length - given : Math.min(inflight - (given - done), rows.length - given);
  const least = (): number => Math.max(1, Math.min(LEAST_AT_ONCE, rows.length - given));
  for (;;) {
    // More cannot be done; counting the cases themselves each time was a tenth of the database's work.
    const atMost = Math.floor((messaging.counts().handled - before) / EVENTS_PER_CASE);
    if (room(atMost) >= least() || atMost >= rows.length) {
      const done = (await doneCases(system.meter)) - already;
      if (done >= rows.length) return;
      const next = room(done);
      if (next >= least()) {
        await upload(system, rows.slice(given, given + next));
        given += next;
      }
    }
    await pause(25);
  }
}

async function upload({ topology }: System, rows: readonly ManifestRow[]): Promise<void> {
  const response = await fetch(`${topology.url}/intake/manifests`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: manifestCsv(rows),
  });
  if (response.status !== 202) throw new Error(`the manifest was answered with ${response.status}`);
  await response.arrayBuffer();
}

/** Cases whose agencies owe nothing any more: the first referral goes out in the transaction that opens the case. */
async function doneCases(meter: Meter): Promise<number> {
  const rows = await meter.query<{ done: number }>(
    `select count(*)::int as done from coordinator.case_file where agencies = '{}'`,
  );
  return rows[0]!.done;
}

/**
 * From the registration to the last answer, per case, by the database's clock at the start of the transactions: what
 * the last commit takes is not in it.
 */
async function latenciesOf(meter: Meter, skip: number): Promise<number[]> {
  const rows = await meter.query<{ ms: number }>(
    `with began as (select key, min(at) as at from intake.event_log where topic = 'intake.returnees.v1' group by key),
       ended as (select key, max(at) as at from coordinator.event_log where topic = 'cases.v1' group by key)
     select extract(epoch from ended.at - began.at)::float8 * 1000 as ms
     from began join ended using (key) order by began.at, key offset $1`,
    [skip],
  );
  return rows.map((row) => row.ms);
}

/** One case alone, again and again: from the request that registers it to the live message of its last completion. */
async function oneByOne(system: System): Promise<object> {
  const live = await LiveCases.open(system.topology.url);
  const warmup = 20;
  const cases = Math.min(Number(options.cases), 200);
  const latencies: number[] = [];
  for (const [i, row] of benchRows(cases + warmup, 3).entries()) {
    const began = performance.now();
    const ended = live.completed(REFERRALS_PER_CASE);
    await upload(system, [row]);
    await ended;
    if (i >= warmup) latencies.push(performance.now() - began);
  }
  live.close();
  await verify(system, cases + warmup);
  return {
    bench: 'main-job --one',
    cases,
    p50_ms: rounded(percentile(latencies, 0.5)),
    p99_ms: rounded(percentile(latencies, 0.99)),
  };
}

/** Throws unless every case has its referrals completed and the checker finds nothing. */
async function verify(system: System, cases: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    const report = await check(system.adminUrl);
    if (!report.ok) throw new Error(printed(report));
    const complete = report.cases === cases && report.referrals === cases * REFERRALS_PER_CASE;
    if (complete && report.inFlight + report.parked + report.held === 0) break;
    // What the last cases published may still be on its way to nobody.
    if (tries === 20) throw new Error(`not everything was done: ${printed(report)}`);
    await pause(250);
  }
  const [row] = await system.meter.query<{ completed: number }>(
    `select count(*)::int as completed from coordinator.case_file c,
       jsonb_array_elements(c.body::jsonb -> 'state' -> 'referrals') r where r ->> 'status' = 'completed'`,
  );
  if (row!.completed !== cases * REFERRALS_PER_CASE)
    throw new Error(`${row!.completed} referrals are completed of ${cases * REFERRALS_PER_CASE}`);
}

bench(mainJob);
