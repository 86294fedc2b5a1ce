/**
 * Our database was restored from an older copy, and readers know facts of cases that are not in it. Most are decided again
 * from what intake and the agencies send again; what operations said is known to nobody but them. So a person looks at each
 * such case: its timeline ends in facts that were told and are gone.
 */
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { CASES_TOPIC, FEEDBACK_TOPIC } from '@retorno/contracts';
import { causeOf, Messaging, type LostEvents, type UnitOfWork } from '@retorno/messaging';
import { Casework, loadsOf } from '../casework/casework';

/** How often those are looked for that nobody was told of, ms: whoever was to tell may have died, or the case be yet to come. */
const LOOK_MS = 60_000;
/** Cases at a time. */
const AT_ONCE = 500;

@Injectable()
export class LostFacts implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(LostFacts.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly messaging: Messaging,
    private readonly casework: Casework,
  ) {}

  onModuleInit(): void {
    void this.look();
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** In the transaction that goes on behind them: the next fact's place in the timeline is behind those that were lost. */
  async goOnBehind({ tx }: UnitOfWork, { topic, key, to }: LostEvents): Promise<void> {
    if (topic === CASES_TOPIC) {
      await tx.query(
        `update case_file set version = version + 1,
           body = jsonb_set(body::jsonb, '{facts}', to_jsonb(greatest((body::jsonb ->> 'facts')::int, $2::int)))::text
         where key = $1`,
        [key, to],
      );
    }
    void this.look();
  }

  /** The place of the last fact of a case that this database does not know any more; 0 when it has lost none. */
  async lastOf(unit: UnitOfWork, caseId: string): Promise<number> {
    if (!this.messaging.hasLost(caseId)) return 0;
    const [row]: { last: string | null }[] = await unit.tx.query(
      'select max(to_seq) as last from lost where topic = $1 and key = $2 and healed_at is null',
      [CASES_TOPIC, caseId],
    );
    unit.afterCommit(() => void this.look());
    return Number(row?.last ?? 0);
  }

  /** Whether something of a case was lost here at any time, told of or not. */
  async hasEverLost({ tx }: UnitOfWork, caseId: string): Promise<boolean> {
    const found: unknown[] = await tx.query('select from lost where key = $1 limit 1', [caseId]);
    return found.length > 0;
  }

  /** Tells of each case that is there, once the neighbours were met; in its own transaction. */
  look(): Promise<void> {
    this.looking ??= this.tell()
      .catch((error: unknown) => {
        this.logger.warn(`cases that have lost facts were not looked at: ${causeOf(error)}`);
      })
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async tell(): Promise<void> {
    for (;;) {
      const cases = await this.untold();
      for (const { key, events } of cases) {
        await this.messaging.command(loadsOf(key), async (unit) => {
          this.casework.decide(unit, key, { type: 'facts-lost', events });
          await this.messaging.heal(unit.tx, key);
        });
      }
      if (cases.length < AT_ONCE) return;
    }
  }

  private untold(): Promise<{ key: string; events: number }[]> {
    return this.messaging.command([], ({ tx }) =>
      tx.query(
        `select l.key, sum(l.to_seq - l.from_seq + 1)::int as events from lost l join case_file c using (key)
         where l.topic = any($1) and l.healed_at is null group by l.key order by l.key limit $2`,
        [[CASES_TOPIC, FEEDBACK_TOPIC], AT_ONCE],
      ),
    );
  }
}
