/** Work while faults happen: manifests of made-up people, and staff and returnees whose answers derive from the referral's id. */
import { setTimeout as pause } from 'node:timers/promises';
import { chance, nextAnswer, type WorklistItem } from '../../apps/local/staff';
import type { Bearers } from '../support/bearers';
import { manifestCsv, manifestRows, type ManifestRow } from '../support/manifest';
import { chanceOf, type Chance } from '../support/random';
import type { Database } from './database';

const OPEN = ['received', 'accepted', 'in-progress', 'on-hold'];
/** Longest wait for an answer before a person tries again, ms. */
const PATIENCE_MS = 8_000;
/** Answers under way at once for each agency. */
const AT_ONCE = 3;
const ROUND_MS = 300;
/** People handed in at once, and how long until the next ones, ms. */
const PEOPLE = 4;
const PAUSE_MS = 1_500;

export interface LoadOptions {
  url: string;
  bearers: Bearers;
  agencies: readonly string[];
  database: Database;
  seed: number;
  /** At most so many people. */
  rows: number;
}

/** Every call is tried again until somebody answers, as people do: handing in a row or an answer twice changes nothing. */
export class Load {
  private readonly ending = new AbortController();
  private readonly chance: Chance;
  private readonly rows: ManifestRow[];
  private readonly asked = new Set<string>();
  private loops: Promise<unknown> | undefined;
  private isFeeding = false;
  private feedingEnds: (() => void) | undefined;
  /** Rows that were accepted. */
  given = 0;
  /** Calls that got no answer, or one of trouble (5xx). */
  unanswered = 0;

  constructor(private readonly options: LoadOptions) {
    this.chance = chanceOf(options.seed);
    this.rows = manifestRows({ rows: options.rows, seed: options.seed % 900 });
  }

  start(): void {
    const staff = this.options.agencies.map((agency) => this.forever(() => this.playStaff(agency), ROUND_MS));
    this.loops = Promise.all([
      ...staff,
      this.forever(() => this.playReturnees(), 1_500),
      this.forever(() => this.feed(), PAUSE_MS),
    ]);
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.loops;
  }

  /** People arrive from here on. */
  begin(): void {
    this.isFeeding = true;
  }

  /** Nobody arrives any more; resolves when the last manifest was accepted. */
  async pause(): Promise<void> {
    this.isFeeding = false;
    if (this.underWay) await new Promise<void>((resolve) => (this.feedingEnds = resolve));
  }

  /** Hands in everybody once more: the same row again is nothing new. */
  async everybodyAgain(): Promise<void> {
    await this.insist('POST', '/intake/manifests', manifestCsv(this.rows.slice(0, this.given)));
  }

  private underWay = false;

  private async feed(): Promise<void> {
    if (!this.isFeeding || this.given >= this.rows.length) return;
    this.underWay = true;
    try {
      const again = Array.from({ length: Math.min(2, this.given) }, () => this.changedRow());
      const next = this.rows.slice(this.given, this.given + PEOPLE);
      await this.insist('POST', '/intake/manifests', manifestCsv([...new Set([...again, ...next])]));
      this.given += next.length;
    } finally {
      this.underWay = false;
      this.feedingEnds?.();
    }
  }

  private changedRow(): ManifestRow {
    const row = this.rows[this.chance.below(this.given)]!;
    row.phone = `+5198${String(1_000_000 + this.chance.below(8_999_999))}`;
    return row;
  }

  private async playStaff(agency: string): Promise<void> {
    for (const status of OPEN) {
      let next: string | null = '';
      while (next !== null) {
        const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
        const page = await this.call<{ items: WorklistItem[]; next: string | null }>(
          'GET',
          `/agencies/${agency}/referrals?status=${status}&limit=100${cursor}`,
        );
        await this.inParallel(page.items, (item) => this.answer(agency, item));
        next = page.next;
      }
    }
  }

  private async answer(agency: string, item: WorklistItem): Promise<void> {
    const answer = nextAnswer(item);
    if (!answer) return;
    const key = `staff-${item.id}-${item.status}-${item.businessStatus ?? ''}-${answer.status}`;
    const path = `/agencies/${agency}/referrals/${item.id}/answers`;
    // Not insisted on: the list shows it again.
    await this.call('POST', path, { ...answer, by: 'staff' }, { 'idempotency-key': key });
  }

  /** Nine in ten confirm, a few dispute, a few stay silent. Who is to be asked is read past the interface; answers go through it. */
  private async playReturnees(): Promise<void> {
    const waiting = await this.options.database.query<{ key: string; id: string }>(
      `select key, r ->> 'id' as id from coordinator.case_file,
         json_array_elements(body::json -> 'state' -> 'referrals') as r
       where status <> 'completed' and r ->> 'businessStatus' = 'delivered-unconfirmed'`,
    );
    const fresh = waiting.filter(({ id }) => !this.asked.has(id) && chance(id, 'mood') >= 0.03);
    await this.inParallel(fresh, async ({ key, id }) => {
      const outcome =
        chance(id, 'mood') < 0.06
          ? { outcome: 'disputed', reason: 'not received' }
          : { outcome: 'confirmed' };
      const body = { ...outcome, by: 'returnee', channel: 'telephone' };
      await this.call('POST', `/cases/${key}/referrals/${id}/confirmation`, body);
      this.asked.add(id);
    });
  }

  private async inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    const queue = [...items];
    const workers = Array.from({ length: AT_ONCE }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    });
    await Promise.all(workers);
  }

  private async forever(round: () => Promise<void>, everyMs: number): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      // No answer is what faults look like from outside; the next round tries again.
      await round().catch(() => undefined);
      await pause(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async insist(method: string, path: string, body: string): Promise<void> {
    while (!this.ending.signal.aborted) {
      const done = await this.call(method, path, body).then(
        () => true,
        () => false,
      );
      if (done) return;
      await pause(300, undefined, { signal: this.ending.signal }).catch(() => undefined);
    }
  }

  /** Throws when there is no answer or one of trouble; a refusal (4xx) is an answer. */
  private async call<T>(
    method: string,
    path: string,
    body?: string | object,
    headers: Record<string, string> = {},
  ): Promise<T> {
    this.ending.signal.throwIfAborted();
    try {
      const type = typeof body === 'string' ? 'text/csv' : 'application/json';
      const response = await fetch(`${this.options.url}${path}`, {
        method,
        headers: {
          authorization: await this.options.bearers(method, path),
          ...(body === undefined ? {} : { 'content-type': type }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await response.text();
      // A process whose clock was moved takes no token for as long.
      if (response.status >= 500 || response.status === 401)
        throw new Error(`${response.status} from ${path}`);
      return JSON.parse(text === '' ? 'null' : text) as T;
    } catch (error) {
      this.unanswered += 1;
      throw error;
    }
  }
}
