/**
 * How fast agencies answer, and when they were last heard, as the coordinator sees it: the same for an agency on our
 * service and for a ministry's own system. Measured beside the cases, not with them: noted in memory once a decision is
 * committed, and written every few seconds. What a crash takes with it is a few samples.
 */
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Messaging } from '@retorno/messaging';

/** `receive`: its service has the referral; `accept`: accepted, rejected or asked about; `deliver`: completed. */
export const STEPS = ['receive', 'accept', 'deliver'] as const;
export type Step = (typeof STEPS)[number];

/** Seconds from the request, over the last answers of the last days. */
export interface Pace {
  readonly median: number;
  readonly p95: number;
  /** How many answers it is taken from, at most MOST. */
  readonly count: number;
}

/** When an agency was last heard: its service at all (a receipt, a catalogue), and an answer of its people or its system. */
export interface Heard {
  readonly heardAt: string | null;
  readonly answeredAt: string | null;
}

export interface AgencyFigures extends Heard {
  readonly pace: Readonly<Record<Step, Pace | null>>;
}

const WRITE_MS = 5_000;
const PRUNE_MS = 3_600_000;
const KEPT_MS = 7 * 86_400_000;
/** Newest answers of an agency and step that figures are taken from. */
const MOST = 500;
/** Samples between two writes: a flood is told as well by its first thousand. */
const MOST_NOTED = 1_000;

const NOTHING: AgencyFigures = {
  heardAt: null,
  answeredAt: null,
  pace: { receive: null, accept: null, deliver: null },
};

@Injectable()
export class AgencyPace implements OnModuleInit, OnModuleDestroy {
  private samples: { agency: string; step: Step; at: string; seconds: number }[] = [];
  private words = new Map<string, { heardAt: string; answeredAt: string | null }>();
  private timer: NodeJS.Timeout | undefined;
  private prunedAt = 0;

  constructor(private readonly messaging: Messaging) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.write().catch(() => undefined), WRITE_MS);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.write().catch(() => undefined);
  }

  /** An agency has done this so many seconds after it was asked. */
  note(agency: string, step: Step, at: string, seconds: number): void {
    if (this.samples.length < MOST_NOTED) this.samples.push({ agency, step, at, seconds });
  }

  /** An agency has said something; `answer`: more than that its service is there. */
  heard(agency: string, at: string, answer: boolean): void {
    const before = this.words.get(agency);
    this.words.set(agency, { heardAt: at, answeredAt: answer ? at : (before?.answeredAt ?? null) });
  }

  /** The figures of these agencies. */
  async of(agencies: readonly string[]): Promise<ReadonlyMap<string, AgencyFigures>> {
    await this.write();
    const since = new Date(this.messaging.clock.now().getTime() - KEPT_MS).toISOString();
    const [paces, words]: [
      { agency: string; step: Step; median: number; p95: number; count: number }[],
      { agency: string; heard_at: Date; answered_at: Date | null }[],
    ] = await Promise.all([
      this.messaging.dataSource.query(
        `select agency, step, percentile_cont(0.5) within group (order by seconds) as median,
           percentile_cont(0.95) within group (order by seconds) as p95, count(*)::int as count
         from unnest($1::text[]) as a(agency) cross join unnest($2::text[]) as s(step)
         cross join lateral (
           select seconds from agency_pace p
           where p.agency = a.agency and p.step = s.step and p.at > $3 order by p.at desc limit ${MOST}) as newest
         group by agency, step`,
        [agencies, STEPS, since],
      ),
      this.messaging.dataSource.query('select agency, heard_at, answered_at from agency_heard'),
    ]);
    const figures = new Map<string, AgencyFigures>(agencies.map((agency) => [agency, NOTHING]));
    for (const { agency, heard_at, answered_at } of words) {
      const known = figures.get(agency);
      const answeredAt = answered_at?.toISOString() ?? null;
      if (known) figures.set(agency, { ...known, heardAt: heard_at.toISOString(), answeredAt });
    }
    for (const { agency, step, ...pace } of paces) {
      const known = figures.get(agency)!;
      figures.set(agency, { ...known, pace: { ...known.pace, [step]: pace } });
    }
    return figures;
  }

  /** Writes what was noted since. */
  async write(): Promise<void> {
    const [samples, words] = [this.samples, [...this.words]];
    this.samples = [];
    this.words = new Map();
    const { dataSource } = this.messaging;
    if (samples.length > 0) {
      await dataSource.query(
        `insert into agency_pace (agency, step, at, seconds)
         select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::float8[])`,
        [
          samples.map((s) => s.agency),
          samples.map((s) => s.step),
          samples.map((s) => s.at),
          samples.map((s) => s.seconds),
        ],
      );
    }
    if (words.length > 0) {
      await dataSource.query(
        `insert into agency_heard as h (agency, heard_at, answered_at)
         select * from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as x(agency, at, answered) order by agency
         on conflict (agency) do update set heard_at = greatest(h.heard_at, excluded.heard_at),
           answered_at = greatest(h.answered_at, excluded.answered_at)`,
        [
          words.map(([agency]) => agency),
          words.map(([, { heardAt }]) => heardAt),
          words.map(([, { answeredAt }]) => answeredAt),
        ],
      );
    }
    await this.prune();
  }

  private async prune(): Promise<void> {
    const now = this.messaging.clock.now().getTime();
    if (now - this.prunedAt < PRUNE_MS) return;
    this.prunedAt = now;
    const before = new Date(now - KEPT_MS).toISOString();
    await this.messaging.dataSource.query('delete from agency_pace where at < $1', [before]);
  }
}
