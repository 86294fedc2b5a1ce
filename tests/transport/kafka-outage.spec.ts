import { eventually } from '../support/eventually';
import { describeWithKafka } from '../support/kafka-suite';
import { freePort } from '../../apps/local/processes/ports';
import { Basket, PATIENCE, publish, range, stream } from './basket';
import { Ground, openResources } from './kafka-ground';

jest.setTimeout(120_000);

/** A transport that is told to stop is stopped by then, ms; whoever started the process kills it soon after. */
const STOP_MS = 8_000;

describeWithKafka(
  'a broker',
  (kafka) => {
    let ground: Ground;
    let wheat: string;

    beforeEach(async () => {
      ground = await Ground.open(kafka().brokers);
      wheat = ground.topic('wheat');
      await ground.make(wheat, ground.resendsTopic('baker'));
    });
    afterEach(() => ground.dispose());

    it('that is killed is missed: publishing fails, nobody is ready, and in the end nothing is lost or out of order', async () => {
      const transport = ground.transport();
      const sink = new Basket(transport, 'baker', [wheat]);
      await transport.start();
      const keys = ['a', 'b', 'c'];
      for (const key of keys) await publish(transport, stream(wheat, key, 1, 10));
      await sink.has(wheat, 'c', 10);
      await kafka().kill();
      await expect(transport.publish(stream(wheat, 'a', 11, 11))).rejects.toThrow(/^Connection|^Closed/);
      await eventually(() => !transport.health().ok, PATIENCE);
      expect(transport.health().detail).toMatch(/baker: .|cannot send: ./);
      const writing = keys.map(async (key) => {
        for (let n = 11; n <= 60; n += 5) await publish(transport, stream(wheat, key, n, n + 4));
      });
      await kafka().restart();
      await Promise.all(writing);
      for (const key of keys) await sink.has(wheat, key, 60);
      for (const key of keys) expect(sink.sequences(wheat, key)).toEqual(range(1, 60));
      await eventually(() => transport.health().ok, PATIENCE);
    });

    it('that is dead does not hold up whoever stops', async () => {
      const transport = ground.transport();
      new Basket(transport, 'baker', [wheat]);
      await transport.start();
      await publish(transport, stream(wheat, 'a', 1, 1));
      await kafka().kill();
      const publishing = transport.publish(stream(wheat, 'a', 2, 2)).catch(() => 'refused');
      await stopsInTime(transport);
      expect(await publishing).toBe('refused');
      await kafka().restart();
    });

    it('that hangs is noticed, and does not hold up whoever stops', async () => {
      const before = openResources();
      const transport = ground.transport();
      new Basket(transport, 'baker', [wheat]);
      await transport.start();
      await publish(transport, stream(wheat, 'a', 1, 1));
      await eventually(() => transport.health().ok, PATIENCE);
      const pid = kafka().pid!;
      process.kill(pid, 'SIGSTOP');
      try {
        const publishing = transport.publish(stream(wheat, 'a', 2, 2)).catch(() => 'refused');
        await eventually(() => !transport.health().ok, PATIENCE);
        await stopsInTime(transport);
        expect(await publishing).toBe('refused');
        await eventually(() => openResources() === before, PATIENCE);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    });

    it('that was never there holds up neither start nor stop, and is named', async () => {
      const before = openResources();
      const transport = ground.transport({ brokers: [`127.0.0.1:${await freePort()}`] });
      new Basket(transport, 'baker', [wheat]);
      await transport.start();
      await eventually(() => transport.health().detail.includes('ECONNREFUSED'), PATIENCE);
      expect(transport.health().ok).toBe(false);
      await stopsInTime(transport);
      await eventually(() => openResources() === before, PATIENCE);
    });
  },
  {},
);

async function stopsInTime(transport: { stop(): Promise<void> }): Promise<void> {
  let tooLate: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => (tooLate = setTimeout(() => resolve('late'), STOP_MS)));
  const stopped = transport.stop().then(() => 'stopped');
  expect(await Promise.race([stopped, late])).toBe('stopped');
  clearTimeout(tooLate);
}
