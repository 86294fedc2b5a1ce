/** Notes offsets at the broker some time after the database has committed: one request for many batches. */
import type { Consumer } from 'kafkajs';

/** Longest time for which a handled message is not noted, ms; after a crash so much is delivered again and dropped. */
const AFTER_MS = 500;

type Assignment = Readonly<Record<string, readonly number[]>>;

interface Place {
  topic: string;
  partition: number;
  /** Of the next message. */
  offset: string;
}

export class Committer {
  private readonly pending = new Map<string, Place>();
  /** What we may note; undefined until we know. */
  private assignment: Assignment | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private under: Promise<void> = Promise.resolve();

  constructor(private readonly consumer: Pick<Consumer, 'commitOffsets'>) {}

  /** The message at `offset`, and all before it, are handled for good. */
  note(topic: string, partition: number, offset: string): void {
    const place = { topic, partition, offset: String(BigInt(offset) + 1n) };
    if (this.isClosed || !this.isOurs(place)) return;
    this.pending.set(`${topic}/${partition}`, place);
    this.schedule();
  }

  /** Forgets partitions that are not ours any more: they are their new reader's to note. */
  keepOnly(assignment: Assignment): void {
    this.assignment = assignment;
    for (const [name, place] of this.pending) if (!this.isOurs(place)) this.pending.delete(name);
  }

  /** Notes at once. Never throws: what is not noted is delivered again, and the readers' cursors drop it. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    return (this.under = this.under.then(() => this.now()));
  }

  /** Nothing is noted after this. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.pending.clear();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => void this.flush(), AFTER_MS);
  }

  private async now(): Promise<void> {
    const places = [...this.pending];
    this.pending.clear();
    if (places.length === 0) return;
    try {
      await this.consumer.commitOffsets(places.map(([, place]) => place));
    } catch {
      if (this.isClosed) return;
      // A partition that stays quiet from now on would look unread for ever.
      for (const [name, place] of places) {
        if (!this.pending.has(name) && this.isOurs(place)) this.pending.set(name, place);
      }
      this.schedule();
    }
  }

  private isOurs({ topic, partition }: Place): boolean {
    return this.assignment === undefined || (this.assignment[topic]?.includes(partition) ?? false);
  }
}
