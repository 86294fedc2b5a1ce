/** What the agencies offer, as this process knows it, and which cases wait for something that is offered now. */
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { CataloguePublished } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import type { Catalogues } from './offers';
import { caseStore } from './stores';

/** How often other instances' catalogues and waiting cases are looked for, ms. */
const REFRESH_MS = 10_000;

@Injectable()
export class CatalogueShelf implements OnModuleInit, OnModuleDestroy {
  private known: Catalogues = new Map();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly messaging: Messaging) {}

  /** The catalogues as of now; a changed one makes a new map. */
  current(): Catalogues {
    return this.known;
  }

  async onModuleInit(): Promise<void> {
    await this.read();
    this.timer = setInterval(() => void this.refresh().catch(() => undefined), REFRESH_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Takes a published catalogue in: cases of the same batch are planned with it. */
  put(catalogue: CataloguePublished): void {
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
      `select key from case_file where unoffered <> '{}' and unoffered && $1::text[] and status = 'open' limit 1000`,
      [[...offered]],
    );
    await this.messaging.wakeNow(
      caseStore,
      waiting.map((row) => row.key),
    );
  }

  private async read(): Promise<void> {
    const rows: { body: string }[] = await this.messaging.dataSource.query('select body from catalogue');
    const found = rows.map((row) => JSON.parse(row.body) as CataloguePublished);
    const changed = found.filter((c) => this.known.get(c.agency)?.version !== c.version);
    if (changed.length === 0) return;
    this.known = new Map([...this.known, ...found.map((c) => [c.agency, c] as const)]);
  }
}
