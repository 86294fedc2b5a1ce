import { Controller, Get, Param, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AllowOwnAgency, problem, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { isRefused, Services, type ListPage } from '../services';
import { agencyOf } from '../worklist/own-agency';
import type { OfficeLine } from './agencies';
import { cataloguesFor } from './catalogues';
import { officesPage, type BadLimit } from './offices';

/** How many referrals each office of one's own agency takes at once. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/offices')
export class OfficesScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @AllowOwnAgency('agency-worker')
  async show(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Query('saved') saved: unknown,
  ): Promise<void> {
    await this.answerWith(request, response, caller, { isSaved: saved === 'yes' });
  }

  @Post(':code')
  @AllowOwnAgency('agency-worker')
  async limit(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('code') code: string,
  ): Promise<void> {
    const { service = '', capacity: typed = '' } = (await readForm(request, response)) ?? {};
    const capacity = typed === '' ? null : /^\d{1,7}$/.test(typed) ? Number(typed) : Number.NaN;
    const path = `/agencies/${agencyOf(caller)}/offices/${encodeURIComponent(code)}/capacity`;
    const answer = Number.isNaN(capacity)
      ? undefined
      : await this.services.ask(request, 'PUT', path, { service, capacity });
    if (answer && !isRefused(answer)) return response.redirect(303, '/console/offices?saved=yes');
    if (answer?.status === 404) throw problem(404, 'not-found', 'Your agency has no office with this code.');
    response.status(422);
    await this.answerWith(request, response, caller, {
      isSaved: false,
      bad: { office: code, service, typed },
    });
  }

  private async answerWith(
    request: Request,
    response: Response,
    caller: Caller,
    view: { isSaved: boolean; bad?: BadLimit },
  ): Promise<void> {
    const slug = agencyOf(caller);
    const [catalogues, offices] = await Promise.all([
      cataloguesFor(this.services, request),
      this.services.get<ListPage<OfficeLine>>(request, `/agencies/${slug}/offices`),
    ]);
    const catalogue = catalogues.find((one) => one.slug === slug);
    const setting = settingOf(request, caller);
    answerPage(response, setting, officesPage(setting, { ...view, catalogue, offices: offices.items }));
  }
}
