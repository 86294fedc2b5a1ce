/**
 * One member of a consumer group, kept alive: it joins, hands over what it fetches, and is built anew whenever kafkajs
 * has given up, stands still, or a topic that it should read has appeared.
 */
import { topicMatches } from '@retorno/contracts';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { Lag } from '../../transport';
import { Waker } from '../../waker';
import { Committer } from './committer';
import { Heart, HEARTBEAT_MS } from './heart';

/** What a member reads and where it goes. */
export interface Reading {
  groupId: string;
  /** Topics or patterns. */
  topics: readonly string[];
  /** Takes messages of one partition in order. Resolves when they are handled for good; rejects to have them again. */
  take(topic: string, messages: readonly KafkaMessage[]): Promise<void>;
}

/** Messages handed over at once; between two portions the group hears from us and offsets are noted. */
const PORTION = 500;
/** A member that is not heard of for so long loses its partitions to the others, ms. */
const SESSION_MS = 10_000;
/** A broker's longest wait for something to send; also about the longest time that leaving takes, ms. */
const FETCH_WAIT_MS = 500;
/** Without any sign of life for so long the member is built anew, ms. */
const DEAD_MS = 30_000;
/** How often signs of life are looked for, ms. */
const WATCH_MS = 2_000;
/** How often topics are looked for that match a pattern, ms. */
const DISCOVER_MS = 15_000;
const LONGEST_BACKOFF_MS = 5_000;
/** Longest wait for an old member to leave, ms. */
const LEAVE_MS = 5_000;

export class GroupMember {
  private closed = false;
  private readonly closing = new Waker();
  private hasClosed!: () => void;
  private readonly untilClosed = new Promise<void>((resolve) => (this.hasClosed = resolve));
  private readonly underWay = new Set<Promise<void>>();
  private readonly paused = new Set<() => void>();
  private isPaused = false;
  private running: Promise<void> | undefined;
  /** By the monotonic clock: a clock that is set must not make a live member look dead. */
  private lastSign = performance.now();
  private state = 'joining its group';
  private isReading = false;
  private readonly lags = new Map<string, { events: number; oldest: number }>();

  constructor(
    private readonly kafka: Kafka,
    private readonly reading: Reading,
  ) {}

  start(): void {
    this.running ??= this.live();
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    for (const release of this.paused) release();
  }

  /** Finishes what is under way, notes the offsets and leaves the group. */
  async close(): Promise<void> {
    this.closed = true;
    this.closing.wake();
    this.hasClosed();
    for (const release of this.paused) release();
    await this.running;
  }

  health(): { ok: boolean; detail: string } {
    const silent = performance.now() - this.lastSign > DEAD_MS;
    const detail = silent ? 'no sign of life from the broker' : this.state;
    return { ok: this.isReading && !silent && !this.closed, detail: `${this.reading.groupId}: ${detail}` };
  }

  lag(): Lag {
    const behind = [...this.lags.values()].filter((lag) => lag.events > 0);
    if (behind.length === 0) return { events: 0, seconds: 0 };
    const oldest = Math.min(...behind.map((lag) => lag.oldest));
    return {
      events: behind.reduce((sum, lag) => sum + lag.events, 0),
      seconds: Math.max(0, (Date.now() - oldest) / 1000),
    };
  }

  private async live(): Promise<void> {
    let failures = 0;
    while (!this.closed) {
      const began = performance.now();
      try {
        await this.once();
      } catch (error) {
        this.state = error instanceof Error ? error.message : 'unknown error';
      }
      this.isReading = false;
      if (this.closed) break;
      failures = performance.now() - began > LONGEST_BACKOFF_MS * 4 ? 0 : failures + 1;
      await this.closing.pause(Math.min(LONGEST_BACKOFF_MS, 50 * 2 ** failures));
    }
  }

  /** One life of a kafkajs consumer; resolves when it should be built anew, rejects with why it cannot be. */
  private async once(): Promise<void> {
    const consumer = this.kafka.consumer({
      groupId: this.reading.groupId,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
    });
    const committer = new Committer(consumer);
    let over: string | undefined;
    const end = (why: string): void => {
      over ??= why;
      this.closing.wake();
    };
    this.watch(consumer, committer, end);
    this.lastSign = performance.now();
    let topics: readonly string[] = [];
    const joining = this.join(consumer, committer).then((joined) => (topics = joined));
    try {
      await Promise.race([joining, this.untilClosed]);
      await this.untilOver(topics, () => over);
      if (over !== undefined) this.state = over;
    } finally {
      this.isReading = false;
      this.lags.clear();
      for (const release of this.paused) release();
      await this.leave(consumer, committer, joining);
    }
  }

  /** Answers the topics that are read. */
  private async join(consumer: Consumer, committer: Committer): Promise<readonly string[]> {
    const topics = await this.topics();
    await consumer.connect();
    // From the beginning: an offset that is out of range must lead back, never past events that nobody has read.
    await consumer.subscribe({ topics, fromBeginning: true });
    if (this.closed) return topics;
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // All partitions of one fetch at once: the receiving end joins them into one transaction.
      partitionsConsumedConcurrently: 1_000,
      eachBatch: (payload) => {
        const batch = this.batch(payload, committer).finally(() => this.underWay.delete(batch));
        this.underWay.add(batch);
        return batch;
      },
    });
    return topics;
  }

  private watch(consumer: Consumer, committer: Committer, end: (why: string) => void): void {
    const sign = (): void => {
      this.lastSign = performance.now();
    };
    const { events } = consumer;
    consumer.on(events.FETCH, sign);
    consumer.on(events.HEARTBEAT, sign);
    consumer.on(events.END_BATCH_PROCESS, sign);
    consumer.on(events.GROUP_JOIN, ({ payload }) => {
      sign();
      // Partitions that went to another member are its to note.
      committer.keepOnly(payload.memberAssignment);
      this.lags.clear();
      this.isReading = true;
      this.state = 'reading';
    });
    consumer.on(events.REBALANCING, () => {
      this.isReading = false;
      this.state = 'sharing out the partitions';
    });
    consumer.on(events.CRASH, ({ payload }) => end(payload.error.message));
    // The member that leads the group has found a topic before us.
    consumer.on(events.RECEIVED_UNSUBSCRIBED_TOPICS, () => end('a topic has appeared'));
  }

  private async untilOver(topics: readonly string[], over: () => string | undefined): Promise<void> {
    let looked = performance.now();
    while (!this.closed && over() === undefined) {
      await this.closing.wait(WATCH_MS);
      if (performance.now() - this.lastSign > DEAD_MS) throw new Error('no sign of life from the broker');
      if (!this.hasPattern() || performance.now() - looked < DISCOVER_MS) continue;
      looked = performance.now();
      // A broker that cannot be asked shows by the signs of life.
      const now = await this.topics().catch(() => topics);
      if (now.join() !== topics.join()) return;
    }
  }

  /** The topics to read as they exist now; a pattern is looked up because kafkajs does so only once. */
  private async topics(): Promise<string[]> {
    if (!this.hasPattern()) return [...this.reading.topics];
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      const existing = await admin.listTopics();
      const named = this.reading.topics.filter((topic) => !topic.includes('*'));
      const found = existing.filter((topic) => this.reading.topics.some((p) => topicMatches(p, topic)));
      return [...new Set([...named, ...found])].sort();
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  private hasPattern(): boolean {
    return this.reading.topics.some((topic) => topic.includes('*'));
  }

  /** The messages of one partition, a portion at a time. */
  private async batch(payload: EachBatchPayload, committer: Committer): Promise<void> {
    const { batch, resolveOffset, isRunning, isStale } = payload;
    const { topic, partition, messages, highWatermark } = batch;
    const heart = new Heart(payload);
    const place = `${topic}/${partition}`;
    try {
      for (let i = 0; i < messages.length; i += PORTION) {
        const portion = messages.slice(i, i + PORTION);
        this.lags.set(place, {
          events: Number(highWatermark) - Number(portion[0]!.offset),
          oldest: Number(portion[0]!.timestamp),
        });
        const taken = await this.taken(topic, portion, heart, () => isRunning() && !isStale());
        if (!taken) return;
        const last = portion.at(-1)!.offset;
        resolveOffset(last);
        committer.note(topic, partition, last);
        heart.check();
      }
      this.lags.delete(place);
    } catch (error) {
      // What was handled is noted while the group still knows us: the next reader then has less to drop.
      await committer.flush();
      throw error;
    } finally {
      heart.stop();
    }
  }

  /** Hands over until it is accepted; false when we should stop reading. Throws when the partition is lost. */
  private async taken(
    topic: string,
    portion: readonly KafkaMessage[],
    heart: Heart,
    mayGoOn: () => boolean,
  ): Promise<boolean> {
    for (let failures = 0; ; failures++) {
      while (this.isPaused && !this.closed && mayGoOn()) await this.released(heart);
      if (this.closed || !mayGoOn()) return false;
      try {
        await this.reading.take(topic, portion);
        return true;
      } catch {
        // The database cannot be reached: readiness says so by its own check, and all partitions have to wait for it.
        await heart.wait(Math.min(LONGEST_BACKOFF_MS, 50 * 2 ** failures));
      }
    }
  }

  private async released(heart: Heart): Promise<void> {
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    this.paused.add(release);
    await Promise.race([released, heart.stopped()]);
    this.paused.delete(release);
    heart.check();
  }

  private async leave(consumer: Consumer, committer: Committer, joining: Promise<unknown>): Promise<void> {
    const left = (async (): Promise<void> => {
      // A consumer that is told to go while it joins forgets that it was told, and stays.
      await joining.catch(() => undefined);
      // Offsets can be noted only while the group knows us.
      await Promise.allSettled(this.underWay);
      await committer.flush();
      await consumer.disconnect();
    })().catch(() => undefined);
    let timeout: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => (timeout = setTimeout(resolve, LEAVE_MS)));
    await Promise.race([left, enough]);
    clearTimeout(timeout);
    committer.close();
  }
}
