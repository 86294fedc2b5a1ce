import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Allow, page, problem, type Page } from '@retorno/service';
import { Happenings, MOST_HAPPENINGS } from './happenings';
import type { LiveEvent } from '../casework/live';

/** As many as somebody takes in at a glance. */
const DEFAULT_LIMIT = '20';

@ApiTags('cases')
@Controller('cases')
export class HappeningsController {
  constructor(private readonly happenings: Happenings) {}

  @Get('feed')
  @Allow('operations', 'auditor')
  @ApiOperation({
    summary: 'What happened last to cases, newest first: answers, escalations, beginnings and ends',
    description: `There are no further pages: the last ${MOST_HAPPENINGS} are kept. A case has the rest in its timeline.`,
  })
  @ApiQuery({
    name: 'limit',
    required: false,
    description: `1 to ${MOST_HAPPENINGS}; default ${DEFAULT_LIMIT}`,
  })
  feed(@Query('limit') raw: string = DEFAULT_LIMIT): Page<LiveEvent> {
    const limit = page.limit(raw === '' ? DEFAULT_LIMIT : raw);
    if (limit > MOST_HAPPENINGS) {
      throw problem(400, 'bad-limit', `limit must be a whole number from 1 to ${MOST_HAPPENINGS}.`);
    }
    return { items: this.happenings.latest(limit), next: null };
  }
}
