/** The writing side: batches in order, acknowledged by all replicas that must have them. */
import { Partitioners, type Message, type PartitionerArgs, type Producer } from 'kafkajs';
import { RETRY, type OwnClient } from './client';
import { within } from './limits';
import { lookUp, whatIsMissing } from './topics';

/** A message and where it goes. */
export interface Outgoing {
  topic: string;
  message: Message & { value: string };
}

/** Most bytes in one send. A broker refuses more than about 1 MB for one partition, and all may be for one. */
const MOST_BYTES = 900_000;
/** What a message takes beside key, value and headers. */
const OVERHEAD_BYTES = 100;
/** Longest wait for a connection, and for one send with all its tries, ms. */
const SEND_MS = 15_000;
/** Longest wait for what is under way when closing, ms. */
const CLOSE_MS = 3_000;

/** A producer with a connection of its own. */
interface Line {
  client: OwnClient;
  producer: Promise<Producer>;
  /** Partitions that the send under way is for. */
  chosen: Set<string>;
}

/** Sends through an idempotent producer: acks=all, one request in flight for each broker, one caller at a time. */
export class Sender {
  private line: Line | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(private readonly open: () => OwnClient) {}

  /** Sends in order; rejects when some may not be safe. */
  send(messages: readonly Outgoing[]): Promise<void> {
    const sending = this.last.then(() => this.now(messages));
    this.last = sending.catch(() => undefined);
    return sending;
  }

  /** What is under way may end first, if it does so soon. */
  async close(): Promise<void> {
    this.closed = true;
    const ending = async (): Promise<void> => {
      await this.last;
      await (await this.line?.producer)?.disconnect();
    };
    await within(CLOSE_MS, 'closing', ending()).catch(() => undefined);
    this.line?.client.cut();
  }

  /**
   * After a failure the next send uses a new producer: the old one would number other messages with sequences that the
   * broker has seen, and the broker would drop them as duplicates.
   */
  private async now(messages: readonly Outgoing[]): Promise<void> {
    if (this.closed) throw new Error('the transport is stopped');
    if (messages.length === 0) return;
    const line = (this.line ??= this.connect());
    try {
      const producer = await within(SEND_MS, 'connecting', line.producer);
      for (const part of parts(messages)) {
        line.chosen.clear();
        const topicMessages = byTopic(part);
        const sent = producer.sendBatch({ acks: -1, topicMessages });
        const acknowledged = (await within(SEND_MS, 'sending', sent)).map(placeOf);
        // kafkajs leaves out, and calls sent, what a broker refused whose leader is another by the next try.
        const missing = [...line.chosen].filter((place) => !acknowledged.includes(place));
        if (missing.length > 0) throw new Error(`not acknowledged: ${missing.join(', ')}`);
      }
    } catch (error) {
      this.line = undefined;
      const missing = await missingTopics(line.client, error, messages);
      line.client.cut();
      throw missing.length > 0 ? new Error(whatIsMissing(missing), { cause: error }) : error;
    }
  }

  private connect(): Line {
    const client = this.open();
    const chosen = new Set<string>();
    const producer = client.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: () => {
        // The default of Java's clients too: whatever language a ministry writes in, a key has one partition.
        const choose = Partitioners.DefaultPartitioner();
        return (args: PartitionerArgs) => {
          const partition = choose(args);
          chosen.add(placeOf({ topicName: args.topic, partition }));
          return partition;
        };
      },
      retry: RETRY,
    });
    return { client, chosen, producer: producer.connect().then(() => producer) };
  }
}

function placeOf({ topicName, partition }: { topicName: string; partition: number }): string {
  return `${topicName}/${partition}`;
}

/** The broker says only that some topic is not there; a person needs its name. */
async function missingTopics(
  client: OwnClient,
  error: unknown,
  messages: readonly Outgoing[],
): Promise<readonly string[]> {
  const types = [error, (error as Error).cause].map(
    (reason) => (reason as { type?: string } | undefined)?.type,
  );
  if (!types.includes('UNKNOWN_TOPIC_OR_PARTITION')) return [];
  const admin = client.kafka.admin();
  const asking = async (): Promise<readonly string[]> => {
    await admin.connect();
    const { missing } = await lookUp(admin, [...new Set(messages.map(({ topic }) => topic))]);
    await admin.disconnect();
    return missing;
  };
  return await within(CLOSE_MS, 'the broker', asking()).catch(() => []);
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
  let size = OVERHEAD_BYTES + Buffer.byteLength(key ?? '') + Buffer.byteLength(value);
  for (const [name, text] of Object.entries(headers ?? {})) {
    size += name.length + Buffer.byteLength(String(text)) + 2;
  }
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
