/**
 * The same manifests and the same people, once with all services in one process and once with a process for each over a
 * real broker: proves that every case ends the same.
 *
 *   node dist/tests/same-cases/same-cases.js [--rows 300] [--seed n] [--sample] [--instances coordinator=2,health=2]
 *     [--embedded-twice] [--json file] [--log file]
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printed } from '../faults/report';
import { startKafka } from '../support/kafka';
import { compare, sampleRows, unseenRows, type Comparison } from './compare';
import { startEmbedded, startOverKafka, type Side } from './side';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    sample: { type: 'boolean', default: false },
    instances: { type: 'string', default: '' },
    'embedded-twice': { type: 'boolean', default: false },
    json: { type: 'string' },
    log: { type: 'string' },
  },
});
const ROOT = join(__dirname, '..', '..', '..');
const EVERYBODY = 200;

async function main(): Promise<boolean> {
  const manifests = [
    ...(options.sample ? [await sampleRows(ROOT, EVERYBODY)] : []),
    unseenRows(Number(options.rows), Number(options.seed)),
  ].filter((rows) => rows.length > 0);
  const stops: (() => Promise<unknown>)[] = [];
  const running = async (starting: Promise<Side>): Promise<Side> => {
    const side = await starting;
    stops.push(() => side.stop());
    return side;
  };
  try {
    const embedded = await running(startEmbedded());
    const other = await running(options['embedded-twice'] ? embeddedAgain() : overKafka(stops));
    const comparison = await compare([embedded, other], manifests);
    if (options.json) await writeFile(options.json, `${JSON.stringify(comparison, null, 2)}\n`);
    return report(comparison);
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

/** Tells an order that matters in one process, too, from a fault of the transport. */
async function embeddedAgain(): Promise<Side> {
  return { ...(await startEmbedded()), name: 'embedded again' };
}

async function overKafka(stops: (() => Promise<unknown>)[]): Promise<Side> {
  const kafka = await startKafka({});
  stops.push(() => kafka.stop());
  const counts = options.instances
    .split(',')
    .filter(Boolean)
    .map((one) => one.split('='));
  const instances = Object.fromEntries(counts.map(([name, count]) => [name!, Number(count)]));
  return startOverKafka({
    brokers: kafka.brokers,
    instances,
    ...(options.log ? { logFile: options.log } : {}),
  });
}

function report({ rows, cases, standings, differences, sides }: Comparison): boolean {
  const isEqual = differences.length === 0;
  for (const line of differences) console.log(`  - ${line}`);
  for (const { name, rounds, said, seconds, report: checked } of sides) {
    console.log(`${name}: ${rounds} rounds, ${said} requests, ${seconds} s; ${printed(checked)}`);
  }
  console.log(
    `same cases: ${isEqual ? 'equal' : `${differences.length} DIFFERENCES`}: ${rows} rows, ${cases} cases, seed ${options.seed}; ${JSON.stringify(standings)}`,
  );
  return isEqual && sides.every((side) => side.report.ok && side.report.parked === 0);
}

main().then(
  (ok) => (process.exitCode = ok ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 2;
  },
);
