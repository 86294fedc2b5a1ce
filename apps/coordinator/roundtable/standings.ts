/** What operations decided about agencies, as this process knows it; and what follows for cases that wait. */
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Messaging } from '@retorno/messaging';
import { caseStore } from '../casework/stores';
import type { AgencyStanding, Standings } from '../saga/standing';

/** How often other instances' decisions are looked for, and cases that may go out now, ms. */
const REFRESH_MS = 10_000;
/** How many cases are woken at once. */
const WAKE = 1000;

@Injectable()
export class StandingShelf implements OnModuleInit, OnModuleDestroy {
  private known: Standings = new Map();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly messaging: Messaging) {}

  /** The standings as of now; a changed one makes a new map. */
  current(): Standings {
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

  /** Takes in a decision that has been committed. */
  put(standing: AgencyStanding): void {
    const { facts } = this.known.get(standing.agency) ?? { facts: 0 };
    if (standing.facts > facts) this.known = new Map(this.known).set(standing.agency, standing);
  }

  /**
   * Reads what other instances decided, and wakes the oldest cases that no paused agency holds any more: also those that
   * whoever resumed it died before waking.
   */
  async refresh(): Promise<void> {
    await this.read();
    const paused = [...this.known.values()].filter((one) => one.paused).map(({ agency }) => agency);
    const rows: { key: string }[] = await this.messaging.dataSource.query(
      `select key from open_case
       where held_by <> '{}' and not held_by <@ $1::text[] and status = 'open' order by opened_at, key limit ${WAKE}`,
      [paused],
    );
    await this.wake(rows);
  }

  /** Wakes the cases that an agency is late with: reminders that were held back may be due now. */
  async wakeLate(agency: string): Promise<void> {
    for (let after = ''; ;) {
      const rows: { key: string }[] = await this.messaging.dataSource.query(
        `select key from open_case where agencies @> array[$1]::text[]
           and overdue_at <= $2 and key > $3 order by key limit ${WAKE}`,
        [agency, this.messaging.clock.now().toISOString(), after],
      );
      await this.wake(rows);
      if (rows.length < WAKE) return;
      after = rows.at(-1)!.key;
    }
  }

  private wake(rows: readonly { key: string }[]): Promise<void> {
    return this.messaging.wakeNow(
      caseStore,
      rows.map((row) => row.key),
    );
  }

  private async read(): Promise<void> {
    const rows: { body: string }[] = await this.messaging.dataSource.query(
      'select body from agency_standing',
    );
    for (const { body } of rows) this.put(JSON.parse(body) as AgencyStanding);
  }
}
