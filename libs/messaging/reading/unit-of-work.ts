/** One transaction: documents are loaded before the handlers run and everything is written after them. */
import { MAX_KEY, sourceOf, type DataOf, type Envelope, type EventContract } from '@retorno/contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { append, type OutboxBatch, type PendingEvent } from '../writing/outbox';
import { sealEvents, type PersonalEvent } from '../writing/sealed-events';
import type { Change, Loaded, StateStore, StoreContext } from './store';
import { setTimers, type TimerChange } from '../timers/timer-table';
import { inThisContext, traceparentFor } from '../tracing';
import { Keyring, type KeyVault } from '../vault/key-vault';

/** An event to publish. The envelope's attributes are filled in; the data is checked strictly against the contract. */
export interface NewEvent<C extends EventContract = EventContract> {
  topic: string;
  key: string;
  contract: C;
  data: DataOf<C>;
  /**
   * Default: the id of the event being handled. `null` leaves it out, where it would join two agencies' files; the event
   * then begins a trace of its own, for the same reason.
   */
  causationId?: string | null;
  /** Default: the key. */
  correlationId?: string;
}

/** A document to load. */
export interface DocumentKey {
  store: AnyStore;
  key: string;
}

// Stores of different documents stand in one list; each is used with its own document's type only.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyStore = StateStore<any>;

/** What a handler or command may do. Documents are values: set a new one instead of changing the old. */
export interface UnitOfWork {
  /** The Clock's time, the same for the whole unit. */
  readonly now: Date;
  /** For commands with SQL of their own; event handlers do without. */
  readonly tx: EntityManager;
  /** Keys of subjects, for commands that seal and open in SQL of their own. */
  readonly keyring: Keyring;
  /** The document as it is now; undefined when there is none. Throws when its key was not loaded for this unit. */
  get<S>(store: StateStore<S>, key: string): S | undefined;
  set<S>(store: StateStore<S>, key: string, state: S): void;
  /**
   * Locks and reads more documents, where only those loaded first tell which. Whoever locks the same ones in another
   * order makes it lose the race: the whole unit is then run again.
   */
  load(wanted: readonly DocumentKey[]): Promise<void>;
  /** Appends to the outbox, in the order of the calls. Throws when the data does not fit, or the stream is not ours. */
  publish<C extends EventContract>(event: NewEvent<C>): void;
  /** Runs once the transaction has committed. */
  afterCommit(fn: () => void): void;
}

/** `@Ctx()` of an event handler. */
export interface EventContext extends UnitOfWork {
  readonly event: Envelope;
  readonly topic: string;
}

/** A document of this unit: read when it is first asked for. */
class Document {
  private isRead = false;
  private read: unknown;
  private changed: { to: unknown } | undefined;

  constructor(private readonly row: Loaded<unknown> | undefined) {}

  get version(): number {
    return this.row?.version ?? 0;
  }

  get isUntouched(): boolean {
    return !this.isRead && !this.changed;
  }

  get before(): unknown {
    if (!this.isRead) this.read = this.row?.read();
    this.isRead = true;
    return this.read;
  }

  get state(): unknown {
    return this.changed ? this.changed.to : this.before;
  }

  set state(to: unknown) {
    this.changed = { to };
  }
}

/** The service that a unit writes for, which streams are its own, and where its keys are. */
interface Writer {
  readonly service: string;
  readonly vault: KeyVault;
  ownsStream(topic: string, event: Pick<Envelope, 'source' | 'partitionkey'>): boolean;
  contractOf(type: string): EventContract | undefined;
  subjectOf(topic: string, key: string): string;
}

/** The unit of work of a batch of events, of one command, or of a batch of timers. */
export class Unit implements UnitOfWork {
  readonly keyring: Keyring;
  private readonly documents = new Map<AnyStore, Map<string, Document>>();
  private readonly published: PersonalEvent[] = [];
  private readonly committed: (() => void)[] = [];
  private written: OutboxBatch | undefined;
  private order: readonly AnyStore[] = [];
  private readonly time: string;

  constructor(
    private readonly writer: Writer,
    readonly tx: EntityManager,
    readonly now: Date,
  ) {
    this.keyring = new Keyring(writer.vault, tx, (fn) => this.committed.push(fn));
    this.time = now.toISOString();
  }

  /** Locks and reads documents, one statement per store, stores in the order in which they were declared. */
  async load(wanted: readonly DocumentKey[], order = this.order): Promise<void> {
    this.order = order;
    for (const store of order) {
      const known = this.documents.get(store) ?? new Map<string, Document>();
      const keys = new Set(wanted.filter((w) => w.store === store && !known.has(w.key)).map((w) => w.key));
      if (keys.size === 0) continue;
      const rows = await store.load(this.context, [...keys].sort());
      for (const key of keys) known.set(key, new Document(rows.get(key)));
      this.documents.set(store, known);
    }
  }

  get<S>(store: StateStore<S>, key: string): S | undefined {
    return this.loaded(store, key).state as S | undefined;
  }

  set<S>(store: StateStore<S>, key: string, state: S): void {
    this.loaded(store, key).state = state;
  }

  publish<C extends EventContract>(event: NewEvent<C>, cause?: Envelope): void {
    const errors = event.contract.writeErrors(event.data);
    if (errors.length > 0) throw new Error(`${event.contract.type} may not be written: ${errors.join('; ')}`);
    if (event.key.length < 1 || event.key.length > MAX_KEY) {
      throw new Error(`the key of ${event.contract.type} is empty or too long`);
    }
    const causation = event.causationId === undefined ? cause?.id : event.causationId;
    const traceparent = traceparentFor(event.topic, event.contract.type, event.causationId === null, cause);
    const envelope: PendingEvent['envelope'] = {
      specversion: '1.0',
      id: uuidv7(),
      source: sourceOf(this.writer.service),
      type: event.contract.type,
      time: this.time,
      dataschema: event.contract.dataschema,
      datacontenttype: 'application/json',
      partitionkey: event.key,
      correlationid: event.correlationId ?? event.key,
      data: event.data,
    };
    // Added and not spread into it: few shapes of objects, made without a look at each property, are half the cost.
    if (causation) envelope.causationid = causation;
    if (traceparent) envelope.traceparent = traceparent;
    if (!this.writer.ownsStream(event.topic, envelope)) {
      throw new Error(`${this.writer.service} may not write to ${event.topic}: the stream is another's`);
    }
    const personal = event.contract.personalIn(event.data as object);
    this.published.push({ topic: event.topic, envelope, personal });
  }

  afterCommit(fn: () => void): void {
    this.committed.push(inThisContext(fn));
  }

  /** The same unit as the handler of one event sees it: what it publishes is caused by that event. */
  forEvent(topic: string, event: Envelope): EventContext {
    return new UnitOfEvent(this, topic, event);
  }

  /** Writes everything: a statement per store, then timers, then heads and outbox. `fired` timers are always set anew. */
  async flush(fired: ReadonlySet<string> = new Set()): Promise<void> {
    const timers: TimerChange[] = [];
    for (const [store, documents] of this.documents) {
      const changes: (Change<unknown> & { version: number })[] = [];
      for (const [key, doc] of documents) {
        const woken = fired.has(`${store.name}\n${key}`);
        if (doc.isUntouched && !woken) continue;
        const changed = doc.state !== doc.before;
        if (changed) changes.push({ key, before: doc.before, after: doc.state, version: doc.version });
        if (!store.dueAt) continue;
        const before = doc.before === undefined ? undefined : store.dueAt(doc.before)?.getTime();
        const after = doc.state === undefined ? undefined : store.dueAt(doc.state)?.getTime();
        if (woken && after !== undefined && after === before && after <= this.now.getTime()) {
          // It would be woken again at once, for ever.
          throw new Error(`document ${store.name} is still due at the same time after it was woken`);
        }
        if (before !== after || woken) timers.push({ name: store.name, key, dueAt: after });
      }
      if (changes.length > 0) await store.save(this.context, changes);
    }
    await setTimers(this.tx, timers);
    const sealed = await sealEvents(this.published, this.keyring, this.writer);
    this.written = await append(this.tx, sealed, this.published);
  }

  /** What flush has written. */
  get batch(): OutboxBatch | undefined {
    return this.written;
  }

  /** Once the transaction has committed: hands its events on, and runs what waited for it. */
  afterCommitted(handOver: (batch: OutboxBatch) => void): void {
    if (this.written) handOver(this.written);
    for (const fn of this.committed) fn();
  }

  private get context(): StoreContext {
    return { tx: this.tx, keyring: this.keyring, service: this.writer.service };
  }

  private loaded(store: AnyStore, key: string): Document {
    const document = this.documents.get(store)?.get(key);
    if (!document)
      throw new Error(`document ${store.name} was not loaded for this unit of work: see \`loads\``);
    return document;
  }
}

/** A unit as the handler of one event sees it: one object for each, and no function of its own. */
class UnitOfEvent implements EventContext {
  constructor(
    private readonly unit: Unit,
    readonly topic: string,
    readonly event: Envelope,
  ) {}

  get now(): Date {
    return this.unit.now;
  }

  get tx(): EntityManager {
    return this.unit.tx;
  }

  get keyring(): Keyring {
    return this.unit.keyring;
  }

  get<S>(store: StateStore<S>, key: string): S | undefined {
    return this.unit.get(store, key);
  }

  set<S>(store: StateStore<S>, key: string, state: S): void {
    this.unit.set(store, key, state);
  }

  load(wanted: readonly DocumentKey[]): Promise<void> {
    return this.unit.load(wanted);
  }

  publish<C extends EventContract>(event: NewEvent<C>): void {
    this.unit.publish(event, this.event);
  }

  afterCommit(fn: () => void): void {
    this.unit.afterCommit(fn);
  }
}
