/**
 * What happened last, for whoever opens the console: what somebody did or what came of it, not each step of the machine.
 * Kept in memory and read back from the log of events at the start, so that it costs neither an index over all events nor
 * a row for each. Like the live view, each process tells of the cases that it decided itself.
 */
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CASES_TOPIC, type Envelope, type EscalationReason } from '@retorno/contracts';
import { causeOf, Messaging } from '@retorno/messaging';
import { LOGGER } from '@retorno/service';
import type { Logger } from 'pino';
import type { CaseFact, FactType } from '../saga/facts';
import { CatalogueShelf } from '../casework/catalogues';
import { changeOf, shownChange, type LiveEvent } from '../casework/live';
import { restrictedCodes } from '../saga/restricted';

/** So many are kept. */
export const MOST_HAPPENINGS = 100;
/** How far back is looked at the start: the shortest time first, since the log may hold months. */
const LOOK_BACK = ['1 minute', '1 hour', '1 day', '7 days'];
/** Of so many events of that time those that tell something are taken. */
const LOOKED_AT = 2_000;

const TELLING: readonly FactType[] = [
  'case-opened',
  'case-completed',
  'case-closing',
  'case-closed',
  'case-reopened',
  'case-merged',
  'escalation-raised',
  'escalation-resolved',
  'answer-refused',
];
/** What referrals go through by themselves. */
const BY_ITSELF: readonly string[] = ['planned', 'requested', 'received'];

/** True for what a person at the console is told of. */
export function isHappening(fact: CaseFact): boolean {
  if (TELLING.includes(fact.type)) return true;
  if (fact.type !== 'referral-changed') return false;
  const { referral, actor } = fact.data;
  return !actor.startsWith('rule:') && !BY_ITSELF.includes(referral.status);
}

@Injectable()
export class Happenings implements OnModuleInit {
  /** Oldest first. */
  private kept: LiveEvent[] = [];

  constructor(
    private readonly messaging: Messaging,
    private readonly catalogues: CatalogueShelf,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The start does not wait for it. */
  onModuleInit(): void {
    void this.remember().catch((error: unknown) => {
      this.logger.warn({ cause: causeOf(error) }, 'what happened before the start is not told');
    });
  }

  add(change: LiveEvent): void {
    this.kept.push(change);
    // Not at each: an arrival of a hundred is a thousand changes.
    if (this.kept.length > 2 * MOST_HAPPENINGS) this.kept = this.kept.slice(-MOST_HAPPENINGS);
  }

  /** The latest, newest first, as lists may show them. */
  latest(limit: number): LiveEvent[] {
    const restricted = restrictedCodes(this.catalogues.current());
    return this.kept
      .slice(-limit)
      .toReversed()
      .map((change) => shownChange(change, restricted));
  }

  private async remember(): Promise<void> {
    for (const time of LOOK_BACK) {
      const before = await this.told(time);
      if (before.length < MOST_HAPPENINGS && time !== LOOK_BACK.at(-1)) continue;
      this.kept = [...before, ...this.kept];
      return;
    }
  }

  /** What was told within this time up to now, oldest first. */
  private async told(time: string): Promise<LiveEvent[]> {
    const known = new Set(this.kept.map(keyOf));
    const rows: { number: string; key: string; body: string }[] = await this.messaging.dataSource.query(
      `select c.number, c.key, e.body
       from (select * from event where at > now() - $1::interval order by at desc, key_seq desc limit ${LOOKED_AT}) e
       join stream_head s using (stream) join case_file c on c.key = s.key
       where s.topic = $2 order by e.at, e.stream, e.key_seq`,
      [time, CASES_TOPIC],
    );
    const facts = rows.map(({ number, key, body }) => {
      const { type, data } = JSON.parse(body) as Envelope;
      const name = type.replace(/^retorno\./, '').replace(/\.v\d+$/, '');
      return { number, fact: { type: name, caseId: key, data } as unknown as CaseFact };
    });
    const reasons = await this.reasonsOf(facts.map(({ fact }) => fact));
    return facts
      .filter(({ fact }) => isHappening(fact))
      .map(({ fact, number }) => changeOf(fact, number, (id) => reasons.get(id)))
      .filter((change) => !known.has(keyOf(change)))
      .slice(-MOST_HAPPENINGS);
  }

  private async reasonsOf(facts: readonly CaseFact[]): Promise<Map<string, EscalationReason>> {
    const ids = facts.flatMap((fact) => (fact.type === 'escalation-resolved' ? [fact.data.id] : []));
    const rows: { id: string; reason: EscalationReason }[] = await this.messaging.dataSource.query(
      'select id, reason from escalation where id = any($1)',
      [ids],
    );
    return new Map(rows.map(({ id, reason }) => [id, reason]));
  }
}

/** The same for the same change. */
function keyOf({ caseId, type, at, referral, escalation }: LiveEvent): string {
  return [caseId, type, at, referral?.id, referral?.status, escalation?.id].join(' ');
}
