import { systemClock, type Clock } from '@retorno/messaging';

/** The machine's clock, which may go late for a while: what is done meanwhile happened before. */
export class LaggingClock implements Clock {
  private readonly listeners = new Set<() => void>();
  private lagMs = 0;

  now(): Date {
    return new Date(systemClock.now().getTime() - this.lagMs);
  }

  onMoved(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** From here on it is as if it were `instant` now. */
  goBackTo(instant: Date): void {
    this.move(systemClock.now().getTime() - instant.getTime());
  }

  /** Shows the machine's time again; whatever became due in between is done now. */
  catchUp(): void {
    this.move(0);
  }

  private move(lagMs: number): void {
    this.lagMs = lagMs;
    for (const listener of this.listeners) listener();
  }
}
