/**
 * Every service in one process: the relay hands its batch to the consumers and its outbox rows stay until each has
 * committed. Needs nothing but the database.
 */
import { topicMatches, writerOf } from '@retorno/contracts';
import type {
  Lag,
  StreamRange,
  Subscriber,
  Subscription,
  Transport,
  TransportRecord,
  Word,
} from '../transport';

interface Member {
  subscriber: Subscriber;
  open: boolean;
  /** Set while paused; opens on resume. */
  paused?: Gate;
  underWay: Set<Promise<void>>;
}

export interface EmbeddedOptions {
  /** Who writes a stream; the default knows Retorno's topics. */
  writerOf?: (topic: string, key: string) => string | undefined;
}

export class EmbeddedTransport implements Transport {
  readonly name = 'embedded';
  /** By consumer name, also those that closed: a service that is down is not one that needs no events. */
  private readonly consumers = new Map<string, Member[]>();
  private readonly resenders = new Map<string, (range: StreamRange) => Promise<void>>();
  private readonly listeners = new Map<string, (word: Word) => Promise<void>>();
  private readonly readersOf = new Map<string, string[]>();
  /** Before every subscriber is there, a topic would seem to have no reader and its events would be lost. */
  private stopped = true;

  constructor(private readonly options: EmbeddedOptions = {}) {}

  async publish(records: readonly TransportRecord[]): Promise<void> {
    if (this.stopped) throw new Error('the transport is stopped');
    const batches = new Map<string, TransportRecord[]>();
    for (const record of records) {
      for (const consumer of this.readers(record.topic)) {
        const batch = batches.get(consumer);
        if (batch) batch.push(record);
        else batches.set(consumer, [record]);
      }
    }
    const results = await Promise.allSettled(
      [...batches].map(([consumer, batch]) => this.handOver(consumer, batch)),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  subscribe(subscriber: Subscriber): Subscription {
    const member: Member = { subscriber, open: true, underWay: new Set() };
    const others = this.consumers.get(subscriber.consumer)?.filter((other) => other.open) ?? [];
    this.consumers.set(subscriber.consumer, [...others, member]);
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
        member.open = false;
        member.paused?.release();
        await Promise.allSettled(member.underWay);
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

  async tell(service: string, word: Word): Promise<boolean> {
    const listener = this.stopped ? undefined : this.listeners.get(service);
    if (!listener) return false;
    // As over a network: whoever says it does not wait until it is done, and hears of no failure.
    setImmediate(() => void listener(word).catch(() => undefined));
    return true;
  }

  onTold(service: string, listener: ((word: Word) => Promise<void>) | undefined): void {
    if (listener) this.listeners.set(service, listener);
    else this.listeners.delete(service);
  }

  async start(): Promise<void> {
    this.stopped = false;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    const members = [...this.consumers.values()].flat();
    for (const member of members.filter((m) => m.paused)) {
      // Whoever waits for it is told of the stop; it stays paused for the next start.
      member.paused?.release();
      member.paused = gate();
    }
    await Promise.allSettled(members.flatMap((member) => [...member.underWay]));
  }

  health(): { ok: boolean; detail: string } {
    return { ok: !this.stopped, detail: `${this.consumers.size} consumers in this process` };
  }

  /** What is not handled yet waits in the outboxes, and is counted there. */
  lag(): Lag {
    return { events: 0, seconds: 0 };
  }

  /** Instances of one service share its events; all go to the first, so that they stay in order. */
  private async handOver(consumer: string, batch: readonly TransportRecord[]): Promise<void> {
    for (;;) {
      if (this.stopped) throw new Error('the transport is stopped');
      const open = this.consumers.get(consumer)!.filter((member) => member.open);
      if (open.length === 0) throw new Error(`${consumer} is closed`);
      const ready = open.find((member) => !member.paused);
      if (ready) {
        const delivery = ready.subscriber.deliver(batch);
        ready.underWay.add(delivery);
        return await delivery.finally(() => ready.underWay.delete(delivery));
      }
      await Promise.race(open.flatMap((member) => (member.paused ? [member.paused.opened] : [])));
    }
  }

  private readers(topic: string): string[] {
    let readers = this.readersOf.get(topic);
    if (!readers) {
      readers = [...this.consumers]
        .filter(([, members]) => members.some((m) => m.subscriber.topics.some((t) => topicMatches(t, topic))))
        .map(([consumer]) => consumer);
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
  async tell(): Promise<boolean> {
    return false;
  }
  onTold(): void {}
  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  lag(): Lag {
    return { events: 0, seconds: 0 };
  }
  health(): { ok: boolean; detail: string } {
    return { ok: false, detail: 'this service has no transport: events wait in its outbox' };
  }
}

interface Gate {
  opened: Promise<void>;
  release(): void;
}

function gate(): Gate {
  let release!: () => void;
  const opened = new Promise<void>((resolve) => (release = resolve));
  return { opened, release };
}
