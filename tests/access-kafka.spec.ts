/** Least privilege on the cluster, as `npm run acls` makes it of a broker that enforces it. */
import { requestsTopic, resendsTopic, answersTopic, type Envelope } from '@retorno/contracts';
import { KafkaTransport, type ResendRequest, type TransportRecord } from '@retorno/messaging';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { accessOf } from '../deploy/access';
import { toAclEntries } from '../deploy/acl-entries';
import { acls } from '../deploy/acls';
import { topics } from '../deploy/topics';
import { eventually } from './support/eventually';
import { describeWithKafka } from './support/kafka-suite';

const AGENCIES = ['education', 'health'];
const users = ['coordinator', 'intake', ...AGENCIES].map((username) => ({
  username,
  password: `password-of-${username}`,
}));
const PATIENCE = 60_000;

describeWithKafka(
  'a cluster that enforces access',
  (kafka) => {
    beforeAll(async () => {
      const env = {
        KAFKA_BROKERS: kafka().brokers.join(),
        KAFKA_USERNAME: 'admin',
        KAFKA_PASSWORD: passwordOf('admin'),
      };
      const agencies = ['--agencies', AGENCIES.join()];
      await topics(['--apply', '--replication', '1', ...agencies], env, () => undefined);
      await acls(['--apply', ...agencies], env, () => undefined);
    }, PATIENCE);

    const passwordOf = (user: string): string =>
      user === 'admin' ? kafka().admin!.password : `password-of-${user}`;

    /** A client that gives up at once. Without a user it gives no name. */
    function clientOf(user?: string, password = user && passwordOf(user)): Kafka {
      return new Kafka({
        brokers: kafka().brokers,
        logLevel: logLevel.NOTHING,
        retry: { retries: 1, initialRetryTime: 50, restartOnFailure: async () => false },
        ...(user ? { sasl: { mechanism: 'scram-sha-512', username: user, password: password! } } : {}),
      });
    }

    async function write(client: Kafka, topic: string, message: Message = { key: 'k', value: '{}' }) {
      const producer = client.producer({ idempotent: true, maxInFlightRequests: 1 });
      try {
        await producer.connect();
        await producer.send({ topic, acks: -1, messages: [message] });
      } catch (error) {
        throw answerOf(error);
      } finally {
        await producer.disconnect();
      }
    }

    /** Gives the first message of the topic's group, or throws why it may not be read. */
    async function read(client: Kafka, topic: string, groupId: string): Promise<string> {
      const consumer = client.consumer({ groupId, maxWaitTimeInMs: 100 });
      try {
        return await new Promise<string>((resolve, reject) => {
          consumer.on(consumer.events.CRASH, ({ payload }) => reject(answerOf(payload.error)));
          const eachMessage = async ({ message }: { message: { value: Buffer | null } }): Promise<void> =>
            resolve(message.value?.toString() ?? '');
          void (async () => {
            await consumer.connect();
            await consumer.subscribe({ topic, fromBeginning: true });
            await consumer.run({ autoCommit: false, eachMessage });
          })().catch((error: unknown) => reject(answerOf(error)));
        });
      } finally {
        await consumer.disconnect();
      }
    }

    const NOT_ALLOWED = { type: 'TOPIC_AUTHORIZATION_FAILED' };

    /** What kafkajs was answered, out of what it wrapped around it. */
    function answerOf(error: unknown): unknown {
      const { cause } = error as Error;
      return cause instanceof Error ? answerOf(cause) : error;
    }

    describe('an agency', () => {
      it('reads what is asked of it and writes its own answers', async () => {
        await write(clientOf('coordinator'), requestsTopic('health'), { key: 'k', value: '"asked"' });
        expect(await read(clientOf('health'), requestsTopic('health'), 'retorno.health')).toBe('"asked"');
        await write(clientOf('health'), answersTopic('health'));
      });

      it("cannot read another agency's requests", async () => {
        await write(clientOf('coordinator'), requestsTopic('education'), { key: 'k', value: '"secret"' });
        const reading = read(clientOf('health'), requestsTopic('education'), 'retorno.health');
        await expect(reading).rejects.toMatchObject(NOT_ALLOWED);
      });

      it("cannot read another agency's answers, nor write them", async () => {
        await write(clientOf('education'), answersTopic('education'));
        const reading = read(clientOf('health'), answersTopic('education'), 'retorno.health');
        await expect(reading).rejects.toMatchObject(NOT_ALLOWED);
        await expect(write(clientOf('health'), answersTopic('education'))).rejects.toMatchObject(NOT_ALLOWED);
      });

      it("cannot read intake's events, nor the cases, nor write either", async () => {
        await write(clientOf('intake'), 'intake.returnees.v1', { key: 'k', value: '"a person"' });
        for (const topic of ['intake.returnees.v1', 'cases.v1', 'cases.feedback.v1']) {
          const reading = read(clientOf('health'), topic, 'retorno.health');
          await expect(reading).rejects.toMatchObject(NOT_ALLOWED);
          await expect(write(clientOf('health'), topic)).rejects.toMatchObject(NOT_ALLOWED);
        }
      });

      it('cannot ask itself anything, nor read what others ask to have sent again', async () => {
        await expect(write(clientOf('health'), requestsTopic('health'))).rejects.toMatchObject(NOT_ALLOWED);
        const reading = read(clientOf('health'), resendsTopic('coordinator'), 'retorno.health');
        await expect(reading).rejects.toMatchObject(NOT_ALLOWED);
      });

      it("cannot join another service's group and take its partitions away", async () => {
        await write(clientOf('coordinator'), requestsTopic('health'));
        await read(clientOf('health'), requestsTopic('health'), 'retorno.health');
        // kafkajs says no more than this when it may not know where a group lives.
        const reading = read(clientOf('health'), requestsTopic('health'), 'retorno.coordinator');
        await expect(reading).rejects.toMatchObject({ name: 'KafkaJSGroupCoordinatorNotFound' });
      });

      it('sees no topics but those that it has to do with', async () => {
        const health = clientOf('health').admin();
        await health.connect();
        const seen = await health.listTopics();
        await health.disconnect();
        const own = accessOf(AGENCIES).filter((g) => g.service === 'health' && g.resource === 'topic');
        expect(seen.sort()).toEqual(own.map((grant) => grant.name).sort());
      });

      it('cannot make or delete topics, change them, or give itself rights', async () => {
        const health = clientOf('health').admin();
        await health.connect();
        const name = answersTopic('health');
        const making = health.createTopics({ topics: [{ topic: 'referrals.mine.answers.v1' }] });
        await expect(making).rejects.toMatchObject({ errors: [NOT_ALLOWED] });
        await expect(health.deleteTopics({ topics: [name] })).rejects.toMatchObject(NOT_ALLOWED);
        const configEntries = [{ name: 'retention.ms', value: '1' }];
        const changing = health.alterConfigs({
          validateOnly: false,
          resources: [{ type: 2, name, configEntries }],
        });
        await expect(changing).rejects.toMatchObject(NOT_ALLOWED);
        const acl = toAclEntries(accessOf(['education'])).map((e) => ({ ...e, principal: 'User:health' }));
        const taking = health.createAcls({ acl });
        await expect(taking).rejects.toMatchObject({ type: 'CLUSTER_AUTHORIZATION_FAILED' });
        await health.disconnect();
      });
    });

    it("the coordinator cannot read back what it asked, nor answer in an agency's place", async () => {
      const reading = read(clientOf('coordinator'), requestsTopic('health'), 'retorno.coordinator');
      await expect(reading).rejects.toMatchObject(NOT_ALLOWED);
      await expect(write(clientOf('coordinator'), answersTopic('health'))).rejects.toMatchObject(NOT_ALLOWED);
    });

    describe('nobody gets in', () => {
      it('with a wrong password', async () => {
        const writing = write(clientOf('health', 'guessed'), answersTopic('health'));
        await expect(writing).rejects.toMatchObject({ name: 'KafkaJSSASLAuthenticationError' });
      });

      it('with a name that nobody made', async () => {
        const writing = write(clientOf('payroll', 'guessed'), answersTopic('health'));
        await expect(writing).rejects.toMatchObject({ name: 'KafkaJSSASLAuthenticationError' });
      });

      it('without giving a name', async () => {
        await expect(write(clientOf(), answersTopic('health'))).rejects.toThrow(/Closed connection/);
      });
    });

    describe('with these rights alone', () => {
      const transports: KafkaTransport[] = [];
      afterAll(() => Promise.all(transports.map((transport) => transport.stop())));

      /** A service's transport, and what reached it. */
      async function service(name: string, reads: string[]) {
        const transport = new KafkaTransport({
          brokers: kafka().brokers,
          clientId: name,
          sasl: { mechanism: 'scram-sha-512', username: name, password: passwordOf(name) },
        });
        transports.push(transport);
        const got: TransportRecord[] = [];
        const asked: ResendRequest[] = [];
        transport.subscribe({
          consumer: name,
          topics: reads,
          deliver: async (records) => void got.push(...records),
        });
        transport.onResendRequested(name, async (range) => void asked.push(range));
        await transport.start();
        return { transport, got, asked };
      }

      it(
        'every service writes, reads and asks to have things sent again',
        async () => {
          const coordinator = await service('coordinator', [
            'agencies.catalogue.v1',
            'intake.returnees.v1',
            'referrals.*.answers.v1',
          ]);
          const intake = await service('intake', ['cases.feedback.v1']);
          const health = await service('health', [requestsTopic('health')]);

          await coordinator.transport.publish([
            record('coordinator', requestsTopic('health')),
            record('coordinator', 'cases.v1'),
            record('coordinator', 'cases.feedback.v1'),
          ]);
          await intake.transport.publish([record('intake', 'intake.returnees.v1')]);
          await health.transport.publish([
            record('health', answersTopic('health')),
            record('health', 'agencies.catalogue.v1', 'health'),
          ]);
          await coordinator.transport.requestResend(range(answersTopic('health')));
          await health.transport.requestResend(range(requestsTopic('health')));
          await intake.transport.requestResend(range('cases.feedback.v1'));

          const from = (got: TransportRecord[]): string[] =>
            [...new Set(got.filter((r) => r.envelope.id !== undefined).map((r) => r.topic))].sort();
          await eventually(
            () => from(coordinator.got).length === 3 && coordinator.asked.length === 2,
            PATIENCE,
          );
          await eventually(() => from(intake.got).length === 1, PATIENCE);
          await eventually(() => from(health.got).length === 1 && health.asked.length === 1, PATIENCE);
          expect(from(coordinator.got)).toEqual([
            'agencies.catalogue.v1',
            'intake.returnees.v1',
            answersTopic('health'),
          ]);
          for (const { transport } of [coordinator, intake, health]) expect(transport.health().ok).toBe(true);
        },
        PATIENCE,
      );
    });
  },
  { sasl: { users } },
);

function record(source: string, topic: string, key = 'k'): TransportRecord {
  const envelope: Envelope = {
    specversion: '1.0',
    id: `${topic}-1`,
    source: `/retorno/${source}`,
    type: 'retorno.grain-milled.v1',
    time: '2026-11-23T12:00:00.000Z',
    dataschema: 'urn:retorno:schema:grain-milled:v1',
    datacontenttype: 'application/json',
    partitionkey: key,
    keyseq: 1,
    data: {},
  };
  return { topic, envelope };
}

function range(topic: string): ResendRequest {
  return { topic, key: 'k', from: 1, to: 2 };
}
