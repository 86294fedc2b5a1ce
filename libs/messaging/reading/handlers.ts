/** What a service does with events: its Nest handlers, its documents, and the checks before them. */
import {
  contractOf,
  envelopeErrors,
  ownsStream,
  readersOf,
  subjectOf,
  topicsOf,
  writerOf,
  type Envelope,
  type EventContract,
} from '@retorno/contracts';
import type { EntityManager } from 'typeorm';
import { isWrittenHere } from '../writing/outbox';
import type { AnyStore, DocumentKey, EventContext } from './unit-of-work';
import { noVault, type KeyVault } from '../vault/key-vault';

/** A method of a controller with `@EventPattern`: most give back nothing, some a promise. */
export type Handler = (data: unknown, context: EventContext) => unknown;

/** What a service tells messaging, once. */
export interface MessagingOptions {
  /** Name of the service: event source and consumer name. Permanent. */
  service: string;
  /** Its documents, in the order in which they are locked. */
  stores: readonly AnyStore[];
  /** Topics or patterns that it reads. */
  subscribes: readonly string[];
  /** The documents that handling an event needs; for a timer the topic is `timer.<store>`. Throwing parks the event. */
  loads(event: Envelope, topic: string): DocumentKey[];
  /** Topics that it writes and keeps for good; events of the others can be sent again for 30 days. Default: none. */
  keeps?: readonly string[];
  /**
   * Forgets what was made of streams, in the transaction that has them sent again from the first event: their writer was
   * restored from an older copy and has lost part of what was handled of them. Default: what was handled stays.
   */
  forget?: (tx: EntityManager, topic: string, keys: readonly string[]) => Promise<void>;
  /** Contract of a CloudEvents type; default: Retorno's contracts. */
  contractOf?: (type: string) => EventContract | undefined;
  /** Topics that it writes, also those that a database restored from an older copy knows nothing of; default: Retorno's topics. */
  writes?: (tx: EntityManager) => Promise<readonly string[]>;
  /** Who writes a topic, where that does not hang on the key; default: Retorno's topics. */
  writerOf?: (topic: string) => string | undefined;
  /** Who reads a topic; default: Retorno's topics. */
  readersOf?: (topic: string) => readonly string[];
  /** Whether an event's source owns its stream; default: Retorno's topics. */
  ownsStream?: (topic: string, event: Pick<Envelope, 'source' | 'partitionkey'>) => boolean;
  /** Where the keys of personal data live; default: none, and nothing personal can be written. */
  vault?: KeyVault;
  /** Whose personal data a stream carries: a subject of the vault. Default: Retorno's. */
  subjectOf?: (topic: string, key: string) => string;
}

/** The options with what is Retorno's own where a service says nothing. */
export function withDefaults(options: MessagingOptions): Required<MessagingOptions> {
  return {
    contractOf,
    keeps: [],
    forget: () => Promise.resolve(),
    ownsStream: (topic, event) => ownsStream(topic, event),
    writerOf: (topic) => writerOf(topic, '') || undefined,
    readersOf,
    writes: () => Promise.resolve(topicsOf(options.service)),
    vault: noVault,
    subjectOf,
    ...options,
  };
}

/** Why an event may not touch the stream it names: a malformed envelope, or not its topic owner's. */
export function misplaced(
  topic: string,
  event: Envelope,
  options: Pick<Required<MessagingOptions>, 'ownsStream'>,
): string | undefined {
  const wrong = isWrittenHere(event) ? [] : envelopeErrors(event);
  if (wrong.length > 0) return `not a CloudEvents envelope: ${wrong.join('; ')}`;
  return options.ownsStream(topic, event)
    ? undefined
    : `source ${event.source} does not own this stream of ${topic}`;
}

/**
 * Pattern of the handler that is called when events of one of our streams were lost here that a reader has handled. Its
 * context's event has the stream's key, its data are LostEvents; it may publish, and reads what it needs by SQL.
 */
export const STREAM_LOST = 'stream.lost';

/** Pattern of the handler that is called when a document of this store is due. */
export function timerPattern(storeName: string): string {
  return `timer.${storeName}`;
}
