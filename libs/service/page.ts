/** Lists answer `{items, next}`; `next` is an opaque cursor, null at the end. */
import { problem } from './problem';

export interface Page<T> {
  items: T[];
  next: string | null;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

export const page = {
  /** The page size asked for; throws problem 400 unless it is 1 to 200. */
  limit(raw: string | undefined): number {
    if (raw === undefined || raw === '') return DEFAULT_LIMIT;
    const limit = Number(raw);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw problem(400, 'bad-limit', `limit must be a whole number from 1 to ${MAX_LIMIT}.`);
    }
    return limit;
  },

  /** The sort values that a cursor stands for; throws problem 400 when it is not one of ours. */
  decode(cursor: string | undefined): unknown[] | undefined {
    if (cursor === undefined || cursor === '') return undefined;
    try {
      const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
      if (Array.isArray(values) && values.every((v) => typeof v === 'string' || typeof v === 'number'))
        return values;
    } catch {
      // Falls through to the refusal.
    }
    throw problem(400, 'bad-cursor', 'cursor must be the `next` of an earlier answer of the same list.');
  },

  /** Cuts rows (asked with limit + 1) to a page; `sortValues` reads the order's values off the last row. */
  of<T>(rows: readonly T[], limit: number, sortValues: (last: T) => (string | number)[]): Page<T> {
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { items, next: more ? Buffer.from(JSON.stringify(sortValues(last))).toString('base64url') : null };
  },
};
