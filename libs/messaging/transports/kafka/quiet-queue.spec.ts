import './quiet-queue';

const RequestQueue = require('kafkajs/src/network/requestQueue') as {
  new (options: object): {
    pending: unknown[];
    throttledUntil: number;
    checkPendingRequests(): void;
    destroy(): void;
  };
};

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function queue() {
  return new RequestQueue({ clientId: 'x', broker: 'y', logger: { debug: () => undefined } });
}

test('kafkajs has its queue where we guard it, and in the version that we know', () => {
  expect((require('kafkajs/package.json') as { version: string }).version).toBe('2.2.4');
  expect(require('kafkajs/src/network/connection').toString()).toContain('new RequestQueue(');
});

test('an empty queue sets no timer, however often it is looked at', () => {
  const idle = queue();
  for (let i = 0; i < 100; i++) idle.checkPendingRequests();
  expect(jest.getTimerCount()).toBe(0);
});

test('a queue with a request that a broker holds back looks again until it is sent', () => {
  const throttled = queue();
  let sent = 0;
  throttled.throttledUntil = Date.now() + 50;
  throttled.pending.push({ send: () => sent++, expectResponse: true });
  throttled.checkPendingRequests();
  expect(sent).toBe(0);
  jest.advanceTimersByTime(60);
  expect(sent).toBe(1);
  jest.advanceTimersByTime(1_000);
  expect(jest.getTimerCount()).toBe(0);
});
