import { Lull } from './lull';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a lull', () => {
  it('is acted on once, after the last that was heard', () => {
    const act = jest.fn();
    const lull = new Lull(2000, act);
    lull.heard();
    jest.advanceTimersByTime(1999);
    lull.heard();
    jest.advanceTimersByTime(1999);
    expect([act.mock.calls.length, lull.awaited]).toEqual([0, true]);
    jest.advanceTimersByTime(1);
    expect([act.mock.calls.length, lull.awaited]).toEqual([1, false]);
    jest.advanceTimersByTime(10_000);
    expect(act).toHaveBeenCalledTimes(1);
  });

  it('that was stopped is not acted on', () => {
    const act = jest.fn();
    const lull = new Lull(2000, act);
    lull.heard();
    lull.stop();
    jest.advanceTimersByTime(10_000);
    expect([act.mock.calls.length, lull.awaited]).toEqual([0, false]);
  });
});
