/** Messages as they are in the topics, past our own adapter. */
import { randomBytes } from 'node:crypto';
import { Kafka, logLevel, Partitioners, type Message } from 'kafkajs';
import { CATALOGUE_TOPIC } from '@retorno/contracts';
import type { Chance } from '../../support/random';

/** A message and its topic. */
export interface Copy {
  topic: string;
  message: Message;
}

const READ_MS = 6_000;
/** Topics that events are read from at once. */
const TOPICS = 3;

function client(brokers: readonly string[]): Kafka {
  return new Kafka({
    brokers: [...brokers],
    clientId: 'copies',
    logLevel: logLevel.NOTHING,
    retry: { retries: 1 },
  });
}

/** About `count` messages from anywhere in a few topics, with their headers. Throws when the broker does not answer. */
export async function copiesFrom(brokers: readonly string[], count: number, chance: Chance): Promise<Copy[]> {
  const kafka = client(brokers);
  const admin = kafka.admin();
  await admin.connect();
  const starts: { topic: string; partition: number; offset: string; high: number }[] = [];
  try {
    const all = (await admin.listTopics()).filter((t) => /^(intake|referrals|cases)\./.test(t));
    const topics = [CATALOGUE_TOPIC, ...Array.from({ length: TOPICS }, () => chance.pick(all))];
    for (const topic of new Set(topics)) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        const size = Number(high) - Number(low);
        if (size === 0) continue;
        const offset = String(Number(low) + chance.below(size));
        starts.push({ topic, partition, offset, high: Number(high) });
      }
    }
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
  return starts.length === 0 ? [] : read(kafka, starts, count);
}

async function read(
  kafka: Kafka,
  starts: readonly { topic: string; partition: number; offset: string; high: number }[],
  count: number,
): Promise<Copy[]> {
  const consumer = kafka.consumer({
    groupId: `copies-${randomBytes(6).toString('hex')}`,
    maxWaitTimeInMs: 100,
  });
  const copies: Copy[] = [];
  const unread = new Map(starts.map((start) => [`${start.topic}/${start.partition}`, start.high]));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(starts.map((s) => s.topic))], fromBeginning: true });
    const enough = new Promise<void>((resolve, reject) => {
      const timeout = setTimeout(resolve, READ_MS);
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        clearTimeout(timeout);
        reject(payload.error);
      });
      void consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          for (const { key, value, headers } of batch.messages.slice(0, 40)) {
            copies.push({ topic: batch.topic, message: { key, value, ...(headers ? { headers } : {}) } });
          }
          unread.delete(`${batch.topic}/${batch.partition}`);
          if (copies.length < count && unread.size > 0) return;
          clearTimeout(timeout);
          resolve();
        },
      });
    });
    for (const { topic, partition, offset } of starts) consumer.seek({ topic, partition, offset });
    await enough;
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
  return copies.slice(0, count);
}

/** Sends messages one after the other as they are given. */
export async function sendCopies(brokers: readonly string[], copies: readonly Copy[]): Promise<void> {
  const producer = client(brokers).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    for (let i = 0; i < copies.length; i += 10) {
      const topicMessages = copies
        .slice(i, i + 10)
        .map(({ topic, message }) => ({ topic, messages: [message] }));
      await producer.sendBatch({ topicMessages });
    }
  } finally {
    await producer.disconnect().catch(() => undefined);
  }
}
