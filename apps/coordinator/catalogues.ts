/** What the agencies offer, as this process knows it, and which cases wait for something that is offered now. */
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { CataloguePublished } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import { isDeepStrictEqual } from 'node:util';
import { Lull } from './lull';
import type { Catalogues } from './offers';
import { caseStore } from './stores';

/** How often other instances' catalogues and waiting cases are looked for, ms. */
const REFRESH_MS = 10_000;
/**
 * Agencies that are started together publish within moments of each other. A case that is woken by the first of two that
 * serve one need is planned with that one alone, and no longer waits for the other: so cases are woken after the last, ms.
 */
const QUIET_MS = 2000;
/** How many waiting cases are woken at once. */
const WAKE = 1000;

@Injectable()
export class CatalogueShelf implements OnModuleInit, OnModuleDestroy {
  private known: Catalogues = new Map();
  /** Counts reads and puts: which came first. */
  private moment = 0;
  private lastPut = 0;
  /** When the read began that `known` is from. */
  private lastRead = 0;
  /** Key of the last case that was woken; the next refresh goes on behind it, and from the first after the last. */
  private woken = '';
  private timer: NodeJS.Timeout | undefined;
  private readonly published = new Lull(QUIET_MS, () => this.refreshSafely());

  constructor(private readonly messaging: Messaging) {}

  /** The catalogues as of now; a changed one makes a new map. */
  current(): Catalogues {
    return this.known;
  }

  async onModuleInit(): Promise<void> {
    await this.read();
    this.timer = setInterval(() => this.published.awaited || this.refreshSafely(), REFRESH_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.published.stop();
  }

  /** Wakes the cases that waited for what was published, once no other agency publishes any more. */
  wakeSoon(): void {
    this.published.heard();
  }

  private refreshSafely(): void {
    void this.refresh().catch(() => undefined);
  }

  /**
   * Takes a published catalogue in before its transaction commits: cases of the same batch are planned with it. When the
   * transaction fails, the next read takes it back.
   */
  put(catalogue: CataloguePublished): void {
    this.lastPut = ++this.moment;
    this.known = new Map(this.known).set(catalogue.agency, catalogue);
  }

  /** Reads what other instances took in, and wakes cases whose missing service is offered now. */
  async refresh(): Promise<void> {
    await this.read();
    const offered = new Set(
      [...this.known.values()].flatMap((c) =>
        c.services.flatMap((s) => [s.code, ...s.for, ...(s.equivalentTo ?? [])]),
      ),
    );
    if (offered.size === 0) return;
    const waiting: { key: string }[] = await this.messaging.dataSource.query(
      `select key from case_file
       where unoffered <> '{}' and unoffered && $1::text[] and status = 'open' and key > $2
       order by key limit ${WAKE}`,
      [[...offered], this.woken],
    );
    this.woken = waiting.length < WAKE ? '' : waiting.at(-1)!.key;
    await this.messaging.wakeNow(
      caseStore,
      waiting.map((row) => row.key),
    );
  }

  private async read(): Promise<void> {
    const began = ++this.moment;
    const rows: { body: string }[] = await this.messaging.dataSource.query('select body from catalogue');
    // One that began later has answered already, and knows more.
    if (began < this.lastRead) return;
    this.lastRead = began;
    const found = rows.map((row) => JSON.parse(row.body) as CataloguePublished);
    const isPutBefore = this.lastPut < began;
    const taken = found.filter((c) => isPutBefore || c.version > (this.known.get(c.agency)?.version ?? -1));
    const next = new Map([...(isPutBefore ? [] : this.known), ...taken.map((c) => [c.agency, c] as const)]);
    if (!isDeepStrictEqual(next, this.known)) this.known = next;
  }
}
