/** Figures as they are asked for: counted by the database, published by the rules. */
import { Injectable } from '@nestjs/common';
import { Messaging } from '@retorno/messaging';
import { casesOf, followUpsOf, type Years } from './counting';
import { countedTables } from './counted-tables';
import type { Dimension } from './dimensions';
import { FOLLOW_UP_GROUPS, WAVE } from './follow-up-figures';
import { GROUPS, type Group } from './figures';
import { publish, type Published } from './published';

/** A table and the moment at which it was counted. */
export interface PublishedTable extends Published {
  readonly asOf: string;
}

/** How many times longer than its counting a table is kept: counting may take a twentieth of one connection's time. */
const KEPT_FACTOR = 20;
/** A table that takes longer to count is given as it was while it is counted anew. */
const SLOW_MS = 1_000;
/** Tables kept at most. */
const MOST_KEPT = 200;

interface Kept {
  readonly table: Promise<PublishedTable>;
  readonly until: number;
  readonly isSlow: boolean;
}

@Injectable()
export class StatisticsQueries {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly messaging: Messaging) {}

  /** Cases by two dimensions. A table that was counted a moment ago is given again. */
  table(rows: Dimension, columns: Dimension, years: Years): Promise<PublishedTable> {
    return this.keptOr(rows, columns, years, () =>
      this.published(casesOf(this.messaging.dataSource, years), rows, columns, GROUPS),
    );
  }

  /** Follow-ups by wave and a dimension. */
  followUps(columns: Dimension, years: Years): Promise<PublishedTable> {
    return this.keptOr(WAVE, columns, years, () =>
      this.published(followUpsOf(this.messaging.dataSource, years), WAVE, columns, FOLLOW_UP_GROUPS),
    );
  }

  private async published(
    count: Parameters<typeof countedTables>[0],
    rows: Dimension,
    columns: Dimension,
    groups: readonly Group[],
  ): Promise<PublishedTable> {
    const asOf = this.messaging.clock.now().toISOString();
    return { asOf, ...publish(await countedTables(count, rows, columns), groups) };
  }

  private keptOr(
    rows: Dimension,
    columns: Dimension,
    years: Years,
    count: () => Promise<PublishedTable>,
  ): Promise<PublishedTable> {
    const key = [rows.name, columns.name, years.from ?? '', years.to ?? ''].join(' ');
    const known = this.kept.get(key);
    if (known && known.until > performance.now()) return known.table;
    const anew = counted(count);
    const meanwhile: Kept = known?.isSlow
      ? { ...known, until: Infinity }
      : { table: anew.then(({ table }) => table), until: Infinity, isSlow: false };
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(key, meanwhile);
    anew.then(
      (entry) => this.kept.set(key, entry),
      () => this.kept.delete(key),
    );
    return meanwhile.table;
  }
}

async function counted(count: () => Promise<PublishedTable>): Promise<Kept> {
  const began = performance.now();
  const table = await count();
  const now = performance.now();
  return {
    table: Promise.resolve(table),
    until: now + (now - began) * KEPT_FACTOR,
    isSlow: now - began > SLOW_MS,
  };
}
