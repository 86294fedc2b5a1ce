import { Controller, Get, Query, Sse, type MessageEvent } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Messaging } from '@retorno/messaging';
import { Allow, AllowKnown, page } from '@retorno/service';
import { map, type Observable } from 'rxjs';
import { CatalogueShelf } from './catalogues';
import { LiveFeed } from './live';

@ApiTags('agencies')
@Controller()
export class AgenciesController {
  constructor(
    private readonly catalogues: CatalogueShelf,
    private readonly messaging: Messaging,
    private readonly live: LiveFeed,
  ) {}

  @Get('agencies')
  @AllowKnown()
  @ApiOperation({ summary: 'Who offers what, as published, and how many cases wait for each' })
  async list(@Query('cursor') cursor?: string, @Query('limit') rawLimit?: string): Promise<object> {
    const limit = page.limit(rawLimit);
    const after = String(page.decode(cursor)?.[0] ?? '');
    const counts: { agency: string; waiting: number }[] = await this.messaging.dataSource.query(
      `select agency, count(*)::int as waiting
       from (select unnest(agencies) as agency from open_case) as a group by agency`,
    );
    const waiting = new Map(counts.map((row) => [row.agency, row.waiting]));
    const rows = [...this.catalogues.current().values()]
      .filter((catalogue) => catalogue.agency > after)
      .sort((a, b) => (a.agency < b.agency ? -1 : 1))
      .map(({ agency, ...rest }) => ({ slug: agency, ...rest, casesWaiting: waiting.get(agency) ?? 0 }));
    return page.of(rows.slice(0, limit + 1), limit, (last) => [last.slug]);
  }

  @Sse('live')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'What happens to cases, as it happens (server-sent events)' })
  follow(): Observable<MessageEvent> {
    return this.live.events.pipe(map((event) => ({ type: event.type, data: event })));
  }
}
