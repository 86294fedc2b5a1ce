import { Controller, Get, Param, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, ProblemError, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { Services, type ListPage } from '../services';
import { agenciesPage, agencyPage, type OfficeLine } from './agencies';
import { cataloguesFor, type OneAgency, type Standing, type WatchedAgency } from './catalogues';

/** Who offers what, and how they keep up. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/agencies')
export class AgenciesScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('operations', 'auditor')
  async list(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    const catalogues = await cataloguesFor<WatchedAgency>(this.services, request);
    const lines = await Promise.all(
      catalogues.map(async (catalogue) => ({
        catalogue,
        standing: await this.standing(request, catalogue.slug),
      })),
    );
    const setting = settingOf(request, caller);
    answerPage(response, setting, agenciesPage(setting, lines));
  }

  @Get(':slug')
  @Allow('operations', 'auditor')
  async show(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('slug') slug: string,
    @Query('done') done: unknown,
  ): Promise<void> {
    const catalogue = await this.services.get<OneAgency>(request, `/roundtable/${encodeURIComponent(slug)}`);
    const [standing, offices] = await Promise.all([
      this.standing(request, slug),
      unlessAway(this.services.get<ListPage<OfficeLine>>(request, `/agencies/${slug}/offices`)),
    ]);
    const setting = settingOf(request, caller);
    const view = { catalogue, standing, offices: offices?.items, isDone: done === 'yes' };
    answerPage(response, setting, agencyPage(setting, view));
  }

  private standing(request: Request, slug: string): Promise<Standing | undefined> {
    return unlessAway(this.services.get<Standing>(request, `/agencies/${slug}/referrals/summary`));
  }
}

/** One agency that is away is a line of the page, not the end of it. */
function unlessAway<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (error instanceof ProblemError && error.body.status >= 500) return undefined;
    throw error;
  });
}
