import { Controller, Get, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, problem, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { isRefused, Services } from '../services';
import type { OneAgency } from './catalogues';
import { deedPage, type AskedDeed } from './deed-page';
import { isDeed, isPossible, mayDo, requestFor, type Deed } from './deeds';

/** Pausing an agency, its maintenance, its contact: each a form of its own, with a reason. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/agencies/:slug')
export class DeedsController {
  constructor(private readonly services: Services) {}

  @Get(':deed')
  @Allow('operations')
  async ask(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('slug') slug: string,
    @Param('deed') name: string,
  ): Promise<void> {
    const deed = this.deedFor(caller, name);
    const agency = await this.agencyAt(request, slug);
    if (!isPossible(agency, deed)) return response.redirect(303, `/console/agencies/${slug}`);
    this.answer(request, response, caller, agency, { deed, typed: {} });
  }

  @Post(':deed')
  @Allow('operations')
  async decide(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('slug') slug: string,
    @Param('deed') name: string,
  ): Promise<void> {
    const deed = this.deedFor(caller, name);
    const typed = (await readForm(request, response)) ?? {};
    const { method, path, body } = requestFor(slug, deed, typed);
    const answer = await this.services.ask(request, method, path, body);
    if (!isRefused(answer)) return response.redirect(303, `/console/agencies/${slug}?done=yes`);
    const agency = await this.agencyAt(request, slug);
    this.answer(request, response.status(answer.status), caller, agency, { deed, typed, refused: answer });
  }

  private deedFor(caller: Caller, name: string): Deed {
    if (!isDeed(name)) throw problem(404, 'not-found', 'There is no such page.');
    if (!mayDo(caller, name)) throw problem(403, 'forbidden', 'This is for the roles: operations-lead.');
    return name;
  }

  private agencyAt(request: Request, slug: string): Promise<OneAgency> {
    return this.services.get<OneAgency>(request, `/roundtable/${encodeURIComponent(slug)}`);
  }

  private answer(
    request: Request,
    response: Response,
    caller: Caller,
    agency: OneAgency,
    asked: AskedDeed,
  ): void {
    const setting = {
      ...settingOf(request, caller),
      address: `/console/agencies/${agency.slug}/${asked.deed}`,
    };
    answerPage(response, setting, deedPage(setting, agency, asked));
  }
}
