/** A run: rounds of faults under load; after each round everything must come to rest, and the checker must agree. */
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../support/random';
import { check } from './checker';
import { describeFlow, flowOf, isAtRest, type Flow } from './flow';
import type { Fault } from './kinds/fault';
import type { Load } from './load';
import { Operations } from './operations';
import { printed, type Report } from './report';
import type { Injected, Results, Round, Stall } from './results';
import { WorldEnded, type World } from './world';

/** Something waits and nothing has moved for this long: it stands still, ms. */
const STILL_MS = 90_000;
/** Longest time until nothing moves any more, however busy the machine, ms. */
const REST_MS = 300_000;
/** Nothing moved for this long: at rest, ms. */
const QUIET_MS = 1_500;
const LOOK_MS = 400;
/** Longest wait for something to be in flight before a fault, ms. */
const FLIGHT_MS = 3_000;

export interface RunOptions {
  world: World;
  load: Load;
  plan: readonly Fault[];
  /** Faults of a round. */
  perRound: number;
  seed: number;
  chance: Chance;
  instances: Readonly<Record<string, number>>;
  log: (line: string) => void;
  signal: AbortSignal;
}

export class Run {
  private readonly began = performance.now();
  private readonly faults: Injected[] = [];
  private readonly rounds: Round[] = [];
  private readonly notDone: string[] = [];
  private readonly operations: Operations;
  private latest: Flow | undefined;
  private round = 0;

  constructor(private readonly options: RunOptions) {
    this.operations = new Operations(options.world.services.url, options.world.bearers);
  }

  async run(): Promise<Results> {
    const { plan, perRound, load, log, signal } = this.options;
    const watching = this.watch();
    load.start();
    try {
      load.begin();
      await this.untilFlows();
      for (let i = 0; i < plan.length && !signal.aborted; i += perRound) {
        this.round += 1;
        load.begin();
        await this.inject(plan.slice(i, i + perRound));
        await load.pause();
        this.rounds.push(await this.settled(plan.slice(i, i + perRound)));
      }
      log('everybody handed in once more');
      await load.everybodyAgain();
      this.round += 1;
      const last = await this.settled([]);
      this.rounds.push({ ...last, report: this.complete(last.report) });
    } finally {
      await load.stop();
      this.isOver = true;
      await watching;
    }
    return this.results();
  }

  private isOver = false;

  /** The newest picture of what is in flight, taken past the faults; the last one stands while the database is down. */
  private async watch(): Promise<void> {
    const { database, names } = this.options.world;
    while (!this.isOver) {
      this.latest = await flowOf((sql) => database.ask(sql), names).catch(() => this.latest);
      await pause(LOOK_MS);
    }
  }

  private async untilFlows(): Promise<void> {
    const deadline = Date.now() + FLIGHT_MS;
    while (Date.now() < deadline && !((this.latest?.inFlight ?? 0) > 0)) await pause(20);
  }

  /** What harms the same comes one after the other; all else at the same time. */
  private async inject(faults: readonly Fault[]): Promise<void> {
    const lanes = new Map<string, Fault[]>();
    for (const fault of faults) lanes.set(fault.to, [...(lanes.get(fault.to) ?? []), fault]);
    await Promise.all(
      [...lanes.values()].map(async (lane) => {
        for (const fault of lane) {
          if (this.options.signal.aborted) return;
          await pause(this.options.chance.below(800));
          await this.injectOne(fault);
        }
      }),
    );
  }

  private async injectOne(fault: Fault): Promise<void> {
    await this.untilFlows();
    const inFlight = this.latest?.inFlight ?? 0;
    const began = performance.now();
    let what: string;
    try {
      what = await fault.inject(this.options.world, this.options.chance);
    } catch (error) {
      if (error instanceof WorldEnded) throw error;
      // Under other faults not everything that is planned can be done; it does not count then.
      this.notDone.push(`${fault.kind}: ${error instanceof Error ? error.message : String(error)}`);
      this.options.log(`    not done: ${this.notDone.at(-1)}`);
      return;
    }
    const injected = {
      round: this.round,
      kind: fault.kind,
      what,
      at: Math.round((began - this.began) / 100) / 10,
      tookMs: Math.round(performance.now() - began),
      inFlight,
    };
    this.faults.push(injected);
    const number = String(this.faults.length).padStart(3);
    this.options.log(`${number} at ${injected.at} s, ${inFlight} in flight: ${fault.kind}: ${what}`);
  }

  private async settled(faults: readonly Fault[]): Promise<Round> {
    const began = performance.now();
    const parkedByFaults: string[] = [];
    let stall: Stall | undefined;
    if (!(await this.atRest(parkedByFaults))) stall = await this.stalled(parkedByFaults);
    const restMs = Math.round(performance.now() - began);
    const report = await check(this.options.world.database.url);
    const rests = stall ? `STALLED: ${stall.what}` : `at rest after ${(restMs / 1000).toFixed(1)} s`;
    const parked = parkedByFaults.length > 0 ? `; parked by faults: ${parkedByFaults.join(', ')}` : '';
    this.options.log(`round ${this.round}: ${rests}${parked}; ${printed(report)}`);
    const kinds = [...new Set(faults.map((fault) => fault.kind))];
    return { round: this.round, kinds, restMs, parkedByFaults, report, ...(stall ? { stall } : {}) };
  }

  /** False when something still moves or waits after the bound. Parked streams are seen to as an operator would. */
  private async atRest(parkedByFaults: string[]): Promise<boolean> {
    const { world, signal } = this.options;
    const deadline = Date.now() + REST_MS;
    let last = '';
    let movedAt = Date.now();
    while (Date.now() < Math.min(deadline, movedAt + STILL_MS) && !signal.aborted) {
      parkedByFaults.push(...(await this.operations.tendParked().catch(() => [])));
      const flow = await flowOf((sql) => world.database.query(sql), world.names);
      const now = JSON.stringify([flow.behind, flow.waiting, flow.written, this.operations.skipped]);
      if (now !== last) movedAt = Date.now();
      last = now;
      const rests = isAtRest(flow) && this.operations.skipped >= world.poisoned && parkedIn(flow) === 0;
      if (rests && Date.now() - movedAt > QUIET_MS) return true;
      await pause(LOOK_MS);
    }
    return signal.aborted;
  }

  private async stalled(parkedByFaults: string[]): Promise<Stall> {
    const { world, log } = this.options;
    const flow = await flowOf((sql) => world.database.query(sql), world.names);
    const poison = world.poisoned - this.operations.skipped;
    const what = `${describeFlow(flow)}${poison > 0 ? `; ${poison} poison events are not listed` : ''}`;
    const shown = await this.operations.shown();
    log(`stands still: ${what}\nshown: ${shown.join('; ') || 'nowhere'}`);
    for (const process of world.running()) process.kill('SIGKILL');
    const curedByRestart = await this.atRest(parkedByFaults);
    return {
      what: `${what} (shown: ${shown.join('; ') || 'nowhere'})`,
      silent: shown.length === 0,
      curedByRestart,
    };
  }

  private complete(report: Report): Report {
    const { cases, inFlight, parked, held } = report;
    const { given } = this.options.load;
    const more = [
      ...(cases === given ? [] : [`${cases} cases came of ${given} rows: a case is lost or doubled`]),
      ...(inFlight + parked + held === 0 ? [] : ['events are left in flight, parked or held']),
    ];
    return { ...report, ok: report.ok && more.length === 0, problems: [...report.problems, ...more] };
  }

  private results(): Results {
    const { seed, instances, load, plan, signal } = this.options;
    const done = new Set(this.faults.map((fault) => fault.kind));
    const missing = [...new Set(plan.map((fault) => fault.kind))].filter((kind) => !done.has(kind));
    const problems = [
      ...this.rounds.flatMap(({ round, report }) => report.problems.map((text) => `round ${round}: ${text}`)),
      ...this.rounds.flatMap(({ round, stall }) => (stall ? [`round ${round}: stalled: ${stall.what}`] : [])),
      ...missing.map((kind) => `no fault of kind ${kind} could be injected`),
      ...(signal.aborted ? ['ended before its time'] : []),
    ];
    return {
      ok: problems.length === 0,
      seed,
      seconds: Math.round((performance.now() - this.began) / 1000),
      node: process.version,
      cpus: cpus().length,
      instances,
      people: load.given,
      unanswered: load.unanswered,
      faults: this.faults,
      notDone: this.notDone,
      rounds: this.rounds,
      problems,
    };
  }
}

function parkedIn(flow: Flow): number {
  return Object.values(flow.waiting).reduce((sum, { parked }) => sum + parked, 0);
}
