/** Whether a consumer takes anything now: paused and resumed by its owner, closed once. It outlives every connection. */
export class Gate {
  isPaused = false;
  isClosed = false;
  private readonly listeners = new Set<() => void>();

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.tell();
  }

  close(): void {
    this.isClosed = true;
    this.tell();
  }

  /** Calls when it was resumed or closed, until the function that it gives is called. */
  onOpened(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
