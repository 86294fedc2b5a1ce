/** Takes what was committed to the transport, in order, and forgets it once the transport has it. */
import { randomUUID } from 'node:crypto';
import type { Envelope } from '@retorno/contracts';
import type { DataSource } from 'typeorm';
import { acknowledge, sendAgain, unsent } from './outbox';
import { prepared } from './sql';
import { unwatched, type Telemetry } from './telemetry';
import type { Transport } from './transport';
import { Waker } from './waker';

export interface RelayOptions {
  batch?: number;
  /** How long a lease lasts without renewal, ms, by the database's clock. */
  leaseMs?: number;
  /** Longest pause between two looks at the outbox when nobody wakes it, ms. */
  idleMs?: number;
}

/**
 * One owner per service under a lease. The lease is taken only when there is something to send, so an idle service
 * writes nothing. A stale owner's late sends are harmless: the readers' cursors drop them.
 */
export class Relay {
  private readonly owner = randomUUID();
  private readonly waker = new Waker();
  private readonly batch: number;
  private readonly leaseMs: number;
  private readonly idleMs: number;
  private leasedUntil = 0;
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
  }

  start(): void {
    this.transport.onResendRequested(this.service, async (range) => {
      await sendAgain(this.dataSource.manager, range);
      this.wake();
    });
    this.running ??= this.run();
  }

  /** Called after each commit that wrote events. */
  wake(): void {
    this.waker.wake();
  }

  /** Finishes the batch under way and gives the lease back. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.waker.wake();
    await this.running;
    if (this.leasedUntil > 0) await this.releaseLease().catch(() => undefined);
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      try {
        const sent = await this.sendBatch();
        failures = 0;
        this.telemetry.worked('relay');
        if (sent === 0) await this.waker.wait(this.idleMs);
      } catch (error) {
        // What is not sent shows as the outbox's depth and age as well.
        if (this.stopping) break;
        this.telemetry.failed('relay', error);
        await this.waker.pause(Math.min(5_000, 50 * 2 ** failures++));
      }
    }
  }

  /** Sends the oldest batch; 0 when there is none or another instance holds the lease. */
  private async sendBatch(): Promise<number> {
    let rows = await unsent(this.dataSource.manager, this.batch);
    if (rows.length === 0) return 0;
    if (Date.now() > this.leasedUntil - this.leaseMs / 2) {
      const wasOurs = this.leasedUntil > Date.now();
      if (!(await this.takeLease())) return 0;
      // The former owner may have sent and forgotten these while we waited.
      if (!wasOurs) rows = await unsent(this.dataSource.manager, this.batch);
    }
    await this.transport.publish(
      rows.map((row) => ({ topic: row.topic, envelope: JSON.parse(row.envelope) as Envelope })),
    );
    await acknowledge(
      this.dataSource.manager,
      rows.map((row) => row.position),
    );
    this.sent += rows.length;
    this.telemetry.sent(rows.length);
    return rows.length;
  }

  private async takeLease(): Promise<boolean> {
    const asked = Date.now();
    const { count } = await this.dataSource.transaction((tx) =>
      prepared(
        tx,
        `insert into lease as l (name, owner, until) values ('relay', $1, now() + $2::int * interval '1 millisecond')
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
