/** Where a service's state lives: one small document per key, read and written for a whole batch at a time. */
import type { EntityManager } from 'typeorm';

/** A document that a unit of work changed. `before` is undefined for a new one. */
export interface Change<S> {
  readonly key: string;
  readonly before: S | undefined;
  readonly after: S;
}

/** How documents of one kind are kept. Handlers get and set documents and never see SQL. */
export interface StateStore<S> {
  /** Explicit and permanent: timers are stored under it. */
  readonly name: string;
  /** Locks and reads the documents of these keys (in sorted order); missing keys are left out. */
  load(tx: EntityManager, keys: readonly string[]): Promise<Map<string, { state: S; version: number }>>;
  /** Writes changed documents in one statement; throws when a version is not the expected one. */
  save(tx: EntityManager, changes: readonly (Change<S> & { version: number })[]): Promise<void>;
  /** When the document next needs to be woken by a timer; undefined for never. */
  dueAt?(state: S): Date | undefined;
}

/** SQL type of a projected column. */
type ColumnType = 'text' | 'text[]' | 'timestamptz' | 'bigint' | 'boolean';

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
  /** More set-based SQL for the same changes, in the same transaction (rows of lists). */
  alsoWrite?: (tx: EntityManager, changes: readonly Change<S>[]) => Promise<void>;
}
