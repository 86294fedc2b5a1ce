import { Heart, HEARTBEAT_MS } from './heart';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('the group hears from us all the while that a delivery takes half a minute', async () => {
  let beats = 0;
  const heart = new Heart({ heartbeat: async () => void beats++ });
  await jest.advanceTimersByTimeAsync(30 * HEARTBEAT_MS);
  heart.stop();
  expect(beats).toBe(30);
  await jest.advanceTimersByTimeAsync(10 * HEARTBEAT_MS);
  expect(beats).toBe(30);
  expect(() => heart.check()).not.toThrow();
});

test('a lost partition ends every wait with the error that kafkajs needs', async () => {
  const rebalancing = new Error('The group is rebalancing');
  const heart = new Heart({ heartbeat: () => Promise.reject(rebalancing) });
  const waits = [heart.wait(), heart.wait(60_000)].map((wait) => wait.catch((error: unknown) => error));
  await jest.advanceTimersByTimeAsync(HEARTBEAT_MS);
  expect(await Promise.all(waits)).toEqual([rebalancing, rebalancing]);
  await expect(heart.wait(60_000)).rejects.toBe(rebalancing);
  expect(jest.getTimerCount()).toBe(0);
});

test('a wait ends when it is woken, and leaves no timer', async () => {
  const heart = new Heart({ heartbeat: async () => undefined });
  const wait = heart.wait(60_000);
  heart.wake();
  await wait;
  heart.stop();
  expect(jest.getTimerCount()).toBe(0);
});
