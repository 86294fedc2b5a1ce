/**
 * One peer doing the main job once, on a PostgreSQL of its own. Prints one JSON line, in the fields of bench/main-job.
 *
 *   node bench/peers/run-peer.mjs <name> [--cases 2000] [--inflight 100] [--warmup 200]
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as dbos from './dbos.mjs';
import { Feed } from './feed.mjs';
import * as pgBoss from './pg-boss.mjs';
import * as restate from './restate.mjs';
import { latencies, SCHEMA, verify } from './work.mjs';

const require = createRequire(import.meta.url);
const { Meter, percentile, rounded } = require('../../dist/bench/measure.js');
const { startTemporaryPostgres } = require('../../dist/apps/local/postgres.js');

/**
 * @typedef {object} Host What a peer is given.
 * @property {string} url superuser's address of its database, which has the tables of work.mjs
 * @property {string} folder for its files
 * @property {(id: number) => void} done to be called once for each case completed
 * @property {(error: unknown) => void} failed ends the run
 *
 * @typedef {object} Engine A peer that runs.
 * @property {(ids: number[]) => Promise<void>} begin opens cases
 * @property {() => Promise<void>} stop
 * @property {number[]} [pids] server processes of its own
 * @property {number} [reports] audit rows that agencies add for each referral before it is completed; 0
 * @property {(cases: number) => Promise<void>} [verify] instead of the tables, where it keeps the cases itself
 * @property {() => Promise<number>} [flushes] flushes of its own log so far
 */

/** @type {Record<string, (host: Host) => Promise<Engine>>} */
const peers = {
  'pg-boss': (host) => pgBoss.start(host, { queues: 'each', answers: 0 }),
  'pg-boss-one-queue': (host) => pgBoss.start(host, { queues: 'one', answers: 0 }),
  'pg-boss-answers': (host) => pgBoss.start(host, { queues: 'each', answers: 1 }),
  'pg-boss-three-answers': (host) => pgBoss.start(host, { queues: 'each', answers: 3 }),
  dbos: (host) => dbos.start(host, { referrals: 'started' }),
  'dbos-queues': (host) => dbos.start(host, { referrals: 'queued' }),
  restate: (host) => restate.start(host, { cases: 'in PostgreSQL' }),
  'restate-own-state': (host) => restate.start(host, { cases: 'in its own state' }),
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: 'string', default: '2000' },
    inflight: { type: 'string', default: '100' },
    warmup: { type: 'string', default: '200' },
  },
});
const [name] = positionals;
const startPeer = peers[name ?? ''];
if (!startPeer) throw new Error(`name a peer: ${Object.keys(peers).join(', ')}`);

const cases = Number(options.cases);
const warmup = Number(options.warmup);

const interruption = interrupted();
const folder = await mkdtemp(join(tmpdir(), 'retorno-peer-'));
const postgres = await startTemporaryPostgres();
const meter = await Meter.open(postgres.adminUrl);
const feed = new Feed(Number(options.inflight));
/** @type {Engine | undefined} */
let engine;
let failed = false;
try {
  console.log(JSON.stringify(await Promise.race([measured(), interruption])));
} catch (error) {
  console.error(error);
  failed = true;
} finally {
  await engine?.stop().catch(console.error);
  await meter.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

/** Never resolves: a run that is ended by a signal still stops its servers. */
function interrupted() {
  const ended = new Promise((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'])
      process.once(signal, () => reject(new Error(`ended by ${signal}`)));
  });
  // It may come before anybody waits for it.
  ended.catch(() => undefined);
  return ended;
}

/** The run; it stops the engine before the last look at the database, which idle polling would otherwise be part of. */
async function measured() {
  await meter.query(SCHEMA);
  engine = await startPeer({
    url: postgres.adminUrl,
    folder,
    done: (id) => feed.done(id),
    failed: (error) => feed.fail(error),
  });
  await feed.run(engine, 1, warmup);
  await meter.settled();
  const before = await costs(engine);
  await feed.run(engine, warmup + 1, cases);
  const after = await costs(engine);
  const rss = meter.rssMb();
  const { verify: ownVerify, reports = 0 } = engine;
  await ownVerify?.(cases + warmup);
  await engine.stop();
  engine = undefined;
  await meter.settled();
  // What a backend did is known once it has ended or been idle; what it cost was read at the end of the work.
  const { commits, flushes, walBytes } = await meter.cost();
  Object.assign(after, { commits, flushes, walBytes });
  if (!ownVerify) await verify(meter, cases + warmup, reports);

  const ms = ownVerify ? feed.latencies(warmup) : await latencies(meter, warmup);
  const seconds = (after.at - before.at) / 1000;
  const perCase = (/** @type {keyof typeof before} */ field) => (after[field] - before[field]) / cases;
  return {
    bench: name,
    cases,
    inflight: Number(options.inflight),
    seconds: rounded(seconds, 2),
    cases_per_s: rounded(cases / seconds),
    p50_ms: rounded(percentile(ms, 0.5)),
    p99_ms: rounded(percentile(ms, 0.99)),
    commits_per_case: rounded(perCase('commits'), 2),
    flushes_per_case: rounded(perCase('flushes') + perCase('ownFlushes'), 2),
    wal_kb_per_case: rounded(perCase('walBytes') / 1024),
    cpu_ms_per_case: rounded(perCase('nodeCpuMs') + perCase('postgresCpuMs') + perCase('serverCpuMs'), 2),
    node_cpu_ms_per_case: rounded(perCase('nodeCpuMs'), 2),
    postgres_cpu_ms_per_case: rounded(perCase('postgresCpuMs'), 2),
    server_cpu_ms_per_case: rounded(perCase('serverCpuMs'), 2),
    rss_mb: rss.node,
    postgres_rss_mb: rss.postgres,
  };
}

/** The meter's counters, and those of a peer's own server. */
async function costs(/** @type {Engine} */ engine) {
  return {
    ...(await meter.cost()),
    serverCpuMs: (engine.pids ?? []).reduce((sum, pid) => sum + cpuMs(pid), 0),
    ownFlushes: (await engine.flushes?.()) ?? 0,
  };
}

/** User and system time of all threads of a process; clock ticks of /proc are 10 ms. */
function cpuMs(/** @type {number} */ pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
