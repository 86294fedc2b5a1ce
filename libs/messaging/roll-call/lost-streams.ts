/** Streams of ours of which this database lacks a part that a reader has handled, until somebody has said what it was. */
import { sourceOf, type Envelope } from '@retorno/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import type { Clock } from '../clock';
import { STREAM_LOST, type Handler, type MessagingOptions } from '../reading/handlers';
import type { OutboxBatch } from '../writing/outbox';
import type { LostEvents } from '../reading/positions';
import { Unit } from '../reading/unit-of-work';

interface LostDeps {
  dataSource: DataSource;
  clock: Clock;
  options: Required<MessagingOptions>;
  handlers: ReadonlyMap<string, Handler>;
}

export class LostStreams {
  /** Keys of streams that are not healed. */
  private readonly keys = new Set<string>();

  constructor(private readonly deps: LostDeps) {}

  /** Reads what earlier starts have found. */
  async load(): Promise<void> {
    const rows: { key: string }[] = await this.deps.dataSource.query(
      'select distinct key from lost where healed_at is null',
    );
    for (const { key } of rows) this.keys.add(key);
  }

  has(key: string): boolean {
    return this.keys.has(key);
  }

  /** As the database says. */
  async isShortOf(tx: EntityManager, key: string): Promise<boolean> {
    const found: unknown[] = await tx.query('select from lost where key = $1 and healed_at is null limit 1', [
      key,
    ]);
    return found.length > 0;
  }

  /** Lets the service do what it can about them, in the transaction that goes on behind them. */
  async found(tx: EntityManager, lost: readonly LostEvents[]): Promise<OutboxBatch | undefined> {
    for (const { key } of lost) this.keys.add(key);
    const handler = this.deps.handlers.get(STREAM_LOST);
    if (!handler) return undefined;
    const unit = new Unit(this.deps.options, tx, this.deps.clock.now());
    for (const one of lost) {
      const event = lostEvent(this.deps.options.service, one, unit.now);
      await handler(event.data, unit.forEvent(one.topic, event));
    }
    await unit.flush();
    return unit.batch;
  }

  /** What was lost of this key is known again, or given up; once the transaction commits. */
  async heal(tx: EntityManager, key: string): Promise<void> {
    await tx.query('update lost set healed_at = now() where key = $1 and healed_at is null', [key]);
    this.keys.delete(key);
  }
}

/** What was lost, as the handler sees it. It is not published, so nothing that it causes names it. */
function lostEvent(service: string, lost: LostEvents, now: Date): Envelope<LostEvents> {
  return {
    specversion: '1.0',
    id: '',
    source: sourceOf(service),
    type: STREAM_LOST,
    time: now.toISOString(),
    dataschema: 'urn:retorno:schema:stream-lost:v1',
    datacontenttype: 'application/json',
    partitionkey: lost.key,
    keyseq: lost.to,
    data: lost,
  };
}
