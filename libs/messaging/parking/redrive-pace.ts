/** How a redrive job goes on: at its pace, and not for ever against a wall. Pure. */

/** So many of the first that fail for one cause end a job: what was to be mended is not. */
export const HOPELESS = 5;

/** What became of a job's streams so far. */
export interface Tally {
  readonly done: number;
  readonly failed: number;
  /** How many different causes those that failed have. */
  readonly causes: number;
}

/** True when nothing went well yet and enough have failed for one and the same cause. */
export function isHopeless({ done, failed, causes }: Tally): boolean {
  return done === 0 && failed >= HOPELESS && causes === 1;
}

/** How long to wait before the next stream so that `perSecond` are begun each second, when the last one took `tookMs`. */
export function pauseMs(perSecond: number, tookMs: number): number {
  return Math.max(0, 1_000 / perSecond - tookMs);
}
