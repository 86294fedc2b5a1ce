import { HOPELESS, isHopeless, pauseMs } from './redrive-pace';

describe('a redrive job', () => {
  const failed = (n: number, causes = 1, done = 0) => ({ done, failed: n, causes });

  it('ends by itself when the first ones all fail for one cause, and only then', () => {
    expect(isHopeless(failed(HOPELESS))).toBe(true);
    expect(isHopeless(failed(HOPELESS - 1))).toBe(false);
    expect(isHopeless(failed(HOPELESS, 2))).toBe(false);
    expect(isHopeless(failed(HOPELESS, 1, 1))).toBe(false);
  });

  it('begins as many a second as was asked for, the time that each takes included', () => {
    expect(pauseMs(4, 0)).toBe(250);
    expect(pauseMs(4, 200)).toBe(50);
    expect(pauseMs(4, 900)).toBe(0);
    expect(pauseMs(0.5, 0)).toBe(2_000);
  });
});
