/**
 * Which rows a page of the list of cases has, as a query: each page is found in one table by one order that an index or a
 * narrow table gives, and only its rows are joined with the rest. Pure.
 */
import { CASE_STATUSES } from '@retorno/contracts';
import { page, problem } from '@retorno/service';
import { beginningOf } from '../casework/days';
import { AGENCIES_DUE } from '../casework/open-cases';

/** Which cases to list. */
export interface PageFilter {
  status?: string;
  /** One of these owes an answer. */
  agencies?: readonly string[];
  overdue?: boolean;
  /** Completed or closed since this day in Lima: `YYYY-MM-DD`. */
  endedSince?: string;
  /** The beginning of a number, or an id. */
  q?: string;
  /** Separated by commas. */
  ids?: string;
  cursor?: string;
}

/** What the next page goes on behind. */
interface Placed {
  readonly number: string;
  readonly opened_at: Date;
  readonly key: string;
}

/** A query for the keys of a page, its order, and the values that its cursor stands for. */
export interface CasePage {
  /** Answers `key`, `number` and `opened_at` of at most so many rows. */
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly order: string;
  readonly placeOf: (last: Placed) => string[];
}

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const RUNNING = new Set(['open', 'closing']);

/** At most `rows` cases at `now`: newest first, or by number, highest first, when the beginning of one is sought. Throws problem 400. */
export function casePage(filter: PageFilter, now: Date, rows: number): CasePage {
  const params: unknown[] = [];
  const param = (value: unknown): string => `$${params.push(value)}`;
  const { q = '' } = filter;
  const byNumber = q !== '' && !ID.test(q);
  const where: string[] = [];
  if (byNumber) where.push(`number like ${param(`${likePrefix(q.toUpperCase())}%`)}`);
  else if (q !== '') where.push(`key = ${param(q.toLowerCase())}`);
  if (filter.ids) where.push(`key = any(${param(filter.ids.split(','))}::text[])`);
  where.push(...behind(filter.cursor, byNumber, param));
  const order = byNumber ? 'number desc' : 'opened_at desc, key desc';
  const placeOf = ({ number, opened_at: at, key }: Placed): string[] =>
    byNumber ? [number] : [at.toISOString(), key];

  // Who owes an answer, and lateness, are of open cases only, whose table is narrow enough to be looked through.
  const ofOpenOnes = filter.agencies || filter.overdue || (byNumber && RUNNING.has(filter.status ?? ''));
  if (ofOpenOnes) {
    where.push(...ofOpen(filter, now, param));
    const sql = `select key, number, opened_at from open_case ${whereAll(where)} order by ${order} limit ${param(rows)}`;
    return { sql, params, order, placeOf };
  }
  if (filter.endedSince) where.push(`closed_at >= ${param(beginningOf(filter.endedSince))}`);
  if (!byNumber) {
    if (filter.status) where.push(`status = ${param(filter.status)}`);
    const sql = `select key, number, opened_at from case_file ${whereAll(where)} order by ${order} limit ${param(rows)}`;
    return { sql, params, order, placeOf };
  }
  // A page of each status, by the index of (status, number): few of one status among many numbers are found as fast.
  const statuses = param(filter.status ? [filter.status] : CASE_STATUSES);
  const most = param(rows);
  const sql = `
    select c.* from unnest(${statuses}::text[]) as s(status) cross join lateral (
      select key, number, opened_at from case_file ${whereAll([...where, 'status = s.status'])}
      order by ${order} limit ${most}) as c
    order by ${order} limit ${most}`;
  return { sql, params, order, placeOf };
}

function ofOpen(
  { status, agencies, overdue, endedSince }: PageFilter,
  now: Date,
  param: (value: unknown) => string,
): string[] {
  const where: string[] = [];
  if (status) where.push(`status = ${param(status)}`);
  if (endedSince) where.push('false');
  if (agencies) where.push(`agencies && ${param(agencies)}::text[]`);
  if (!overdue) return where;
  const at = param(now.toISOString());
  where.push(`overdue_at < ${at}`);
  // Late is the agency that is asked for, not another one of the case.
  if (agencies) {
    where.push(
      `exists (select from ${AGENCIES_DUE} where agency = any(${param(agencies)}::text[]) and nullif(due, '')::timestamptz < ${at})`,
    );
  }
  return where;
}

function behind(cursor: string | undefined, byNumber: boolean, param: (value: unknown) => string): string[] {
  if (byNumber) {
    const number = numberOf(cursor);
    return number === undefined ? [] : [`number < ${param(number)}`];
  }
  const after = placeOf(cursor);
  return after ? [`(opened_at, key) < (${param(after[0])}::timestamptz, ${param(after[1])})`] : [];
}

function whereAll(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}

function likePrefix(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

function badCursor(): Error {
  return problem(400, 'bad-cursor', 'cursor must be the `next` of an earlier answer of the same list.');
}

/** The place in a list ordered by number. */
function numberOf(cursor: string | undefined): string | undefined {
  const values = page.decode(cursor);
  if (!values) return undefined;
  const [number, ...more] = values;
  if (typeof number !== 'string' || more.length > 0) throw badCursor();
  return number;
}

/** The place in a list ordered by time and id that a cursor stands for; throws problem 400 when it is none. */
export function placeOf(cursor: string | undefined): [at: string, id: string] | undefined {
  const values = page.decode(cursor);
  if (!values) return undefined;
  const [time, id] = values;
  const at = new Date(String(time));
  // The database's years and ours end in different places.
  if (Number.isNaN(at.getTime()) || Math.abs(at.getUTCFullYear()) > 9999 || typeof id !== 'string') {
    throw badCursor();
  }
  return [at.toISOString(), id];
}
