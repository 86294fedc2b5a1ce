/** Everything a service has of messaging, in one injectable object. */
import type { Envelope } from '@retorno/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { readBacklog, type Backlog } from './backlog';
import { Care, type RedriveResult } from './care';
import type { Clock } from './clock';
import { Consumer } from './reading/consumer';
import type { StreamEvent } from './reading/cursors';
import { Gone } from './roll-call/gone';
import { withDefaults, type Handler, type MessagingOptions } from './reading/handlers';
import { Editing } from './parking/editing';
import { RedriveJobs } from './parking/redrive-jobs';
import type { ParkedStream } from './parking/standstill-list';
import type { OutboxBatch } from './writing/outbox';
import { LostStreams } from './roll-call/lost-streams';
import type { LostEvents } from './reading/positions';
import { Relay, type RelayOptions } from './writing/relay';
import { RollCall } from './roll-call/roll-call';
import type { RollCallOptions } from './roll-call/roll-call-deps';
import { forgetReading, forgetStreams, wantOnce } from './writing/replay';
import { isLostRace, retried } from './sql';
import { openEvents } from './writing/sealed-events';
import type { DocumentStore } from './reading/store';
import { Standstills } from './parking/standstills';
import { setTimers } from './timers/timer-table';
import { observed, secondsSince, unwatched, type Telemetry } from './telemetry';
import { Timers } from './timers/timers';
import type { Lag, Subscription, Transport } from './transport';
import { Unit, type DocumentKey, type UnitOfWork } from './reading/unit-of-work';
import { Keyring } from './vault/key-vault';

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

/** Nothing was done: the service ended before it began to work. */
export class Stopped extends Error {
  override name = 'Stopped';
  constructor() {
    super('the service is stopping');
  }
}

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
  /** Public for tests, which do not wait for its turns. */
  readonly care: Care;
  private readonly rollCall: RollCall;
  private readonly lost: LostStreams;
  /** Where streams stand still, and what people do about it. */
  readonly standing: Standstills;
  /** Opens once the neighbours have been asked how far they are. */
  private readonly met: Promise<void>;
  private open: () => void = () => undefined;
  private giveUp: (error: Error) => void = () => undefined;
  private subscription: Subscription | undefined;

  constructor(private readonly deps: MessagingDeps) {
    this.dataSource = deps.dataSource;
    this.clock = deps.clock;
    this.service = deps.options.service;
    this.met = deps.meetsFirst
      ? new Promise((resolve, reject) => ([this.open, this.giveUp] = [resolve, reject]))
      : Promise.resolve();
    this.met.catch(() => undefined);
    this.options = withDefaults(deps.options);
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
    this.consumer = new Consumer({
      ...shared,
      onParked: deps.onParked ?? (() => undefined),
      onLostByWriter: (lost) => this.lostByWriter(lost),
    });
    this.timers = new Timers(shared);
    const gone = new Gone(deps.dataSource, this.service, this.consumer);
    this.care = new Care({
      ...shared,
      transport: deps.transport,
      consumer: this.consumer,
      gone,
      wakeJobs: () => this.standing.jobs.wake(),
    });
    this.standing = new Standstills({
      ...deps,
      service: this.service,
      consumer: this.consumer,
      care: this.care,
      editing: new Editing({ ...shared, consumer: this.consumer }),
      jobs: new RedriveJobs({
        ...shared,
        service: this.service,
        redrive: (stream) => this.care.redrive(stream),
      }),
    });
    this.lost = new LostStreams(shared);
    this.rollCall = new RollCall({
      ...this.options,
      dataSource: deps.dataSource,
      transport: deps.transport,
      ...deps.rollCall,
      onLost: async (tx, found) => void (await this.lost.found(tx, found)),
      onDifferences: (found) => this.telemetry.differed(found),
      onFailed: (error) => this.telemetry.failed('transport', error),
      onWritten: () => this.relay.lookAgain(),
      onGone: (told) => gone.told(told),
      onForgot: (lost) => this.readForgottenAnew(lost),
    });
  }

  /**
   * Before anything is written: asks who reads this service's streams how far they are. What they are behind with is sent
   * again; what they are ahead with was lost with a database restored from an older copy, and is gone on behind. Until
   * then no event is taken in and no command is run. Throws the signal's reason when a start is given up meanwhile.
   */
  async meetNeighbours(signal?: AbortSignal): Promise<void> {
    await this.lost.load();
    await this.rollCall.call(signal);
    this.subscription?.resume();
    this.open();
    await this.rollCall.askToBeAsked();
  }

  /** Whoever wrote it does not know of it any more. It is told once; what it says of itself at its next start is checked too. */
  private lostByWriter(lost: readonly LostEvents[]): void {
    this.telemetry.forgotten(lost);
    void this.rollCall.tellLost(lost).catch((error: unknown) => this.telemetry.failed('transport', error));
  }

  /** As a reader: what its writer forgot is no part of the whole any more. */
  private async readForgottenAnew(lost: readonly LostEvents[]): Promise<void> {
    const { forget } = this.deps.options;
    if (!forget || lost.length === 0) return;
    const streams = await forgetStreams(this.dataSource, this.service, lost, forget);
    if (streams.length > 0) this.care.want();
  }

  /** True while the part of a stream with this key that was lost here is unknown: what comes in was answered before. */
  hasLost(key: string): boolean {
    return this.lost.has(key);
  }

  /** The same, whichever instance has healed it; in a transaction. */
  isShortOf(tx: EntityManager, key: string): Promise<boolean> {
    return this.lost.isShortOf(tx, key);
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
    const { subscribes: topics } = this.options;
    if (topics.length > 0) {
      const deliver = (records: readonly StreamEvent[]) => this.consumer.deliver(records);
      this.subscription = this.deps.transport.subscribe({ consumer: this.service, topics, deliver });
      if (this.deps.meetsFirst) this.subscription.pause();
    }
    // Also before the start: a reader may find at the roll call that it has to begin anew.
    this.deps.transport.onResendRequested(this.service, (request) => this.rollCall.sendAgain(request));
  }

  /** Starts relay, timers and the care for gaps and parked streams. */
  start(): void {
    this.relay.start();
    this.timers.start();
    this.care.start();
  }

  /** Drains: no new batch is begun, the ones under way commit. */
  async stop(): Promise<void> {
    const cared = this.care.stop();
    const redriven = this.standing.jobs.stop();
    this.rollCall.stop();
    // Whoever waits: what the readers are ahead with is unknown, so a command might take its place.
    this.giveUp(new Stopped());
    await this.relay.stop();
    await this.subscription?.close();
    await this.consumer.stop();
    await this.timers.stop();
    await cared;
    await redriven;
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

  /** Makes documents due now, in their order: their timer handler runs next, whatever their own due time. */
  async wakeNow(store: { name: string }, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const now = this.clock.now().getTime();
    const changes = keys.map((key, i) => ({ name: store.name, key, dueAt: now - keys.length + i }));
    await this.dataSource.transaction((tx) => setTimers(tx, changes));
    this.timers.wake();
  }

  /**
   * For a reader of a topic that has one writer: forgets all that was read of it, together with what `clear` removes in
   * the same transaction, and has every stream sent again from its first event.
   */
  async readAnew(topic: string, clear: (tx: EntityManager) => Promise<void>): Promise<void> {
    await forgetReading(this.dataSource, this.service, topic, clear);
    this.care.want();
  }

  /** For a reader that may come later than a topic's first events: has them sent again, once for all starts. */
  async readFromTheFirst(topic: string): Promise<void> {
    await wantOnce(this.dataSource.manager, topic);
    this.care.want();
  }

  /** Where streams stand still, after an id, at most `limit`. */
  parked(after = '', limit = 50): Promise<ParkedStream[]> {
    return this.standing.list(after, limit);
  }

  /** Handles a parked stream again from its head, in order and with the same ids, or asks for what is missing in a gap. */
  redrive(id: string): Promise<RedriveResult | undefined> {
    return this.standing.redrive(id);
  }

  /** Takes a parked message, or what is missing in a gap, out for good; the stream goes on behind it. False when it is not the head of a stream. */
  skip(id: string, reason: string, by: string): Promise<boolean> {
    return this.standing.skip(id, reason, by);
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
}
