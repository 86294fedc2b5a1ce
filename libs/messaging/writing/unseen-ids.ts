/** Which ids of the outbox were drawn and have not been seen: their transactions may still commit, or were rolled back. */

/** No transaction of a service takes longer: its connection is given up before, ms. */
const LONGEST_MS = 60_000;
/** How far back ids are watched; more than can be under way at once. */
const MOST = 1_000n;

export class UnseenIds {
  private highest = 0n;
  private readonly since = new Map<bigint, number>();

  /** An id was seen; those before it that were not are watched from now on. */
  see(id: bigint): void {
    this.since.delete(id);
    if (id <= this.highest) return;
    const watched = id - MOST;
    for (let gap = this.highest < watched ? watched : this.highest + 1n; gap < id; gap++) {
      if (gap > 0n) this.since.set(gap, performance.now());
    }
    this.highest = id;
  }

  /** Whether one may still come. */
  any(): boolean {
    const expired = performance.now() - LONGEST_MS;
    for (const [id, since] of this.since) {
      // In the order in which they were missed.
      if (since > expired) return true;
      this.since.delete(id);
    }
    return false;
  }
}
