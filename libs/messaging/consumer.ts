/**
 * Takes batches from the transport and handles each event once and in order per stream, up to `maxBatch` events in one
 * transaction. A message that fails three times is parked with everything behind it of its stream; other streams go on.
 */
import type { Envelope } from '@retorno/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import type { Clock } from './clock';
import {
  chained,
  heldOf,
  hold,
  readCursors,
  releaseHeld,
  writeCursors,
  type Cursor,
  type StreamEvent,
} from './cursors';
import {
  assertOwned,
  assertReadable,
  runHandler,
  UnfitEvent,
  type Handler,
  type MessagingOptions,
} from './handlers';
import { streamId } from './outbox';
import { outsideStream, park, takeParked } from './parking';
import { causeOf, isTransient } from './sql';
import type { TransportRecord } from './transport';
import { Unit } from './unit-of-work';

/** Tries in process before a message is parked. */
const TRIES = 3;

export interface ConsumerDeps {
  dataSource: DataSource;
  clock: Clock;
  options: Required<MessagingOptions>;
  handlers: ReadonlyMap<string, Handler>;
  /** Called after each commit that wrote events. */
  wakeRelay: () => void;
  onParked: (topic: string, cause: string) => void;
}

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
    private readonly maxBatch = 500,
  ) {}

  /** Resolves when the records are handled, held or parked for good. Rejects when the database cannot be reached. */
  deliver(records: readonly TransportRecord[]): Promise<void> {
    if (this.stopped) return Promise.reject(new Error('the consumer is stopped'));
    return new Promise((resolve, reject) => {
      this.queue.push({ records, resolve, reject });
      this.running ??= this.drain().finally(() => (this.running = undefined));
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
        await this.handle(taken.flatMap((t) => t.records));
        for (const t of taken) t.resolve();
      } catch (error) {
        for (const t of taken) t.reject(error);
      }
    }
  }

  private async handle(records: readonly StreamEvent[]): Promise<void> {
    try {
      await this.retryingTransient(() => this.attempt(records));
    } catch (error) {
      if (isTransient(error)) throw error;
      for (const stream of byStream(records)) await this.handleStream(stream);
    }
  }

  /** One message at a time, so that exactly the failing one and what follows it are parked. */
  private async handleStream(records: readonly StreamEvent[]): Promise<void> {
    for (const [i, record] of records.entries()) {
      const failure = await this.tried(record);
      if (!failure) continue;
      const parked = failure.alone ? [outsideStream(record)] : records.slice(i);
      await this.retryingTransient(() =>
        this.deps.dataSource.transaction((tx) =>
          park(tx, this.deps.options.service, parked, failure.cause, failure.attempts, this.deps.clock.now()),
        ),
      );
      this.deps.onParked(record.topic, failure.cause);
      if (!failure.alone) return;
    }
  }

  private async tried(record: StreamEvent): Promise<Failure | undefined> {
    let last: unknown;
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      try {
        await this.retryingTransient(() => this.attempt([record]));
        return undefined;
      } catch (error) {
        if (isTransient(error)) throw error;
        last = error;
        if (error instanceof UnfitEvent)
          return { cause: causeOf(error), attempts: attempt, alone: error.outsideStream };
      }
    }
    return { cause: causeOf(last), attempts: TRIES, alone: false };
  }

  /** Deadlocks and lost races are tried again here; anything longer is the transport's to deliver again. */
  private async retryingTransient<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!isTransient(error) || attempt >= TRIES) throw error;
      }
    }
  }

  /** Handles the parked head of a stream; true when it is done. Its followers are taken one by one the same way. */
  async redriveHead(head: StreamEvent): Promise<string | undefined> {
    try {
      await this.retryingTransient(() => this.attempt([head], true));
      return undefined;
    } catch (error) {
      if (isTransient(error)) throw error;
      return causeOf(error);
    }
  }

  private async attempt(records: readonly StreamEvent[], parked = false): Promise<void> {
    const unit = await this.deps.dataSource.transaction((tx) => this.inTransaction(tx, records, parked));
    unit.runAfterCommit();
    if (unit.hasEvents) this.deps.wakeRelay();
  }

  private async inTransaction(
    tx: EntityManager,
    records: readonly StreamEvent[],
    parked: boolean,
  ): Promise<Unit> {
    const { options, clock } = this.deps;
    for (const record of records) assertOwned(record.topic, record.envelope, options);
    const cursors = await readCursors(tx, options.service, records);
    const sorted = sortOut(records, cursors, parked);
    const reached = [...cursors.values()].filter((c) => c.held && c.lastSeq !== c.readSeq);
    for (const event of await heldOf(tx, options.service, reached)) {
      const cursor = cursors.get(streamId(event.topic, event.envelope.partitionkey))!;
      if (event.envelope.keyseq === cursor.lastSeq + 1) take(sorted.now, cursor, event);
    }

    for (const event of sorted.now) assertReadable(event.envelope, options);
    const unit = new Unit(options.service, tx, clock.now());
    await unit.load(
      sorted.now.flatMap((e) => options.loads(e.envelope, e.topic)),
      options.stores,
    );
    for (const event of sorted.now) {
      const handler = this.deps.handlers.get(event.envelope.type);
      if (!handler) throw new UnfitEvent(`this service has no handler for ${event.envelope.type}`);
      await runHandler(handler, event.envelope.data, unit.forEvent(event.topic, event.envelope));
    }

    await hold(tx, options.service, sorted.later);
    await park(tx, options.service, sorted.behind, null, 0, clock.now());
    await writeCursors(tx, options.service, cursors.values());
    await releaseHeld(tx, options.service, reached);
    if (parked) await takeParked(tx, options.service, [...cursors.values()]);
    await unit.flush();
    this.handled += sorted.now.length;
    return unit;
  }
}

interface Failure {
  cause: string;
  attempts: number;
  /** Parked by itself, and not with what follows it. */
  alone: boolean;
}

interface SortedOut {
  /** To be handled now, in order. */
  now: StreamEvent[];
  /** Came before the ones they follow. */
  later: StreamEvent[];
  /** Their stream is parked. */
  behind: StreamEvent[];
}

/** Decides per event: handle, drop (seen before), hold or park behind. Moves the cursors of those to be handled. */
function sortOut(records: readonly StreamEvent[], cursors: Map<string, Cursor>, parked: boolean): SortedOut {
  const out: SortedOut = { now: [], later: [], behind: [] };
  for (const record of records) {
    const cursor = cursors.get(streamId(record.topic, record.envelope.partitionkey))!;
    const seq = record.envelope.keyseq;
    if (seq <= cursor.lastSeq) continue;
    if (cursor.parked && !parked) out.behind.push(record);
    else if (seq === cursor.lastSeq + 1) {
      take(out.now, cursor, record);
      // What was set aside in this very batch may follow now.
      drainLater(out, cursor, record.topic);
    } else out.later.push(record);
  }
  return out;
}

function drainLater(out: SortedOut, cursor: Cursor, topic: string): void {
  for (;;) {
    const i = out.later.findIndex(
      (e) =>
        e.topic === topic &&
        e.envelope.partitionkey === cursor.key &&
        e.envelope.keyseq <= cursor.lastSeq + 1,
    );
    if (i < 0) return;
    const [next] = out.later.splice(i, 1);
    if (next!.envelope.keyseq === cursor.lastSeq + 1) take(out.now, cursor, next!);
  }
}

function take(now: StreamEvent[], cursor: Cursor, event: StreamEvent): void {
  now.push(event);
  cursor.lastSeq = event.envelope.keyseq;
  cursor.digest = chained(cursor.digest, event.envelope.id);
}

function byStream(records: readonly StreamEvent[]): StreamEvent[][] {
  const streams = new Map<string, StreamEvent[]>();
  for (const record of records) {
    const envelope = record.envelope as Partial<Envelope> | undefined;
    const id = streamId(record.topic, String(envelope?.partitionkey));
    const stream = streams.get(id);
    if (stream) stream.push(record);
    else streams.set(id, [record]);
  }
  return [...streams.values()];
}
