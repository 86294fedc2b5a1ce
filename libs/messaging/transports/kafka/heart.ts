import type { EachBatchPayload } from 'kafkajs';

/** How often a member tells its group that it lives, ms. */
export const HEARTBEAT_MS = 1_000;

/** Tells the group that we live while a batch takes long, and notices when the partition is no longer ours. */
export class Heart {
  private lost: Error | undefined;
  private readonly waiting = new Set<() => void>();
  private readonly timer: NodeJS.Timeout;

  constructor(payload: Pick<EachBatchPayload, 'heartbeat'>) {
    this.timer = setInterval(() => {
      void payload.heartbeat().catch((error: unknown) => {
        this.lost ??= error instanceof Error ? error : new Error('the partition is lost', { cause: error });
        this.stop();
      });
    }, HEARTBEAT_MS);
  }

  /** Throws what kafkajs needs to see to join again. */
  check(): void {
    if (this.lost !== undefined) throw this.lost;
  }

  /** Waits until woken, at most `ms` if given, or until the partition is lost, and then throws. */
  async wait(ms?: number): Promise<void> {
    this.check();
    await new Promise<void>((resolve) => {
      const timeout = ms === undefined ? undefined : setTimeout(() => done(), ms);
      const done = (): void => {
        clearTimeout(timeout);
        this.waiting.delete(done);
        resolve();
      };
      this.waiting.add(done);
    });
    this.check();
  }

  wake(): void {
    for (const release of this.waiting) release();
  }

  stop(): void {
    clearInterval(this.timer);
    this.wake();
  }
}
