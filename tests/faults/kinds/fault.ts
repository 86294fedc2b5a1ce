/** What every fault has. */
import type { Chance } from '../../support/random';
import type { World } from '../world';

export const KINDS = [
  'kill',
  'stall',
  'broker',
  'database',
  'line',
  'deliveries',
  'slow',
  'rebalance',
  'poison',
  'refused',
  'clock',
] as const;

export type Kind = (typeof KINDS)[number];

/** One way to do harm. */
export interface Fault {
  kind: Kind;
  /** What it does harm to: two of the same never happen at once. */
  to: 'processes' | 'broker' | 'database';
  /** How often it comes among two hundred. */
  weight: number;
  /** Takes longer than a short run has. */
  long?: true;
  /** Does it and undoes it; gives what exactly was done. */
  inject(world: World, chance: Chance): Promise<string>;
}
