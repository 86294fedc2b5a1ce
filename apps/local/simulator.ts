/** Plays agency staff, and returnees who are asked whether they got what was delivered, through the public interface. */
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { AnswerBody } from '@retorno/contracts';
import { Api, ApiError } from './api';
import { agencyClient, DEMONSTRATION } from './issuer/people';
import { chance, nextAnswer, type WorklistItem } from './staff';

const OPEN = ['received', 'accepted', 'in-progress', 'on-hold'];
/** How many answers are under way at once per agency. */
const AT_ONCE = 4;
/** Longest pause of staff who find nothing to answer; they look at an empty desk less and less often. */
const REST_MS = 2_000;

export interface SimulatorOptions {
  url: string;
  agencies: readonly string[];
  /** One of them whose staff answer nothing, and only let go of what is to be stopped. */
  silent?: string;
  /** The logins of the systems that it plays. */
  bearerOf: (client: string) => () => Promise<string>;
  /** Mean seconds until staff answer. */
  pace: number;
  returnees: boolean;
  /** Told of failures that are not the simulated people's. */
  onError: (what: string) => void;
}

/** Runs until stopped. */
export class Simulator {
  private readonly abort = new AbortController();
  private readonly api: Api;
  private readonly apiOf: (client: string) => Api;
  private running: Promise<unknown> | undefined;

  constructor(private readonly options: SimulatorOptions) {
    // Every agency's staff pause until it, or until the end.
    setMaxListeners(0, this.abort.signal);
    this.apiOf = (client) => new Api(options.url, options.bearerOf(client), this.abort.signal);
    this.api = this.apiOf(DEMONSTRATION);
  }

  start(): void {
    const players = this.options.agencies.map((agency) => {
      const api = this.apiOf(agencyClient(agency));
      return this.forever(() => this.playStaff(agency, api));
    });
    if (this.options.returnees) players.push(this.forever(() => this.playReturnees()));
    this.running = Promise.all(players);
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.running;
  }

  /** `round` says how many it had to do with. */
  private async forever(round: () => Promise<number>): Promise<void> {
    const busyMs = Math.max(50, Math.min(1_000, this.options.pace * 250));
    let everyMs = busyMs;
    while (!this.abort.signal.aborted) {
      try {
        everyMs = (await round()) > 0 ? busyMs : Math.min(REST_MS, everyMs * 2);
      } catch (error) {
        if (this.abort.signal.aborted) return;
        this.options.onError(error instanceof Error ? error.message : String(error));
      }
      await pause(everyMs, undefined, { signal: this.abort.signal }).catch(() => undefined);
    }
  }

  /** When each item was first seen in its status: staff need a moment that derives from the item, `pace` on average. */
  private readonly seen = new Map<string, number>();

  private async playStaff(agency: string, api: Api): Promise<number> {
    let open = 0;
    for (const status of OPEN) {
      const items: WorklistItem[] = [];
      for await (const item of api.all<WorklistItem>(`/agencies/${agency}/referrals?status=${status}`)) {
        if (!this.nextAnswer(agency, item)) continue;
        open += 1;
        if (this.isTime(item)) items.push(item);
      }
      await this.inParallel(items, (item) => this.answer(agency, api, item));
    }
    return open;
  }

  private nextAnswer(agency: string, item: WorklistItem): AnswerBody | undefined {
    if (agency !== this.options.silent) return nextAnswer(item);
    return item.cancellationRequested ? { status: 'cancelled' } : undefined;
  }

  private isTime(item: WorklistItem): boolean {
    const step = `${item.id} ${item.status} ${item.businessStatus ?? ''} ${item.cancellationRequested ? 'cancel' : ''}`;
    const now = Date.now();
    const first = this.seen.get(step) ?? now;
    this.seen.set(step, first);
    // Exponential around the mean, as independent people are.
    const needed = -Math.log(1 - chance(item.id, step)) * this.options.pace * 1000;
    if (now < first + needed) return false;
    this.seen.delete(step);
    return true;
  }

  private async answer(agency: string, api: Api, item: WorklistItem): Promise<void> {
    const answer = this.nextAnswer(agency, item);
    if (!answer) return;
    const key = `sim-${item.id}-${item.status}-${item.businessStatus ?? ''}-${answer.status}`;
    await api
      .post(
        `/agencies/${agency}/referrals/${item.id}/answers`,
        { ...answer, by: 'simulated staff' },
        { 'idempotency-key': key },
      )
      .catch(tolerateConflict);
  }

  /** Nine in ten confirm; a few dispute; some stay silent, so that their ten days run. */
  private async playReturnees(): Promise<number> {
    let asked = 0;
    for await (const entry of this.api.all<{ id: string }>('/cases?status=open')) {
      const file = await this.api.get<{ referrals: { id: string; confirmBy: string | null }[] }>(
        `/cases/${entry.id}`,
      );
      const waiting = file.referrals.filter((referral) => referral.confirmBy !== null);
      await this.inParallel(waiting, async ({ id }) => {
        const mood = chance(id, 'mood');
        if (mood < 0.03) return;
        asked += 1;
        const outcome =
          mood < 0.06 ? { outcome: 'disputed', reason: 'not received' } : { outcome: 'confirmed' };
        await this.api
          .post(`/cases/${entry.id}/referrals/${id}/confirmation`, {
            ...outcome,
            by: 'returnee',
            channel: 'telephone',
          })
          .catch(tolerateConflict);
      });
    }
    return asked;
  }

  private async inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    const queue = [...items];
    const workers = Array.from({ length: AT_ONCE }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    });
    await Promise.all(workers);
  }
}

/** Somebody else moved the referral meanwhile: the next round sees it. */
function tolerateConflict(error: unknown): void {
  if (error instanceof ApiError && [404, 409, 422].includes(error.status)) return;
  throw error;
}
