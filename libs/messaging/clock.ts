/** Time as the rules see it. All deadlines go through this port, so that tests move time instead of waiting. */
export interface Clock {
  now(): Date;
  /** Calls back whenever the clock was moved by hand; a real clock never does. Returns the unsubscribe. */
  onMoved(listener: () => void): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  onMoved: () => () => undefined,
};

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  private readonly listeners = new Set<() => void>();

  constructor(private current: Date) {}

  now(): Date {
    return new Date(this.current);
  }

  onMoved(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Moves to an instant, forwards or backwards, and wakes whoever waits for time. */
  moveTo(instant: Date | string): void {
    this.current = new Date(instant);
    for (const listener of this.listeners) listener();
  }

  /** Moves forwards by milliseconds. */
  advance(ms: number): void {
    this.moveTo(new Date(this.current.getTime() + ms));
  }
}
