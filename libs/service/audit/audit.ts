/** Writes the audit of one service: gathered, in batches, and at once what must not happen unwritten. */
import { causeOf } from '@retorno/messaging';
import { v7 as uuidv7 } from 'uuid';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { beforeScrape, counter, gauge } from '../metrics';
import { problem } from '../problem';
import { chainAfter, chained, type ChainHead } from './audit-chain';
import { CHAIN_COLUMNS, COLUMNS, tableOf } from './audit-schema';
import type { AuditEntry } from './entry';
import { Repeats } from './repeats';

const OF_SERVICE = ['service'] as const;
const written = counter('audit_rows_total', 'Rows of the audit written', OF_SERVICE);
const lost = counter('audit_lost_total', 'Rows of the audit that were given up', OF_SERVICE);
const waiting = gauge('audit_waiting', 'Rows of the audit that are to be written', OF_SERVICE);

/** Longest time that a row waits for others, ms. */
const GATHER_MS = 200;
/** Pause after a failure, ms. */
const RETRY_MS = 2_000;
/** Rows of one statement. */
const AT_ONCE = 500;
/** Rows kept while the database takes none; what comes then is lost, and counted. */
const MOST_WAITING = 10_000;
/** How often old rows are removed, ms. */
const FORGET_MS = 24 * 3_600_000;

export interface AuditOptions {
  dataSource: DataSource;
  service: string;
  logger: Logger;
  /** Days. */
  retention: number;
}

export class Audit {
  readonly service: string;
  readonly dataSource: DataSource;
  private readonly repeats = new Repeats();
  private queue: AuditEntry[] = [];
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Infinity;
  private forgetting: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;
  private failure: string | undefined;
  /** Unknown before the first row, and after a failure: what was on its way may have been written. */
  private head: ChainHead | undefined;
  /** The insert under way: rows follow each other. */
  private inserting: Promise<void> = Promise.resolve();
  private readonly endScrape: () => void;

  constructor(private readonly options: AuditOptions) {
    const { service } = options;
    this.service = service;
    this.dataSource = options.dataSource;
    for (const metric of [written, lost]) metric.inc({ service }, 0);
    this.endScrape = beforeScrape(() => waiting.set({ service }, this.queue.length));
  }

  /** Why nothing can be written now; undefined while all is well. */
  get trouble(): string | undefined {
    return this.failure === undefined ? undefined : `cannot be written, ${this.queue.length} rows wait`;
  }

  /** Begins to remove what is too old. */
  start(): void {
    const forget = (): void => void this.forget().catch((error: unknown) => this.failed(error));
    forget();
    this.forgetting = setInterval(forget, FORGET_MS).unref();
  }

  /** Takes an entry in; it is written soon, equal ones together. Never throws. */
  note(entry: AuditEntry): void {
    this.enqueue(this.repeats.take(entry, Date.now()));
  }

  /** Resolves when the entry is written. Throws problem 503 when it cannot be: what it tells of must then not happen. */
  async commit(entry: AuditEntry): Promise<void> {
    try {
      await this.insert([entry]);
    } catch (error) {
      this.options.logger.error({ cause: causeOf(error) }, 'audit cannot be written');
      throw problem(
        503,
        'not-recorded',
        'This must be written down before it is done, and cannot be now; try again in a moment.',
      );
    }
  }

  /** Removes what is older than the retention. Gives how many rows that were. */
  async forget(): Promise<number> {
    const [row]: { removed: number }[] = await this.dataSource.query(
      'select audit.forget($1, $2) as removed',
      [this.service, this.options.retention],
    );
    return row!.removed;
  }

  /** Writes everything that was taken in, counted or not. */
  async drain(): Promise<void> {
    this.enqueue(this.repeats.all());
    await this.flushing;
    await this.flush();
  }

  /** Drains for the last time; what cannot be written now is lost, and counted. */
  async stop(): Promise<void> {
    clearInterval(this.forgetting);
    await this.drain();
    clearTimeout(this.timer);
    this.lose(this.queue.splice(0).length);
    this.endScrape();
    waiting.remove({ service: this.service });
  }

  private enqueue(entries: readonly AuditEntry[]): void {
    this.queue.push(...entries);
    if (this.queue.length > MOST_WAITING) this.lose(this.queue.splice(MOST_WAITING).length);
    this.arm();
  }

  /** Sets the timer for what comes first: rows that wait, or a count that ends. None while there is neither. */
  private arm(): void {
    const now = Date.now();
    const flushAt = this.queue.length === 0 ? Infinity : now + (this.failure ? RETRY_MS : GATHER_MS);
    const next = Math.min(flushAt, this.timer ? Infinity : (this.repeats.nextAt() ?? Infinity));
    if (next === Infinity || this.timerAt <= next || this.flushing) return;
    clearTimeout(this.timer);
    this.timerAt = next;
    this.timer = setTimeout(() => this.wake(), Math.max(0, next - now));
    this.timer.unref();
  }

  private wake(): void {
    this.timer = undefined;
    this.timerAt = Infinity;
    this.queue.push(...this.repeats.due(Date.now()));
    void this.flush().then(() => this.arm());
  }

  /** Writes until nothing waits, or it fails; one after the other, whoever asks. */
  private flush(): Promise<void> {
    this.flushing ??= this.writeAll().finally(() => (this.flushing = undefined));
    return this.flushing;
  }

  private async writeAll(): Promise<void> {
    try {
      while (this.queue.length > 0) {
        const batch = this.queue.slice(0, AT_ONCE);
        await this.insert(batch);
        this.queue.splice(0, batch.length);
      }
      if (this.failure !== undefined) this.options.logger.info('audit is written again');
      this.failure = undefined;
    } catch (error) {
      this.failed(error);
    }
  }

  /** After what is being inserted. */
  private insert(entries: readonly AuditEntry[]): Promise<void> {
    const inserted = this.inserting.then(() => this.insertNow(entries));
    this.inserting = inserted.catch(() => undefined);
    return inserted;
  }

  private async insertNow(entries: readonly AuditEntry[]): Promise<void> {
    const today = new Date().toISOString().slice(0, 10);
    const isKnown = this.head !== undefined;
    const head = this.head?.day === today ? this.head : await this.begin(today);
    this.head = undefined;
    const { rows, next } = chained(head, isKnown ? entries : await this.unwritten(entries));
    await this.dataSource.query(
      `insert into ${tableOf(this.service)} (${COLUMNS}, ${CHAIN_COLUMNS})
       select ${COLUMNS}, chain, place, decode(hash, 'hex'), decode(begins_after, 'hex')
       from json_to_recordset($1::json) as row (
         id uuid, at timestamptz, subject text, name text, roles text[], agency text, authority text,
         action text, about text[], status int, refused text, reason text, times int,
         chain uuid, place int, hash text, begins_after text)`,
      [JSON.stringify(rows)],
    );
    this.head = next;
    written.inc({ service: this.service }, rows.length);
  }

  /** A chain of our own, after the newest row that is there. */
  private async begin(day: string): Promise<ChainHead> {
    const [newest]: { hash: string }[] = await this.dataSource.query(
      `select encode(hash, 'hex') as hash from ${tableOf(this.service)} order by at desc, id desc limit 1`,
    );
    return chainAfter(newest?.hash, uuidv7(), day);
  }

  /** An entry that an answer of the database was lost for is there already: its id says so. */
  private async unwritten(entries: readonly AuditEntry[]): Promise<readonly AuditEntry[]> {
    const rows: { id: string }[] = await this.dataSource.query(
      `select id from ${tableOf(this.service)} where id = any($1)`,
      [entries.map(({ id }) => id)],
    );
    const known = new Set(rows.map(({ id }) => id));
    return entries.filter(({ id }) => !known.has(id));
  }

  private failed(error: unknown): void {
    if (this.failure === undefined)
      this.options.logger.error({ cause: causeOf(error) }, 'audit cannot be written');
    this.failure = causeOf(error);
  }

  private lose(count: number): void {
    if (count > 0) lost.inc({ service: this.service }, count);
  }
}
