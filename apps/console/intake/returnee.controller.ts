import { Controller, Get, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, problem, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { isRefused, Services } from '../services';
import { returneeOf, returneePage } from './returnee';

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

  @Post()
  @Allow('intake', 'operations')
  async register(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    const typed = await readForm(request, response, MAX_FIELDS);
    if (!typed) throw problem(422, 'form-unreadable', 'This form is too long or not whole: send it again.');
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
    const setting = settingOf(request, caller);
    const errors =
      answer.errors.length > 0 ? answer.errors : [{ pointer: '/external_id', detail: answer.detail }];
    answerPage(response.status(answer.status), setting, returneePage(setting, { typed, errors }));
  }
}
