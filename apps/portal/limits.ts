/** How often something may be done, counted in memory: a restart forgives, and each process counts for itself. */

/** Keys that are remembered at the same time; when there are more, all counts begin anew. */
const MOST_KEYS = 10_000;

/** At most `most` times in a window of `windowMs`, for each key. */
export class Limit {
  private counts = new Map<string, number>();
  private window = 0;

  constructor(
    private readonly most: number,
    private readonly windowMs: number,
  ) {}

  /** Counts one more; false when it is one too many. */
  take(key: string, now: Date): boolean {
    const window = Math.floor(now.getTime() / this.windowMs);
    if (window !== this.window || this.counts.size >= MOST_KEYS) {
      this.counts = new Map();
      this.window = window;
    }
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count <= this.most;
  }
}
