import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Messaging } from '@retorno/messaging';
import { Allow, Who, type Caller } from '@retorno/service';

/** How many open escalations there are; `…Due` are those of them whose due time has passed. */
interface EscalationSummary {
  open: number;
  unowned: number;
  unownedDue: number;
  /** Of whoever asks. */
  mine: number;
  mineDue: number;
}

@ApiTags('escalations')
@Controller('escalations')
export class EscalationSummaryController {
  constructor(private readonly messaging: Messaging) {}

  @Get('summary')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'How many escalations are open, nobody’s, and those of whoever asks' })
  async summary(@Who() { name }: Caller): Promise<EscalationSummary> {
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
    return rows[0]!;
  }
}
