/**
 * Equal requests within a time are counted: the first is written at once, the others as one row when the time is over. So
 * a page that follows a case, or somebody who is refused a thousand times a second, fills no disk. Pure: time comes in.
 */
import type { AuditEntry } from './entry';

/** How long equal refusals are counted together, ms. */
export const REFUSAL_MS = 60_000;
/** How long equal openings are, ms: a live page fetches itself again with each change of its case. */
export const OPENING_MS = 600_000;
/** Refusals of one login within that time that keep their ids; the others count as one whatever they were about. */
const MOST_DISTINCT = 60;
/** Kinds of requests remembered at once; beyond them all are written early. */
const MOST_KEPT = 20_000;

interface Repeated {
  /** The latest of them. */
  entry: AuditEntry;
  times: number;
  readonly until: number;
}

export class Repeats {
  private readonly kept = new Map<string, Repeated>();
  /** Refusals with ids in this window, by login. */
  private readonly distinct = new Map<string, number>();
  private distinctUntil = 0;

  get isEmpty(): boolean {
    return this.kept.size === 0;
  }

  /** What of an entry is written now; nothing of one that is counted. `now`: ms. */
  take(given: AuditEntry, now: number): AuditEntry[] {
    if (!given.refused && !given.action.startsWith('GET ')) return [given];
    const early = this.kept.size >= MOST_KEPT ? this.all() : [];
    const entry = given.refused ? this.withoutManyIds(given, now) : given;
    const key = keyOf(entry);
    const known = this.kept.get(key);
    if (known && known.until > now) {
      known.times += 1;
      known.entry = entry;
      return early;
    }
    this.kept.set(key, { entry, times: 0, until: now + (entry.refused ? REFUSAL_MS : OPENING_MS) });
    return [...early, ...(known ? rowsOf(known) : []), entry];
  }

  /** The rows of those whose time is over. */
  due(now: number): AuditEntry[] {
    const over = [...this.kept].filter(([, { until }]) => until <= now);
    for (const [key] of over) this.kept.delete(key);
    return over.flatMap(([, repeated]) => rowsOf(repeated));
  }

  /** All rows, whether their time is over or not: nothing is counted any more. */
  all(): AuditEntry[] {
    return this.due(Infinity);
  }

  /** When the next one is over, ms; undefined while nothing is counted. */
  nextAt(): number | undefined {
    let next: number | undefined;
    for (const { until } of this.kept.values()) if (next === undefined || until < next) next = until;
    return next;
  }

  /** Whoever tries ids one after the other would otherwise get a row for each. */
  private withoutManyIds(entry: AuditEntry, now: number): AuditEntry {
    if (entry.about.length === 0) return entry;
    if (now >= this.distinctUntil) {
      this.distinct.clear();
      this.distinctUntil = now + REFUSAL_MS;
    }
    if (this.kept.has(keyOf(entry))) return entry;
    const who = entry.subject ?? '';
    const count = (this.distinct.get(who) ?? 0) + 1;
    this.distinct.set(who, count);
    return count > MOST_DISTINCT ? { ...entry, about: [] } : entry;
  }
}

function rowsOf({ entry, times }: Repeated): AuditEntry[] {
  return times === 0 ? [] : [{ ...entry, times }];
}

function keyOf({ subject, name, agency, action, about, status, refused }: AuditEntry): string {
  return JSON.stringify([subject, name, agency, action, about, status, refused]);
}
