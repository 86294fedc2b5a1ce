import { Controller, Get, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AllowKnown, ProblemError, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { homeOf } from '../frame/page';
import { answerPage, settingOf } from '../frame/screen';
import { Services, type ListPage } from '../services';
import {
  homePage,
  type AgencyAtHome,
  type AgencyStanding,
  type AtHome,
  type CaseSummary,
  type EscalationSummary,
} from './home';

/** The longest page of a list. */
const LIMIT = 200;

/** What somebody sees first. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console')
export class HomeScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @AllowKnown()
  async home(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    const home = homeOf(caller);
    if (home !== '/console') return response.redirect(303, home);
    const setting = settingOf(request, caller);
    answerPage(response, setting, homePage(setting, await this.atHome(request)));
  }

  private async atHome(request: Request): Promise<AtHome> {
    const [cases, escalations, parked, agencies] = await Promise.all([
      this.services.get<CaseSummary>(request, '/cases/summary'),
      this.services.get<EscalationSummary>(request, '/escalations/summary'),
      this.services.get<ListPage<object>>(request, `/parked?limit=${LIMIT}`),
      this.agencies(request),
    ]);
    return {
      cases,
      escalations,
      parked: { count: parked.items.length, more: parked.next !== null },
      agencies,
    };
  }

  private async agencies(request: Request): Promise<AgencyAtHome[]> {
    const { items } = await this.services.get<ListPage<{ slug: string; casesWaiting: number }>>(
      request,
      `/agencies?limit=${LIMIT}`,
    );
    return Promise.all(
      items.map(async ({ slug, casesWaiting }) => {
        const standing = await this.standing(request, slug);
        return { slug, casesWaiting, ...(standing && { standing }) };
      }),
    );
  }

  /** Undefined when the agency does not answer: its line says so, and the page is made. */
  private async standing(request: Request, slug: string): Promise<AgencyStanding | undefined> {
    try {
      return await this.services.get<AgencyStanding>(request, `/agencies/${slug}/referrals/summary`);
    } catch (error) {
      if (error instanceof ProblemError && [404, 503].includes(error.body.status)) return undefined;
      throw error;
    }
  }
}
