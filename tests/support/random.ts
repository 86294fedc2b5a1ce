/** Seeded chance: the same seed gives the same run. */

export interface Chance {
  /** In [0, 1). */
  next(): number;
  /** A whole number from 0 to below `n`. */
  below(n: number): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Each item with this probability, in the order of the list. */
  some<T>(list: readonly T[], probability: number): T[];
}

/** mulberry32: 32 bits of state are plenty for choosing test data. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    happens: (probability) => next() < probability,
    pick: (list) => list[below(list.length)]!,
    some: (list, probability) => list.filter(() => next() < probability),
  };
}
