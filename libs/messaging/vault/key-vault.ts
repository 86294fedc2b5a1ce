/** The port to the keys under which personal data is sealed: one key per subject, and what destroying it leaves. */
import { createHmac } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { openBytes, sealBytes } from './seal';

/** The key of a subject was destroyed: what was sealed under it is gone everywhere, and nothing more is kept of it. */
export const ERASED = Symbol('erased');
/** 32 bytes, a Latin-1 character each: thousands are remembered, and texts cost the garbage collector least. */
export type SubjectKey = string | typeof ERASED;

/**
 * Where the keys live. A subject is `<space>/<key>`: `case/<case id>`, `<agency>/<case reference>`; a service gets the keys
 * of its own spaces only.
 */
export interface KeyVault {
  /**
   * The keys of these subjects. With `afterCommit` those that have none get one, in this transaction and in a second round
   * trip; without, a subject that has none is an error.
   */
  keys(
    tx: EntityManager,
    subjects: readonly string[],
    afterCommit?: (fn: () => void) => void,
  ): Promise<ReadonlyMap<string, SubjectKey>>;
  /** Destroys keys for good, in this transaction; `held`: nothing was destroyed, for one of them is under legal hold. */
  erase(tx: EntityManager, subjects: readonly string[]): Promise<'erased' | 'held'>;
  /**
   * Destroys again the keys of subjects that were erased, which a vault restored from an older copy has brought back; in
   * this transaction. Gives how many subjects that copy did not know to be erased.
   */
  eraseAgain(tx: EntityManager, subjects: readonly string[]): Promise<number>;
  /** Puts a subject under legal hold, or ends it. False when its key is destroyed already, or was never made. */
  hold(tx: EntityManager, subject: string, held: boolean): Promise<boolean>;
}

/** For a service that seals nothing. */
export const noVault: KeyVault = {
  keys: () => Promise.reject(new Error('personal data cannot be sealed: this service was given no vault')),
  erase: () => Promise.reject(new Error('this service was given no vault')),
  eraseAgain: () => Promise.reject(new Error('this service was given no vault')),
  hold: () => Promise.reject(new Error('this service was given no vault')),
};

/** The keys that one unit of work has got so far. */
export class Keyring {
  private readonly known = new Map<string, SubjectKey>();

  constructor(
    private readonly vault: KeyVault,
    private readonly tx: EntityManager,
    /** Absent where nothing may be written. */
    private readonly afterCommit?: (fn: () => void) => void,
  ) {}

  /** Gets the keys of these subjects for `open`; each must have had one. */
  async fetch(subjects: Iterable<string>): Promise<void> {
    await this.get(subjects);
  }

  /** Gets the keys of these subjects for `seal`; those that have none get one. */
  async fetchOrMake(subjects: Iterable<string>): Promise<void> {
    if (!this.afterCommit) throw new Error('no key can be made here');
    await this.get(subjects, this.afterCommit);
  }

  isErased(subject: string): boolean {
    return this.of(subject) === ERASED;
  }

  /** Base64 of the sealed text; empty when the subject is erased: nothing is kept of it any more. */
  seal(subject: string, text: string, about: string): string {
    return this.sealBytes(subject, Buffer.from(text), about).toString('base64');
  }

  /** The same for bytes. */
  sealBytes(subject: string, plain: Buffer, about: string): Buffer {
    const key = this.of(subject);
    return key === ERASED ? Buffer.alloc(0) : sealBytes(Buffer.from(key, 'latin1'), plain, about);
  }

  /** The text; undefined when its subject is erased. Throws SealBroken. */
  open(subject: string, sealed: string, about: string): string | undefined {
    if (sealed === '') return undefined;
    return this.openBytes(subject, Buffer.from(sealed, 'base64'), about)?.toString();
  }

  /** The same for bytes. */
  openBytes(subject: string, sealed: Buffer, about: string): Buffer | undefined {
    const key = this.of(subject);
    return key === ERASED ? undefined : openBytes(Buffer.from(key, 'latin1'), sealed, about);
  }

  /** The same for the same text, and nothing can be told from it without the key: HMAC-SHA256, 22 characters. */
  digest(subject: string, text: string): string {
    const key = this.of(subject);
    if (key === ERASED) throw new Error('there is no digest under a key that was destroyed');
    const digest = createHmac('sha256', Buffer.from(key, 'latin1')).update(text).digest('base64url');
    return digest.slice(0, 22);
  }

  private of(subject: string): SubjectKey {
    const key = this.known.get(subject);
    if (key === undefined) throw new Error('the key of a subject was not asked for before it was used');
    return key;
  }

  private async get(subjects: Iterable<string>, afterCommit?: (fn: () => void) => void): Promise<void> {
    const missing = [...new Set(subjects)].filter((subject) => !this.known.has(subject));
    if (missing.length === 0) return;
    for (const [subject, key] of await this.vault.keys(this.tx, missing, afterCommit)) {
      this.known.set(subject, key);
    }
  }
}
