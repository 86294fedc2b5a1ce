import { randomBytes } from 'node:crypto';
import { kafkaClient, KafkaTransport } from '@retorno/messaging';
import { eventually } from '../support/eventually';
import { describeWithKafka } from '../support/kafka-suite';
import { transportContract, type TransportUnderTest } from './contract';

/** Every topic and service that the suite names; a transport makes no topics. */
const TOPICS = ['wheat', 'oats', 'rye', 'straw'];
const SERVICES = ['baker', 'miller', 'mill', 'stranger'];

describeWithKafka('over Kafka', (kafka) => {
  transportContract('kafka', () => kafkaUnderTest(kafka().brokers));
});

/** A transport with topics and groups of its own. */
async function kafkaUnderTest(brokers: readonly string[]): Promise<TransportUnderTest> {
  const run = `t${randomBytes(4).toString('hex')}`;
  const topic = (name: string): string => `${run}.${name}.v1`;
  const resendsTopic = (service: string): string => `resends.${run}-${service}.v1`;
  const admin = kafkaClient({ brokers, clientId: 'contract' }).admin();
  await admin.connect();
  const topics = [...TOPICS.map(topic), ...SERVICES.map(resendsTopic)];
  await admin.createTopics({
    topics: topics.map((name) => ({ topic: name, numPartitions: 3 })),
    // Its own wait gives up at once when a broker has not heard of a topic yet.
    waitForLeaders: false,
  });
  await eventually(() => admin.fetchTopicMetadata({ topics }).then(() => true), 30_000);
  return {
    transport: new KafkaTransport({
      brokers,
      clientId: 'contract',
      groupPrefix: `${run}.`,
      writerOf: (name) => (name.startsWith(`${run}.`) ? 'mill' : undefined),
      resendsTopic,
    }),
    topic,
    writer: 'mill',
    dispose: async () => {
      await admin.deleteTopics({ topics });
      await admin.disconnect();
    },
  };
}
