/** New cases are handed in by so many at least, as bench/main-job does. */
const LEAST_AT_ONCE = 10;
/** Longest time without a case done. */
const STALLED_MS = 30_000;

/** Hands cases in so that at most `inflight` are under way. */
export class Feed {
  /** @type {Map<number, {began: number, ms?: number}>} */
  cases = new Map();
  underWay = 0;
  wake = () => {};
  fail = (/** @type {unknown} */ _error) => {};

  constructor(/** @type {number} */ inflight) {
    this.inflight = inflight;
    this.failure = new Promise((_resolve, reject) => (this.fail = reject));
    this.failure.catch(() => {});
  }

  async run(
    /** @type {import('./run-peer.mjs').Engine} */ engine,
    /** @type {number} */ first,
    /** @type {number} */ count,
  ) {
    let next = first;
    const end = first + count;
    while (next < end || this.underWay > 0) {
      const room = Math.min(this.inflight - this.underWay, end - next);
      if (room > 0 && room >= Math.min(LEAST_AT_ONCE, end - next)) {
        const ids = Array.from({ length: room }, (_, i) => next + i);
        next += room;
        this.underWay += room;
        for (const id of ids) this.cases.set(id, { began: performance.now() });
        engine.begin(ids).catch(this.fail);
      }
      await this.#oneMore();
    }
  }

  /** Waits for a case to be done, but not for ever. */
  async #oneMore() {
    const stalled = setTimeout(
      () => this.fail(new Error(`nothing was done for ${STALLED_MS} ms`)),
      STALLED_MS,
    );
    await Promise.race([new Promise((resolve) => (this.wake = () => resolve(undefined))), this.failure]);
    clearTimeout(stalled);
  }

  done(/** @type {number} */ id) {
    const entry = this.cases.get(id);
    if (!entry || entry.ms !== undefined)
      return this.fail(new Error(`case ${id} was completed twice or never begun`));
    entry.ms = performance.now() - entry.began;
    this.underWay--;
    this.wake();
  }

  /** Milliseconds from handing in to the answer. */
  latencies(/** @type {number} */ skip) {
    return [...this.cases].filter(([id]) => id > skip).map(([, entry]) => entry.ms ?? NaN);
  }
}
