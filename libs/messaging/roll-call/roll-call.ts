/**
 * At each start, services tell each other how far they have read, and a writer puts right what differs: what a reader is
 * behind with is sent again, and what a reader is ahead with was lost here, with a database restored from an older copy.
 *
 * Without it a reader that was away for longer than the transport keeps events would miss those of streams that get no
 * further event; and a restored writer would number its next events like some that its readers have handled: they would be
 * taken for those, and dropped.
 *
 *     writer  how-far {topic, ranges?}            ->  reader
 *     reader  so-far {topic, ranges: hashes}      ->  writer: in which ranges do we differ?
 *     writer  how-far {topic, ranges: differing}  ->  reader
 *     reader  so-far {topic, ranges, positions}   ->  writer: sends again, or goes on behind what was lost
 *     reader  ask-me {}                           ->  writer: begins with the first line
 *     writer  gone {lost}                         ->  reader: what it asks for can never come, it may pass it over
 *     writer  forgot {lost}                       ->  reader: what it made of this nobody else knows of, it may do it anew
 *     reader  lost {lost}                         ->  writer: keeps on record what the reader found out (see `bornAt`)
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { goOnBehind, lostBehind, lostSinceHeard, lostWithin, notOnRecord } from './lost-places';
import {
  differing,
  lostEvents,
  positionsIn,
  rangesOf,
  noteMissing,
  topicsIn,
  type KeyRange,
  type LostEvents,
  type RangeHash,
} from '../reading/positions';
import type { RollCallDeps } from './roll-call-deps';
import { isSaid, type Said } from './said';
import { noteAsked } from '../writing/send-again';
import type { ResendRequest, Word } from '../transport';

/** Ranges in one message: about 10,000 positions, half of what a broker takes. */
const RANGES_AT_ONCE = 10;
/** Streams in one message. */
const LOST_AT_ONCE = 1_000;
const WAIT_MS = 10_000;
/** Nobody may hear the first word: a reader that starts at the same time. Pause before it is said again, ms. */
const AGAIN_MS = 1_000;
const YOUNG_MS = 5_000;

export class RollCall {
  /** `reader topic` that have not answered in full. */
  private readonly open = new Set<string>();
  /** Ranges that a `reader topic` has still to tell the positions of. */
  private readonly expected = new Map<string, number>();
  private changed: (() => void) | undefined;
  private readonly stopped = new AbortController();

  constructor(private readonly deps: RollCallDeps) {
    deps.transport.onTold(deps.service, (word) => this.hear(word));
  }

  /** Hears nothing more. */
  stop(): void {
    this.stopped.abort();
    this.deps.transport.onTold(this.deps.service, undefined);
  }

  /**
   * Asks every reader how far it is, and puts right what differs. Resolves when all have answered, or after ten seconds: a
   * reader that is down asks when it starts. Throws the signal's reason when it is aborted meanwhile.
   */
  async call(signal?: AbortSignal): Promise<void> {
    for (const topic of await this.ownTopics()) {
      for (const reader of this.deps.readersOf(topic)) this.open.add(`${reader} ${topic}`);
    }
    const { manager } = this.deps.dataSource;
    const [{ began }]: [{ began: string }] = await manager.query('select now()::text as began');
    const deadline = performance.now() + (this.deps.waitMs ?? WAIT_MS);
    while (this.open.size > 0 && performance.now() < deadline) {
      const asked = [...this.open].map((one) => one.split(' ') as [reader: string, topic: string]);
      for (const [reader, topic] of asked) {
        if ((await this.tried(reader, { kind: 'how-far', topic })) === 'unheard')
          this.answered(reader, topic);
      }
      await this.untilChanged(Math.min(AGAIN_MS, deadline - performance.now()), signal);
      signal?.throwIfAborted();
      if (this.open.size === 0) return;
      for (const { reader, topic } of await heardSince(manager, began)) this.answered(reader, topic);
    }
    this.open.clear();
  }

  /** Asks those whose streams this service reads to ask it how far it is; whom the transport does not reach now, later. */
  async askToBeAsked(): Promise<void> {
    const read = await topicsIn(this.deps.dataSource.manager, { readBy: this.deps.service });
    const topics = [...read, ...this.deps.subscribes];
    const writers = new Set(topics.map((topic) => this.deps.writerOf(topic)));
    await this.askAll([...writers].filter((writer) => writer !== undefined));
  }

  private async askAll(writers: readonly string[]): Promise<void> {
    const missed: string[] = [];
    for (const writer of writers) {
      if ((await this.tried(writer, { kind: 'ask-me' })) === 'failed') missed.push(writer);
    }
    if (missed.length === 0) return;
    const { signal } = this.stopped;
    void pause(AGAIN_MS, undefined, { signal }).then(
      () => this.askAll(missed),
      () => undefined,
    );
  }

  /** What makes no sense, or is not for the one who says it to say, is passed over: anybody who may ask us may say it. */
  private async hear({ from, body }: Word): Promise<void> {
    if (!isSaid(body)) return;
    const said = body;
    const { writerOf } = this.deps;
    switch (said.kind) {
      case 'ask-me':
        for (const topic of await this.ownTopics()) {
          if (this.deps.readersOf(topic).includes(from)) await this.tell(from, { kind: 'how-far', topic });
        }
        return;
      case 'how-far':
        if ((writerOf(said.topic) ?? from) !== from) return;
        return this.say(from, said.topic, said.ranges);
      case 'so-far':
        if (!this.deps.readersOf(said.topic).includes(from)) return;
        return 'hashes' in said ? this.compare(from, said.topic, said.hashes) : this.putRight(from, said);
      case 'lost':
        return this.keepOnRecord(from, said.lost);
      case 'gone':
      case 'forgot': {
        const theirs = said.lost.filter(({ topic, key }) => (writerOf(topic) ?? key) === from);
        return said.kind === 'gone' ? this.deps.onGone(theirs) : this.deps.onForgot(theirs);
      }
    }
  }

  /** As a reader: tells the writers what of theirs was handled here that they do not know of. */
  async tellLost(lost: readonly LostEvents[]): Promise<void> {
    const byWriter = new Map<string, LostEvents[]>();
    for (const one of lost) {
      const writer = this.deps.writerOf(one.topic) ?? one.key;
      byWriter.set(writer, [...(byWriter.get(writer) ?? []), one]);
    }
    for (const [writer, theirs] of byWriter) await this.tellOf('lost', writer, theirs);
  }

  /** As the writer: what a reader asks for is to be sent again; it is told first what of it can never come. */
  async sendAgain(request: ResendRequest): Promise<void> {
    const { manager } = this.deps.dataSource;
    const gone = await lostWithin(manager, request);
    if (gone.length > 0) {
      for (const reader of this.deps.readersOf(request.topic)) await this.tellOf('gone', reader, gone);
    }
    await noteAsked(manager, request);
    this.deps.onWritten();
  }

  private async tellOf(
    kind: 'lost' | 'gone' | 'forgot',
    to: string,
    lost: readonly LostEvents[],
  ): Promise<void> {
    for (let i = 0; i < lost.length; i += LOST_AT_ONCE) {
      await this.tell(to, { kind, lost: lost.slice(i, i + LOST_AT_ONCE) });
    }
  }

  private async keepOnRecord(reader: string, told: readonly LostEvents[]): Promise<void> {
    const { dataSource, readersOf } = this.deps;
    const ours = told.filter(({ topic }) => readersOf(topic).includes(reader));
    const lost = await dataSource.transaction(async (tx) => {
      const news = await notOnRecord(tx, ours);
      if (news.length > 0) {
        await goOnBehind(tx, news, reader);
        await this.deps.onLost(tx, news);
      }
      return news;
    });
    if (lost.length === 0) return;
    for (const topic of new Set(lost.map((one) => one.topic))) {
      const found = lost.filter((one) => one.topic === topic);
      this.deps.onDifferences({ reader, topic, sentAgain: 0, lost: found });
    }
    this.deps.onWritten();
  }

  /** As a reader. */
  private async say(to: string, topic: string, ranges: readonly KeyRange[] | undefined): Promise<void> {
    const { dataSource, service, writerOf } = this.deps;
    // Where the writer hangs on the key, the key is the writer's name.
    const written = writerOf(topic) === undefined ? { topic, key: to } : { topic };
    if (!ranges) {
      const hashes = await rangesOf(dataSource.manager, service, written);
      await this.tell(to, { kind: 'so-far', topic, hashes });
      return;
    }
    for (let i = 0; i < ranges.length; i += RANGES_AT_ONCE) {
      const some = ranges.slice(i, i + RANGES_AT_ONCE);
      const positions = await positionsIn(dataSource.manager, service, written, some);
      await this.tell(to, { kind: 'so-far', topic, ranges: some, positions });
    }
  }

  /** As the writer: asks on where hashes differ. */
  private async compare(reader: string, topic: string, hashes: readonly RangeHash[]): Promise<void> {
    const ranges = await differing(this.deps.dataSource.manager, topic, hashes);
    if (ranges.length === 0) return this.heardAll(reader, topic);
    // Who has nothing gets everything, a page at a time; it has nothing either that could be lost here.
    if (hashes.length === 1 && hashes[0]!.hash === '0') {
      const { manager } = this.deps.dataSource;
      await noteAsked(manager, { topic });
      await this.tellOf('gone', reader, await lostBehind(manager, topic, ranges, []));
      this.deps.onWritten();
      return this.heardAll(reader, topic);
    }
    this.expected.set(`${reader} ${topic}`, ranges.length);
    await this.tell(reader, { kind: 'how-far', topic, ranges });
  }

  private async putRight(
    reader: string,
    { topic, ranges, positions }: Extract<Said, { positions: unknown }>,
  ): Promise<void> {
    const { dataSource } = this.deps;
    const found = await dataSource.transaction(async (tx) => {
      const lost = await lostEvents(tx, topic, positions);
      if (lost.length > 0) {
        await goOnBehind(tx, lost, reader);
        await this.deps.onLost(tx, lost);
      }
      const sentAgain = await noteMissing(tx, topic, ranges, positions, this.deps.youngMs ?? YOUNG_MS);
      return { reader, topic, sentAgain, lost };
    });
    // At once: what is sent again comes behind it, and would be held for a minute.
    await this.tellOf('gone', reader, await lostBehind(dataSource.manager, topic, ranges, positions));
    if (found.sentAgain > 0 || found.lost.length > 0) {
      this.deps.onDifferences(found);
      this.deps.onWritten();
    }
    const left = (this.expected.get(`${reader} ${topic}`) ?? 0) - ranges.length;
    this.expected.set(`${reader} ${topic}`, left);
    if (left <= 0) await this.heardAll(reader, topic);
  }

  /** Also for the other instances of this service, which wait for the same reader. */
  private async heardAll(reader: string, topic: string): Promise<void> {
    await this.tellOf('forgot', reader, await lostSinceHeard(this.deps.dataSource.manager, reader, topic));
    await this.deps.dataSource.query(
      `insert into heard values ($1, $2, now()) on conflict (reader, topic) do update set at = excluded.at`,
      [reader, topic],
    );
    this.answered(reader, topic);
  }

  private answered(reader: string, topic: string): void {
    this.open.delete(`${reader} ${topic}`);
    this.changed?.();
  }

  /** Also those that a database restored from nothing knows nothing of. */
  private async ownTopics(): Promise<string[]> {
    const written = await topicsIn(this.deps.dataSource.manager, { written: true });
    const known = await this.deps.writes(this.deps.dataSource.manager);
    return [...new Set([...written, ...known])].sort();
  }

  /** At a start: a broker in trouble (its topics may have no leader yet) must keep no service from starting. */
  private async tried(to: string, body: Said): Promise<'heard' | 'unheard' | 'failed'> {
    try {
      return (await this.tell(to, body)) ? 'heard' : 'unheard';
    } catch (error) {
      this.deps.onFailed(error);
      return 'failed';
    }
  }

  private tell(to: string, body: Said): Promise<boolean> {
    return this.deps.transport.tell(to, { from: this.deps.service, body });
  }

  private async untilChanged(ms: number, signal?: AbortSignal): Promise<void> {
    if (this.open.size === 0 || signal?.aborted) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.changed = () => {
        if (this.open.size === 0) resolve();
      };
      timer = setTimeout(resolve, Math.max(0, ms));
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
    clearTimeout(timer);
    this.changed = undefined;
  }
}

/** The readers that an instance of this service has heard since then, by the database's clock. */
function heardSince(tx: EntityManager, began: string): Promise<{ reader: string; topic: string }[]> {
  return tx.query('select reader, topic from heard where at >= $1::timestamptz', [began]);
}
