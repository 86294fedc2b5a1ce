/**
 * The main job with a process for each service over a Kafka broker, and before it, in the same run, with all services in one
 * process on the embedded transport. Both end with the checker.
 *
 *   node dist/bench/kafka.js [--cases 1000] [--inflight 100] [--warmup 200]
 */
import { parseArgs } from 'node:util';
import { feed, latenciesOf, measured, spread, verify } from './cases';
import { benchAgencies, benchRows } from './fixtures';
import { KafkaSystem } from './kafka-system';
import { rounded, type Cost } from './measure';
import { bench, startSystem, type System } from './system';

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000' },
    inflight: { type: 'string', default: '100' },
    warmup: { type: 'string', default: '200' },
  },
});
const cases = Number(options.cases);
const inflight = Number(options.inflight);
const warmup = Number(options.warmup);

async function overKafka(): Promise<object> {
  const embedded = await run(await startSystem(benchAgencies()));
  const kafka = await run(await KafkaSystem.start());
  return {
    bench: 'kafka',
    cases,
    inflight,
    embedded,
    kafka,
    throughput_ratio: rounded(kafka['cases_per_s']! / embedded['cases_per_s']!, 2),
    cpu_ratio: rounded(kafka['cpu_ms_per_case']! / embedded['cpu_ms_per_case']!, 2),
  };
}

async function run(system: System | KafkaSystem): Promise<Record<string, number>> {
  try {
    await feed(system, benchRows(warmup, 2), inflight);
    const { since, figures } = await measured<Cost>(system, cases, () =>
      feed(system, benchRows(cases, 1), inflight),
    );
    const latencies = await latenciesOf(system.meter, since);
    await verify(system, cases + warmup);
    return { ...figures, ...spread('', latencies) };
  } finally {
    await system.stop();
  }
}

bench(overKafka);
