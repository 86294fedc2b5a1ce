/** Where a service's state lives: one small document per key, read and written for a whole batch at a time. */
import type { EntityManager } from 'typeorm';
import type { Keyring } from '../vault/key-vault';

/** A document that a unit of work changed. `before` is undefined for a new one. */
export interface Change<S> {
  readonly key: string;
  readonly before: S | undefined;
  readonly after: S;
}

/** What a store works with: the transaction, the keys, and the service whose documents they are. */
export interface StoreContext {
  readonly tx: EntityManager;
  readonly keyring: Keyring;
  readonly service: string;
}

/** A document as it was found; it is opened and parsed when it is read. */
export interface Loaded<S> {
  readonly version: number;
  /** Undefined for one whose subject was erased, where its store says so. */
  read(): S | undefined;
}

/** How documents of one kind are kept. Handlers get and set documents and never see SQL. */
export interface StateStore<S> {
  /** Explicit and permanent: timers are stored under it. */
  readonly name: string;
  /** Locks and reads the documents of these keys (in sorted order); missing keys are left out. */
  load(context: StoreContext, keys: readonly string[]): Promise<Map<string, Loaded<S>>>;
  /** Writes changed documents in one statement; throws when a version is not the expected one. */
  save(context: StoreContext, changes: readonly (Change<S> & { version: number })[]): Promise<void>;
  /** When the document next needs to be woken by a timer; undefined for never. */
  dueAt?(state: S): Date | undefined;
}

/** A store of documents in one table. */
export interface DocumentStore<S> extends StateStore<S> {
  /** Opens bodies that a list read by SQL of its own, in their order. */
  read(context: StoreContext, rows: readonly { key: string; body: string }[]): Promise<(S | undefined)[]>;
}

/** SQL type of a projected column. */
type ColumnType = 'text' | 'text[]' | 'timestamptz' | 'date' | 'bigint' | 'int2' | 'boolean';

/** The personal part of a document. */
export interface PersonalPart<S> {
  readonly properties: readonly (keyof S & string)[];
  /** Under whose key they are sealed; read off what is not personal. */
  readonly subject: (open: S, key: string, service: string) => string;
  /** The document of an erased subject, from what is left of it; default: there is none any more. */
  readonly erased?: (open: Partial<S>) => S;
}

export interface DocumentStoreOptions<S> {
  name: string;
  /**
   * Table in the service's own schema, made by its migration:
   * `key text primary key, version int not null, body text not null` and the columns below.
   */
  table: string;
  /** Columns beside the document, for lists: SQL type and how to read it off the document. */
  columns?: Record<string, { type: ColumnType; of: (state: S, key: string) => unknown }>;
  dueAt?: (state: S) => Date | undefined;
  /** Which properties are personal; they are kept sealed. */
  personal?: PersonalPart<S>;
  /** More set-based SQL for the same changes, in the same transaction (rows of lists). */
  alsoWrite?: (tx: EntityManager, changes: readonly Change<S>[]) => Promise<void>;
}
