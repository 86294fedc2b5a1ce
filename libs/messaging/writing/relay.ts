/** Takes what was committed to the transport, in order, and forgets it once the transport has it. */
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { acknowledge, unsent, type OutboxBatch } from './outbox';
import { sendNextPage } from './send-again';
import { prepared } from '../sql';
import { unwatched, type Telemetry } from '../telemetry';
import type { Transport } from '../transport';
import { UnseenIds } from './unseen-ids';
import { Waker } from '../waker';

export interface RelayOptions {
  /** Events sent at once. */
  batch?: number;
  /** How long a lease lasts without renewal, ms, by the database's clock. */
  leaseMs?: number;
  /** Longest pause between two looks at the outbox when nobody wakes it, ms. */
  idleMs?: number;
  /** How long an acknowledged batch may stay in the outbox: many are removed at once, ms. */
  forgetMs?: number;
}

/** Pause until the next look at the outbox after one that found what other instances committed, ms; then it doubles. */
const LOOK_MS = 20;
/** Pause until the next page of what is to be sent again, and until one is looked for that another instance noted, ms. */
const AGAIN_MS = 50;
const AGAIN_LOOK_MS = 30_000;
/** However much there is to send, a page of it goes out after so many turns. */
const AGAIN_TURNS = 20;
/** How many batches' worth of events wait in memory; what comes beyond them is read from the outbox. */
const MOST_WAITING = 20;

/**
 * One owner per service under a lease. The lease is taken only when there is something to send, so an idle service
 * writes nothing. A stale owner's late sends are harmless: the readers' cursors drop them.
 *
 * What this instance commits while it owns the lease is handed over in memory; the outbox is read at the start, after
 * trouble, and now and then for what other instances committed. Which of the two ways a batch comes, and whether it comes
 * twice, does not matter: order and completeness rest on the outbox and the readers' cursors.
 */
export class Relay {
  private readonly owner = randomUUID();
  private readonly waker = new Waker();
  private readonly batch: number;
  private readonly leaseMs: number;
  private readonly idleMs: number;
  private readonly forgetMs: number;
  /** This and the moments below by the monotonic clock: a clock that is set must not make a lease endless. */
  private leasedUntil = 0;
  /** Another instance had the lease; until then it is not asked for again. */
  private refusedUntil = 0;
  /** Ids of what waits, is being sent, or was acknowledged and is still in the outbox. */
  private known = new Set<bigint>();
  /** To be sent, in the order of their ids. */
  private waiting: OutboxBatch[] = [];
  /** The outbox has batches that are not in `waiting`. */
  private behind = true;
  private readonly unseen = new UnseenIds();
  private lookAt = 0;
  private lookPause: number;
  /** Acknowledged by the transport, and still in the outbox. */
  private acknowledged: bigint[] = [];
  private forgetAt = Infinity;
  private againAt = 0;
  private turns = 0;
  private stopping = false;
  private running: Promise<void> | undefined;
  /** Events sent since start, for metrics. */
  sent = 0;

  constructor(
    private readonly service: string,
    private readonly dataSource: DataSource,
    private readonly transport: Transport,
    options: RelayOptions = {},
    private readonly telemetry: Telemetry = unwatched,
  ) {
    this.batch = options.batch ?? 500;
    this.leaseMs = options.leaseMs ?? 4_000;
    this.idleMs = options.idleMs ?? 2_000;
    this.forgetMs = options.forgetMs ?? 100;
    this.lookPause = this.idleMs;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Somebody has put events into the outbox by SQL, or noted what is to be sent again. */
  lookAgain(): void {
    this.behind = true;
    this.againAt = 0;
    this.waker.wake();
  }

  /** Called after each commit that wrote events. */
  handOver(batch: OutboxBatch): void {
    // A look at the outbox may have been quicker.
    if (this.known.has(batch.id)) return;
    const owned = this.leasedUntil > performance.now();
    // Once one is left to the outbox, those after it must not overtake it.
    if (owned && !this.behind && countOf(this.waiting) < this.batch * MOST_WAITING) {
      this.waiting.push(batch);
      this.known.add(batch.id);
      this.unseen.see(batch.id);
    } else this.behind = true;
    this.waker.wake();
  }

  /** Finishes the batch under way and gives the lease back. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.waker.wake();
    await this.running;
    await this.forget().catch(() => undefined);
    if (this.leasedUntil > 0) await this.releaseLease().catch(() => undefined);
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      try {
        const sent = await this.sendNext();
        failures = 0;
        this.telemetry.worked('relay');
        if (performance.now() >= this.forgetAt) await this.forget();
        const sentAgain = (!sent || ++this.turns % AGAIN_TURNS === 0) && (await this.sendAgain());
        if (!sent && !sentAgain) await this.waker.wait(this.pauseMs());
      } catch (error) {
        // What is not sent shows as the outbox's depth and age as well.
        this.startOver();
        if (this.stopping) break;
        this.telemetry.failed('relay', error);
        await this.waker.pause(Math.min(5_000, 50 * 2 ** failures++));
      }
    }
  }

  private pauseMs(): number {
    const next = this.refusedUntil > performance.now() ? this.refusedUntil : this.lookAt;
    return Math.max(1, Math.min(next, this.forgetAt, this.againAt) - performance.now());
  }

  /** Adds a page to the outbox when something is to be sent again; true when it did. */
  private async sendAgain(): Promise<boolean> {
    if (performance.now() < this.againAt) return false;
    const step = await sendNextPage(this.dataSource);
    this.againAt = performance.now() + (step === 'none' ? AGAIN_LOOK_MS : AGAIN_MS);
    if (step === 'sent') this.behind = true;
    return step === 'sent';
  }

  /** Sends the oldest batches; false when there are none or another instance holds the lease. */
  private async sendNext(): Promise<boolean> {
    const now = performance.now();
    const hasWork = this.behind || this.waiting.length > 0;
    if (now < this.refusedUntil || (!hasWork && now < this.lookAt)) return false;
    if (!hasWork && this.leasedUntil < now && !(await this.anyWaits())) return false;
    if (!(await this.ownsLease())) return false;
    // Drawn elsewhere, an id may be that of an earlier event of a stream that waits here.
    const isMissing = this.unseen.any() || (this.behind && this.waiting.length === 0);
    const ready = now >= this.lookAt || isMissing ? await this.look() : this.waiting.length;
    const batches = this.takeNext(ready);
    if (batches.length === 0) return false;
    await this.transport.publish(batches.flatMap((batch) => batch.records));
    this.acknowledged.push(...batches.map((batch) => batch.id));
    this.forgetAt = Math.min(this.forgetAt, performance.now() + this.forgetMs);
    const sent = countOf(batches);
    this.sent += sent;
    this.telemetry.sent(sent);
    return true;
  }

  /** Whole batches from the front, so many at most, until there are enough events. */
  private takeNext(ready: number): OutboxBatch[] {
    let taken = 0;
    let count = 0;
    while (taken < ready && count < this.batch) count += this.waiting[taken++]!.records.length;
    return this.waiting.splice(0, taken);
  }

  /**
   * Reads what waits in the outbox and is not known here. Answers how many of those that wait now may be sent: not those
   * that were handed over meanwhile, whose forerunners may have been committed after the question.
   */
  private async look(): Promise<number> {
    const asked = this.waiting.length;
    // Before the question: what is committed while it is answered is handed over.
    this.behind = false;
    const { batches, more } = await unsent(this.dataSource.manager, this.service, this.batch, [
      ...this.known,
    ]);
    // What was handed over meanwhile may be among what was found: sent with it, or else behind what follows it.
    const meanwhile = new Map(this.waiting.slice(asked).map((batch) => [batch.id, batch]));
    const found = batches.filter((batch) => meanwhile.delete(batch.id) || !this.known.has(batch.id));
    let ready = [...this.waiting.slice(0, asked), ...found].sort((a, b) => (a.id < b.id ? -1 : 1));
    this.waiting = [...ready, ...meanwhile.values()];
    if (more) {
      // What was handed over may have to wait for some that are still to be read.
      const last = batches.at(-1)!.id;
      ready = ready.filter((batch) => batch.id <= last);
      this.waiting = ready;
      this.behind = true;
    }
    this.known = new Set([...this.waiting.map((batch) => batch.id), ...this.acknowledged]);
    for (const { id } of ready) this.unseen.see(id);
    this.planLook(batches.length > 0);
    return ready.length;
  }

  private planLook(found: boolean): void {
    this.lookPause = Math.min(this.idleMs, found ? LOOK_MS : this.lookPause * 2);
    this.lookAt = performance.now() + this.lookPause;
  }

  /** For an idle service: whether it is worth a lease. */
  private async anyWaits(): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query('select from outbox limit 1');
    if (rows.length === 0) this.planLook(false);
    return rows.length > 0;
  }

  private async forget(): Promise<void> {
    const ids = this.acknowledged;
    if (ids.length === 0) return;
    await acknowledge(this.dataSource.manager, ids);
    for (const id of ids) this.known.delete(id);
    this.acknowledged = this.acknowledged.slice(ids.length);
    this.forgetAt = Infinity;
  }

  /** Nothing in memory counts any more: the outbox says what is to be sent. */
  private startOver(): void {
    this.waiting = [];
    this.known = new Set(this.acknowledged);
    this.behind = true;
  }

  /** Takes or renews the lease when need be. */
  private async ownsLease(): Promise<boolean> {
    if (performance.now() <= this.leasedUntil - this.leaseMs / 2) return true;
    const wasOurs = this.leasedUntil > performance.now();
    const isOurs = await this.takeLease();
    // A former owner may have sent what waits here; the next one will find it in the outbox.
    if (!wasOurs || !isOurs) this.startOver();
    if (!isOurs) this.refusedUntil = performance.now() + Math.min(this.idleMs, this.leaseMs / 2);
    return isOurs;
  }

  private async takeLease(): Promise<boolean> {
    const asked = performance.now();
    const { count } = await this.dataSource.transaction((tx) =>
      prepared(
        tx,
        // The look before the write: being refused writes nothing.
        `insert into lease as l (name, owner, until)
         select 'relay', $1, now() + $2::int * interval '1 millisecond'
         where not exists (select from lease where name = 'relay' and owner <> $1 and until >= now())
         on conflict (name) do update set owner = excluded.owner, until = excluded.until
         where l.owner = excluded.owner or l.until < now()`,
        [this.owner, this.leaseMs],
      ),
    );
    this.leasedUntil = count === 1 ? asked + this.leaseMs : 0;
    return count === 1;
  }

  private async releaseLease(): Promise<void> {
    this.leasedUntil = 0;
    await this.dataSource.query(`delete from lease where name = 'relay' and owner = $1`, [this.owner]);
  }
}

function countOf(batches: readonly OutboxBatch[]): number {
  return batches.reduce((sum, batch) => sum + batch.records.length, 0);
}
