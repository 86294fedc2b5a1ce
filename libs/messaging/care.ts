/** Looks after what does not go on by itself: parked streams, gaps, topics that are wanted anew, and old events. */
import type { DataSource } from 'typeorm';
import type { Clock } from './clock';
import type { Consumer } from './reading/consumer';
import { gapsToAskFor, overlooked, type Stream } from './reading/cursors';
import type { Gone } from './roll-call/gone';
import type { MessagingOptions } from './reading/handlers';
import { dueStreams, headOf, noteFailure, standsStill } from './parking/parking';
import { askForWanted } from './writing/replay';
import { forgetSent } from './writing/retention';
import type { Telemetry } from './telemetry';
import type { Transport } from './transport';
import { Waker } from './waker';

/** How often old events are removed, ms. */
const FORGET_MS = 6 * 3_600_000;
/** How often it looks, ms. */
const CARE_MS = 5_000;

/** How a redrive ended: what was handled, and why it stopped; null when nothing is left. */
export interface RedriveResult {
  readonly handled: number;
  readonly failed: string | null;
}

export interface CareDeps {
  dataSource: DataSource;
  clock: Clock;
  transport: Transport;
  consumer: Consumer;
  gone: Gone;
  options: Pick<Required<MessagingOptions>, 'service' | 'keeps'>;
  telemetry: Telemetry;
  /** Has redrive jobs that nobody works on taken up. */
  wakeJobs: () => void;
}

export class Care {
  private readonly waker = new Waker();
  private running: Promise<void> | undefined;
  private stopping = false;
  /** A topic may have to be asked for as a whole. */
  private wants = true;

  constructor(private readonly deps: CareDeps) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.waker.wake();
    await this.running;
  }

  /** A topic was noted as wanted from its first events: it is asked for now. */
  want(): void {
    this.wants = true;
    this.waker.wake();
  }

  /** Handles a parked stream from its head until it is empty, or fails again. */
  async redrive(stream: Stream): Promise<RedriveResult> {
    const { dataSource, clock, consumer, options } = this.deps;
    for (let handled = 0; ; handled++) {
      const head = await headOf(dataSource.manager, options.service, stream);
      if (!head) {
        await consumer.takeHeld(stream);
        return { handled, failed: null };
      }
      const redriven = await consumer.redrive(head);
      if (!redriven.done) {
        await noteFailure(dataSource.manager, head.id, redriven.failed, clock.now());
        return { handled, failed: redriven.failed };
      }
    }
  }

  /** Asks for what is missing before events that have been held for `ms`, once in such a time. */
  async askForGaps(ms = 60_000): Promise<void> {
    const { dataSource, transport, options } = this.deps;
    for (const gap of await gapsToAskFor(dataSource.manager, options.service, ms)) {
      await transport.requestResend(gap);
    }
  }

  /** Removes events that need not be sent again any more; answers how many. */
  forgetSent(): Promise<number> {
    return forgetSent(this.deps.dataSource, this.deps.options.keeps);
  }

  private async run(): Promise<void> {
    const { dataSource, clock, options, telemetry } = this.deps;
    const unsubscribe = clock.onMoved(() => this.waker.wake());
    let forgotten = 0;
    // Before the transport is there it fails, and is tried again below.
    await this.askForWanted().catch(() => undefined);
    while (!this.stopping) {
      await this.waker.wait(CARE_MS);
      if (this.stopping) break;
      this.lookAtTransport();
      try {
        if (await standsStill(dataSource.manager, options.service)) await this.lookAfterStreams();
        if (this.wants) await this.askForWanted();
        if (Date.now() - forgotten > FORGET_MS) {
          await this.forgetSent();
          forgotten = Date.now();
        }
        telemetry.worked('care');
      } catch (error) {
        // The database cannot be reached; readiness says so by its own check.
        telemetry.failed('care', error);
      }
    }
    unsubscribe();
  }

  private async lookAfterStreams(): Promise<void> {
    const { dataSource, clock, consumer, options, gone } = this.deps;
    await gone.goOn();
    for (const stream of await dueStreams(dataSource.manager, options.service, clock.now())) {
      await this.redrive(stream);
    }
    for (const stream of await overlooked(dataSource.manager, options.service)) {
      await consumer.takeHeld(stream);
    }
    await this.askForGaps();
    this.deps.wakeJobs();
  }

  /** A connection that is lost while nothing is to be sent fails nobody. */
  private lookAtTransport(): void {
    const { ok, detail } = this.deps.transport.health();
    if (ok) this.deps.telemetry.worked('transport');
    else this.deps.telemetry.failed('transport', new Error(detail));
  }

  private async askForWanted(): Promise<void> {
    const { dataSource, transport } = this.deps;
    this.wants = false;
    try {
      await askForWanted(dataSource, (request) => transport.requestResend(request));
    } catch (error) {
      this.wants = true;
      throw error;
    }
  }
}
