/** The writing side: batches in order, acknowledged by all replicas that must have them. */
import { Partitioners, type Kafka, type Message, type Producer } from 'kafkajs';

/** A message and where it goes. */
export interface Outgoing {
  topic: string;
  message: Message & { value: string };
}

/** Most bytes in one send. A broker refuses more than about 1 MB for one partition, and all may be for one. */
const MOST_BYTES = 900_000;
/** What a message takes beside key, value and headers. */
const OVERHEAD_BYTES = 100;

/** Sends through an idempotent producer: acks=all, one request in flight for each broker, one caller at a time. */
export class Sender {
  private producer: Promise<Producer> | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(private readonly kafka: Kafka) {}

  /** Sends in order; rejects when some may not be safe. */
  send(messages: readonly Outgoing[]): Promise<void> {
    const sending = this.last.then(() => this.now(messages));
    this.last = sending.catch(() => undefined);
    return sending;
  }

  /** What is under way ends first: a producer that is told to go while it sends connects again and stays. */
  async close(): Promise<void> {
    this.closed = true;
    await this.last;
    await this.producer?.then((producer) => producer.disconnect()).catch(() => undefined);
  }

  /**
   * After a failure the next send uses a new producer: the old one would number other messages with sequences that the
   * broker has seen, and the broker would drop them as duplicates.
   */
  private async now(messages: readonly Outgoing[]): Promise<void> {
    if (this.closed) throw new Error('the transport is stopped');
    if (messages.length === 0) return;
    const connecting = (this.producer ??= this.connect());
    try {
      const producer = await connecting;
      for (const part of parts(messages)) {
        await producer.sendBatch({ acks: -1, topicMessages: byTopic(part) });
      }
    } catch (error) {
      this.producer = undefined;
      void connecting.then((producer) => producer.disconnect()).catch(() => undefined);
      throw error;
    }
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // The default of Java's clients too: whatever language a ministry writes in, a key has one partition.
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 2_000 },
    });
    await producer.connect();
    return producer;
  }
}

/** Parts that each fit one request, in order; a message that is larger by itself is a part of its own. */
export function parts(messages: readonly Outgoing[], most = MOST_BYTES): Outgoing[][] {
  const all: Outgoing[][] = [[]];
  let bytes = 0;
  for (const outgoing of messages) {
    const size = sizeOf(outgoing.message);
    if (bytes > 0 && bytes + size > most) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)!.push(outgoing);
    bytes += size;
  }
  return all;
}

function sizeOf({ key, value, headers }: Outgoing['message']): number {
  let size = OVERHEAD_BYTES + (key?.length ?? 0) + Buffer.byteLength(value);
  for (const [name, text] of Object.entries(headers ?? {})) size += name.length + String(text).length + 2;
  return size;
}

function byTopic(messages: readonly Outgoing[]): { topic: string; messages: Message[] }[] {
  const topics = new Map<string, Message[]>();
  for (const { topic, message } of messages) {
    const list = topics.get(topic);
    if (list) list.push(message);
    else topics.set(topic, [message]);
  }
  return [...topics].map(([topic, list]) => ({ topic, messages: list }));
}
