/**
 * Handles many parked streams again, one after the other at a pace. A job is rows: an instance that ends leaves it to
 * the next one, which goes on where it was.
 */
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { RedriveResult } from '../care';
import type { Clock } from '../clock';
import type { Stream } from '../reading/cursors';
import { isHopeless, pauseMs } from './redrive-pace';
import {
  addJob,
  endJob,
  failuresOf,
  holdJob,
  letJobGo,
  listJobs,
  nextOf,
  noteOutcome,
  type HeldJob,
  type RedriveFailure,
  type RedriveJob,
  type RedriveOrder,
} from './redrive-job-table';
import type { Telemetry } from '../telemetry';
import { Waker } from '../waker';

/** So many jobs of a service are listed. */
const LISTED = 20;

export interface RedriveJobDeps {
  dataSource: DataSource;
  clock: Clock;
  service: string;
  telemetry: Telemetry;
  /** Handles a stream from its head until it is empty, or fails again. */
  redrive(stream: Stream): Promise<RedriveResult>;
}

export class RedriveJobs {
  /** Who this instance is to the others. */
  private readonly owner = randomUUID();
  private readonly waker = new Waker();
  private running: Promise<void> | undefined;
  private stopping = false;
  /** It was woken while it worked: it looks once more before it ends. */
  private again = false;

  constructor(private readonly deps: RedriveJobDeps) {}

  /** Begins a job. Undefined when nothing stands still for this cause, or all that does is in another job already. */
  async start(order: RedriveOrder, by: string): Promise<RedriveJob | undefined> {
    const { dataSource, service, clock } = this.deps;
    const id = await dataSource.transaction((tx) => addJob(tx, service, order, by, clock.now()));
    if (id === undefined) return undefined;
    const [job] = await listJobs(dataSource.manager, service, { id, limit: 1 });
    this.wake();
    return job;
  }

  /** Ends a job after the stream that it is at. False when there is none under way with this id. */
  async end(id: string, by: string): Promise<boolean> {
    const { dataSource, service, clock } = this.deps;
    const isEnded = await endJob(dataSource.manager, service, id, 'stopped', { by, now: clock.now() });
    this.waker.wake();
    return isEnded;
  }

  /** Those under way first, then the newest. */
  list(): Promise<RedriveJob[]> {
    const { dataSource, service } = this.deps;
    return listJobs(dataSource.manager, service, { limit: LISTED });
  }

  /** One job, with what failed again. */
  async get(id: string): Promise<(RedriveJob & { failures: readonly RedriveFailure[] }) | undefined> {
    const { dataSource, service } = this.deps;
    const [job] = await listJobs(dataSource.manager, service, { id, limit: 1 });
    return job && { ...job, failures: await failuresOf(dataSource.manager, job.id) };
  }

  /** Looks for a job that nobody works on. */
  wake(): void {
    this.again = true;
    if (!this.stopping) this.running ??= this.work();
  }

  /** Ends after the stream under way; the job is left to the next instance. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.waker.wake();
    await this.running;
  }

  private async work(): Promise<void> {
    try {
      while (this.again && !this.stopping) {
        this.again = false;
        const job = await holdJob(this.deps.dataSource.manager, this.deps.service, this.owner);
        if (!job) continue;
        await this.carryOut(job);
        this.again = true;
      }
    } catch (error) {
      // The job is taken up again once nobody holds it any more.
      this.deps.telemetry.failed('care', error);
    }
    // At once and not in a `finally` of the promise: a wake in between would be lost.
    this.running = undefined;
  }

  private async carryOut({ id, perSecond }: HeldJob): Promise<void> {
    const { dataSource, service, clock, redrive } = this.deps;
    const { manager } = dataSource;
    while (!this.stopping) {
      const next = await nextOf(manager, id, this.owner);
      if (next === undefined) return;
      if (next === null) {
        await endJob(manager, service, id, 'done', { by: null, now: clock.now() });
        return;
      }
      const began = performance.now();
      const tally = await noteOutcome(manager, id, next.place, await redrive(next));
      if (isHopeless(tally)) {
        await endJob(manager, service, id, 'failing', { by: null, now: clock.now() });
        return;
      }
      if (tally.left === 0) continue;
      await this.waker.wait(pauseMs(perSecond, performance.now() - began));
    }
    await letJobGo(manager, id, this.owner);
  }
}
