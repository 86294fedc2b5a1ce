/**
 * Every service in one process: the relay hands its batch to the consumers and its outbox rows stay until each has
 * committed. Needs nothing but the database.
 */
import { topicMatches, writerOf } from '@retorno/contracts';
import type { StreamRange, Subscriber, Subscription, Transport, TransportRecord } from '../transport';

interface Member {
  subscriber: Subscriber;
  /** Set while paused; resolves on resume. */
  paused?: { promise: Promise<void>; release: () => void };
}

export interface EmbeddedOptions {
  /** Who writes a stream; the default knows Retorno's topics. */
  writerOf?: (topic: string, key: string) => string | undefined;
}

export class EmbeddedTransport implements Transport {
  readonly name = 'embedded';
  private readonly members = new Set<Member>();
  private readonly resenders = new Map<string, (range: StreamRange) => Promise<void>>();
  private readonly readersOf = new Map<string, Member[]>();
  private started = gate();

  constructor(private readonly options: EmbeddedOptions = {}) {}

  async publish(records: readonly TransportRecord[]): Promise<void> {
    // Before every subscriber is there, a topic would seem to have no reader and its events would be lost.
    await this.started.promise;
    const batches = new Map<Member, TransportRecord[]>();
    for (const record of records) {
      for (const member of this.readers(record.topic)) {
        const batch = batches.get(member);
        if (batch) batch.push(record);
        else batches.set(member, [record]);
      }
    }
    const results = await Promise.allSettled(
      [...batches].map(async ([member, batch]) => {
        await member.paused?.promise;
        await member.subscriber.deliver(batch);
      }),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  subscribe(subscriber: Subscriber): Subscription {
    const member: Member = { subscriber };
    this.members.add(member);
    this.readersOf.clear();
    return {
      pause: () => {
        member.paused ??= gate();
      },
      resume: () => {
        member.paused?.release();
        delete member.paused;
      },
      close: async () => {
        this.members.delete(member);
        this.readersOf.clear();
        member.paused?.release();
      },
    };
  }

  async requestResend(range: StreamRange): Promise<void> {
    const writer = (this.options.writerOf ?? writerOf)(range.topic, range.key);
    await (writer === undefined ? undefined : this.resenders.get(writer)?.(range));
  }

  onResendRequested(writer: string, listener: (range: StreamRange) => Promise<void>): void {
    this.resenders.set(writer, listener);
  }

  async start(): Promise<void> {
    this.started.release();
  }

  async stop(): Promise<void> {
    this.started = gate();
  }

  health(): { ok: boolean; detail: string } {
    return { ok: true, detail: `${this.members.size} consumers in this process` };
  }

  private readers(topic: string): Member[] {
    let readers = this.readersOf.get(topic);
    if (!readers) {
      readers = [...this.members].filter((m) => m.subscriber.topics.some((t) => topicMatches(t, topic)));
      this.readersOf.set(topic, readers);
    }
    return readers;
  }
}

/** For a service that runs alone without a broker: nothing leaves, and readiness says so. */
export class NoTransport implements Transport {
  readonly name = 'none';
  async publish(): Promise<void> {
    throw new Error(
      'no transport is configured: set KAFKA_BROKERS, or run the services together with `npm start`',
    );
  }
  subscribe(): Subscription {
    return { pause: () => undefined, resume: () => undefined, close: async () => undefined };
  }
  async requestResend(): Promise<void> {}
  onResendRequested(): void {}
  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  health(): { ok: boolean; detail: string } {
    return { ok: false, detail: 'this service has no transport: events wait in its outbox' };
  }
}

function gate(): { promise: Promise<void>; release: () => void } {
  let release!: () => void;
  const promise = new Promise<void>((resolve) => (release = resolve));
  return { promise, release };
}
