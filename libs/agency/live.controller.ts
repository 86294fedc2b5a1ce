import { Controller, Sse, type MessageEvent, type Type } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowAgency } from '@retorno/service';
import { map, type Observable } from 'rxjs';
import { AgencyFeed } from './live';

/** The live view of one agency: its service knows no other's referrals, so that there are none to be shown. */
export function liveController(slug: string): Type {
  @ApiTags(`agency: ${slug}`)
  @Controller(`agencies/${slug}`)
  class LiveController {
    constructor(private readonly feed: AgencyFeed) {}

    @Sse('live')
    @AllowAgency(slug, ['agency-worker', 'integration'])
    @ApiOperation({
      operationId: `${slug}.live`,
      summary: "What happens to this agency's referrals, as it happens (server-sent events)",
    })
    follow(): Observable<MessageEvent> {
      return this.feed.events.pipe(map((event) => ({ type: event.type, data: event })));
    }
  }
  return LiveController;
}
