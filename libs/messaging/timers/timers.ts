/** Wakes documents whose time has come: claims due timers and runs their handlers in a unit of work. */
import type { Envelope } from '@retorno/contracts';
import { sourceOf } from '@retorno/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import type { Clock } from '../clock';
import { timerPattern, type Handler, type MessagingOptions } from '../reading/handlers';
import type { OutboxBatch } from '../writing/outbox';
import { causeOf, isTransient, retried } from '../sql';
import { secondsSince, type Telemetry } from '../telemetry';
import { claimDue, nextDue, postpone, stillDue, type ClaimedTimer } from './timer-table';
import { Unit } from '../reading/unit-of-work';
import { Waker } from '../waker';

const BATCH = 200;
const TRIES = 3;

export interface TimerDeps {
  dataSource: DataSource;
  clock: Clock;
  options: Required<MessagingOptions>;
  handlers: ReadonlyMap<string, Handler>;
  handOver: (batch: OutboxBatch) => void;
  telemetry: Telemetry;
}

export class Timers {
  private readonly waker = new Waker();
  private stopping = false;
  private running: Promise<void> | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly deps: TimerDeps,
    /** Longest pause between two looks, ms. */
    private readonly idleMs = 2_000,
  ) {}

  start(): void {
    if (!this.deps.options.stores.some((store) => store.dueAt)) return;
    this.unsubscribe = this.deps.clock.onMoved(() => this.waker.wake());
    this.running ??= this.run();
  }

  /** Looks now instead of after the pause. */
  wake(): void {
    this.waker.wake();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.unsubscribe?.();
    this.waker.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      try {
        // One question while nothing is due: a claim is a write, and there are many services.
        const pauseMs = await this.pauseMs();
        const fired = pauseMs > 0 ? 0 : await this.fireDue();
        this.deps.telemetry.worked('timers');
        if (fired === 0) await this.waker.wait(Math.max(20, pauseMs));
      } catch (error) {
        // The database cannot be reached; readiness says so by its own check.
        this.deps.telemetry.failed('timers', error);
        if (!this.stopping) await this.waker.pause(1_000);
      }
    }
  }

  /** Until the next timer is due, at most the idle pause; zero or less when one is. */
  private async pauseMs(): Promise<number> {
    const next = await nextDue(this.deps.dataSource.manager);
    if (!next) return this.idleMs;
    return Math.min(this.idleMs, next.getTime() - this.deps.clock.now().getTime());
  }

  /** Fires one batch of due timers; how many were claimed. */
  private async fireDue(): Promise<number> {
    const { dataSource, clock } = this.deps;
    const claimed = await claimDue(dataSource.manager, clock.now(), BATCH);
    if (claimed.length === 0) return 0;
    try {
      await this.fire(claimed);
    } catch {
      // One at a time, so that exactly the failing one is postponed.
      for (const timer of claimed) await this.fire([timer]).catch((error) => this.note(timer, error));
    }
    return claimed.length;
  }

  private async note(timer: ClaimedTimer, error: unknown): Promise<void> {
    // A lost race leaves the claim to run out: the timer is fired again after 30 s.
    if (isTransient(error)) return;
    const cause = causeOf(error);
    const envelope = timerEvent(this.deps.options.service, timer);
    this.deps.telemetry.failedOn({ topic: envelope.type, envelope }, cause);
    await postpone(this.deps.dataSource.manager, timer, cause);
  }

  private async fire(claimed: readonly ClaimedTimer[]): Promise<void> {
    const { dataSource, clock, options, handlers } = this.deps;
    const work = async (tx: EntityManager): Promise<Unit> => {
      const unit = new Unit(options, tx, clock.now());
      const wanted = claimed.flatMap((timer) => {
        const own = options.stores
          .filter((s) => s.name === timer.name)
          .map((store) => ({ store, key: timer.key }));
        const event = timerEvent(options.service, timer);
        return [...own, ...options.loads(event, event.type)];
      });
      await unit.load(wanted, options.stores);
      const standing = await stillDue(tx, claimed);
      for (const timer of claimed) {
        if (!standing.has(`${timer.name}\n${timer.key}`)) continue;
        const handler = handlers.get(timerPattern(timer.name));
        if (!handler) throw new Error(`no handler for ${timerPattern(timer.name)}`);
        const event = timerEvent(options.service, timer);
        await handler(event.data, unit.forEvent(event.type, event));
      }
      await unit.flush(standing);
      return unit;
    };
    const began = performance.now();
    const unit = await retried(
      () => dataSource.transaction(work),
      isTransient,
      TRIES,
      () => this.deps.telemetry.retried(),
    );
    this.deps.telemetry.committed('timers', claimed.length, secondsSince(began));
    unit.afterCommitted(this.deps.handOver);
  }
}

/** A timer as the handler sees it. It is not published, so nothing that it causes names it. */
function timerEvent(service: string, timer: ClaimedTimer): Envelope<{ key: string; dueAt: string }> {
  return {
    specversion: '1.0',
    id: '',
    source: sourceOf(service),
    type: timerPattern(timer.name),
    time: timer.due_at.toISOString(),
    dataschema: 'urn:retorno:schema:timer:v1',
    datacontenttype: 'application/json',
    partitionkey: timer.key,
    keyseq: Number(timer.generation),
    data: { key: timer.key, dueAt: timer.due_at.toISOString() },
  };
}
