import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, AllowKnown, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { momentOf } from '../frame/moment.middleware';
import { answerPage, settingOf } from '../frame/screen';
import { ParkedStreams } from '../parked/parked-streams';
import { isRefused, Services, type ListPage } from '../services';
import { staffTourPage, tourPage, VISITED, type Seen } from './tour';
import { Tours, type Noted, type Tour } from './tours';

/** The document of the demonstration's person whose case is late: apps/local/demonstration/returnees.ts. */
const WHO_WAITS = 'SC900101';
/** Names the fault of the demonstration in the cause of what stands still: apps/local/demonstration/breakdown.ts. */
const BREAKDOWN = 'SimulatedBreakdown';

/** What somebody new can do on the demonstration, and what of it is done. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/tour')
export class TourController {
  constructor(
    private readonly services: Services,
    private readonly streams: ParkedStreams,
    private readonly tours: Tours,
  ) {}

  @Get()
  @AllowKnown()
  async tour(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    const setting = settingOf(request, caller);
    const nothing: Noted = { caseNumber: null, hadParked: false };
    if (!caller.roles.has('operations')) {
      const isStaff = caller.roles.has('agency-worker');
      if (isStaff) await this.tours.note(caller, momentOf(request), nothing);
      const page = isStaff ? staffTourPage(setting) : tourPage(setting, nothing, NOTHING_SEEN);
      return answerPage(response, setting, page);
    }
    const parked = await this.parked(request);
    const known = await this.tours.find(caller.subject);
    const caseNumber = known?.caseNumber ?? (await this.lateCase(request));
    await this.tours.note(caller, momentOf(request), { caseNumber, hadParked: parked > 0 });
    const tour = (await this.tours.find(caller.subject))!;
    answerPage(response, setting, tourPage(setting, tour, await this.seen(request, tour, parked)));
  }

  @Post('dismiss')
  @Allow('operations')
  async dismiss(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    await this.tours.dismiss(caller, momentOf(request));
    response.redirect(303, '/console');
  }

  private async seen(request: Request, { caseNumber, beganAt }: Tour, parked: number): Promise<Seen> {
    const [late, manifests, visited] = await Promise.all([
      caseNumber === null
        ? undefined
        : this.services.get<Required<Seen>['late']>(request, `/cases/${caseNumber}`),
      this.services.get<ListPage<{ receivedAt: string }>>(request, '/intake/manifests?limit=1'),
      this.tours.wasVisitedBy(VISITED, beganAt),
    ]);
    const imported = manifests.items.some(({ receivedAt }) => new Date(receivedAt) >= beganAt);
    return { ...(late && { late }), parked, imported, visited };
  }

  private async parked(request: Request): Promise<number> {
    const { groups } = await this.streams.standing(request);
    return groups
      .filter(({ cause }) => cause.includes(BREAKDOWN))
      .reduce((sum, { streams }) => sum + streams.length, 0);
  }

  private async lateCase(request: Request): Promise<string | null> {
    const found = await this.services.ask<{ items: { caseNumber: string }[] }>(
      request,
      'POST',
      '/intake/searches',
      { document: WHO_WAITS },
    );
    return isRefused(found) ? null : (found.items[0]?.caseNumber ?? null);
  }
}

const NOTHING_SEEN: Seen = { parked: 0, imported: false, visited: false };
