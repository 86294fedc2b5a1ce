/** Keys in the database's schema `vault`, fetched for a whole batch at a time and remembered for a minute at most. */
import type { EntityManager } from 'typeorm';
import { query } from '../sql';
import { random } from './seal';
import { ERASED, type KeyVault, type SubjectKey } from './key-vault';
import type { KeyWrapper } from './key-wrapper';

const KEY_BYTES = 32;
/** An erasure anywhere takes effect here after so long, ms. */
const REMEMBER_MS = 60_000;
/** Keys remembered at once; the one that was fetched first goes first. */
const MOST = 20_000;

export class PostgresVault implements KeyVault {
  private readonly remembered = new Map<string, { key: SubjectKey; until: number }>();

  constructor(
    private readonly wrapper: KeyWrapper,
    private readonly rememberMs = REMEMBER_MS,
  ) {}

  async keys(
    tx: EntityManager,
    subjects: readonly string[],
    afterCommit?: (fn: () => void) => void,
  ): Promise<ReadonlyMap<string, SubjectKey>> {
    const keys = new Map<string, SubjectKey>();
    const missing: string[] = [];
    const now = performance.now();
    for (const subject of new Set(subjects)) {
      const known = this.remembered.get(subject);
      if (known && known.until > now) keys.set(subject, known.key);
      else missing.push(subject);
    }
    if (missing.length === 0) return keys;
    const fetched = await this.fetch(tx, missing);
    // A reader's subject has had its key since the event was sealed: what is proposed is wrapped for nothing there.
    const absent = afterCommit ? missing.filter((subject) => !fetched.has(subject)) : [];
    const made = absent.length > 0 ? await this.fetch(tx, absent, afterCommit) : fetched;
    for (const subject of missing) {
      const key = fetched.get(subject) ?? made.get(subject);
      // Not the same as erased: a vault that was lost or is older than the data can be brought back.
      if (!key) throw new Error('the vault has no key for a subject whose data is sealed');
      keys.set(subject, key);
    }
    return keys;
  }

  async erase(tx: EntityManager, subjects: readonly string[]): Promise<'erased' | 'held'> {
    const { rows } = await query<{ done: boolean }>(tx, 'select vault.erase($1) as done', [subjects]);
    for (const subject of subjects) this.remembered.delete(subject);
    return rows[0]!.done ? 'erased' : 'held';
  }

  async eraseAgain(tx: EntityManager, subjects: readonly string[]): Promise<number> {
    const { rows } = await query<{ count: number }>(tx, 'select vault.erase_again($1) as count', [subjects]);
    for (const subject of subjects) this.remembered.delete(subject);
    return rows[0]!.count;
  }

  async hold(tx: EntityManager, subject: string, held: boolean): Promise<boolean> {
    const { rows } = await query<{ done: boolean }>(tx, 'select vault.hold($1, $2) as done', [subject, held]);
    return rows[0]!.done;
  }

  private async fetch(
    tx: EntityManager,
    subjects: readonly string[],
    afterCommit?: (fn: () => void) => void,
  ): Promise<Map<string, SubjectKey>> {
    const proposed = new Map((afterCommit ? subjects : []).map((subject) => [subject, random(KEY_BYTES)]));
    const wrapped = await this.wrapper.wrap([...proposed].map(([subject, key]) => ({ subject, key })));
    const proposals = new Map([...proposed.keys()].map((subject, i) => [subject, wrapped[i]!]));
    const { rows } = await query<{ subject: string; wrapped: Buffer | null }>(
      tx,
      'select subject, wrapped from vault.keys($1, $2)',
      // Neither holds a line break: a text each, which needs no escaping.
      [subjects.join('\n'), afterCommit ? wrapped.map((one) => one.toString('base64')).join('\n') : null],
    );
    const keys = new Map<string, SubjectKey>();
    const stored: { subject: string; wrapped: Buffer }[] = [];
    for (const row of rows) {
      if (row.wrapped === null) {
        keys.set(row.subject, ERASED);
        this.remember(row.subject, ERASED);
      } else if (proposals.get(row.subject)?.equals(row.wrapped)) {
        const key = proposed.get(row.subject)!.toString('latin1');
        keys.set(row.subject, key);
        // Before the commit nobody may use it in another transaction: a rollback would lose it, and what it sealed.
        afterCommit!(() => this.remember(row.subject, key));
      } else stored.push({ subject: row.subject, wrapped: row.wrapped });
    }
    const opened = stored.length > 0 ? await this.wrapper.unwrap(stored) : [];
    for (const [i, { subject }] of stored.entries()) {
      const key = opened[i]!.toString('latin1');
      keys.set(subject, key);
      this.remember(subject, key);
    }
    return keys;
  }

  private remember(subject: string, key: SubjectKey): void {
    this.remembered.delete(subject);
    this.remembered.set(subject, { key, until: performance.now() + this.rememberMs });
    if (this.remembered.size > MOST) this.remembered.delete(this.remembered.keys().next().value!);
  }
}
