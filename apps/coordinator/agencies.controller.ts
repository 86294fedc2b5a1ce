import { Controller, Get, Query, Sse, type MessageEvent } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, AllowKnown, page, Who, type Caller } from '@retorno/service';
import { map, type Observable } from 'rxjs';
import { LiveFeed } from './live';
import { AgencyQueries } from './roundtable/agency-queries';

@ApiTags('agencies')
@Controller()
export class AgenciesController {
  constructor(
    private readonly agencies: AgencyQueries,
    private readonly live: LiveFeed,
  ) {}

  @Get('agencies')
  @AllowKnown()
  @ApiOperation({
    summary:
      'Who offers what, as published, who is paused or in maintenance, and how many cases wait for each',
    description:
      'For operations and auditors also how each keeps up, in seconds over the last 7 days: `receive` (its service has the ' +
      'referral), `accept` (accepted, rejected, or asked about), `deliver` (completed).',
  })
  async list(
    @Who() caller: Caller,
    @Query('cursor') cursor?: string,
    @Query('limit') rawLimit?: string,
  ): Promise<object> {
    const limit = page.limit(rawLimit);
    const after = String(page.decode(cursor)?.[0] ?? '');
    const rows = await this.agencies.list(caller, after, limit + 1);
    return page.of(rows, limit, (last) => [last.slug]);
  }

  @Sse('live')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'What happens to cases, as it happens (server-sent events)' })
  follow(): Observable<MessageEvent> {
    return this.live.events.pipe(map((event) => ({ type: event.type, data: event })));
  }
}
