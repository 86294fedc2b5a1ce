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
import { feed, latenciesOf, measured, spread, upload, verify } from './cases';
import { benchAgencies, benchRows, REFERRALS_PER_CASE } from './fixtures';
import { LiveCases } from './live-cases';
import { profiled } from './measure';
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
  await feed(system, benchRows(warmup, 2), inflight);
  const { since, figures } = await measured(system, cases, () =>
    profiled(options.profile, () => feed(system, benchRows(cases, 1), inflight)),
  );
  const latencies = await latenciesOf(system.meter, since);
  const rss = system.meter.rssMb();
  await verify(system, cases + warmup);
  return {
    bench: 'main-job',
    cases,
    inflight,
    ...figures,
    ...spread('', latencies),
    rss_mb: rss.node,
    postgres_rss_mb: rss.postgres,
  };
}

/** One case alone, again and again: from the request that registers it to the live message of its last completion. */
async function oneByOne(system: System): Promise<object> {
  const live = await LiveCases.open(system);
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
  return { bench: 'main-job --one', cases, ...spread('', latencies) };
}

bench(mainJob);
