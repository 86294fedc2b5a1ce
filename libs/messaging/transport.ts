/** The port between services. Two adapters implement it and pass one contract suite (tests/transport). */
import type { Envelope } from '@retorno/contracts';

/** An event on its way over a topic. */
export interface TransportRecord {
  readonly topic: string;
  readonly envelope: Envelope;
}

/** Part of one stream, both ends included, that a consumer misses. What follows it may be sent again with it. */
export interface StreamRange {
  readonly topic: string;
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** A topic from the first event of each stream, for a reader that begins anew. Of one service only can all of it come. */
export interface WholeTopic {
  readonly topic: string;
}

/** What a reader can ask of a writer. */
export type ResendRequest = StreamRange | WholeTopic;

/** What one service says to another beside events. It may be lost: whoever waits for an answer asks again. */
export interface Word {
  /** Name of the service that says it. */
  readonly from: string;
  /** Anything that JSON can say; no personal data. */
  readonly body: unknown;
}

/** What a consumer gives the transport. */
export interface Subscriber {
  /** Permanent name of the consuming service; instances of one service share it. */
  readonly consumer: string;
  /** Topics or patterns (`referrals.*.answers.v1`). */
  readonly topics: readonly string[];
  /**
   * Takes records in the order in which they were published per stream. Resolves when all are accepted for good
   * (handled, held or parked); rejects when none may be counted as accepted: they are then delivered again.
   */
  deliver(records: readonly TransportRecord[]): Promise<void>;
}

export interface Subscription {
  /** Nothing more is delivered until resume; what is under way is finished. Words and requests are still heard. */
  pause(): void;
  resume(): void;
  /** Nothing more is delivered; resolves when what is under way is finished. What comes later waits for the consumer. */
  close(): Promise<void>;
}

/** Events that are published and not handled yet. */
export interface Lag {
  events: number;
  /** Age of the oldest of them, by the broker's clock; 0 when there is none. */
  seconds: number;
}

export interface Transport {
  readonly name: string;
  /**
   * Publishes in order per stream; at least once. Resolves when the records are safe with the transport, rejects when
   * they may not be, and while the transport is stopped: the caller then publishes them again.
   */
  publish(records: readonly TransportRecord[]): Promise<void>;
  /** Before `start`, or later for a consumer that joins: it may miss what was published before it first subscribed. */
  subscribe(subscriber: Subscriber): Subscription;
  /**
   * Asks the writer to publish part of a stream, or a whole topic, again with the same ids. Resolves when the request is
   * safe with the transport or its writer; for a topic without a known writer it rejects.
   */
  requestResend(request: ResendRequest): Promise<void>;
  /** Calls the listener with what is asked of this writing service. */
  onResendRequested(writer: string, listener: (request: ResendRequest) => Promise<void>): void;
  /** Says something to one instance of a service. False when it is certain that nobody hears it. */
  tell(service: string, word: Word): Promise<boolean>;
  /** Calls the listener with what is said to this service; undefined: nobody listens any more. */
  onTold(service: string, listener: ((word: Word) => Promise<void>) | undefined): void;
  /** From here on records flow. */
  start(): Promise<void>;
  stop(): Promise<void>;
  health(): { ok: boolean; detail: string };
  /** How far a consumer is behind what was published, as far as this process knows. */
  lag(consumer: string): Lag;
}
