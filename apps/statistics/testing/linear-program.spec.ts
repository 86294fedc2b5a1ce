import { feasible, reachOf } from './linear-program';

test('the solver finds how far a sum reaches', () => {
  const start = feasible([{ factors: [1, 1, 0], sum: 5 }], 3);
  expect(reachOf(start, [1, 0, 0])).toEqual([0, 5]);
  expect(reachOf(start, [1, 1, 0])).toEqual([5, 5]);
  expect(reachOf(start, [0, 0, 1])).toEqual([0, Infinity]);
  const exact = feasible(
    [
      { factors: [1, 1], sum: 5 },
      { factors: [1, -1], sum: 1 },
      { factors: [2, 0], sum: 6 },
    ],
    2,
  );
  expect(reachOf(exact, [0, 1])).toEqual([2, 2]);
  expect(() => feasible([{ factors: [1], sum: -1 }], 1)).toThrow('no solution');
});
