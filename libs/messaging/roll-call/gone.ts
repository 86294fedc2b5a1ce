/** What writers of streams read here have said can never come: passed over as soon as what is before it was handled. */
import type { DataSource } from 'typeorm';
import type { Consumer } from '../reading/consumer';
import { passOver } from '../reading/cursors';
import { streamId } from '../writing/outbox';
import type { LostEvents } from '../reading/positions';

/** Kept in memory; beyond that, and after a crash, a gap is asked for after a minute, and they are told again. */
const MOST = 50_000;

export class Gone {
  private readonly ahead = new Map<string, LostEvents>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly service: string,
    private readonly consumer: Pick<Consumer, 'takeHeld'>,
  ) {}

  /** Passes over what is next, and keeps the rest for later. */
  async told(gone: readonly LostEvents[]): Promise<void> {
    for (const one of gone) {
      if (this.ahead.size < MOST) this.ahead.set(`${streamId(one.topic, one.key)}\n${one.from}`, one);
    }
    await this.goOn();
  }

  /** Looks whether something of it is next by now. */
  async goOn(): Promise<void> {
    const waiting = [...this.ahead];
    if (waiting.length === 0) return;
    const gone = waiting.map(([, one]) => one);
    await passOver(this.dataSource.manager, this.service, gone);
    const still = await this.notPassed(gone);
    for (const [place, one] of waiting) {
      if (still.has(place)) continue;
      this.ahead.delete(place);
      await this.consumer.takeHeld(one);
    }
  }

  private async notPassed(gone: readonly LostEvents[]): Promise<ReadonlySet<string>> {
    const rows: { topic: string; key: string; first: string }[] = await this.dataSource.query(
      `select g.topic, g.key, g.first from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[])
         as g(topic, key, first, last)
       left join stream_cursor c on c.consumer = $1 and c.topic = g.topic and c.key = g.key
       where coalesce(c.last_seq, 0) < g.last`,
      [
        this.service,
        gone.map((g) => g.topic),
        gone.map((g) => g.key),
        gone.map((g) => g.from),
        gone.map((g) => g.to),
      ],
    );
    return new Set(rows.map((row) => `${streamId(row.topic, row.key)}\n${row.first}`));
  }
}
