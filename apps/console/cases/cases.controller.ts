import { Controller, Get, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { Services, type ListPage } from '../services';
import { casesPage, type CaseFilter, type ListedCase } from './cases';
import { answerPage, settingOf } from '../frame/screen';

/** The list of cases: its filters are its address. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/cases')
export class CasesScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('operations', 'auditor')
  async list(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    const filter = filterOf(query);
    const asked = new URLSearchParams(
      Object.entries({ ...filter, limit: '50' }).filter(([, value]) => value !== ''),
    );
    const page = await this.services.get<ListPage<ListedCase>>(request, `/cases?${asked.toString()}`);
    const setting = settingOf(request, caller);
    answerPage(response, setting, casesPage(setting, filter, page));
  }
}

function filterOf(query: Record<string, unknown>): CaseFilter {
  const text = (name: string): string => (typeof query[name] === 'string' ? query[name].trim() : '');
  return {
    q: text('q'),
    status: text('status'),
    agency: text('agency'),
    overdue: text('overdue') === 'true' ? 'true' : '',
    cursor: text('cursor'),
  };
}
