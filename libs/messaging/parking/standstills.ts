/** Where streams stand still, and what a person can do about it: have them tried again, or give up what holds them up. */
import type { DataSource } from 'typeorm';
import type { Care, RedriveResult } from '../care';
import type { Clock } from '../clock';
import type { Consumer } from '../reading/consumer';
import { gapOf, skipGap, type Gap } from './gaps';
import { standingEvents, type StandingEvents } from './standing-events';
import { claim, release, type Claimed, type Which } from './claims';
import type { Editing } from './editing';
import { skipHead, streamOf } from './parking';
import type { RedriveJobs } from './redrive-jobs';
import { standstills, type ParkedStream } from './standstill-list';
import type { Transport } from '../transport';

export interface StandstillDeps {
  dataSource: DataSource;
  clock: Clock;
  service: string;
  transport: Pick<Transport, 'requestResend'>;
  consumer: Consumer;
  care: Care;
  editing: Editing;
  jobs: RedriveJobs;
}

export class Standstills {
  /** Redrives of many streams. */
  readonly jobs: RedriveJobs;
  /** What a parked message says, as far as nothing personal is in it; `edit` changes it. */
  readonly message: Editing['message'];

  constructor(private readonly deps: StandstillDeps) {
    this.jobs = deps.jobs;
    this.message = (id) => deps.editing.message(id);
  }

  /** After an id, at most `limit`. */
  list(after: string, limit: number): Promise<ParkedStream[]> {
    return standstills(this.deps.dataSource.manager, this.deps.service, after, limit);
  }

  /** What stands still under an id, in its order behind a place (-1: from the first). Undefined without one. */
  async events(id: string, limit: number, after = -1): Promise<StandingEvents | undefined> {
    const { dataSource, service } = this.deps;
    const { manager } = dataSource;
    const stream = (await streamOf(manager, id)) ?? (await gapOf(manager, service, id));
    return stream && standingEvents(manager, service, stream, limit, after);
  }

  /** A parked stream is handled again from its head; what is missing in a gap is asked for again. Undefined without one. */
  async redrive(id: string): Promise<RedriveResult | undefined> {
    const { dataSource, service, care } = this.deps;
    const stream = await streamOf(dataSource.manager, id);
    if (stream) return care.redrive(stream);
    const gap = await gapOf(dataSource.manager, service, id);
    return gap && this.fill(id, gap);
  }

  /** Gives up the head of a parked stream, or what is missing in a gap. False when there is none with this id. */
  async skip(id: string, reason: string, by: string): Promise<boolean> {
    const { dataSource, service, clock, care } = this.deps;
    const now = clock.now();
    const parked = await streamOf(dataSource.manager, id);
    const isDone = parked
      ? await dataSource.transaction((tx) => skipHead(tx, service, id, reason, by, now))
      : false;
    const stream = parked ?? (await skipGap(dataSource, service, id, { reason, by, now }));
    if (!stream || (parked && !isDone)) return false;
    // The skip stands, whatever becomes of the events behind it: care takes the stream up again within seconds.
    await care.redrive(stream).catch(() => undefined);
    return true;
  }

  /** Takes parked messages to look into them, with a note; with `takeOver` also somebody else's. */
  claim(
    which: Which,
    by: string,
    { note, takeOver }: { note: string | null; takeOver: boolean },
  ): Promise<Claimed> {
    const { dataSource, service, clock } = this.deps;
    return claim(dataSource.manager, service, which, { by, note, takeOver, now: clock.now() });
  }

  /** Lets go what `by` has taken. */
  release(which: Which, by: string): Promise<Claimed> {
    return release(this.deps.dataSource.manager, this.deps.service, which, by);
  }

  /** See `Editing.edit`. What came meanwhile, or after a gap, is taken up behind it. */
  async edit(...asked: Parameters<Editing['edit']>): ReturnType<Editing['edit']> {
    const stream = await streamOf(this.deps.dataSource.manager, asked[0]);
    const edited = await this.deps.editing.edit(...asked);
    if (stream && edited?.done) await this.deps.care.redrive(stream).catch(() => undefined);
    return edited;
  }

  private async fill(id: string, gap: Gap): Promise<RedriveResult> {
    const { dataSource, service, transport, consumer } = this.deps;
    await transport.requestResend(gap);
    await consumer.takeHeld(gap);
    const left = await gapOf(dataSource.manager, service, id);
    if (!left) return { handled: gap.waiting, failed: null };
    return {
      handled: gap.waiting - left.waiting,
      failed: `events ${left.from} to ${left.to} were asked for again`,
    };
  }
}
