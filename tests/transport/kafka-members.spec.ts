import { eventually } from '../support/eventually';
import { describeWithKafka } from '../support/kafka-suite';
import { Basket, PATIENCE, publish, range, stream } from './basket';
import { drop, Ground, openResources } from './kafka-ground';

jest.setTimeout(90_000);

describeWithKafka('members of a group', (kafka) => {
  let ground: Ground;
  let wheat: string;
  /** Ends a delivery that a test holds up. */
  let accept: () => void = () => undefined;

  beforeEach(async () => {
    ground = await Ground.open(kafka().brokers);
    wheat = ground.topic('wheat');
    await ground.make(wheat, ground.resendsTopic('baker'));
  });
  afterEach(async () => {
    accept();
    await ground.dispose();
  });

  it('lose nothing and keep the order when one joins and when one leaves', async () => {
    const first = ground.transport();
    const one = new Basket(first, 'baker', [wheat]);
    await first.start();
    const keys = range(1, 24).map((n) => `key-${n}`);
    let published = 0;
    const publishMore = async (count: number): Promise<void> => {
      for (const key of keys) await publish(first, stream(wheat, key, published + 1, published + count));
      published += count;
    };
    await publishMore(10);
    await eventually(() => one.accepted.length >= 240, PATIENCE);
    const second = ground.transport();
    const two = new Basket(second, 'baker', [wheat]);
    await second.start();
    while (two.accepted.length < 10) await publishMore(1);
    await second.stop();
    await publishMore(5);
    for (const key of keys) {
      await eventually(
        () =>
          new Set([...one.sequences(wheat, key), ...two.sequences(wheat, key)]).size === published &&
          one.sequences(wheat, key).at(-1) === published,
        PATIENCE,
      );
      for (const sink of [one, two]) {
        expect(sink.sequences(wheat, key)).toEqual([...sink.sequences(wheat, key)].sort((a, b) => a - b));
      }
    }
  });

  it('note what they handled, and nothing that is not handled yet', async () => {
    const transport = ground.transport();
    const baker = new Basket(transport, 'baker', [wheat]);
    new Basket(transport, 'miller', [wheat]);
    const until = new Promise<void>((resolve) => (accept = resolve));
    baker.onDeliver = (records) => (records.some((r) => r.envelope.keyseq === 2) ? until : undefined);
    await ground.make(ground.resendsTopic('miller'));
    await transport.start();
    const isNoted = (consumer: string, count: number): Promise<boolean> =>
      eventually(async () => (await ground.noted(consumer, wheat)) === count, PATIENCE);
    await publish(transport, stream(wheat, 'a', 1, 1));
    await isNoted('baker', 1);
    await publish(transport, stream(wheat, 'a', 2, 2));
    await eventually(() => baker.deliveries === 2, PATIENCE);
    // The miller notes the same, and then one more: so much later the baker would have noted, too.
    await isNoted('miller', 2);
    await publish(transport, stream(wheat, 'a', 3, 3));
    await isNoted('miller', 3);
    expect(await ground.noted('baker', wheat)).toBe(1);
    accept();
    await isNoted('baker', 3);
  });

  it('that are paused stay in their group, longer than its patience, and get each event once', async () => {
    const transport = ground.transport();
    const sink = new Basket(transport, 'baker', [wheat]);
    await transport.start();
    await publish(transport, stream(wheat, 'a', 1, 1));
    await sink.has(wheat, 'a', 1);
    sink.subscription.pause();
    await publish(transport, stream(wheat, 'a', 2, 40));
    const members = await ground.members('baker');
    await untilASilentMemberIsForgotten(ground);
    expect(await ground.members('baker')).toEqual(members);
    expect(transport.health()).toEqual({ ok: true, detail: expect.any(String) });
    await publish(transport, stream(wheat, 'a', 41, 60));
    await eventually(() => transport.lag('baker').events === 59, PATIENCE);
    sink.subscription.resume();
    await sink.has(wheat, 'a', 60);
    expect(sink.all(wheat, 'a')).toEqual(range(1, 60));
    await eventually(() => transport.lag('baker').events === 0, PATIENCE);
  });

  it('whose machine’s clock is set back an hour are still members, and note what they handle', async () => {
    const transport = ground.transport();
    const sink = new Basket(transport, 'baker', [wheat]);
    await transport.start();
    await publish(transport, stream(wheat, 'a', 1, 1));
    await sink.has(wheat, 'a', 1);
    const members = await ground.members('baker');
    const now = jest.spyOn(Date, 'now');
    try {
      const real = process.hrtime.bigint();
      const hourAgo = Date.now() - 3_600_000;
      now.mockImplementation(() => hourAgo + Number((process.hrtime.bigint() - real) / 1_000_000n));
      await eventually(async () => {
        const [member, ...others] = await ground.members('baker');
        return others.length === 0 && member !== undefined && !members.includes(member);
      }, PATIENCE);
      await publish(transport, stream(wheat, 'a', 2, 2));
      await sink.has(wheat, 'a', 2);
      await eventually(async () => (await ground.noted('baker', wheat)) === 2, PATIENCE);
    } finally {
      now.mockRestore();
    }
  });

  it('that fall behind say by how much, also while nothing is fetched', async () => {
    const transport = ground.transport();
    const sink = new Basket(transport, 'baker', [wheat]);
    let isOut = true;
    sink.onDeliver = () => {
      if (isOut) throw new Error('the baker is out');
    };
    await transport.start();
    await publish(transport, stream(wheat, 'a', 1, 10));
    await eventually(() => transport.lag('baker').events === 10, PATIENCE);
    for (const key of ['a', 'b', 'c', 'd', 'e']) await publish(transport, stream(wheat, key, 11, 20));
    await eventually(() => transport.lag('baker').events === 60, PATIENCE);
    expect(transport.lag('baker').seconds).toBeGreaterThan(0);
    isOut = false;
    await sink.has(wheat, 'e', 10);
    await eventually(() => transport.lag('baker').events === 0, PATIENCE);
    expect(transport.lag('baker')).toEqual({ events: 0, seconds: 0 });
  });

  it('read again from what is left, and not from the end, where their offset is not there', async () => {
    const groupId = ground.group('baker');
    const writer = ground.transport();
    await writer.start();
    await publish(writer, stream(wheat, 'a', 1, 20));
    // A broker that is busy may not lead a new topic yet.
    const ends = await eventually(() => ground.admin.fetchTopicOffsets(wheat));
    const beyond = ends.map(({ partition, high }) => ({ partition, offset: String(Number(high) + 100) }));
    await ground.admin.setOffsets({ groupId, topic: wheat, partitions: beyond });
    const transport = ground.transport();
    const late = new Basket(transport, 'baker', [wheat]);
    await transport.start();
    await late.has(wheat, 'a', 20);
    expect(late.sequences(wheat, 'a')).toEqual(range(1, 20));
    await eventually(async () => (await ground.noted('baker', wheat)) === 20, PATIENCE);
    await transport.stop();
    // Retention has passed them by: what they noted is gone.
    await publish(writer, stream(wheat, 'a', 21, 40));
    const held = ends.find(({ high }) => high === '20')!;
    await ground.admin.deleteTopicRecords({
      topic: wheat,
      partitions: [{ partition: held.partition, offset: '25' }],
    });
    const again = ground.transport();
    const behind = new Basket(again, 'baker', [wheat]);
    await again.start();
    await behind.has(wheat, 'a', 15);
    expect(behind.sequences(wheat, 'a')).toEqual(range(26, 40));
  });

  it('get again what they took and did not accept before they were gone without a word', async () => {
    const gone = ground.transport();
    const lost = new Basket(gone, 'baker', [wheat]);
    lost.onDeliver = (records) => {
      if (records.some((r) => r.envelope.keyseq > 1)) throw new Error('dies here');
    };
    await gone.start();
    await publish(gone, stream(wheat, 'a', 1, 1));
    await lost.has(wheat, 'a', 1);
    await publish(gone, stream(wheat, 'a', 2, 3));
    await eventually(() => lost.deliveries > 2, PATIENCE);
    drop(gone);
    const next = ground.transport();
    const sink = new Basket(next, 'baker', [wheat]);
    await next.start();
    await eventually(() => sink.sequences(wheat, 'a').includes(3), PATIENCE);
    expect(sink.sequences(wheat, 'a').filter((n) => n > 1)).toEqual([2, 3]);
  });

  it('leave no connection and no timer behind when they stop', async () => {
    const before = openResources();
    const transport = ground.transport();
    const sink = new Basket(transport, 'baker', [wheat]);
    await transport.start();
    await publish(transport, stream(wheat, 'a', 1, 1));
    await sink.has(wheat, 'a', 1);
    expect(openResources()).not.toEqual(before);
    await transport.stop();
    await eventually(() => openResources() === before, PATIENCE);
  });

  it('name a topic that is not there, read the others meanwhile, and it from its first event once it is', async () => {
    const rye = ground.topic('rye');
    const transport = ground.transport({ discoverMs: 200 });
    const sink = new Basket(transport, 'baker', [wheat, rye]);
    await transport.start();
    await eventually(() => transport.health().detail.includes('npm run topics'), PATIENCE);
    expect(transport.health()).toEqual({ ok: false, detail: expect.stringContaining(`no topic ${rye},`) });
    await publish(transport, stream(wheat, 'a', 1, 3));
    await sink.has(wheat, 'a', 3);
    await expect(transport.publish(stream(rye, 'a', 1, 1))).rejects.toThrow(`no topic ${rye},`);
    await ground.make(rye);
    await publish(transport, stream(rye, 'a', 1, 3));
    await sink.has(rye, 'a', 3);
    await eventually(() => transport.health().ok, PATIENCE);
  });

  it('read a topic that appears and matches a pattern, also when only one of them has found it', async () => {
    const keys = range(1, 24).map((n) => `key-${n}`);
    const rye = ground.topic('rye');
    const quick = ground.transport({ discoverMs: 200 });
    const slow = ground.transport({ discoverMs: 3_600_000 });
    const sinks = [quick, slow].map((transport) => new Basket(transport, 'baker', [ground.topic('*')]));
    // The first member leads: it shares out a topic that it does not know itself.
    await slow.start();
    await eventually(() => slow.health().ok, PATIENCE);
    await quick.start();
    await eventually(() => quick.health().ok, PATIENCE);
    await ground.make(rye);
    for (const key of keys) await publish(quick, stream(rye, key, 1, 2));
    await eventually(() => keys.every((key) => sinks[0]!.sequences(rye, key).length === 2), PATIENCE);
    for (const key of keys) await publish(quick, stream(wheat, key, 1, 2));
    const all = (key: string) => sinks.flatMap((sink) => sink.sequences(wheat, key));
    await eventually(() => keys.every((key) => new Set(all(key)).size === 2), PATIENCE);
  });

  it('whose consumer gave up are not ready, and are built anew', async () => {
    const transport = ground.transport({ discoverMs: 3_000 });
    const sink = new Basket(transport, 'baker', [wheat]);
    await transport.start();
    await publish(transport, stream(wheat, 'a', 1, 3));
    await sink.has(wheat, 'a', 3);
    await eventually(async () => (await ground.noted('baker', wheat)) === 3, PATIENCE);
    const [member] = await ground.members('baker');
    // kafkajs calls it non-retriable.
    await ground.admin.deleteTopics({ topics: [wheat, ground.resendsTopic('baker')] });
    await eventually(() => transport.health().detail.includes('before: This server does not host'), PATIENCE);
    expect(transport.health().ok).toBe(false);
    await ground.make(wheat, ground.resendsTopic('baker'));
    await publish(transport, stream(wheat, 'a', 4, 6));
    await sink.has(wheat, 'a', 6);
    await eventually(() => transport.health().ok, PATIENCE);
    expect(await ground.members('baker')).not.toContain(member);
  });

  it('can be told to go on at every moment, also while they leave and when their consumer has given up', async () => {
    const rye = ground.topic('rye');
    const transport = ground.transport({ discoverMs: 50 });
    const sink = new Basket(transport, 'baker', [wheat, rye]);
    const refused: unknown[] = [];
    const telling = setInterval(() => {
      try {
        sink.subscription.resume();
      } catch (error) {
        refused.push(error);
      }
    });
    try {
      await transport.start();
      await publish(transport, stream(wheat, 'a', 1, 3));
      await sink.has(wheat, 'a', 3);
      // Leaves to read this one, too.
      await ground.make(rye);
      await publish(transport, stream(rye, 'a', 1, 3));
      await sink.has(rye, 'a', 3);
      await ground.admin.deleteTopics({ topics: [rye] });
      await eventually(
        () => transport.health().detail.includes('before: This server does not host'),
        PATIENCE,
      );
      await ground.make(rye);
      await publish(transport, stream(rye, 'b', 1, 3));
      await sink.has(rye, 'b', 3);
      await transport.stop();
    } finally {
      clearInterval(telling);
    }
    expect(refused).toEqual([]);
  });
});

/** As long as the broker has patience with a member that sends no heartbeats. */
async function untilASilentMemberIsForgotten(ground: Ground): Promise<void> {
  const silent = ground.transport();
  new Basket(silent, 'witness', [ground.topic('wheat')]);
  await silent.start();
  await eventually(async () => (await ground.members('witness')).length === 1, PATIENCE);
  drop(silent);
  await eventually(async () => (await ground.members('witness')).length === 0, PATIENCE);
}
