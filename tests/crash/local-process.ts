/** `local` as a child process that may be killed at any moment, and its database server with it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Api } from '../../apps/local/api';
import { secretsOf } from '../../apps/local/secrets';
import { bearersOf, issuerWithin } from '../support/bearers';

const MAIN = join(__dirname, '..', '..', 'apps', 'local', 'main.js');
/** Longest time to the line that says where it listens, ms. */
const START_MS = 60_000;

export class LocalProcess {
  private output = '';
  /** Resolves with the address once it listens; undefined when it ended before. */
  readonly listening: Promise<string | undefined>;
  private readonly ended: Promise<unknown>;

  private constructor(
    private readonly dataDir: string,
    private readonly child: ChildProcess,
  ) {
    this.ended = once(child, 'exit');
    this.listening = new Promise((resolve) => {
      const take = (piece: Buffer): void => {
        this.output = `${this.output}${piece.toString()}`.slice(-8_000);
        const found = /Listening on (http:\S+)/.exec(this.output);
        if (found) resolve(found[1]);
      };
      child.stdout!.on('data', take);
      child.stderr!.on('data', take);
      child.once('exit', () => resolve(undefined));
    });
  }

  /** Starts it with simulated staff and returnees that answer fast. */
  static start(dataDir: string): LocalProcess {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PORT: '0',
      DATA_DIR: dataDir,
      DEMO: 'off',
      SIMULATED_AGENCIES: 'all',
      SIMULATED_PACE: '0.2',
      SIMULATED_RETURNEES: 'on',
      LOG_LEVEL: 'warn',
    };
    return new LocalProcess(
      dataDir,
      spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  /** Its interface, once it listens. Throws with what it said when it ends by itself or takes too long. */
  async api(): Promise<Api> {
    const url = await Promise.race([this.listening, pause(START_MS, undefined, { ref: false })]);
    if (url === undefined) throw new Error(`local did not start:\n${this.output}`);
    return new Api(url, bearersOf(issuerWithin(url, await secretsOf(this.dataDir))));
  }

  /** Throws with what it said when it has ended by itself. */
  assertAlive(): void {
    if (this.hasEnded) throw new Error(`local ended by itself (${this.child.exitCode}):\n${this.output}`);
  }

  /** Its exit code once it has ended by itself. */
  async ownEnd(): Promise<number | null> {
    await this.ended;
    return this.child.exitCode;
  }

  async kill(): Promise<void> {
    if (this.hasEnded) return;
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** SIGTERM; gives the exit code and how long it took. Still there after 15 s, it is killed: code null. */
  async terminate(): Promise<{ code: number | null; ms: number }> {
    const began = performance.now();
    this.child.kill('SIGTERM');
    await Promise.race([this.ended, pause(15_000, undefined, { ref: false })]);
    const ms = Math.round(performance.now() - began);
    await this.kill();
    return { code: this.child.exitCode, ms };
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/** Kills the database server of a data folder; false when none runs there yet. */
export async function killDatabase(dataDir: string): Promise<boolean> {
  const folder = join(dataDir, 'postgres');
  const elsewhere = await readFile(join(folder, 'kept-in'), 'utf8').catch(() => folder);
  const pidFile = join(elsewhere.trim(), 'data', 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!(pid > 1)) return false;
  // The file of a server that was killed before stays: its number may be another process's by now.
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (!command.includes(folder) && !command.includes(elsewhere.trim())) return false;
  process.kill(pid, 'SIGKILL');
  await gone(pid);
  return true;
}

/** Some inits collect the dead only every few seconds; until then PostgreSQL takes a dead server for a running one. */
async function gone(pid: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const there = await readFile(`/proc/${pid}/stat`).then(
      () => true,
      () => false,
    );
    if (!there) return;
    await pause(20);
  }
}
