/**
 * The contract of the Transport port. Every adapter passes this one suite, unchanged: it uses the port alone and waits
 * for conditions, never for a time.
 */
import type { ResendRequest, Transport, Word } from '@retorno/messaging';
import { eventually } from '../support/eventually';
import { Basket, PATIENCE, publish, range, stream } from './basket';

/** What an adapter gives the suite, anew for each test. */
export interface TransportUnderTest {
  transport: Transport;
  /** A topic of this test and nobody else's. `name` is a segment of it, so that a star in its place is a pattern. */
  topic(name: string): string;
  /** The writing service of every topic that `topic` names. */
  writer: string;
  /** Removes what it made. The transport is stopped already. */
  dispose(): Promise<void>;
}

/** Declares the suite for one adapter. */
export function transportContract(name: string, make: () => Promise<TransportUnderTest>): void {
  describe(`the ${name} transport`, () => {
    let under: TransportUnderTest;
    let transport: Transport;
    let wheat: string;

    beforeEach(async () => {
      under = await make();
      transport = under.transport;
      wheat = under.topic('wheat');
    }, 60_000);
    afterEach(async () => {
      await transport.stop();
      await under.dispose();
    }, 60_000);

    const within = (title: string, test: () => Promise<void>): void => it(title, test, 60_000);

    within('delivers what was published, whole and in order per stream', async () => {
      const basket = new Basket(transport, 'baker', [wheat]);
      await transport.start();
      const [north, south] = ['north', 'south'].map((key) =>
        stream(wheat, key, 1, 30, { text: 'ñ "quoted"\n', list: [1, null, { deep: true }] }),
      );
      const interleaved = north!.flatMap((record, i) => [record, south![i]!]);
      for (let i = 0; i < interleaved.length; i += 7) await publish(transport, interleaved.slice(i, i + 7));
      await basket.has(wheat, 'north', 30);
      await basket.has(wheat, 'south', 30);
      expect(basket.sequences(wheat, 'north')).toEqual(range(1, 30));
      expect(basket.sequences(wheat, 'south')).toEqual(range(1, 30));
      expect(basket.accepted.find((r) => r.envelope.id === 'north-1')).toEqual(north![0]);
    });

    within('gives every consumer of a topic all of its records, and no others', async () => {
      const oats = under.topic('oats');
      const baker = new Basket(transport, 'baker', [wheat]);
      const miller = new Basket(transport, 'miller', [wheat, oats]);
      await transport.start();
      await publish(transport, [...stream(wheat, 'a', 1, 5), ...stream(oats, 'a', 1, 5)]);
      await baker.has(wheat, 'a', 5);
      await miller.has(wheat, 'a', 5);
      await miller.has(oats, 'a', 5);
      expect(new Set(baker.accepted.map((r) => r.topic))).toEqual(new Set([wheat]));
    });

    within(
      'shares the records of a service between its instances, each to at least one, in order',
      async () => {
        const instances = [1, 2].map(() => new Basket(transport, 'baker', [wheat]));
        await transport.start();
        for (let n = 1; n <= 20; n++) {
          await publish(transport, [...stream(wheat, 'a', n, n), ...stream(wheat, 'b', n, n)]);
        }
        for (const key of ['a', 'b']) {
          const sequences = () => instances.map((instance) => instance.sequences(wheat, key));
          await eventually(() => new Set(sequences().flat()).size === 20, PATIENCE);
          for (const own of sequences()) expect(own).toEqual([...own].sort((x, y) => x - y));
        }
      },
    );

    within('delivers the topics that match a pattern, where a star is one segment', async () => {
      const rye = under.topic('rye');
      const pattern = under.topic('*');
      const basket = new Basket(transport, 'baker', [pattern]);
      const all = new Basket(transport, 'miller', [wheat, rye]);
      await transport.start();
      await publish(transport, [...stream(wheat, 'a', 1, 3), ...stream(rye, 'a', 1, 3)]);
      for (const topic of [wheat, rye]) {
        await basket.has(topic, 'a', 3);
        await all.has(topic, 'a', 3);
      }
    });

    within('delivers again, in order, what a consumer did not accept', async () => {
      const basket = new Basket(transport, 'baker', [wheat]);
      let refusals = 3;
      basket.onDeliver = () => {
        if (refusals-- > 0) throw new Error('the baker is out');
      };
      await transport.start();
      await publish(transport, stream(wheat, 'a', 1, 10));
      await publish(transport, stream(wheat, 'a', 11, 20));
      await basket.has(wheat, 'a', 20);
      expect(basket.sequences(wheat, 'a')).toEqual(range(1, 20));
      expect(basket.deliveries).toBeGreaterThan(3);
    });

    within('a consumer that refuses keeps nothing from the others', async () => {
      const baker = new Basket(transport, 'baker', [wheat]);
      const miller = new Basket(transport, 'miller', [wheat]);
      let isOut = true;
      baker.onDeliver = () => {
        if (isOut) throw new Error('the baker is out');
      };
      await transport.start();
      const published = publish(transport, stream(wheat, 'a', 1, 5));
      await miller.has(wheat, 'a', 5);
      expect(baker.accepted).toEqual([]);
      isOut = false;
      await published;
      await baker.has(wheat, 'a', 5);
    });

    within('delivers nothing to a paused consumer, and everything after it resumed', async () => {
      const baker = new Basket(transport, 'baker', [wheat]);
      const miller = new Basket(transport, 'miller', [wheat]);
      await transport.start();
      await publish(transport, stream(wheat, 'a', 1, 3));
      await baker.has(wheat, 'a', 3);
      baker.subscription.pause();
      const published = publish(transport, stream(wheat, 'a', 4, 9));
      await miller.has(wheat, 'a', 9);
      expect(baker.sequences(wheat, 'a')).toEqual([1, 2, 3]);
      baker.subscription.resume();
      await published;
      await baker.has(wheat, 'a', 9);
      expect(baker.sequences(wheat, 'a')).toEqual(range(1, 9));
    });

    within(
      'lets what is under way finish when a subscription closes, and delivers nothing after',
      async () => {
        const baker = new Basket(transport, 'baker', [wheat]);
        const miller = new Basket(transport, 'miller', [wheat]);
        let finish!: () => void;
        const until = new Promise<void>((resolve) => (finish = resolve));
        baker.onDeliver = () => until;
        await transport.start();
        const first = publish(transport, stream(wheat, 'a', 1, 2));
        await eventually(() => baker.deliveries > 0, PATIENCE);
        const closing = baker.subscription.close();
        finish();
        await closing;
        const accepted = baker.accepted.length;
        expect(accepted).toBeGreaterThan(0);
        await miller.has(wheat, 'a', 2);
        void first.catch(() => undefined);
        void transport.publish(stream(wheat, 'a', 3, 4)).catch(() => undefined);
        await miller.has(wheat, 'a', 4);
        expect(baker.accepted).toHaveLength(accepted);
      },
    );

    within('keeps for a consumer that closed what came meanwhile', async () => {
      const first = new Basket(transport, 'baker', [wheat]);
      await transport.start();
      await publish(transport, stream(wheat, 'a', 1, 2));
      await first.has(wheat, 'a', 2);
      await first.subscription.close();
      const published = publish(transport, stream(wheat, 'a', 3, 4));
      const second = new Basket(transport, 'baker', [wheat]);
      await published;
      await second.has(wheat, 'a', 2);
      expect(second.sequences(wheat, 'a').slice(-2)).toEqual([3, 4]);
    });

    within(
      'takes nothing before it is started and after it is stopped, and says so to its writer',
      async () => {
        const basket = new Basket(transport, 'baker', [wheat]);
        await expect(transport.publish(stream(wheat, 'a', 1, 1))).rejects.toThrow();
        // Nor for a topic whose readers may still be on their way.
        await expect(transport.publish(stream(under.topic('straw'), 'a', 1, 1))).rejects.toThrow();
        expect(basket.deliveries).toBe(0);
        await transport.start();
        await publish(transport, stream(wheat, 'a', 1, 1));
        await basket.has(wheat, 'a', 1);
        expect(transport.health().ok).toBe(true);
        await transport.stop();
        await expect(transport.publish(stream(wheat, 'a', 2, 2))).rejects.toThrow();
        expect(basket.sequences(wheat, 'a')).toEqual([1]);
        expect(transport.health()).toEqual({ ok: false, detail: expect.any(String) });
      },
    );

    within('stopping ends a publish that waits for a paused consumer', async () => {
      const basket = new Basket(transport, 'baker', [wheat]);
      await transport.start();
      basket.subscription.pause();
      const waiting = transport.publish(stream(wheat, 'a', 1, 1)).then(
        () => 'ended',
        () => 'ended',
      );
      await transport.stop();
      expect(await waiting).toBe('ended');
      expect(basket.accepted).toEqual([]);
    });

    within('brings a request for part of a stream to the stream’s writer', async () => {
      const asked: ResendRequest[] = [];
      const strange: ResendRequest[] = [];
      transport.onResendRequested(under.writer, async (wanted) => void asked.push(wanted));
      transport.onResendRequested('stranger', async (wanted) => void strange.push(wanted));
      new Basket(transport, 'baker', [wheat]);
      await transport.start();
      const wanted = { topic: wheat, key: 'a', from: 3, to: 7 };
      await transport.requestResend(wanted);
      await eventually(() => asked.length > 0, PATIENCE);
      expect(asked[0]).toEqual(wanted);
      expect(strange).toEqual([]);
    });

    within('brings a request for a whole topic to its writer, and to nobody else', async () => {
      const asked: ResendRequest[] = [];
      const strange: ResendRequest[] = [];
      transport.onResendRequested(under.writer, async (wanted) => void asked.push(wanted));
      transport.onResendRequested('stranger', async (wanted) => void strange.push(wanted));
      new Basket(transport, 'baker', [wheat]);
      await transport.start();
      const wanted = { topic: wheat };
      await transport.requestResend(wanted);
      await eventually(() => asked.length > 0, PATIENCE);
      expect(asked[0]).toEqual(wanted);
      expect(strange).toEqual([]);
      await expect(transport.requestResend({ topic: 'nobody.writes.v1' })).rejects.toThrow();
    });

    within('brings a word to the service that it is for, and to nobody else', async () => {
      const heard: Word[] = [];
      const strange: Word[] = [];
      transport.onResendRequested(under.writer, async () => undefined);
      transport.onTold(under.writer, async (word) => void heard.push(word));
      transport.onTold('stranger', async (word) => void strange.push(word));
      new Basket(transport, 'baker', [wheat]);
      await transport.start();
      const word = { from: 'baker', body: { kind: 'how-far', topic: wheat } };
      expect(await transport.tell(under.writer, word)).toBe(true);
      await eventually(() => heard.length > 0, PATIENCE);
      expect(heard[0]).toEqual(word);
      expect(strange).toEqual([]);
    });

    within('brings words to a paused consumer, too, while events wait for it', async () => {
      const heard: Word[] = [];
      transport.onTold('baker', async (word) => void heard.push(word));
      transport.onResendRequested('baker', async () => undefined);
      const baker = new Basket(transport, 'baker', [wheat]);
      const miller = new Basket(transport, 'miller', [wheat]);
      baker.subscription.pause();
      await transport.start();
      const published = publish(transport, stream(wheat, 'a', 1, 3));
      await miller.has(wheat, 'a', 3);
      for (let n = 1; n <= 3; n++) {
        await transport.tell('baker', { from: under.writer, body: { n } });
        await eventually(() => heard.length >= n, PATIENCE);
      }
      expect(baker.sequences(wheat, 'a')).toEqual([]);
      baker.subscription.resume();
      await published;
      await baker.has(wheat, 'a', 3);
    });

    within('takes a batch of many records and of large ones', async () => {
      const basket = new Basket(transport, 'baker', [wheat]);
      await transport.start();
      await publish(transport, stream(wheat, 'many', 1, 3000));
      await publish(transport, stream(wheat, 'large', 1, 40, { text: 'x'.repeat(100_000) }));
      await basket.has(wheat, 'many', 3000);
      await basket.has(wheat, 'large', 40);
      expect(basket.sequences(wheat, 'many')).toEqual(range(1, 3000));
      expect(basket.sequences(wheat, 'large')).toEqual(range(1, 40));
    });

    within('keeps the streams of many writers at once in order', async () => {
      const basket = new Basket(transport, 'baker', [wheat]);
      await transport.start();
      const keys = range(1, 8).map((n) => `writer-${n}`);
      await Promise.all(
        keys.map(async (key) => {
          for (let n = 1; n <= 40; n += 4) await publish(transport, stream(wheat, key, n, n + 3));
        }),
      );
      for (const key of keys) {
        await basket.has(wheat, key, 40);
        expect(basket.sequences(wheat, key)).toEqual(range(1, 40));
      }
    });

    within('an empty batch and a topic that nobody reads are no errors', async () => {
      await transport.start();
      await transport.publish([]);
      await publish(transport, stream(under.topic('straw'), 'a', 1, 1));
    });
  });
}
