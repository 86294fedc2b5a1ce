import { Controller, Get, Param, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AllowKnown, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { helpListPage, helpPage, missingHelpPage } from './help';

/** How each task of staff is done, in the language of the page. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/help')
export class HelpController {
  @Get()
  @AllowKnown()
  list(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): void {
    const setting = settingOf(request, caller);
    answerPage(response, setting, helpListPage(setting));
  }

  @Get(':page')
  @AllowKnown()
  page(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('page') name: string,
  ): void {
    const setting = settingOf(request, caller);
    const page = helpPage(setting, name);
    if (!page) response.status(404);
    answerPage(response, setting, page ?? missingHelpPage(setting));
  }
}
