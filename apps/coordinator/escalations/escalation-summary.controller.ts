import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Messaging } from '@retorno/messaging';
import { Allow, Who, type Caller } from '@retorno/service';
import { SinceQuery } from '../cases/case-bodies';
import { beginningOf } from '../casework/days';

/** How many open escalations there are; `…Due` are those of them whose due time has passed. */
interface EscalationSummary {
  open: number;
  unowned: number;
  unownedDue: number;
  /** Of whoever asks. */
  mine: number;
  mineDue: number;
  /** Since the day that was asked for: all, and those of them that whoever asks had taken. */
  resolvedSince?: number;
  mineResolvedSince?: number;
}

@ApiTags('escalations')
@Controller('escalations')
export class EscalationSummaryController {
  constructor(private readonly messaging: Messaging) {}

  @Get('summary')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'How many escalations are open, nobody’s, and those of whoever asks' })
  async summary(@Who() { name }: Caller, @Query() { since }: SinceQuery): Promise<EscalationSummary> {
    const { dataSource, clock } = this.messaging;
    const rows: EscalationSummary[] = await dataSource.query(
      `select count(*)::int as open,
         count(*) filter (where o.owner is null)::int as unowned,
         count(*) filter (where o.owner is null and e.due_at < $2)::int as "unownedDue",
         count(*) filter (where o.owner = $1)::int as mine,
         count(*) filter (where o.owner = $1 and e.due_at < $2)::int as "mineDue"
       from escalation e left join escalation_owner o on o.escalation_id = e.id where e.status <> 'resolved'`,
      [name, clock.now().toISOString()],
    );
    if (since === undefined) return rows[0]!;
    return { ...rows[0]!, ...(await this.resolved(name, since)) };
  }

  private async resolved(name: string, since: string): Promise<Partial<EscalationSummary>> {
    const [found]: Partial<EscalationSummary>[] = await this.messaging.dataSource.query(
      `select count(*)::int as "resolvedSince", count(*) filter (where o.owner = $1)::int as "mineResolvedSince"
       from escalation e left join escalation_owner o on o.escalation_id = e.id
       where e.status = 'resolved' and e.resolved_at >= $2`,
      [name, beginningOf(since)],
    );
    return found!;
  }
}
