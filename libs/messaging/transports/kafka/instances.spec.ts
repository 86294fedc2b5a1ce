import type { DataSource } from 'typeorm';
import {
  bakeryWriterOf,
  closeBakery,
  count,
  cursorOf,
  digestOf,
  OrderPlaced,
  openSchema,
  openShop,
  ORDERS,
  placeOrders,
  seen,
  tallyOrder,
  written,
  type OrderPlaced as Order,
  type Shop,
} from '../../testing/bakery';
import { eventually } from '../../../../tests/support/eventually';
import { describeWithKafka } from '../../../../tests/support/kafka-suite';
import { startPostgres, type TestDatabase } from '../../../../tests/support/postgres';
import { kafkaClient } from './client';
import { KafkaTransport } from './kafka';

const PATIENCE = 30_000;
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

jest.setTimeout(120_000);

const PARTITIONS = 12;
const KEYS = range(1, 48).map((n) => `key-${n}`);
/** Enough on average for every partition: every instance must get some. */
const MOST_ROUNDS = 200;

/** One of several of a service: all have one schema, each its own connection to the broker. */
interface Instance {
  shop: Shop;
  /** Orders that it handled since this was set to 0. */
  handled: number;
  stop(): Promise<void>;
}

const running = new Set<Instance>();

describeWithKafka(
  'instances of one service',
  (kafka) => {
    let database: TestDatabase;
    let counterSchema: DataSource;
    let ovenSchema: DataSource;

    beforeAll(async () => {
      database = await startPostgres();
      const admin = kafkaClient({ brokers: kafka().brokers, clientId: 'instances' }).admin();
      await admin.connect();
      await admin.createTopics({
        topics: [{ topic: ORDERS, numPartitions: PARTITIONS }],
        // Its own wait gives up at once when a broker has not heard of a topic yet.
        waitForLeaders: false,
      });
      await eventually(() => admin.fetchTopicMetadata({ topics: [ORDERS] }).then(() => true), PATIENCE);
      await admin.disconnect();
    });
    afterAll(() => database.stop());

    beforeEach(async () => {
      counterSchema = await openSchema(database.url, 'counter');
      ovenSchema = await openSchema(database.url, 'oven');
    });
    afterEach(async () => {
      await Promise.all([...running].map((instance) => instance.stop()));
      await closeBakery();
    });

    const open = (service: 'counter' | 'oven') =>
      start(service, service === 'oven' ? ovenSchema : counterSchema, kafka().brokers);

    it('share what they read, and handle each key’s events once and in order while they come and go', async () => {
      const counters = [await open('counter'), await open('counter')];
      let placed = 0;
      // The counters take turns, so that successive orders of a key are committed by different instances.
      const placeRound = async (): Promise<void> => {
        placed++;
        await Promise.all(
          KEYS.map((key, i) => placeOrders(counters[(placed + i) % counters.length]!.shop, key, placed)),
        );
      };
      const placeUntilEachHasSome = async (ovens: readonly Instance[]): Promise<void> => {
        for (const oven of ovens) oven.handled = 0;
        for (let i = 0; i < MOST_ROUNDS && !ovens.every((oven) => oven.handled > 0); i++) await placeRound();
        expect(ovens.map((oven) => oven.handled > 0)).toEqual(ovens.map(() => true));
      };

      const first = await open('oven');
      await placeUntilEachHasSome([first]);
      const second = await open('oven');
      await placeUntilEachHasSome([first, second]);
      const [third, fourth] = await Promise.all([open('oven'), open('oven')]);
      await placeUntilEachHasSome([first, second, third, fourth]);
      const leaving = Promise.all([first.stop(), third.stop()]);
      await placeRound();
      await leaving;
      await placeUntilEachHasSome([second, fourth]);

      const { shop } = second;
      for (const key of KEYS) {
        await eventually(async () => (await cursorOf(shop, key))?.lastSeq === placed, PATIENCE);
        expect(await seen(shop, key)).toEqual(range(1, placed));
        expect((await cursorOf(shop, key))?.digest).toBe(digestOf(await written(counters[0]!.shop, key)));
      }
      expect([await count(shop, 'held'), await count(shop, 'parked')]).toEqual([0, 0]);
    });
  },
  {},
);

async function start(
  service: 'counter' | 'oven',
  dataSource: DataSource,
  brokers: readonly string[],
): Promise<Instance> {
  const transport = new KafkaTransport({ brokers, clientId: service, writerOf: bakeryWriterOf });
  const shop = openShop({
    dataSource,
    service,
    transport,
    handlers: {
      [OrderPlaced.type]: (data, ctx) => {
        instance.handled++;
        tallyOrder(data as Order, ctx);
      },
    },
  });
  const instance: Instance = {
    shop,
    handled: 0,
    stop: async () => {
      running.delete(instance);
      await shop.messaging.stop();
      await transport.stop();
    },
  };
  running.add(instance);
  await transport.start();
  shop.messaging.start();
  return instance;
}
