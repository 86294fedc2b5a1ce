import { Body, Controller, Get, HttpCode, Injectable, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { ESCALATION_REASONS } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import { page, PageQuery, problem, type Page } from '@retorno/service';
import { IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { placeOf } from './case-queries';
import { Casework } from './casework';
import { maskedDetail, maskedGroup } from './restricted';

const GROUP = 'group:';

class EscalationListQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ['open', 'claimed', 'resolved'], description: 'Default: open and claimed' })
  @IsOptional()
  @IsIn(['open', 'claimed', 'resolved'])
  status?: string;

  @ApiPropertyOptional({ enum: ESCALATION_REASONS })
  @IsOptional()
  @IsIn(ESCALATION_REASONS)
  reason?: string;

  @ApiPropertyOptional({ description: 'Case id' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  case?: string;

  @ApiPropertyOptional({ description: 'true: one row for all cases with one cause' })
  @IsOptional()
  @IsIn(['true', 'false'])
  grouped?: 'true' | 'false';
}

class ClaimBody {
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  by!: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  note?: string;
}

class ResolveBody {
  /** How it was resolved, in the words of who resolved it. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  reason!: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(100)
  by?: string;
}

interface EscalationRow {
  id: string;
  case_id: string;
  case_number: string;
  reason: string;
  group_key: string | null;
  referral_id: string | null;
  detail: string;
  status: string;
  raised_at: Date;
  due_at: Date;
  resolved_at: Date | null;
  resolution: string | null;
  owner: string | null;
  note: string | null;
  cases: number;
}

@Injectable()
export class EscalationQueries {
  constructor(private readonly messaging: Messaging) {}

  /** Escalations by due time. Those of many cases with one cause (`group`) come as one row when `grouped`. */
  async list(query: EscalationListQuery): Promise<Page<object>> {
    const limit = page.limit(query.limit);
    const params: unknown[] = [];
    const param = (value: unknown): string => `$${params.push(value)}`;
    const where = [query.status ? `e.status = ${param(query.status)}` : `e.status <> 'resolved'`];
    if (query.reason) where.push(`e.reason = ${param(query.reason)}`);
    if (query.case) where.push(`e.case_id = ${param(query.case)}`);
    const grouped = query.grouped === 'true';
    const one = `select e.*, o.owner, o.note, 1 as cases from escalation e
      left join escalation_owner o on o.escalation_id = e.id where ${where.join(' and ')}`;
    const rows = grouped
      ? `select distinct on (coalesce('${GROUP}' || group_key, id)) i.*,
           count(*) over (partition by coalesce('${GROUP}' || group_key, id))::int as group_cases
         from (${one}) as i order by coalesce('${GROUP}' || group_key, id), due_at, id`
      : `select *, 1 as group_cases from (${one}) as i`;
    const after = placeOf(query.cursor);
    const from = after ? `where (due_at, id) > (${param(after[0])}::timestamptz, ${param(after[1])})` : '';
    const found: (EscalationRow & { group_cases: number })[] = await this.messaging.dataSource.query(
      `select * from (${rows}) as listed ${from} order by due_at, id limit ${param(limit + 1)}`,
      params,
    );
    const listed = page.of(found, limit, (last) => [last.due_at.toISOString(), last.id]);
    return { next: listed.next, items: listed.items.map((row) => itemOf(row, grouped)) };
  }

  /** The escalations behind an id: one, or all open ones of a group. Throws problem 404. */
  async behind(id: string): Promise<{ id: string; caseId: string }[]> {
    const byGroup = id.startsWith(GROUP);
    const rows: { id: string; case_id: string }[] = await this.messaging.dataSource.query(
      byGroup
        ? `select id, case_id from escalation where group_key = $1 and status <> 'resolved' order by case_id`
        : 'select id, case_id from escalation where id = $1',
      [byGroup ? id.slice(GROUP.length) : id],
    );
    if (rows.length === 0)
      throw problem(404, 'escalation-not-found', 'There is no open escalation with this id.');
    return rows.map((row) => ({ id: row.id, caseId: row.case_id }));
  }

  async own(ids: readonly string[], body: ClaimBody): Promise<void> {
    await this.messaging.dataSource.query(
      `insert into escalation_owner (escalation_id, owner, note, claimed_at)
       select id, $2, $3, $4 from unnest($1::text[]) as x(id)
       on conflict (escalation_id) do update
       set owner = excluded.owner, note = excluded.note, claimed_at = excluded.claimed_at`,
      [ids, body.by, body.note ?? null, this.messaging.clock.now().toISOString()],
    );
  }
}

function itemOf(row: EscalationRow & { group_cases: number }, grouped: boolean): object {
  const group = maskedGroup(row.group_key);
  return {
    // A group's id names its cause, so a restricted one is reached through its first escalation.
    id: grouped && group !== null && group === row.group_key ? `${GROUP}${group}` : row.id,
    reason: row.reason,
    group,
    status: row.status,
    caseId: row.case_id,
    caseNumber: row.case_number,
    cases: row.group_cases,
    referralId: row.referral_id,
    detail: maskedDetail(JSON.parse(row.detail) as Record<string, string>),
    raisedAt: row.raised_at.toISOString(),
    dueAt: row.due_at.toISOString(),
    owner: row.owner,
    note: row.note,
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    resolution: row.resolution,
  };
}

@ApiTags('escalations')
@Controller('escalations')
export class EscalationsController {
  constructor(
    private readonly queries: EscalationQueries,
    private readonly casework: Casework,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What a person must look at, soonest due first' })
  list(@Query() query: EscalationListQuery): Promise<object> {
    return this.queries.list(query);
  }

  @Post(':id/claim')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take an escalation, or a whole group (`group:…`)' })
  async claim(@Param('id') id: string, @Body() body: ClaimBody): Promise<object> {
    const found = await this.queries.behind(id);
    // The owner first: a claim without an owner would be worse than an owner whose claim is refused.
    await this.queries.own(
      found.map((escalation) => escalation.id),
      body,
    );
    for (const { id: escalationId, caseId } of found) {
      await this.casework.command(caseId, { type: 'claim-escalation', escalationId, by: body.by });
    }
    return { id, claimed: found.length };
  }

  @Post(':id/resolve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Resolve an escalation, or a whole group, saying how' })
  async resolve(@Param('id') id: string, @Body() body: ResolveBody): Promise<object> {
    const found = await this.queries.behind(id);
    for (const { id: escalationId, caseId } of found) {
      const by = body.by === undefined ? {} : { by: body.by };
      await this.casework.command(caseId, {
        type: 'resolve-escalation',
        escalationId,
        note: body.reason,
        ...by,
      });
    }
    return { id, resolved: found.length };
  }
}
