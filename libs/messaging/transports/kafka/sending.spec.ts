import type { Kafka } from 'kafkajs';
import type { OwnClient } from './client';
import { parts, Sender, type Outgoing } from './sending';

function outgoing(key: string, text = '{}', topic = 'wheat'): Outgoing {
  return { topic, message: { key, value: text } };
}

const keysOf = (messages: readonly Outgoing[]) => messages.map(({ message }) => String(message.key));

describe('parts', () => {
  test('fit the size by bytes, not by characters, and keep the order', () => {
    const messages = ['a', 'b', 'c', 'd'].map((key) => outgoing(key, '漢'.repeat(100)));
    const all = parts(messages, 1_000);
    expect(all.map(keysOf)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('count headers', () => {
    const large: Outgoing = {
      topic: 'wheat',
      message: { key: 'a', value: '', headers: { ce_x: 'ñ'.repeat(300) } },
    };
    expect(parts([large, large], 1_000).map((part) => part.length)).toEqual([1, 1]);
  });

  test('a message that is too large by itself is alone, so that the broker’s refusal names it', () => {
    const messages = [outgoing('a'), outgoing('b', 'x'.repeat(2_000)), outgoing('c')];
    expect(parts(messages, 1_000).map(keysOf)).toEqual([['a'], ['b'], ['c']]);
  });
});

/** kafkajs' own producer on a cluster of our making: who leads, and what each broker answers. */
class Cluster {
  readonly received: string[] = [];
  leaderOf = (_partition: number): number => 1;
  answer = async (_broker: number, _keys: readonly string[]): Promise<void> => undefined;
  readonly targetTopics = new Set(['wheat']);
  readonly retry = {};
  connect = async () => undefined;
  disconnect = async () => undefined;
  isConnected = () => true;
  removeBroker = () => undefined;
  refreshMetadata = async () => undefined;
  refreshMetadataIfNecessary = async () => undefined;
  addMultipleTargetTopics = async () => undefined;
  findTopicPartitionMetadata = () => [0, 1].map((partitionId) => ({ partitionId, leader: 1 }));

  findLeaderForPartitions(_topic: string, partitions: readonly string[]): Record<number, number[]> {
    const led: Record<number, number[]> = {};
    for (const partition of partitions.map(Number)) (led[this.leaderOf(partition)] ??= []).push(partition);
    return led;
  }

  private readonly brokers = [1, 2].map((nodeId) => ({
    nodeId,
    initProducerId: async () => ({ producerId: '1', producerEpoch: 0 }),
    produce: async ({ topicData }: { topicData: Produced[] }) => {
      const partitions = topicData.flatMap((topic) => topic.partitions);
      const keys = partitions.flatMap(({ messages }) => messages.map(({ key }) => String(key)));
      await this.answer(nodeId, keys);
      this.received.push(...keys);
      return {
        topics: topicData.map(({ topic, partitions: own }) => ({
          topicName: topic,
          partitions: own.map(({ partition }) => ({ partition, errorCode: 0 })),
        })),
      };
    },
  }));
  findBroker = async ({ nodeId }: { nodeId: number | string }) => this.brokers[Number(nodeId) - 1]!;
  findControllerBroker = async () => this.brokers[0]!;
}

interface Produced {
  topic: string;
  partitions: { partition: number; messages: { key: string }[] }[];
}

function sending(cluster: Cluster) {
  const createProducer = require('kafkajs/src/producer') as (
    options: object,
  ) => ReturnType<Kafka['producer']>;
  const logger = {
    warn: () => undefined,
    debug: () => undefined,
    error: () => undefined,
    namespace: () => logger,
  };
  let opened = 0;
  let cut = 0;
  const open = (): OwnClient => {
    opened++;
    const producer = (options: object) => createProducer({ ...options, cluster, logger });
    return { kafka: { producer } as unknown as Kafka, cut: () => void cut++ };
  };
  return { sender: new Sender(open), counts: () => ({ opened, cut }) };
}

describe('a sender', () => {
  test('sends in the order in which it was called, one at a time', async () => {
    const cluster = new Cluster();
    let under = 0;
    cluster.answer = async () => {
      expect(++under).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      under--;
    };
    const { sender } = sending(cluster);
    const keys = Array.from({ length: 20 }, (_, n) => `key-${n}`);
    await Promise.all(keys.map((key) => sender.send([outgoing(key)])));
    expect(cluster.received).toEqual(keys);
    await sender.close();
  });

  test('never uses a producer again that failed: its numbers would make others look like duplicates', async () => {
    const cluster = new Cluster();
    let isRefused = true;
    cluster.answer = async () => {
      if (isRefused) throw Object.assign(new Error('too large'), { retriable: false });
    };
    const { sender, counts } = sending(cluster);
    await expect(sender.send([outgoing('a')])).rejects.toThrow('too large');
    isRefused = false;
    await sender.send([outgoing('b')]);
    await sender.send([outgoing('c')]);
    expect(cluster.received).toEqual(['b', 'c']);
    expect(counts()).toEqual({ opened: 2, cut: 1 });
    await sender.close();
    expect(counts()).toEqual({ opened: 2, cut: 2 });
  });

  test('does not believe that all was sent when a leader changed between two tries', async () => {
    const cluster = new Cluster();
    const lost: string[] = [];
    cluster.leaderOf = (partition) => partition + 1;
    cluster.answer = async (broker, keys) => {
      if (broker === 1) return;
      // Broker 2 steps down; by the next try broker 1, which has answered already, leads both partitions.
      cluster.leaderOf = () => 1;
      lost.push(...keys);
      throw Object.assign(new Error('not the leader'), { name: 'KafkaJSProtocolError', retriable: true });
    };
    const { sender } = sending(cluster);
    const both = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => outgoing(key));
    await expect(sender.send(both)).rejects.toThrow('not acknowledged: wheat/');
    expect(lost.length).toBeGreaterThan(0);
    expect(cluster.received).not.toEqual(expect.arrayContaining(lost));
    await sender.send(both);
    expect(cluster.received).toEqual(expect.arrayContaining(keysOf(both)));
    await sender.close();
  });

  test('that is closed sends nothing more', async () => {
    const cluster = new Cluster();
    const { sender } = sending(cluster);
    await sender.close();
    await expect(sender.send([outgoing('a')])).rejects.toThrow('stopped');
    expect(cluster.received).toEqual([]);
  });
});
