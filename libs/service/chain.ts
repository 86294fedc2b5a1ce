/** Rows that vouch for those before them, so that one that was changed or removed is found. Pure. */
import { hash } from 'node:crypto';

/** What the first row of a chain is linked to. */
export const BEGINNING = '';

/** The hash of a row: SHA-256, hex, over its values in a fixed order as JSON, with the hash before it last. */
export function linkOf(values: readonly unknown[], previous: string): string {
  return hash('sha256', JSON.stringify([...values, previous]));
}

/** A row as it stands in its chain. `place`: from 1, without gaps. */
export interface Linked {
  readonly place: number;
  readonly hash: string;
}

/** Why a row does not follow the one before it, whose hash is `previous`; undefined when it does. */
export function breakOf(
  { place, hash: found }: Linked,
  values: readonly unknown[],
  expected: number,
  previous: string,
): string | undefined {
  if (place !== expected) return `entry ${expected} before it is missing`;
  if (linkOf(values, previous) !== found)
    return 'it does not follow from what it says and the entry before it';
  return undefined;
}
