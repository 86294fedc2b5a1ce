/** Everything a service has of messaging, in one injectable object. */
import {
  contractOf,
  ownsStream,
  readersOf,
  subjectOf,
  topicsOf,
  writerOf,
  type Envelope,
} from '@retorno/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { readBacklog, type Backlog } from './backlog';
import type { Clock } from './clock';
import { Consumer } from './consumer';
import { overlooked, type Stream, type StreamEvent } from './cursors';
import type { Handler, MessagingOptions } from './handlers';
import {
  dueStreams,
  headOf,
  noteFailure,
  skipHead,
  standsStill,
  standstills,
  streamOf,
  type ParkedStream,
} from './parking';
import type { OutboxBatch } from './outbox';
import { LostStreams } from './lost-streams';
import { Relay, type RelayOptions } from './relay';
import { RollCall, type RollCallOptions } from './roll-call';
import { askForWanted, forgetReading, wantOnce } from './replay';
import { forgetSent } from './retention';
import { isLostRace, retried } from './sql';
import { openEvents } from './sealed-events';
import type { DocumentStore } from './store';
import { setTimers } from './timer-table';
import { observed, secondsSince, unwatched, type Telemetry } from './telemetry';
import { Timers } from './timers';
import type { Lag, Subscription, Transport } from './transport';
import { Unit, type DocumentKey, type UnitOfWork } from './unit-of-work';
import { Keyring, noVault } from './vault/key-vault';
import { Waker } from './waker';

export interface MessagingDeps {
  dataSource: DataSource;
  transport: Transport;
  clock: Clock;
  options: MessagingOptions;
  relay?: RelayOptions;
  rollCall?: RollCallOptions;
  /** Takes no event and runs no command before `meetNeighbours`; default: does. */
  meetsFirst?: boolean;
  /**
   * Called when a message was parked; the cause holds no personal data. Without the event where its attributes are not
   * its owner's: they may hold anything.
   */
  onParked?: (topic: string, cause: string, event?: Envelope) => void;
  /** Default: nobody watches. */
  telemetry?: Telemetry;
}

const COMMAND_TRIES = 5;
/** How often old events are removed, ms. */
const FORGET_MS = 6 * 3_600_000;
/** How often gaps and parked streams are looked after, ms. */
const CARE_MS = 5_000;

export class Messaging {
  readonly dataSource: DataSource;
  readonly clock: Clock;
  readonly service: string;
  private readonly options: Required<MessagingOptions>;
  private readonly handlers = new Map<string, Handler>();
  private readonly relay: Relay;
  private readonly consumer: Consumer;
  private readonly timers: Timers;
  private readonly telemetry: Telemetry;
  private readonly careWaker = new Waker();
  private readonly rollCall: RollCall;
  private readonly lost: LostStreams;
  /** Opens once the neighbours have been asked how far they are. */
  private readonly met: Promise<void>;
  private open: () => void = () => undefined;
  private subscription: Subscription | undefined;
  private caring: Promise<void> | undefined;
  private stopping = false;
  /** A topic may have to be asked for as a whole. */
  private wantsReplay = true;

  constructor(private readonly deps: MessagingDeps) {
    this.dataSource = deps.dataSource;
    this.clock = deps.clock;
    this.service = deps.options.service;
    this.met = deps.meetsFirst ? new Promise((resolve) => (this.open = resolve)) : Promise.resolve();
    this.options = {
      contractOf,
      keeps: [],
      ownsStream: (topic, event) => ownsStream(topic, event),
      writerOf: (topic) => writerOf(topic, '') || undefined,
      readersOf,
      writes: () => Promise.resolve(topicsOf(deps.options.service)),
      vault: noVault,
      subjectOf,
      ...deps.options,
    };
    this.telemetry = deps.telemetry ?? unwatched;
    this.relay = new Relay(this.service, deps.dataSource, deps.transport, deps.relay, this.telemetry);
    const shared = {
      dataSource: deps.dataSource,
      clock: deps.clock,
      options: this.options,
      handlers: this.handlers,
      handOver: (batch: OutboxBatch) => this.relay.handOver(batch),
      telemetry: this.telemetry,
    };
    this.consumer = new Consumer({ ...shared, onParked: deps.onParked ?? (() => undefined) });
    this.timers = new Timers(shared);
    this.lost = new LostStreams(shared);
    this.rollCall = new RollCall({
      ...this.options,
      dataSource: deps.dataSource,
      transport: deps.transport,
      ...deps.rollCall,
      onLost: async (tx, found) => void (await this.lost.found(tx, found)),
      onDifferences: (found) => this.telemetry.differed(found),
      onWritten: () => this.relay.lookAgain(),
    });
  }

  /**
   * Before anything is written: asks who reads this service's streams how far they are. What they are behind with is sent
   * again; what they are ahead with was lost with a database restored from an older copy, and is gone on behind. Until
   * then no event is taken in and no command is run.
   */
  async meetNeighbours(): Promise<void> {
    await this.lost.load();
    await this.rollCall.call();
    this.open();
    await this.rollCall.askToBeAsked();
  }

  /** True while the part of a stream with this key that was lost here is unknown: what comes in was answered before. */
  hasLost(key: string): boolean {
    return this.lost.has(key);
  }

  /** What was lost of this key is known again. */
  heal(tx: EntityManager, key: string): Promise<void> {
    return this.lost.heal(tx, key);
  }

  /** Takes the handlers and subscribes. Nothing flows before the transport and `start`. Throws without a handler for a timer. */
  listen(handlers: ReadonlyMap<string, Handler>): void {
    for (const [pattern, handler] of handlers) this.handlers.set(pattern, observed(handler, this.telemetry));
    for (const store of this.options.stores) {
      if (store.dueAt && !this.handlers.has(`timer.${store.name}`)) {
        throw new Error(
          `${this.service}: documents '${store.name}' have due times, but nobody handles timer.${store.name}`,
        );
      }
    }
    if (this.options.subscribes.length === 0) return;
    this.subscription = this.deps.transport.subscribe({
      consumer: this.service,
      topics: this.options.subscribes,
      deliver: async (records) => {
        await this.met;
        return this.consumer.deliver(records);
      },
    });
  }

  /** Starts relay, timers and the care for gaps and parked streams. */
  start(): void {
    this.relay.start();
    this.timers.start();
    this.caring ??= this.care();
  }

  /** Drains: no new batch is begun, the ones under way commit. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.rollCall.stop();
    // Whoever waits is told of the end by what it wanted to use.
    this.open();
    this.careWaker.wake();
    await this.relay.stop();
    await this.subscription?.close();
    await this.consumer.stop();
    await this.timers.stop();
    await this.caring;
  }

  /**
   * An HTTP command as a unit of work: locks and loads the documents, runs `fn`, writes everything in one transaction.
   * A lost race is run again, so `fn` must have no effect outside the unit. A lost connection is not: nobody knows
   * whether the commit went through.
   */
  async command<T>(loads: readonly DocumentKey[], fn: (unit: UnitOfWork) => Promise<T> | T): Promise<T> {
    await this.met;
    const began = performance.now();
    const { unit, result } = await retried(
      () =>
        this.dataSource.transaction(async (tx) => {
          const unit = new Unit(this.options, tx, this.clock.now());
          await unit.load(loads, this.options.stores);
          const result = await fn(unit);
          await unit.flush();
          return { unit, result };
        }),
      isLostRace,
      COMMAND_TRIES,
      () => this.telemetry.retried(),
    );
    this.telemetry.committed('command', 1, secondsSince(began));
    unit.afterCommitted((batch) => this.relay.handOver(batch));
    return result;
  }

  /** Opens documents that a list read by SQL of its own, in their order; undefined for one that was erased. */
  read<S>(
    store: DocumentStore<S>,
    rows: readonly { key: string; body: string }[],
  ): Promise<(S | undefined)[]> {
    const tx = this.dataSource.manager;
    return store.read({ tx, keyring: this.keyring(tx), service: this.service }, rows);
  }

  /** Events as the handlers see them; those that an erasure left nothing of are left out. */
  opened(events: readonly StreamEvent[]): Promise<StreamEvent[]> {
    return openEvents(events, this.keyring(), this.options);
  }

  /** Keys of subjects, for reading sealed columns outside a unit of work. */
  keyring(tx: EntityManager = this.dataSource.manager): Keyring {
    return new Keyring(this.options.vault, tx);
  }

  /** Makes documents due now: their timer handler runs next, whatever their own due time. */
  async wakeNow(store: { name: string }, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const dueAt = this.clock.now().getTime();
    const changes = keys.map((key) => ({ name: store.name, key, dueAt }));
    await this.dataSource.transaction((tx) => setTimers(tx, changes));
    this.timers.wake();
  }

  /**
   * For a reader of a topic that has one writer: forgets all that was read of it, together with what `clear` removes in
   * the same transaction, and has every stream sent again from its first event.
   */
  async readAnew(topic: string, clear: (tx: EntityManager) => Promise<void>): Promise<void> {
    await forgetReading(this.dataSource, this.service, topic, clear);
    this.wantsReplay = true;
    this.careWaker.wake();
  }

  /** For a reader that may come later than a topic's first events: has them sent again, once for all starts. */
  async readFromTheFirst(topic: string): Promise<void> {
    await wantOnce(this.dataSource.manager, topic);
    this.wantsReplay = true;
  }

  /** Where streams stand still, after an id, at most `limit`. */
  parked(after = '', limit = 50): Promise<ParkedStream[]> {
    return standstills(this.dataSource.manager, this.service, after, limit);
  }

  /**
   * Handles a parked stream again from its head, in order and with the same ids, until it is empty or fails again.
   * Answers how many were handled, or undefined when there is no such message.
   */
  async redrive(id: string): Promise<{ handled: number; failed: string | null } | undefined> {
    const stream = await streamOf(this.dataSource.manager, id);
    return stream && this.redriveStream(stream);
  }

  /** Takes a parked message out for good; the stream goes on behind it. False when it is not the head of a stream. */
  async skip(id: string, reason: string, by: string): Promise<boolean> {
    const stream = await streamOf(this.dataSource.manager, id);
    if (!stream) return false;
    const done = await this.dataSource.transaction((tx) =>
      skipHead(tx, this.service, id, reason, by, this.clock.now()),
    );
    // The skip stands, whatever becomes of the events behind it: care takes the stream up again within seconds.
    if (done) await this.redriveStream(stream).catch(() => undefined);
    return done;
  }

  /** How much waits where. */
  backlog(): Promise<Backlog> {
    return readBacklog(this.dataSource, this.clock.now());
  }

  /** Counters since start. */
  counts(): { handled: number; sent: number } {
    return { handled: this.consumer.handled, sent: this.relay.sent };
  }

  /** How far this service is behind the topics that it reads. */
  lag(): Lag {
    return this.deps.transport.lag(this.service);
  }

  transportHealth(): { ok: boolean; detail: string } {
    return this.deps.transport.health();
  }

  private async redriveStream(stream: Stream): Promise<{ handled: number; failed: string | null }> {
    for (let handled = 0; ; handled++) {
      const head = await headOf(this.dataSource.manager, this.service, stream);
      if (!head) {
        await this.consumer.takeHeld(stream);
        return { handled, failed: null };
      }
      const redriven = await this.consumer.redrive(head);
      if (!redriven.done) {
        await noteFailure(this.dataSource.manager, head.id, redriven.failed, this.clock.now());
        return { handled, failed: redriven.failed };
      }
    }
  }

  /** Parked streams are tried again after their pause; gaps older than a minute are asked for again. */
  private async care(): Promise<void> {
    const unsubscribe = this.clock.onMoved(() => this.careWaker.wake());
    let forgotten = 0;
    // Before the transport is there it fails, and is tried again below.
    await this.askForWanted().catch(() => undefined);
    while (!this.stopping) {
      await this.careWaker.wait(CARE_MS);
      if (this.stopping) break;
      this.lookAtTransport();
      try {
        if (await standsStill(this.dataSource.manager, this.service)) await this.lookAfterStreams();
        if (this.wantsReplay) await this.askForWanted();
        if (Date.now() - forgotten > FORGET_MS) {
          await this.forgetSent();
          forgotten = Date.now();
        }
        this.telemetry.worked('care');
      } catch (error) {
        // The database cannot be reached; readiness says so by its own check.
        this.telemetry.failed('care', error);
      }
    }
    unsubscribe();
  }

  private async lookAfterStreams(): Promise<void> {
    for (const stream of await dueStreams(this.dataSource.manager, this.service, this.clock.now())) {
      await this.redriveStream(stream);
    }
    for (const stream of await overlooked(this.dataSource.manager, this.service)) {
      await this.consumer.takeHeld(stream);
    }
    await this.askForGaps();
  }

  /** A connection that is lost while nothing is to be sent fails nobody. */
  private lookAtTransport(): void {
    const { ok, detail } = this.transportHealth();
    if (ok) this.telemetry.worked('transport');
    else this.telemetry.failed('transport', new Error(detail));
  }

  /** Public for tests: removes events that need not be sent again any more. */
  forgetSent(): Promise<number> {
    return forgetSent(this.dataSource, this.options.keeps);
  }

  private async askForWanted(): Promise<void> {
    this.wantsReplay = false;
    try {
      await askForWanted(this.dataSource, (request) => this.deps.transport.requestResend(request));
    } catch (error) {
      this.wantsReplay = true;
      throw error;
    }
  }

  /** Public for tests: asks for what is missing before held events older than `ms`. */
  async askForGaps(ms = 60_000): Promise<void> {
    const gaps: { topic: string; key: string; from: string; to: string }[] = await this.dataSource.query(
      `with gap as (
         select h.topic, h.key, coalesce(max(c.last_seq), 0) + 1 as "from", min(h.key_seq) - 1 as "to"
         from held h left join stream_cursor c using (consumer, topic, key)
         where h.consumer = $1 group by h.topic, h.key
         having min(h.held_at) < now() - $2::int * interval '1 millisecond'
            and coalesce(max(h.asked_at), '-infinity') < now() - $2::int * interval '1 millisecond')
       select * from gap where "from" <= "to" limit 1000`,
      [this.service, ms],
    );
    for (const gap of gaps) {
      await this.dataSource.query(
        `update held set asked_at = now() where consumer = $1 and topic = $2 and key = $3`,
        [this.service, gap.topic, gap.key],
      );
      await this.deps.transport.requestResend({
        topic: gap.topic,
        key: gap.key,
        from: Number(gap.from),
        to: Number(gap.to),
      });
    }
  }
}
