/** Reading the audit of one service: newest first, a page at a time. */
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, Matches } from 'class-validator';
import { OptionalText } from '../text';
import { page, type Page } from '../page';
import { PageQuery } from '../page-query';
import { problem } from '../problem';
import type { Audit } from './audit';
import { COLUMNS, tableOf } from './audit-schema';
import { REFUSALS, type AuditEntry } from './entry';

/** How something ended: done, refused, or failed for another reason (it was over, it was wrong, it broke). */
export const OUTCOMES = ['done', 'refused', 'failed', ...REFUSALS] as const;
export type Outcome = (typeof OUTCOMES)[number];

const IDS = /^[\dA-Za-z-]{1,40}(,[\dA-Za-z-]{1,40}){0,9}$/;

/** Which rows. */
export class AuditQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'The issuer’s id of somebody, or how their name begins' })
  @OptionalText(100)
  who?: string;

  @ApiPropertyOptional({ description: 'Id or number of a case; several separated by commas' })
  @IsOptional()
  @Matches(IDS, { message: 'case must be 1 to 10 ids or numbers of cases, separated by commas' })
  case?: string;

  @ApiPropertyOptional({ description: 'Id of a returnee; several separated by commas' })
  @IsOptional()
  @Matches(IDS, { message: 'returnee must be 1 to 10 ids of returnees, separated by commas' })
  returnee?: string;

  @ApiPropertyOptional({
    description: 'Method and route: `POST /cases/:id/close`; several separated by commas',
  })
  @OptionalText(2000)
  action?: string;

  @ApiPropertyOptional({ enum: OUTCOMES })
  @IsOptional()
  @IsIn(OUTCOMES, { message: `outcome must be one of ${OUTCOMES.join(', ')}` })
  outcome?: Outcome;

  @ApiPropertyOptional({ description: 'From this instant on, RFC 3339' })
  @IsOptional()
  @IsISO8601({ strict: true }, { message: 'from must be an RFC 3339 instant: 2026-11-20T00:00:00Z' })
  from?: string;

  @ApiPropertyOptional({ description: 'Before this instant, RFC 3339' })
  @IsOptional()
  @IsISO8601({ strict: true }, { message: 'to must be an RFC 3339 instant: 2026-11-21T00:00:00Z' })
  to?: string;
}

/** A row with the service that wrote it. */
export interface AuditView extends AuditEntry {
  readonly service: string;
}

interface Row extends Omit<AuditEntry, 'at'> {
  readonly at: Date;
}

/** The rows of several services as one list. */
export async function auditPage(audits: readonly Audit[], query: AuditQuery): Promise<Page<AuditView>> {
  const limit = page.limit(query.limit);
  const after = placeIn(query.cursor);
  const lists = await Promise.all(audits.map((audit) => rowsOf(audit, query, after, limit + 1)));
  return page.of(newestFirst(lists.flat()), limit, (last) => [last.at, last.id]);
}

/** In the order of the list, whichever service they are of. */
export function newestFirst<E extends Pick<AuditView, 'at' | 'id'>>(rows: readonly E[]): E[] {
  return rows.toSorted((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1));
}

async function rowsOf(
  { dataSource, service }: Audit,
  query: AuditQuery,
  after: readonly [string, string] | undefined,
  count: number,
): Promise<AuditView[]> {
  const params: unknown[] = [];
  const param = (value: unknown): string => `$${params.push(value)}`;
  const where = conditionsOf(query, param);
  if (after) where.push(`(at, id) < (${param(after[0])}::timestamptz, ${param(after[1])}::uuid)`);
  const rows: Row[] = await dataSource.query(
    `select ${COLUMNS} from ${tableOf(service)} ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
     order by at desc, id desc limit ${param(count)}`,
    params,
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString(), service }));
}

function conditionsOf(query: AuditQuery, param: (value: unknown) => string): string[] {
  const where: string[] = [];
  const { who, action, outcome } = query;
  if (who) {
    const begins = `${who.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    where.push(`(subject = ${param(who)} or lower(name) like ${param(begins)})`);
  }
  const about = [...idsOf('case', query.case), ...idsOf('returnee', query.returnee)];
  if (about.length > 0) where.push(`about && ${param(about)}::text[]`);
  if (action) where.push(`action = any(${param(action.split(','))}::text[])`);
  if (outcome === 'done') where.push('refused is null and status < 400');
  else if (outcome === 'failed') where.push('refused is null and status >= 400');
  else if (outcome === 'refused') where.push('refused is not null');
  else if (outcome) where.push(`refused = ${param(outcome)}`);
  if (query.from) where.push(`at >= ${param(query.from)}::timestamptz`);
  if (query.to) where.push(`at < ${param(query.to)}::timestamptz`);
  return where;
}

/** As rows have them: numbers of cases in capitals, ids not. */
function idsOf(kind: string, given: string | undefined): string[] {
  const ids = given?.split(',') ?? [];
  return ids.map((id) => `${kind}:${/^[a-z]{2}-\d/i.test(id) ? id.toUpperCase() : id.toLowerCase()}`);
}

function placeIn(cursor: string | undefined): [at: string, id: string] | undefined {
  const values = page.decode(cursor);
  if (!values) return undefined;
  const [at, id] = values.map(String);
  const isPlace =
    /^\d{4}-[\d-]+T[\d:.]+Z$/.test(at ?? '') && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id ?? '');
  if (!isPlace || Number.isNaN(Date.parse(at!))) {
    throw problem(400, 'bad-cursor', 'cursor must be the `next` of an earlier answer of the same list.');
  }
  return [at!, id!];
}
