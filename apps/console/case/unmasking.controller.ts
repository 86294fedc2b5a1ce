import { Controller, Get, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, problem, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { Services } from '../services';
import { noCasePage } from './case-page';
import { unmaskedPage, unmaskingPage, type RefusedReason, type Unmasked } from './unmasking';

/** What is restricted in a case: asked for with a reason, written down, shown on that one answer. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/cases/:number/unmasking')
export class UnmaskingScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('operations-lead')
  ask(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('number') number: string,
  ): void {
    const setting = settingOf(request, caller);
    answerPage(response, setting, unmaskingPage(setting, number));
  }

  @Post()
  @Allow('operations-lead')
  async show(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('number') number: string,
  ): Promise<void> {
    const setting = settingOf(request, caller);
    const { reason = '' } = (await readForm(request, response)) ?? {};
    const path = `/cases/${encodeURIComponent(number)}/unmasking`;
    const answer = await this.services.send(request, 'POST', path, { reason });
    if (answer.ok)
      return answerPage(response, setting, unmaskedPage(setting, (await answer.json()) as Unmasked));
    if (answer.status === 404) return answerPage(response.status(404), setting, noCasePage(setting));
    if (![422, 503].includes(answer.status)) throw problem(answer.status, 'refused', '');
    const refused: RefusedReason = { reason, why: answer.status === 422 ? 'wrong' : 'refused' };
    answerPage(response.status(answer.status), setting, unmaskingPage(setting, number, refused));
  }
}
