/** Notes offsets at the broker some time after the database has committed: one request for many batches. */
import type { Consumer } from 'kafkajs';

/** Longest time for which a handled message is not noted, ms; after a crash so much is delivered again and dropped. */
const AFTER_MS = 500;

export class Committer {
  private readonly pending = new Map<string, { topic: string; partition: number; offset: string }>();
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private under: Promise<void> = Promise.resolve();

  constructor(private readonly consumer: Pick<Consumer, 'commitOffsets'>) {}

  /** The message at `offset`, and all before it, are handled for good. */
  note(topic: string, partition: number, offset: string): void {
    if (this.isClosed) return;
    this.pending.set(`${topic}/${partition}`, { topic, partition, offset: String(BigInt(offset) + 1n) });
    this.timer ??= setTimeout(() => void this.flush(), AFTER_MS);
  }

  /** Forgets partitions that are not ours any more. */
  keepOnly(assignment: Readonly<Record<string, readonly number[]>>): void {
    for (const [place, { topic, partition }] of this.pending) {
      if (!assignment[topic]?.includes(partition)) this.pending.delete(place);
    }
  }

  /** Notes at once. Never throws: what is not noted is delivered again, and the readers' cursors drop it. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    return (this.under = this.under.then(async () => {
      const offsets = [...this.pending.values()];
      this.pending.clear();
      if (offsets.length > 0) await this.consumer.commitOffsets(offsets).catch(() => undefined);
    }));
  }

  /** Nothing is noted after this. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.pending.clear();
  }
}
