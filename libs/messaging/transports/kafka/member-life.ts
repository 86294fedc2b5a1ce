/**
 * One life of a kafkajs consumer: it joins its group, hands over what it fetches, and ends when it is told to, when
 * kafkajs has given up or stands still, or when a topic that it should read has appeared.
 */
import type { Admin, Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { Lag } from '../../transport';
import { Waker } from '../../waker';
import { amongReaders } from './assigner';
import { RETRY, type OwnClient } from './client';
import { Committer } from './committer';
import type { Gate } from './gate';
import { Heart, HEARTBEAT_MS } from './heart';
import { Lags } from './lags';
import { within } from './limits';
import { isPattern, lookUp, whatIsMissing, type Found } from './topics';

/** What a member reads and where it goes. */
export interface Reading {
  groupId: string;
  /** Topics or patterns. */
  topics: readonly string[];
  /** That of them which is read while the others are paused. */
  neverPaused: string;
  /** How often topics are looked for that are not there yet, ms. */
  discoverMs: number;
  /** Takes messages of one partition in order. Resolves when they are handled for good; rejects to have them again. */
  take(topic: string, messages: readonly KafkaMessage[]): Promise<void>;
}

/** Messages handed over at once; between two portions the group hears from us and offsets are noted. */
const PORTION = 500;
/** A member that is not heard of for so long loses its partitions to the others, ms. */
const SESSION_MS = 10_000;
/** Longest time that a new sharing waits for a member in the middle of a delivery, ms. */
const REBALANCE_MS = 30_000;
/** A broker's longest wait for something to send; also about the longest time that leaving takes, ms. */
const FETCH_WAIT_MS = 500;
/** Without any sign of life for so long the member is not ready, ms. */
const SILENT_MS = 5_000;
/** Without any for so long it is built anew, ms; a new sharing is silent, too. */
const DEAD_MS = REBALANCE_MS + 10_000;
/** How often signs of life are looked for, ms. */
const WATCH_MS = 2_000;
/** The wall clock may stray so much from the monotonic one between two looks, ms. */
const STRAY_MS = 2_000;
const LONGEST_BACKOFF_MS = 5_000;
/** Longest wait for the broker when leaving, ms. */
const LEAVE_MS = 4_000;

export class MemberLife {
  private readonly consumer: Consumer;
  private readonly admin: Admin;
  private readonly committer: Committer;
  private readonly lags = new Lags();
  private readonly waker = new Waker();
  private readonly underWay = new Set<Promise<void>>();
  private found: Found = { topics: [], missing: [] };
  private assignment: Readonly<Record<string, readonly number[]>> = {};
  /** By the monotonic clock: a clock that is set must not make a live member look dead. */
  private lastSign = performance.now();
  /** Joined and not stopped: only then can partitions be paused and resumed, kafkajs throws otherwise. */
  private isReading = false;
  private over: string | undefined;

  constructor(
    private readonly client: OwnClient,
    private readonly reading: Reading,
    private readonly gate: Gate,
  ) {
    this.admin = client.kafka.admin();
    this.consumer = client.kafka.consumer({
      groupId: reading.groupId,
      partitionAssigners: [amongReaders],
      sessionTimeout: SESSION_MS,
      rebalanceTimeout: REBALANCE_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      retry: RETRY,
    });
    this.committer = new Committer(this.consumer);
    this.watch();
  }

  /** Resolves with why it ended, once it has left; never rejects. */
  async run(): Promise<string> {
    const forget = this.gate.onOpened(() => {
      if (this.isReading) this.consumer.resume(this.pausable());
      this.waker.wake();
    });
    const joining = this.join().catch((error: unknown) => this.end(causeOf(error)));
    await this.untilOver();
    forget();
    await this.leave(joining);
    return this.over ?? 'closed';
  }

  health(): { ok: boolean; detail: string } {
    if (this.over !== undefined) return { ok: false, detail: this.over };
    if (this.found.missing.length > 0) return { ok: false, detail: whatIsMissing(this.found.missing) };
    if (!this.isReading) return { ok: false, detail: 'joining its group' };
    const silent = performance.now() - this.lastSign > SILENT_MS;
    return silent
      ? { ok: false, detail: 'no sign of life from the broker' }
      : { ok: true, detail: 'reading' };
  }

  lag(): Lag {
    return this.lags.sum();
  }

  private async join(): Promise<void> {
    const { consumer } = this;
    await this.admin.connect();
    this.found = await lookUp(this.admin, this.reading.topics);
    const topics = [...this.found.topics];
    if (topics.length === 0 || this.isOver) return;
    await consumer.connect();
    // From the beginning: an offset that is out of range must lead back, never past events that nobody has read.
    await consumer.subscribe({ topics, fromBeginning: true });
    if (this.isOver) return;
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // All partitions of one fetch at once: the receiving end joins them into one transaction.
      partitionsConsumedConcurrently: 16 * topics.length,
      eachBatch: (payload) => {
        const batch = this.batch(payload).finally(() => this.underWay.delete(batch));
        this.underWay.add(batch);
        return batch;
      },
    });
  }

  private watch(): void {
    const { consumer } = this;
    const { events } = consumer;
    const sign = (): void => {
      this.lastSign = performance.now();
    };
    consumer.on(events.FETCH, sign);
    consumer.on(events.HEARTBEAT, sign);
    consumer.on(events.END_BATCH_PROCESS, sign);
    consumer.on(events.GROUP_JOIN, ({ payload }) => {
      sign();
      this.assignment = payload.memberAssignment;
      this.committer.keepOnly(payload.memberAssignment);
      this.lags.clear();
      this.isReading = true;
      // Not fetched at all: one that waits for its turn would keep the next fetch from those that are never paused.
      if (this.gate.isPaused) consumer.pause(this.pausable());
    });
    // Told in the same breath in which kafkajs forgets its group: after a crash it does so before it tells of that.
    consumer.on(events.STOP, () => {
      this.isReading = false;
    });
    consumer.on(events.CRASH, ({ payload }) => this.end(payload.error.message));
  }

  private pausable(): { topic: string }[] {
    return this.found.topics
      .filter((topic) => topic !== this.reading.neverPaused)
      .map((topic) => ({ topic }));
  }

  private async untilOver(): Promise<void> {
    const straying = strayFinder();
    let looked = performance.now();
    while (!this.isOver) {
      await this.waker.wait(WATCH_MS);
      if (this.isOver) return;
      // kafkajs sends no heartbeat, and notices no silence, until a clock that was set back has caught up.
      if (straying() > STRAY_MS) this.end('the clock of this machine was set');
      if (performance.now() - this.lastSign > DEAD_MS) this.end('no sign of life from the broker');
      // What cannot be asked shows by the signs of life.
      await this.ask(this.lags.measure(this.admin, this.reading.groupId, this.assignment));
      if (!this.mayAppear() || performance.now() - looked < this.reading.discoverMs) continue;
      looked = performance.now();
      await this.ask(this.discover());
    }
  }

  private mayAppear(): boolean {
    return this.found.missing.length > 0 || this.reading.topics.some(isPattern);
  }

  private async discover(): Promise<void> {
    const now = await lookUp(this.admin, this.reading.topics);
    if (now.topics.join() !== this.found.topics.join()) this.end('the topics have changed');
    // Nothing to read is no reason to begin anew.
    if (this.found.topics.length === 0) this.lastSign = performance.now();
  }

  private async ask(question: Promise<void>): Promise<void> {
    await within(WATCH_MS, 'the broker', question).catch(() => undefined);
  }

  /** The messages of one partition, a portion at a time. */
  private async batch({ batch, heartbeat, isRunning, resolveOffset }: EachBatchPayload): Promise<void> {
    const { topic, partition, messages, highWatermark } = batch;
    const heart = new Heart({ heartbeat });
    const forget = this.gate.onOpened(() => heart.wake());
    let isHandled = false;
    try {
      for (let i = 0; i < messages.length; i += PORTION) {
        const portion = messages.slice(i, i + PORTION);
        const { offset, timestamp } = portion[0]!;
        this.lags.begin({ topic, partition, offset, timestamp, highWatermark });
        if (!(await this.taken(topic, portion, heart, isRunning))) return;
        const last = portion.at(-1)!.offset;
        resolveOffset(last);
        this.committer.note(topic, partition, last);
        heart.check();
      }
      isHandled = true;
    } catch (error) {
      // What was handled is noted while the group still knows us: the next reader then has less to drop.
      void this.committer.flush();
      throw error;
    } finally {
      this.lags.end(topic, partition, isHandled);
      forget();
      heart.stop();
    }
  }

  /** Hands over until it is accepted; false when we should stop reading. Throws when the partition is lost. */
  private async taken(
    topic: string,
    portion: readonly KafkaMessage[],
    heart: Heart,
    isRunning: () => boolean,
  ): Promise<boolean> {
    for (let failures = 0; ; failures++) {
      const isPaused = (): boolean => this.gate.isPaused && topic !== this.reading.neverPaused;
      while (isPaused() && !this.isOver && isRunning()) await heart.wait();
      if (this.isOver || !isRunning()) return false;
      try {
        await this.reading.take(topic, portion);
        return true;
      } catch {
        // The database cannot be reached: readiness says so by its own check, and all partitions have to wait for it.
        await heart.wait(Math.min(LONGEST_BACKOFF_MS, 50 * 2 ** failures));
      }
    }
  }

  private get isOver(): boolean {
    return this.over !== undefined || this.gate.isClosed;
  }

  private end(why: string): void {
    this.over ??= why;
    this.waker.wake();
  }

  private async leave(joining: Promise<void>): Promise<void> {
    const leaving = async (): Promise<void> => {
      // A consumer that is told to go while it joins forgets that it was told, and stays.
      await joining;
      await this.committer.flush();
      await this.consumer.disconnect();
      await this.admin.disconnect();
    };
    // What was handed over is handled to its end, and its offsets can be noted only while the group knows us.
    await Promise.allSettled(this.underWay);
    await within(LEAVE_MS, 'leaving', leaving()).catch(() => undefined);
    this.committer.close();
    this.client.cut();
  }
}

/** How far the wall clock has strayed from the monotonic one since the last call, ms. */
function strayFinder(): () => number {
  const offset = (): number => Date.now() - performance.now();
  let before = offset();
  return () => {
    const stray = Math.abs(offset() - before);
    before = offset();
    return stray;
  };
}

function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}
