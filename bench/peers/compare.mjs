/**
 * The main job on Retorno and on its peers, in turn, each on a fresh PostgreSQL with the same settings; prints a table.
 * Needs what `npm run build` makes; installs the peers in this folder when they are not there.
 *
 *   npm run bench:peers -- [--cases 2000] [--inflight 100] [--warmup 200] [--rounds 1] [--peers pg-boss,dbos,...] [--json]
 *
 * A machine is seldom quiet: with several rounds every figure is the median of its rounds, and a ratio the median of the
 * ratios within each round, whose runs stand next to each other in time.
 */
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '2000' },
    inflight: { type: 'string', default: '100' },
    warmup: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '1' },
    peers: {
      type: 'string',
      default:
        'pg-boss,pg-boss-one-queue,pg-boss-answers,pg-boss-three-answers,restate,restate-own-state,dbos,dbos-queues',
    },
    json: { type: 'boolean', default: false },
  },
});

const folder = import.meta.dirname;
const root = join(folder, '..', '..');
const OURS = 'retorno';
const engines = [OURS, ...options.peers.split(',')];
/** A run that takes longer has failed, ms. */
const LONGEST_RUN_MS = 15 * 60_000;

/** @typedef {Record<string, number>} Figures what a run prints, by field */

/** @type {import('node:child_process').ChildProcess | undefined} */
let running;
let ended = false;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => {
    // The run stops its servers; then this ends as well.
    ended = true;
    running?.kill('SIGTERM');
  });
}

await installed();
note(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`);
/** @type {Map<string, Figures>[]} */
const rounds = [];
let failures = 0;
for (let round = 1; round <= Number(options.rounds); round++) {
  /** @type {Map<string, Figures>} */
  const results = new Map();
  rounds.push(results);
  for (const engine of engines) {
    try {
      const figures = await measured(engine);
      results.set(engine, figures);
      note(`round ${round}: ${engine} ${figures['cases_per_s']} cases/s, load ${loadavg()[0]?.toFixed(1)}`);
    } catch (error) {
      if (ended) process.exit(1);
      failures++;
      note(`round ${round}: ${engine} failed: ${String(error)}`);
    }
  }
}
print(options.json ? JSON.stringify(rounds.map((results) => Object.fromEntries(results))) : table());
process.exit(failures === 0 ? 0 : 1);

/** Runs one engine in a process of its own. */
async function measured(/** @type {string} */ engine) {
  const program =
    engine === OURS ? [join(root, 'dist', 'bench', 'main-job.js')] : [join(folder, 'run-peer.mjs'), engine];
  const work = ['--cases', options.cases, '--inflight', options.inflight, '--warmup', options.warmup];
  const output = await run(process.execPath, [...program, ...work], root);
  return /** @type {Figures} */ (JSON.parse(output.trim().split('\n').at(-1) ?? ''));
}

/** The peers' packages, as the lock file says. */
async function installed() {
  const marker = join(folder, 'node_modules', '.package-lock.json');
  if (changed(marker) >= changed(join(folder, 'package-lock.json'))) return;
  note('installing the peers');
  // No install scripts: one of the peers' packages counts its installations.
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
}

/** When a file changed, ms; 0 if it is not there. */
function changed(/** @type {string} */ file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * What a program prints; throws with what it complained about.
 * @param {string} program
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<string>}
 */
function run(program, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, timeout: LONGEST_RUN_MS, stdio: ['ignore', 'pipe', 'pipe'] });
    running = child;
    let output = '';
    let complaints = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (complaints += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve(output)
        : reject(new Error(`${args[0]} ended with ${code}\n${complaints.slice(0, 2_000)}`)),
    );
  });
}

function table() {
  const columns = [
    ['cases/s', 'cases_per_s'],
    ['CPU ms', 'cpu_ms_per_case'],
    ['Node', 'node_cpu_ms_per_case'],
    ['PostgreSQL', 'postgres_cpu_ms_per_case'],
    ['server', 'server_cpu_ms_per_case'],
    ['flushes', 'flushes_per_case'],
    ['commits', 'commits_per_case'],
    ['p50 ms', 'p50_ms'],
    ['p99 ms', 'p99_ms'],
  ];
  const head = ['', ...columns.map(([title]) => title ?? ''), 'cases/s, ours ÷ theirs', 'CPU, theirs ÷ ours'];
  const rows = engines.map((engine) => [
    engine,
    ...columns.map(([, field]) => median(figures(engine, field ?? ''))),
    median(ratios(OURS, engine, 'cases_per_s')),
    median(ratios(engine, OURS, 'cpu_ms_per_case')),
  ]);
  const title = `${options.cases} cases of 8 referrals, ${options.inflight} in flight, ${options.rounds} round(s); CPU, flushes and commits a case`;
  return [title, '', markdown(head), markdown(head.map(() => '---')), ...rows.map(markdown)].join('\n');
}

/** @param {string} engine @param {string} field */
function figures(engine, field) {
  return rounds.flatMap((results) => results.get(engine)?.[field] ?? []);
}

/** Of the rounds in which both ran. @param {string} above @param {string} below @param {string} field */
function ratios(above, below, field) {
  return rounds.flatMap((results) => {
    const [a, b] = [results.get(above)?.[field], results.get(below)?.[field]];
    return a === undefined || b === undefined ? [] : [a / b];
  });
}

/** @param {number[]} values @returns {string} */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle =
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN) + (sorted[Math.floor(sorted.length / 2)] ?? NaN)) /
    2;
  return Number.isNaN(middle) ? '–' : String(Number(middle.toFixed(middle < 100 ? 2 : 0)));
}

/** @param {string[]} cells */
function markdown(cells) {
  return `| ${cells.join(' | ')} |`;
}

function print(/** @type {string} */ text) {
  process.stdout.write(`${text}\n`);
}

/** Progress, apart from the result. */
function note(/** @type {string} */ text) {
  process.stderr.write(`${text}\n`);
}
