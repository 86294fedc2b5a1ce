/**
 * Takes batches from the transport and handles each event once and in order per stream, up to `maxBatch` events in one
 * transaction. A message that fails three times is parked with everything behind it of its stream; other streams go on.
 */
import type { Envelope } from '@retorno/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import type { Clock } from '../clock';
import {
  heldOf,
  hold,
  nextHeld,
  readCursors,
  releaseHeld,
  writeCursors,
  type Stream,
  type StreamEvent,
} from './cursors';
import { misplaced, type Handler, type MessagingOptions } from './handlers';
import { UnfitEvent } from '../parking/unfit-event';
import { streamId, type OutboxBatch } from '../writing/outbox';
import { park, parkOutside, removeParked, takeParked, unpark, type ParkedHead } from '../parking/parking';
import type { LostEvents } from './positions';
import { causeOf, ConcurrentChange, isTransient, retried } from '../sql';
import { openEvents } from '../writing/sealed-events';
import { sortOut } from './sort-out';
import { secondsSince, type Telemetry } from '../telemetry';
import type { TransportRecord } from '../transport';
import { Unit } from './unit-of-work';

/** Tries in process before a message is parked. */
const TRIES = 3;

export interface ConsumerDeps {
  dataSource: DataSource;
  clock: Clock;
  options: Required<MessagingOptions>;
  handlers: ReadonlyMap<string, Handler>;
  /** Called after each commit that wrote events. */
  handOver: (batch: OutboxBatch) => void;
  /** The event is given where its attributes are its owner's, and so may be shown. */
  onParked: (topic: string, cause: string, event?: Envelope) => void;
  /** Called after the commit for what was handled of streams whose writer, restored from an older copy, uses its places again. */
  onLostByWriter: (lost: readonly LostEvents[]) => void;
  telemetry: Telemetry;
}

/**
 * batch: with what was held before. single: one event by itself, so that its failure is surely its own. redrive: the
 * parked head of a stream.
 */
type Mode = 'batch' | 'single' | 'redrive';

/** One event of a replayed sequence could not be handled. */
export class ReplayFailed extends Error {
  constructor(
    readonly keySeq: number,
    readonly why: string,
  ) {
    super(`event ${keySeq} of the sequence failed: ${why}`);
  }
}

/** What became of a parked head. */
export type Redriven = { done: true } | { done: false; failed: string };

export class Consumer {
  private readonly queue: {
    records: readonly TransportRecord[];
    resolve(): void;
    reject(e: unknown): void;
  }[] = [];
  private running: Promise<void> | undefined;
  private stopped = false;
  /** Events handled since start, for metrics. */
  handled = 0;

  constructor(
    private readonly deps: ConsumerDeps,
    // Documents that many events of a batch change are written once: 5 times a case instead of 9 with 500.
    private readonly maxBatch = 1_000,
  ) {}

  /** Resolves when the records are handled, held or parked for good. Rejects when the database cannot be reached. */
  deliver(records: readonly TransportRecord[]): Promise<void> {
    if (this.stopped) return Promise.reject(new Error('the consumer is stopped'));
    return new Promise((resolve, reject) => {
      this.queue.push({ records, resolve, reject });
      this.running ??= this.drain();
    });
  }

  /** Lets the batch under way finish; what waits is delivered again another time. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const waiting of this.queue.splice(0)) waiting.reject(new Error('the consumer is stopped'));
    await this.running;
  }

  /** Deliveries that arrived while a transaction ran share the next one: batches form by themselves under load. */
  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      const taken = [this.queue.shift()!];
      let size = taken[0]!.records.length;
      while (this.queue[0] && size + this.queue[0].records.length <= this.maxBatch) {
        size += this.queue[0].records.length;
        taken.push(this.queue.shift()!);
      }
      try {
        const records = taken.flatMap((t) => t.records);
        for (let i = 0; i < records.length; i += this.maxBatch) {
          await this.handle(records.slice(i, i + this.maxBatch));
        }
        for (const t of taken) t.resolve();
        this.deps.telemetry.worked('consumer');
      } catch (error) {
        for (const t of taken) t.reject(error);
        this.deps.telemetry.failed('consumer', error);
      }
    }
    // At once and not in a `finally` of the promise: a delivery in between would wait for a drain that has ended.
    this.running = undefined;
  }

  private async handle(records: readonly StreamEvent[]): Promise<void> {
    const rightful: StreamEvent[] = [];
    for (const record of records) {
      const wrong = misplaced(record.topic, record.envelope, this.deps.options);
      if (wrong === undefined) rightful.push(record);
      else await this.setAside(record, wrong);
    }
    if (rightful.length === 0) return;
    try {
      await this.attempt(rightful, 'batch');
    } catch (error) {
      if (isTransient(error)) throw error;
      for (const stream of byStream(rightful)) await this.handleStream(stream);
    }
  }

  /** One message at a time, so that exactly the failing one and what follows it are parked. */
  private async handleStream(records: readonly StreamEvent[]): Promise<void> {
    const inOrder = [...records].sort((a, b) => a.envelope.keyseq - b.envelope.keyseq);
    for (const [i, record] of inOrder.entries()) {
      if (!(await this.handleOne(record, inOrder.slice(i)))) return;
    }
    const { topic, envelope } = inOrder[0]!;
    await this.takeHeld({ topic, key: envelope.partitionkey });
  }

  /** Handles what was held and may follow now, one at a time. */
  async takeHeld(stream: Stream): Promise<void> {
    for (;;) {
      const next = await nextHeld(this.deps.dataSource.manager, this.deps.options.service, stream);
      if (!next || !(await this.handleOne(next, [next]))) return;
    }
  }

  /** False when the event failed and was parked, with those that `follow` and all that are held of its stream. */
  private async handleOne(record: StreamEvent, follow: readonly StreamEvent[]): Promise<boolean> {
    const cause = await this.failureOf(record);
    if (cause === undefined) return true;
    const { dataSource, options, clock, onParked } = this.deps;
    await this.retrying(() =>
      dataSource.transaction((tx) => park(tx, options.service, follow, cause, clock.now())),
    );
    onParked(record.topic, cause, record.envelope);
    return false;
  }

  /** Why an event could not be handled; undefined when it was. */
  private async failureOf(record: StreamEvent): Promise<string | undefined> {
    let last: unknown;
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      try {
        await this.attempt([record], 'single');
        return undefined;
      } catch (error) {
        if (isTransient(error)) throw error;
        last = error;
        this.deps.telemetry.failedOn(record, causeOf(error));
        if (error instanceof UnfitEvent) break;
      }
    }
    return causeOf(last);
  }

  /** An event that may not touch the stream it names. */
  private async setAside(record: StreamEvent, cause: string): Promise<void> {
    const { dataSource, options, clock, onParked } = this.deps;
    await this.retrying(() => parkOutside(dataSource.manager, options.service, record, cause, clock.now()));
    onParked(record.topic, cause);
  }

  /** Handles the parked head of a stream. */
  async redrive(head: ParkedHead): Promise<Redriven> {
    try {
      if (head.keySeq > 0) return await this.attempt([head], 'redrive');
      const wrong = misplaced(head.topic, head.envelope, this.deps.options);
      if (wrong !== undefined) return { done: false, failed: wrong };
      await this.handle([head]);
      await removeParked(this.deps.dataSource.manager, head.id);
      return { done: true };
    } catch (error) {
      if (isTransient(error)) throw error;
      return { done: false, failed: causeOf(error) };
    }
  }

  /**
   * Handles parked events of one stream, from its head and in order, in one transaction with what `records` does in it; or
   * nothing of it. Gives how many. Throws ReplayFailed, and whatever `records` throws.
   */
  async replay(records: (tx: EntityManager) => Promise<readonly StreamEvent[]>): Promise<number> {
    const { dataSource, telemetry, handOver, onLostByWriter } = this.deps;
    const began = performance.now();
    const done = await this.retrying(() =>
      dataSource.transaction(async (tx) => {
        const done: Awaited<ReturnType<Consumer['replayed']>>[] = [];
        for (const record of await records(tx)) done.push(await this.replayed(tx, record));
        return done;
      }),
    );
    this.handled += done.length;
    telemetry.committed('redrive', done.length, secondsSince(began));
    for (const { unit } of done) unit.afterCommitted(handOver);
    const lost = done.flatMap(({ lostByWriter }) => lostByWriter);
    if (lost.length > 0) onLostByWriter(lost);
    return done.length;
  }

  private async replayed(tx: EntityManager, record: StreamEvent): ReturnType<Consumer['inTransaction']> {
    const { keyseq } = record.envelope;
    try {
      const done = await this.inTransaction(tx, [record], 'redrive');
      if (done.early) throw new ReplayFailed(keyseq, 'waits for events before it');
      // Somebody else's redrive came first: what stands there now is looked at anew.
      if (done.handled === 0) throw new ConcurrentChange('parked stream');
      return done;
    } catch (error) {
      if (isTransient(error) || error instanceof ReplayFailed) throw error;
      throw new ReplayFailed(keyseq, causeOf(error));
    }
  }

  private async attempt(records: readonly StreamEvent[], mode: Mode): Promise<Redriven> {
    const began = performance.now();
    const { unit, handled, early, lostByWriter } = await this.retrying(() =>
      this.deps.dataSource.transaction((tx) => this.inTransaction(tx, records, mode)),
    );
    this.handled += handled;
    this.deps.telemetry.committed(mode, handled, secondsSince(began));
    unit.afterCommitted(this.deps.handOver);
    if (lostByWriter.length > 0) this.deps.onLostByWriter(lostByWriter);
    return early && mode === 'redrive'
      ? { done: false, failed: 'waits for events before it' }
      : { done: true };
  }

  /** Deadlocks and lost races are tried again here; anything longer is the transport's to deliver again. */
  private retrying<T>(work: () => Promise<T>): Promise<T> {
    return retried(work, isTransient, TRIES, () => this.deps.telemetry.retried());
  }

  private async inTransaction(
    tx: EntityManager,
    records: readonly StreamEvent[],
    mode: Mode,
  ): Promise<{ unit: Unit; handled: number; early: boolean; lostByWriter: readonly LostEvents[] }> {
    const { options, clock } = this.deps;
    const { service } = options;
    const cursors = await readCursors(tx, service, records);
    const withHeld = [...cursors.values()].filter((c) => c.held && !c.parked && mode === 'batch');
    const sorted = sortOut(records, await heldOf(tx, service, withHeld), cursors, mode === 'redrive');

    const unit = new Unit(this.deps.options, tx, clock.now());
    const open = await openEvents(sorted.now, unit.keyring, options);
    await unit.load(
      open.flatMap((e) => options.loads(e.envelope, e.topic)),
      options.stores,
    );
    for (const event of open) {
      const handler = this.deps.handlers.get(event.envelope.type);
      if (!handler) throw new UnfitEvent(`this service has no handler for ${event.envelope.type}`);
      await handler(event.envelope.data, unit.forEvent(event.topic, event.envelope));
    }

    const moved = [...cursors.values()].filter((c) => c.moved);
    if (mode === 'redrive') {
      // One that has to wait becomes held with what is behind it.
      if (sorted.later.length === 0) await takeParked(tx, service, records);
      await unpark(tx, service, sorted.later);
    } else {
      await hold(tx, service, sorted.later);
      await park(tx, service, sorted.behind, null, clock.now());
    }
    await writeCursors(tx, service, moved);
    await releaseHeld(
      tx,
      service,
      moved.filter((c) => c.held),
    );
    await unit.flush();
    const { now, later, lostByWriter } = sorted;
    return { unit, handled: now.length, early: later.length > 0, lostByWriter };
  }
}

function byStream(records: readonly StreamEvent[]): StreamEvent[][] {
  const streams = new Map<string, StreamEvent[]>();
  for (const record of records) {
    const id = streamId(record.topic, record.envelope.partitionkey);
    const stream = streams.get(id);
    if (stream) stream.push(record);
    else streams.set(id, [record]);
  }
  return [...streams.values()];
}
