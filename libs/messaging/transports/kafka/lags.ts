/** How far a member is behind in the partitions that it reads. */
import type { Admin } from 'kafkajs';
import type { Lag } from '../../transport';

/** A portion of messages that is handed over. */
interface Begun {
  topic: string;
  partition: number;
  /** Of its first message. */
  offset: string;
  /** When that was written, ms. */
  timestamp: string;
  /** Offset of the partition's next message, as of the fetch. */
  highWatermark: string;
}

type Assignment = Readonly<Record<string, readonly number[]>>;

export class Lags {
  private readonly places = new Map<string, { events: number; oldest: number }>();
  private readonly underWay = new Map<string, Begun>();
  /** Counts what was begun and ended: a measurement that took longer is of yesterday. */
  private turn = 0;

  begin(portion: Begun): void {
    const place = placeOf(portion.topic, portion.partition);
    // Whatever was measured while we stood still has been fetched by now.
    if (this.underWay.size === 0) this.places.clear();
    this.turn++;
    this.underWay.set(place, portion);
    const events = Number(portion.highWatermark) - Number(portion.offset);
    this.places.set(place, { events, oldest: Number(portion.timestamp) });
  }

  /** The partition's messages are handled, or will be fetched again. */
  end(topic: string, partition: number, isHandled: boolean): void {
    this.turn++;
    this.underWay.delete(placeOf(topic, partition));
    if (isHandled) this.places.delete(placeOf(topic, partition));
  }

  clear(): void {
    this.turn++;
    this.places.clear();
    this.underWay.clear();
  }

  sum(): Lag {
    const behind = [...this.places.values()].filter((lag) => lag.events > 0);
    if (behind.length === 0) return { events: 0, seconds: 0 };
    const oldest = Math.min(...behind.map((lag) => lag.oldest));
    const events = behind.reduce((sum, lag) => sum + lag.events, 0);
    return { events, seconds: Math.max(0, (Date.now() - oldest) / 1000) };
  }

  /** Asks the broker while a portion is stuck: nothing is fetched then, and what comes meanwhile would not show. */
  async measure(admin: Admin, groupId: string, assignment: Assignment): Promise<void> {
    if (this.underWay.size === 0) return;
    const { turn } = this;
    const topics = Object.keys(assignment);
    const noted = await admin.fetchOffsets({ groupId, topics });
    const nextOf = new Map(
      noted.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => [placeOf(topic, partition), Number(offset)]),
      ),
    );
    for (const topic of topics) {
      for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
        if (turn !== this.turn) return;
        if (!assignment[topic]!.includes(partition)) continue;
        const place = placeOf(topic, partition);
        const next = this.underWay.get(place)?.offset ?? Math.max(nextOf.get(place) ?? 0, Number(low));
        const oldest = this.places.get(place)?.oldest ?? Date.now();
        this.places.set(place, { events: Number(high) - Number(next), oldest });
      }
    }
  }
}

function placeOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
