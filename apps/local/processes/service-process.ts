/** One process of a service: started, watched, started again when it ends by itself. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, isFree } from './ports';

const here = join(__dirname, '..', '..', '..');
/** What `npm run build` writes; a test runs from the sources, a process never does. */
export const BUILT = basename(here) === 'dist' ? here : join(here, 'dist');
const END_WITH_PARENT = join(BUILT, 'apps', 'local', 'processes', 'end-with-parent.js');

/** Longest time from a start to the first answer, ms. */
const START_MS = 90_000;
/** A process drains for 9 s at most; one that is still there shortly before is killed, so that nothing outlives us, ms. */
const DRAIN_MS = 8_500;
/** Pauses before a process is started again, ms: doubled each time until it has run for a while. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
const STEADY_MS = 30_000;
/** How often a starting process is asked whether it listens, ms. */
const ASK_MS = 50;

export interface ProcessOptions {
  service: string;
  /** `health`, or `health-2` for the second one. */
  name: string;
  /** Path of its main below dist. */
  main: string;
  env: NodeJS.ProcessEnv;
  /** Its port; a free one at each start when left out. */
  port?: number;
  /** Where its log goes; nowhere when left out. */
  logFile?: string;
  logTo?: number;
  /** Told what happens to it. */
  say: (line: string) => void;
}

export class ServiceProcess {
  readonly service: string;
  readonly name: string;
  private child: ChildProcess | undefined;
  private listening: number | undefined;
  private failure: Error | undefined;
  private hasBeenUp = false;
  private ending = false;
  private said = '';
  private readonly wake = new AbortController();
  private readonly running: Promise<void>;

  constructor(private readonly options: ProcessOptions) {
    this.service = options.service;
    this.name = options.name;
    this.running = this.run();
  }

  /** Undefined between its end and its next start. */
  get pid(): number | undefined {
    return isAlive(this.child) ? this.child.pid : undefined;
  }

  /** Address of its own interface; undefined while it does not answer. */
  get url(): string | undefined {
    return this.listening === undefined ? undefined : `http://127.0.0.1:${this.listening}`;
  }

  /** Resolves when it answers HTTP. Throws with what it said when it ended before it ever answered. */
  async up(): Promise<this> {
    const deadline = Date.now() + START_MS;
    while (this.listening === undefined) {
      if (this.failure) throw this.failure;
      if (this.ending) throw new Error(`${this.name} was ended before it answered`);
      if (Date.now() > deadline) throw new Error(`${this.name} does not answer after ${START_MS / 1000} s`);
      await pause(ASK_MS);
    }
    return this;
  }

  /** Sends a signal; it is started again when that ends it. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    if (!isAlive(this.child)) return;
    if (signal === 'SIGKILL') this.listening = undefined;
    this.child.kill(signal);
  }

  /** Ends it for good: SIGTERM, and SIGKILL 8.5 s later. Gives false when it had to be killed, or failed to drain. */
  async end(): Promise<boolean> {
    this.ending = true;
    this.wake.abort();
    const child = this.child;
    if (!isAlive(child)) {
      await this.running;
      return true;
    }
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), DRAIN_MS);
    await this.running;
    clearTimeout(timer);
    // One that had not begun yet is ended by the signal itself.
    return child.exitCode === 0 || child.signalCode === 'SIGTERM';
  }

  private async run(): Promise<void> {
    for (let failures = 0; ;) {
      const began = Date.now();
      const how = await this.live().catch((error: Error) => error.message);
      if (!this.hasBeenUp) this.failure = new Error(`${this.name} did not start: ${this.said.trim() || how}`);
      if (this.ending || this.failure) return;
      failures = Date.now() - began > STEADY_MS ? 0 : failures + 1;
      const wait = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
      this.options.say(`${this.name} ended (${how}); it is started again in ${wait / 1000} s`);
      await pause(wait, undefined, { signal: this.wake.signal }).catch(() => undefined);
      if (this.ending) return;
    }
  }

  /** From a start to the end; gives how it ended. */
  private async live(): Promise<string> {
    const port = this.options.port ?? (await freePort());
    if (!(await isFree(port))) {
      throw new Error(
        `port ${port} is in use: set SERVICES_PORT to another first port, or end what listens there`,
      );
    }
    if (this.ending) return 'not started';
    const child = fork(join(BUILT, this.options.main), {
      execArgv: ['--require', END_WITH_PARENT],
      env: { ...this.options.env, HOST: '127.0.0.1', PORT: String(port) },
      stdio: ['ignore', this.options.logTo ?? 'ignore', 'pipe', 'ipc'],
      // A Ctrl-C in the terminal is for us: we end them in order.
      detached: process.platform !== 'win32',
    });
    this.child = child;
    this.said = '';
    child.stderr!.on('data', (piece: Buffer) => this.hear(piece.toString()));
    const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    void this.watch(child, port);
    const [code, signal] = await ended;
    this.listening = undefined;
    return signal ?? `exit code ${code}`;
  }

  private async watch(child: ChildProcess, port: number): Promise<void> {
    const deadline = Date.now() + START_MS;
    while (isAlive(child)) {
      if (await answers(port)) {
        if (isAlive(child)) this.listening = port;
        if (this.hasBeenUp) this.options.say(`${this.name} is back`);
        this.hasBeenUp = true;
        return;
      }
      if (Date.now() > deadline) child.kill('SIGKILL');
      await pause(ASK_MS);
    }
  }

  private hear(text: string): void {
    this.said = `${this.said}${text}`.slice(-4_000);
    if (this.options.logFile) void appendFile(this.options.logFile, text).catch(() => undefined);
  }
}

function isAlive(child: ChildProcess | undefined): child is ChildProcess {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/livez`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}
