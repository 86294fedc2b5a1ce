import { Controller, Get, Inject, Injectable, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Messaging, type Clock } from '@retorno/messaging';
import { Allow, CLOCK, page, type Page, PageQuery } from '@retorno/service';
import { IsIn, IsOptional } from 'class-validator';
import { placeOf } from '../cases/case-page';
import { dueFollowUp, dueWaves, type DueFollowUp } from './due-follow-ups';
import { RULES } from '../saga/plan/rules';

const MONTHS = RULES.followUp.months.map(String);

class DueFollowUpsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ['open', 'overdue'], description: 'Default: both' })
  @IsOptional()
  @IsIn(['open', 'overdue'])
  status?: 'open' | 'overdue';

  @ApiPropertyOptional({ enum: MONTHS, description: 'Only the wave so many months after the arrival' })
  @IsOptional()
  @IsIn(MONTHS)
  month?: string;
}

interface DueItem extends DueFollowUp {
  readonly caseId: string;
  readonly caseNumber: string;
  readonly arrivalDate: string;
}

@Injectable()
export class DueFollowUps {
  constructor(
    private readonly messaging: Messaging,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Whom to ask now, the earliest arrival first. */
  async list(query: DueFollowUpsQuery): Promise<Page<DueItem>> {
    const limit = page.limit(query.limit);
    const now = this.clock.now();
    const place = placeOf(query.cursor);
    const waves = dueWaves(now, RULES, query.status).filter(
      ({ month }) => query.month === undefined || String(month) === query.month,
    );
    const rows: { key: string; number: string; arrival: string; month: number }[] = [];
    // Wave after wave, since their days of arrival follow each other.
    for (const { month, after, upto } of waves) {
      if (rows.length > limit) break;
      rows.push(
        ...(await this.messaging.dataSource.query(
          `select key, number, to_char(follow_up, 'YYYY-MM-DD') as arrival, $3::int as month from case_file
           where follow_up > $1::date and follow_up <= $2::date and followed_up < $3
             and (follow_up, key) > ($4::date, $5)
           order by follow_up, key limit $6`,
          [
            after,
            upto,
            month,
            place?.[0].slice(0, 10) ?? '-infinity',
            place?.[1] ?? '',
            limit + 1 - rows.length,
          ],
        )),
      );
    }
    const found = page.of(rows, limit, (last) => [`${last.arrival}T00:00:00Z`, last.key]);
    return {
      next: found.next,
      items: found.items.map((row) => ({
        caseId: row.key,
        caseNumber: row.number,
        arrivalDate: row.arrival,
        ...dueFollowUp(row.arrival, row.month, now, RULES),
      })),
    };
  }
}

@ApiTags('cases')
@Controller('follow-ups')
export class DueFollowUpsController {
  constructor(private readonly due: DueFollowUps) {}

  @Get()
  @Allow('operations', 'auditor')
  @ApiOperation({
    summary: 'Returnees to be asked how they fare, now or since a while; the earliest arrival first',
  })
  list(@Query() query: DueFollowUpsQuery): Promise<object> {
    return this.due.list(query);
  }
}
