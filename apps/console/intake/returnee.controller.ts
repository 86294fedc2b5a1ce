import { Controller, Get, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, problem, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { isRefused, Services } from '../services';
import { unseenTrouble, withMrz } from './mrz-part';
import { returneeOf, returneePage } from './returnee';
import type { Typed } from './typed';

/** The columns, and a box for each need and vulnerability. */
const MAX_FIELDS = 100;

/** One returnee, by form. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/intake/returnee')
export class ReturneeScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('intake', 'operations')
  show(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Query('saved') saved: unknown,
  ): void {
    const isNumber = typeof saved === 'string' && /^RT-\d{4}-\d{6,}$/.test(saved);
    const typed = { nationality: 'PE', sending_authority: caller.authority ?? '' };
    const setting = settingOf(request, caller);
    answerPage(
      response,
      setting,
      returneePage(setting, { typed, errors: [], ...(isNumber ? { saved } : {}) }),
    );
  }

  /** Reads the document's machine-readable zone into the form, and registers nothing. */
  @Post('mrz')
  @Allow('intake', 'operations')
  async readMrz(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    const setting = settingOf(request, caller);
    const read = withMrz(await typedIn(request, response), setting.now);
    response.status(read.mrz.problems.length > 0 ? 422 : 200);
    answerPage(response, setting, returneePage(setting, { ...read, errors: [] }));
  }

  @Post()
  @Allow('intake', 'operations')
  async register(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    const typed = await typedIn(request, response);
    const setting = settingOf(request, caller);
    const trouble = unseenTrouble(typed, setting.now);
    if (trouble) {
      const page = returneePage(setting, { ...trouble, errors: [] });
      return answerPage(response.status(422), setting, page);
    }
    const asked = returneeOf(typed);
    const answer = await this.services.ask<{ caseNumber: string }>(
      request,
      'POST',
      '/intake/returnees',
      asked,
    );
    if (!isRefused(answer)) {
      return response.redirect(303, `/console/intake/returnee?saved=${answer.caseNumber}`);
    }
    const errors =
      answer.errors.length > 0 ? answer.errors : [{ pointer: '/external_id', detail: answer.detail }];
    answerPage(response.status(answer.status), setting, returneePage(setting, { typed, errors }));
  }
}

async function typedIn(request: Request, response: Response): Promise<Typed> {
  const typed = await readForm(request, response, MAX_FIELDS);
  if (!typed) throw problem(422, 'form-unreadable', 'This form is too long or not whole: send it again.');
  return typed;
}
