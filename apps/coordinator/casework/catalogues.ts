/** What the agencies offer, as this process knows it. */
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { CataloguePublished } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import { isDeepStrictEqual } from 'node:util';
import type { Catalogues } from '../saga/plan/offers';

/** How often other instances' catalogues are looked for, ms. */
const REFRESH_MS = 10_000;

@Injectable()
export class CatalogueShelf implements OnModuleInit, OnModuleDestroy {
  private known: Catalogues = new Map();
  /** Counts reads and puts: which came first. */
  private moment = 0;
  private lastPut = 0;
  /** When the read began that `known` is from. */
  private lastRead = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly messaging: Messaging) {}

  /** The catalogues as of now; a changed one makes a new map. */
  current(): Catalogues {
    return this.known;
  }

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => void this.refresh().catch(() => undefined), REFRESH_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /**
   * Takes a published catalogue in before its transaction commits: cases of the same batch are planned with it. When the
   * transaction fails, the next read takes it back.
   */
  put(catalogue: CataloguePublished): void {
    this.lastPut = ++this.moment;
    this.known = new Map(this.known).set(catalogue.agency, catalogue);
  }

  /** Reads what other instances took in. */
  async refresh(): Promise<void> {
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
