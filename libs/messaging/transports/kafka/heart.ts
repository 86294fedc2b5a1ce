import type { EachBatchPayload } from 'kafkajs';

/** How often a member tells its group that it lives, ms. */
export const HEARTBEAT_MS = 1_000;

/** Tells the group that we live while a batch takes long, and notices when the partition is no longer ours. */
export class Heart {
  private lost: unknown;
  private release!: () => void;
  private readonly lostOrStopped = new Promise<void>((resolve) => (this.release = resolve));
  private readonly timer: NodeJS.Timeout;

  constructor(payload: Pick<EachBatchPayload, 'heartbeat'>) {
    this.timer = setInterval(() => {
      void payload.heartbeat().catch((error: unknown) => {
        this.lost ??= error;
        this.stop();
      });
    }, HEARTBEAT_MS);
  }

  /** Throws what kafkajs needs to see to join again. */
  check(): void {
    if (this.lost !== undefined) throw this.lost;
  }

  stopped(): Promise<void> {
    return this.lostOrStopped;
  }

  /** Waits, at most until the partition is lost, and then throws. */
  async wait(ms: number): Promise<void> {
    let timeout: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => (timeout = setTimeout(resolve, ms)));
    await Promise.race([enough, this.lostOrStopped]);
    clearTimeout(timeout);
    this.check();
  }

  stop(): void {
    clearInterval(this.timer);
    this.release();
  }
}
