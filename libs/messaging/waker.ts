/** Waiting that can be cut short. A wake that comes while nobody waits is not lost. */
export class Waker {
  private pending = false;
  private release: (() => void) | undefined;

  wake(): void {
    if (this.release) this.release();
    else this.pending = true;
  }

  /** Waits until woken or until `ms` have passed. */
  async wait(ms: number): Promise<void> {
    if (this.pending) {
      this.pending = false;
      return;
    }
    await this.pause(ms);
  }

  /** Waits `ms`, or until woken, whatever was pending. */
  async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timeout = setTimeout(resolve, ms);
      this.release = () => {
        clearTimeout(timeout);
        resolve();
      };
    });
    this.release = undefined;
  }
}
