import { Partitioners } from 'kafkajs';
import {
  bakeryWriterOf,
  closeBakery,
  OrderPlaced,
  openSchema,
  openShop,
  ORDERS,
  placeOrders,
  seen,
  type Shop,
} from '../../testing/bakery';
import { eventually } from '../../../../tests/support/eventually';
import { describeWithKafka } from '../../../../tests/support/kafka-suite';
import { startPostgres, type TestDatabase } from '../../../../tests/support/postgres';
import { kafkaClient } from './client';
import { KafkaTransport } from './kafka';

jest.setTimeout(120_000);

const PATIENCE = 45_000;

const transports: KafkaTransport[] = [];

describeWithKafka(
  'a topic that somebody else writes to',
  (kafka) => {
    let database: TestDatabase;
    beforeAll(async () => void (database = await startPostgres()));
    afterAll(() => database.stop());
    afterEach(async () => {
      await closeBakery();
      await Promise.all(transports.splice(0).map((transport) => transport.stop()));
    });

    it('parks what is no event of ours, and handles the events before and behind it', async () => {
      const { brokers } = kafka();
      const client = kafkaClient({ brokers, clientId: 'somebody' });
      const admin = client.admin();
      await admin.connect();
      await admin.createTopics({ topics: [{ topic: ORDERS, numPartitions: 1 }], waitForLeaders: false });
      await eventually(() => admin.fetchTopicMetadata({ topics: [ORDERS] }).then(() => true), PATIENCE);
      const [counter, oven] = await shops(database.url, brokers);

      await placeOrders(counter, 'smith', 1, 2);
      await eventually(async () => (await seen(oven, 'smith')).length === 2, PATIENCE);
      const somebody = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      await somebody.connect();
      const strange = [
        { key: 'smith', value: '{"n": 3}' },
        { key: 'smith', value: 'no JSON', headers: { ce_id: 'x', ce_type: OrderPlaced.type } },
        { key: null, value: null },
        { key: 'smith', value: '{"n": 3}', headers: { ce_source: '/retorno/oven', ce_keyseq: '3' } },
      ];
      await somebody.send({ topic: ORDERS, messages: strange });
      await somebody.disconnect();
      await placeOrders(counter, 'smith', 3, 4);

      await eventually(async () => (await seen(oven, 'smith')).length === 4, PATIENCE);
      expect(await seen(oven, 'smith')).toEqual([1, 2, 3, 4]);
      const parked = await oven.messaging.parked('', 10);
      expect(parked).toHaveLength(strange.length);
      for (const { cause, keySeq, behind } of parked) {
        expect({ cause, keySeq, behind }).toEqual({
          cause: expect.stringContaining('not a CloudEvents envelope'),
          keySeq: 0,
          behind: 0,
        });
      }
      expect(oven.parkings).toHaveLength(strange.length);
      await admin.disconnect();
    });

    it('is spared an event that no broker takes: it is refused where it is written, and the next are sent', async () => {
      const [counter, oven] = await shops(database.url, kafka().brokers);
      const place = (n: number, bytes: number) =>
        counter.messaging.command([], (unit) =>
          unit.publish({
            topic: ORDERS,
            key: 'jones',
            contract: OrderPlaced,
            data: { n, wrapping: 'x'.repeat(bytes) },
          }),
        );
      await expect(place(1, 900_000)).rejects.toThrow(`${OrderPlaced.type} is too large for ${ORDERS}`);
      await place(1, 899_000);
      await place(2, 1);
      await eventually(async () => (await seen(oven, 'jones')).length === 2, PATIENCE);
      expect(await seen(oven, 'jones')).toEqual([1, 2]);
    });
  },
  {},
);

/** Two services of a bakery, each with a transport and a schema of its own. */
async function shops(url: string, brokers: readonly string[]): Promise<[Shop, Shop]> {
  const open = async (service: 'counter' | 'oven'): Promise<Shop> => {
    const transport = new KafkaTransport({ brokers, clientId: service, writerOf: bakeryWriterOf });
    transports.push(transport);
    const shop = openShop({ dataSource: await openSchema(url, service), service, transport });
    await transport.start();
    shop.messaging.start();
    return shop;
  };
  return [await open('counter'), await open('oven')];
}
