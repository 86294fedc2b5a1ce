/** What a roll call is given, and what it finds out. */
import type { DataSource, EntityManager } from 'typeorm';
import type { LostEvents } from '../reading/positions';
import type { Transport } from '../transport';

/** What a roll call found out about one reader. */
export interface Differences {
  readonly reader: string;
  readonly topic: string;
  /** Events sent again. */
  readonly sentAgain: number;
  readonly lost: readonly LostEvents[];
}

export interface RollCallOptions {
  /** How long a writer waits for its readers before it goes on without those that are silent, ms; default 10 s. */
  readonly waitMs?: number;
  /** An event that was written so lately is on its way and not sent again, ms; default 5 s. */
  readonly youngMs?: number;
}

export interface RollCallDeps extends RollCallOptions {
  readonly service: string;
  readonly dataSource: DataSource;
  readonly transport: Transport;
  /** Who reads a topic of ours. */
  readersOf(topic: string): readonly string[];
  /** Topics that this service writes, whether or not its database knows that it has. */
  writes(tx: EntityManager): Promise<readonly string[]>;
  /** Topics that this service reads, as it declared them. */
  readonly subscribes: readonly string[];
  /** Who writes a topic that has one writer; undefined for others. */
  writerOf(topic: string): string | undefined;
  /** Within the transaction that goes on behind what was lost. */
  onLost(tx: EntityManager, lost: readonly LostEvents[]): Promise<void>;
  onDifferences(found: Differences): void;
  /** The transport failed; what was to be said is said again. */
  onFailed(error: unknown): void;
  /** Events were put into the outbox, or are to be sent again. */
  onWritten(): void;
  /** A writer whose streams this service reads has lost these places, and they hold nothing. */
  onGone(gone: readonly LostEvents[]): Promise<void>;
  /** The same, whatever they hold by now: what stood there when it was handled here is known to nobody else. */
  onForgot(lost: readonly LostEvents[]): Promise<void>;
}
