/**
 * Kills `local` with SIGKILL at random moments, sometimes its database server too, starts it again each time, and proves
 * at the end that nothing was lost, doubled or put out of order.
 *
 *   node dist/tests/crash/crash.js [--kills 10] [--rows 300] [--seed n] [--keep]
 */
import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Api } from '../../apps/local/api';
import { startEmbeddedPostgres } from '../../apps/local/postgres';
import { check } from '../faults/checker';
import { printed, type Report } from '../faults/report';
import { manifestCsv, manifestRows, type ManifestRow } from '../support/manifest';
import { chanceOf, type Chance } from '../support/random';
import { killDatabase, LocalProcess } from './local-process';

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '10' },
    rows: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    keep: { type: 'boolean', default: false },
  },
});

/** Nothing moved for this long: settled, ms. */
const QUIET_MS = 2_500;
/** Longest time to settle after the last start, ms. */
const SETTLE_MS = 120_000;
const TERMINATION_MS = 10_000;

type Moment = 'start-up' | 'import' | 'flow';

/** One run: the rows are handed in over all lives of the process, so that every life has work of every kind. */
class CrashRun {
  private readonly chance: Chance;
  private readonly rows: ManifestRow[];
  private given = 0;

  constructor(
    private readonly dataDir: string,
    private readonly kills: number,
    rows: number,
    seed: number,
  ) {
    this.chance = chanceOf(seed);
    this.rows = manifestRows({ rows, seed: seed % 900 });
  }

  async run(): Promise<{ report: Report; databaseKills: number; stopMs: number }> {
    let databaseKills = 0;
    for (let kill = 1; kill <= this.kills; kill++) {
      const moment = this.momentOf(kill);
      const local = LocalProcess.start(this.dataDir);
      try {
        await this.live(local, moment);
        const withDatabase = this.chance.happens(0.3) && (await killDatabase(this.dataDir));
        if (withDatabase) databaseKills += 1;
        const what = `${moment}${withDatabase ? ', database too' : ''}`;
        console.log(
          `kill ${kill} of ${this.kills} (${what}); ${this.given} of ${this.rows.length} rows handed in`,
        );
      } finally {
        await local.kill();
      }
    }
    const stopMs = await this.lastLife();
    return { report: await this.checked(), databaseKills, stopMs };
  }

  private momentOf(kill: number): Moment {
    if (kill === 1) return 'start-up';
    if (kill === 2) return 'import';
    return this.chance.pick<Moment>(['start-up', 'import', 'flow', 'flow']);
  }

  /** Lives until a random moment of the kind. */
  private async live(local: LocalProcess, moment: Moment): Promise<void> {
    if (moment === 'start-up') {
      await Promise.race([local.listening, pause(this.chance.below(2_500))]);
      local.assertAlive();
      return;
    }
    const api = await local.api();
    // Half of the lives hand in new rows; in the others everything is under way.
    const upload = this.handIn(api, Math.ceil((2 * this.rows.length) / this.kills));
    if (moment === 'import') {
      // Killed in the middle, the upload fails or its answer is lost: it is sent again.
      upload.catch(() => undefined);
      await pause(this.chance.below(120));
      return;
    }
    await upload;
    await pause(100 + this.chance.below(1_500));
    local.assertAlive();
  }

  /** Uploads the next rows, together with some that were handed in before and have changed since. */
  private async handIn(api: Api, count: number): Promise<void> {
    const changed = Array.from({ length: Math.min(this.given, 20) }, () => this.changedRow());
    const next = this.rows.slice(this.given, this.given + count);
    const batch = [...new Set([...changed, ...next])];
    if (batch.length === 0) return;
    await api.upload('/intake/manifests', manifestCsv(batch));
    this.given = Math.min(this.rows.length, this.given + count);
  }

  private changedRow(): ManifestRow {
    const index = this.chance.below(this.given);
    const row = this.rows[index]!;
    row.phone = `+5198${String(1_000_000 + this.chance.below(8_999_999))}`;
    return row;
  }

  private async lastLife(): Promise<number> {
    const local = LocalProcess.start(this.dataDir);
    try {
      const api = await local.api();
      // Everything once more: the same row again is nothing new.
      await api.upload('/intake/manifests', manifestCsv(this.rows));
      console.log('last start: all rows handed in once more; waiting until nothing moves');
      await settled(api, (await local.listening)!, this.rows.length);
      await this.refusesASecond(api);
      const { code, ms } = await local.terminate();
      if (code !== 0 || ms > TERMINATION_MS) {
        throw new Error(`SIGTERM ended it with ${code ?? 'SIGKILL'} after ${ms} ms instead of 0 within 10 s`);
      }
      return ms;
    } finally {
      await local.kill();
    }
  }

  /** Two processes on one installation would each think they were alone; the second must leave the first as it is. */
  private async refusesASecond(api: Api): Promise<void> {
    const second = LocalProcess.start(this.dataDir);
    try {
      if ((await second.ownEnd()) !== 1)
        throw new Error('a second start on the same data did not end with 1');
      await api.get('/readyz');
    } finally {
      await second.kill();
    }
  }

  private async checked(): Promise<Report> {
    const postgres = await startEmbeddedPostgres(join(this.dataDir, 'postgres'), () => undefined);
    try {
      const report = await check(postgres.adminUrl);
      const { cases, inFlight, parked, held } = report;
      const more = [
        ...(cases === this.rows.length ? [] : [`${cases} cases came of ${this.rows.length} rows`]),
        ...(inFlight + parked + held === 0 ? [] : ['events are left in flight, parked or held']),
      ];
      return { ...report, ok: report.ok && more.length === 0, problems: [...report.problems, ...more] };
    } finally {
      await postgres.stop();
    }
  }
}

/** Waits until all cases exist, the outboxes are empty, and no event was handled for a while. */
async function settled(api: Api, url: string, cases: number): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  let last = '';
  let quietSince = Date.now();
  for (;;) {
    const metrics = await metricsOf(url);
    const summary = await api.get<{ byStatus: Record<string, number> }>('/cases/summary');
    const count = Object.values(summary.byStatus).reduce((sum, n) => sum + n, 0);
    const now = JSON.stringify([metrics, summary.byStatus]);
    if (now !== last) quietSince = Date.now();
    last = now;
    if (metrics['outbox'] === 0 && count === cases && Date.now() - quietSince > QUIET_MS) {
      console.log(`settled: ${JSON.stringify(summary.byStatus)}`);
      return;
    }
    if (Date.now() > deadline) throw new Error(`not settled after ${SETTLE_MS / 1000} s: ${now}`);
    await pause(250);
  }
}

/** Prometheus figures, summed over the services. */
async function metricsOf(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const sums: Record<string, number> = {};
  for (const [, name, value] of text.matchAll(
    /^retorno_(outbox|held|handled|parked_events)\{.*\} (\S+)$/gm,
  )) {
    sums[name!] = (sums[name!] ?? 0) + Number(value);
  }
  return sums;
}

async function main(): Promise<void> {
  const began = Date.now();
  const seed = Number(options.seed);
  const dataDir = join(tmpdir(), `retorno-crash-${randomBytes(6).toString('hex')}`);
  console.log(`crash test: seed ${seed}, ${options.kills} kills, ${options.rows} rows`);
  const run = new CrashRun(dataDir, Number(options.kills), Number(options.rows), seed);
  let ok = false;
  try {
    const { report, databaseKills, stopMs } = await run.run();
    ok = report.ok;
    console.log(printed(report));
    const { streams, events, cases, referrals } = report;
    console.log(
      `crash test: ${ok ? 'passed' : 'FAILED'}: kills ${options.kills}, of the database too ${databaseKills}, ` +
        `cases ${cases}, referrals ${referrals}, streams ${streams}, events ${events}, ` +
        `stopped in ${stopMs} ms, ${Math.round((Date.now() - began) / 1000)} s, seed ${seed}`,
    );
  } catch (error) {
    console.log(
      `crash test: FAILED: ${error instanceof Error ? error.message : String(error)}, seed ${seed}`,
    );
  } finally {
    await cleanUp(dataDir, options.keep || !ok);
  }
  process.exitCode = ok ? 0 : 1;
}

/** No server stays behind; the data stays where a failure is to be looked into. */
async function cleanUp(dataDir: string, keep: boolean): Promise<void> {
  await killDatabase(dataDir);
  if (keep) {
    console.log(`the data is kept in ${dataDir}`);
    return;
  }
  const elsewhere = await readFile(join(dataDir, 'postgres', 'kept-in'), 'utf8').catch(() => '');
  if (elsewhere !== '') await rm(elsewhere.trim(), { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
}

void main();
