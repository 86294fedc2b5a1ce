/**
 * Every service in a process of its own, over a real broker and a real database, under load, while both, the lines to
 * them and the processes are harmed; proves that nothing is lost, doubled, put out of order or forgotten.
 *
 *   node dist/tests/faults/faults.js [--faults 200] [--kinds kill,line] [--seed n] [--small] [--json file] [--keep]
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chanceOf } from '../support/random';
import { fewAgencies } from '../support/roundtable';
import { KINDS, type Kind } from './kinds/fault';
import { planned } from './kinds/plan';
import { Load } from './load';
import { tableOf, type Results } from './results';
import { Run } from './run';
import { World } from './world';

/** Faults of a round, in a full run and in a short one. */
const PER_ROUND = { full: 10, small: 6 };
const SMALL_FAULTS = '12';
/** More people than ever arrive in a run. */
const PEOPLE = 20_000;

const { values: options } = parseArgs({
  options: {
    faults: { type: 'string' },
    kinds: { type: 'string', default: KINDS.join(',') },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    small: { type: 'boolean', default: false },
    json: { type: 'string' },
    keep: { type: 'boolean', default: false },
    'per-round': { type: 'string' },
  },
});

function kindsOf(text: string): Kind[] {
  const kinds = text.split(',');
  const unknown = kinds.filter((kind) => !(KINDS as readonly string[]).includes(kind));
  if (unknown.length > 0)
    throw new Error(`--kinds names ${unknown.join(', ')}: there are ${KINDS.join(', ')}`);
  return kinds as Kind[];
}

function say(line: string): void {
  console.log(line);
}

async function main(signal: AbortSignal): Promise<boolean> {
  const { small, keep } = options;
  const seed = Number(options.seed);
  const faults = Number(options.faults ?? (small ? SMALL_FAULTS : '200'));
  const chance = chanceOf(seed);
  const plan = planned({ faults, kinds: kindsOf(options.kinds), small }, chance);
  const instances = small ? { coordinator: 2 } : { coordinator: 2, health: 2 };
  say(`fault suite: seed ${seed}, ${plan.length} faults`);

  const world = await World.start({ instances, log: (line) => say(`    ${line}`) }, signal);
  let ok = false;
  try {
    const agencies = fewAgencies().map((agency) => agency.slug);
    const load = new Load({
      url: world.services.url,
      bearers: world.bearers,
      agencies,
      database: world.database,
      seed,
      rows: PEOPLE,
    });
    const perRound = Number(options['per-round'] ?? PER_ROUND[small ? 'small' : 'full']);
    const run = new Run({ world, load, plan, perRound, seed, chance, instances, log: say, signal });
    const results = await run.run();
    ok = results.ok;
    if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
    report(results);
  } finally {
    const isKept = keep || !ok;
    await world.stop(isKept);
    if (isKept) say(`the data and the services' log are kept in ${world.folder}`);
  }
  return ok;
}

function report(results: Results): void {
  for (const problem of results.problems) say(`  - ${problem}`);
  say(tableOf(results));
  const { cases, referrals, streams, events, skipped } = results.rounds.at(-1)!.report;
  say(
    `fault suite: ${results.ok ? 'passed' : 'FAILED'}: ${results.faults.length} faults in ${results.rounds.length} rounds, ` +
      `cases ${cases}, referrals ${referrals}, streams ${streams}, events ${events}, poison skipped ${skipped}, ` +
      `requests made again ${results.unanswered}, ${results.seconds} s, seed ${results.seed}`,
  );
}

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => ending.abort());

// What a fault in the middle has begun must not keep a finished run alive: everything of ours has been ended by then.
main(ending.signal).then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: unknown) => {
    say(
      `fault suite: FAILED: ${error instanceof Error ? error.message : String(error)}, seed ${options.seed}`,
    );
    process.exit(2);
  },
);
