import { Controller, Get, Query, Sse, type MessageEvent } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, AllowKnown, page, Who, type Caller, type Page } from '@retorno/service';
import { map, type Observable } from 'rxjs';
import { LiveFeed } from '../casework/live';
import { AgencyQueries, type AgencyView } from '../roundtable/agency-queries';

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
    summary: 'Who offers what, as published, and who is paused or in maintenance',
    description: 'How each keeps up, and who waits for it: `GET /roundtable`.',
  })
  list(
    @Who() caller: Caller,
    @Query('cursor') cursor?: string,
    @Query('limit') rawLimit?: string,
  ): Page<AgencyView> {
    const limit = page.limit(rawLimit);
    const after = String(page.decode(cursor)?.[0] ?? '');
    return page.of(this.agencies.list(caller, after, limit + 1), limit, (last) => [last.slug]);
  }

  @Sse('live')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'What happens to cases, as it happens (server-sent events)' })
  follow(): Observable<MessageEvent> {
    return this.live.events.pipe(map((event) => ({ type: event.type, data: event })));
  }
}
