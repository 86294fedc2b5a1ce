import { Controller, Get, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, AllowOwnAgency, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from './console-filter';
import { Services } from '../services';
import { agencyOf } from '../worklist/own-agency';

/** At most so often a page is told that something happened, ms: a flight of 120 people is thousands of changes. */
const TELL_EVERY_MS = 500;

/** Tells pages that something happened to a case; they fetch themselves again. What it was they learn from the services. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/live')
export class LiveController {
  constructor(private readonly services: Services) {}

  /** All cases, for whoever sees all of them. */
  @Get()
  @Allow('operations', 'auditor')
  follow(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.tellOf('/live', request, response);
  }

  /** The referrals of one's own agency, and no others. */
  @Get('own')
  @AllowOwnAgency('agency-worker')
  followOwn(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    return this.tellOf(`/agencies/${agencyOf(caller)}/live`, request, response);
  }

  private async tellOf(path: string, request: Request, response: Response): Promise<void> {
    const ending = new AbortController();
    response.on('close', () => ending.abort());
    const source = await this.services.send(request, 'GET', path, undefined, {}, ending.signal);
    if (!source.ok || !source.body) return void response.status(source.status).end();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.flushHeaders();
    let waiting: NodeJS.Timeout | undefined;
    let toldAt = 0;
    const tell = (): void => {
      waiting = undefined;
      toldAt = performance.now();
      response.write('event: changed\ndata: {}\n\n');
    };
    // What happened after the page was made, or while its window was hidden, was told to nobody.
    tell();
    try {
      for await (const _piece of source.body) {
        waiting ??= setTimeout(tell, Math.max(0, toldAt + TELL_EVERY_MS - performance.now()));
      }
    } catch {
      // Whoever looked has left, or the coordinator has ended: the page connects anew.
    }
    clearTimeout(waiting);
    response.end();
  }
}
