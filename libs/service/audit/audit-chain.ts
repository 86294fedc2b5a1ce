/**
 * The rows of the audit in chains, one for each process and day, so that no process waits for another. A chain begins after the
 * newest row that its process found, of whichever chain: so the ends of earlier chains are vouched for as well. Pure.
 */
import { BEGINNING, linkOf, type Linked } from '../chain';
import type { AuditEntry } from './entry';

/** Where a process' chain stands. */
export interface ChainHead extends Linked {
  /** UUIDv7. */
  readonly chain: string;
  /** Of a chain that has no row yet: the hash that it begins after, '' where there was no row at all. */
  readonly beginsAfter: string;
  /** `YYYY-MM-DD`, UTC: tomorrow another one begins. */
  readonly day: string;
}

/** A row with its place. */
export interface ChainedEntry extends AuditEntry, Linked {
  readonly chain: string;
  /** Of a first row. */
  readonly begins_after: string | null;
}

/** A chain that begins after this row, or with nothing before it. */
export function chainAfter(newest: string | undefined, chain: string, day: string): ChainHead {
  const beginsAfter = newest ?? BEGINNING;
  return { chain, place: 0, hash: beginsAfter, beginsAfter, day };
}

/** What a row vouches for, in a fixed order: all that the service said. When the database wrote it only that knows. */
export function valuesOf(chain: string, place: number, entry: AuditEntry): unknown[] {
  const { id, at, subject, name, roles, agency, authority, action, about, status, refused, reason, times } =
    entry;
  const who = [subject, name, roles, agency, authority];
  return [chain, place, id, at, ...who, action, about, status, refused, reason, times];
}

/** Entries as the next rows of a chain, and where it stands then. */
export function chained(
  head: ChainHead,
  entries: readonly AuditEntry[],
): { rows: ChainedEntry[]; next: ChainHead } {
  let { place, hash } = head;
  const rows = entries.map((entry) => {
    place++;
    hash = linkOf(valuesOf(head.chain, place, entry), hash);
    return { ...entry, chain: head.chain, place, hash, begins_after: place === 1 ? head.beginsAfter : null };
  });
  return { rows, next: { ...head, place, hash } };
}
