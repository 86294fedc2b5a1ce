import { Limit } from './limits';

const at = (seconds: number): Date => new Date(1_800_000_000_000 + seconds * 1_000);

it('a key may do something so many times a minute; another key, and the next minute, are its own', () => {
  const limit = new Limit(2, 60_000);
  expect([0, 1, 2].map((second) => limit.take('a', at(second)))).toEqual([true, true, false]);
  expect(limit.take('b', at(3))).toBe(true);
  expect(limit.take('a', at(61))).toBe(true);
});
