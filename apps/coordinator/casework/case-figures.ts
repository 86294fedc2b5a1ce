/** Figures over all open cases. They are read beside the scrapes, never in one: a scrape shows what was read last. */
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Messaging } from '@retorno/messaging';
import { beforeScrape, gauge } from '@retorno/service';
import { LOST_CASES } from '../restoring/lost-cases.controller';

/** Shortest pause between two readings, ms. */
const PAUSE_MS = 5_000;
/** How many times longer than a reading the pause behind it is: reading may take a fiftieth of one connection's time. */
const PAUSE_FACTOR = 50;

const waiting = gauge('cases_waiting', 'Open cases to which an agency owes an answer', ['agency']);
const escalations = gauge('escalations_open', 'Escalations that nobody has resolved', ['reason', 'agency']);
const lost = gauge('cases_lost', 'Cases that were lost with our database and with that of intake', []);
const untaken = gauge('escalations_untaken', 'Those past their due time that nobody has claimed', ['reason']);

@Injectable()
export class CaseFigures implements OnModuleInit, OnModuleDestroy {
  private nextAt = 0;
  private reading = false;
  private end: (() => void) | undefined;

  constructor(private readonly messaging: Messaging) {}

  onModuleInit(): void {
    this.end = beforeScrape(() => void this.refresh());
  }

  onModuleDestroy(): void {
    this.end?.();
  }

  private async refresh(): Promise<void> {
    const began = performance.now();
    if (this.reading || began < this.nextAt) return;
    this.reading = true;
    try {
      await this.read();
    } catch {
      // The database cannot be reached, as `retorno_ready` says.
    } finally {
      this.reading = false;
      const ended = performance.now();
      this.nextAt = ended + Math.max(PAUSE_MS, (ended - began) * PAUSE_FACTOR);
    }
  }

  private async read(): Promise<void> {
    const { dataSource, clock } = this.messaging;
    const owed: { agency: string; count: number }[] = await dataSource.query(
      `select agency, count(*)::int as count from open_case, unnest(agencies) as agency group by agency`,
    );
    const open: { reason: string; agency: string; count: number; late: number }[] = await dataSource.query(
      `select reason, coalesce(detail::json ->> 'agency', '') as agency, count(*)::int as count,
         count(*) filter (where status = 'open' and due_at < $1)::int as late
       from escalation where status <> 'resolved' group by 1, 2`,
      [clock.now().toISOString()],
    );
    const [gone]: { count: number }[] = await dataSource.query(
      `select count(distinct l.key)::int as count ${LOST_CASES}`,
    );
    lost.set({}, gone!.count);
    waiting.reset();
    for (const { agency, count } of owed) waiting.set({ agency }, count);
    escalations.reset();
    untaken.reset();
    for (const { reason, agency, count, late } of open) {
      escalations.set({ reason, agency }, count);
      untaken.inc({ reason }, late);
    }
  }
}
