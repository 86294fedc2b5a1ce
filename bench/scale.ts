/**
 * One service as 1, 2 and 4 processes over Kafka: what a case costs then, and how long an event takes from its commit in one
 * service to the commit of what it causes in the next, at 30 % of the load that the machine can take; the latter also with
 * all services in one process. Everything in one run, so that the figures can be compared.
 *
 *   node dist/bench/scale.js [--cases 300] [--inflight 100] [--warmup 100] [--seconds 15] [--rounds 4,2,1]
 *
 * A round gives the coordinator and one agency so many processes each. All processes share this machine: the ratio to one
 * process is of cases per CPU second, not of cases per second.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { databaseNow, feed, feedSteadily, measured, spread, verify, type Running } from './cases';
import { benchAgencies, benchRows } from './fixtures';
import { hopsOf, startTimedPostgres } from './hops';
import { KafkaSystem, type KafkaCost } from './kafka-system';
import { rounded } from './measure';
import { bench, startSystem } from './system';

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '300' },
    inflight: { type: 'string', default: '100' },
    warmup: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '15' },
    rounds: { type: 'string', default: '4,2,1' },
  },
});
const cases = Number(options.cases);
const inflight = Number(options.inflight);
const warmup = Number(options.warmup);
const LOAD = 0.3;
/** Asked of it first in every case, so that it has as many events as any. */
const AGENCY = 'bench-1';
const SERVICES = ['intake', 'coordinator', ...benchAgencies().map((agency) => agency.slug)];

let seed = 1;
let handedIn = 0;

async function scale(): Promise<object> {
  const embedded = await embeddedLatency();
  handedIn = 0;
  const system = await KafkaSystem.start(await startTimedPostgres());
  try {
    const rounds: Record<string, number>[] = [];
    const latencies: Record<string, number>[] = [];
    for (const instances of options.rounds.split(',').map(Number)) {
      await system.scale('coordinator', instances);
      await system.scale(AGENCY, instances);
      const round = await throughput(system, instances);
      rounds.push(round);
      if (latencies.every((one) => one['instances'] !== instances))
        latencies.push({ instances, ...(await latency(system, round['cases_per_s']!)) });
    }
    await verify(system, handedIn);
    const one = rounds.find((round) => round['instances'] === 1) ?? rounds[0]!;
    const of = (name: string) =>
      rounds.map((round) => ({
        instances: round['instances'],
        ratio: rounded(one[name]! / round[name]!, 2),
      }));
    return {
      bench: 'scale',
      cores: cpus().length,
      load_average: rounded(loadavg()[1]!),
      rounds,
      cases_per_cpu_second_to_one: of('cpu_ms_per_case'),
      coordinator_cases_per_cpu_second_to_one: of('coordinator_cpu_ms_per_case'),
      load_of_latencies: LOAD,
      embedded,
      kafka: latencies,
    };
  } finally {
    await system.stop();
  }
}

async function embeddedLatency(): Promise<Record<string, number>> {
  const system = await startSystem(benchAgencies(), await startTimedPostgres());
  try {
    await run(system, warmup);
    const began = performance.now();
    await run(system, cases);
    const figures = await latency(system, (cases / (performance.now() - began)) * 1000);
    await verify(system, handedIn);
    return figures;
  } finally {
    await system.stop();
  }
}

async function throughput(system: KafkaSystem, instances: number): Promise<Record<string, number>> {
  // A new process costs several times as much per case as one whose code is compiled: that is why most come first.
  await run(system, warmup * instances);
  const { before, after, figures } = await measured(system, cases, () => run(system, cases));
  return {
    instances,
    ...figures,
    coordinator_cpu_ms_per_case: rounded(used('coordinator', before, after) / cases, 2),
    agency_cpu_ms_per_case: rounded(used(AGENCY, before, after) / cases, 2),
  };
}

function used(service: string, before: KafkaCost, after: KafkaCost): number {
  return after.services.get(service)! - before.services.get(service)!;
}

async function latency(running: Running, mostPerSecond: number): Promise<Record<string, number>> {
  const perSecond = mostPerSecond * LOAD;
  const count = Math.ceil(perSecond * Number(options.seconds));
  const since = await databaseNow(running.meter);
  await feedSteadily(running, rowsFor(count), perSecond);
  const hops = await hopsOf(running.meter, SERVICES, since);
  return { cases_per_s: rounded(perSecond), hops: hops.length, ...spread('hop_', hops) };
}

async function run(running: Running, count: number): Promise<void> {
  await feed(running, rowsFor(count), inflight);
}

/** Other people each time. */
function rowsFor(count: number): ReturnType<typeof benchRows> {
  handedIn += count;
  return benchRows(count, seed++);
}

bench(scale);
