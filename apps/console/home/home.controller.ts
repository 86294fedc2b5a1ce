import { Controller, Get, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AllowKnown, html, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { homeOf } from '../frame/page';
import { Services } from '../services';
import { answerPage, settingOf } from '../frame/screen';

interface Summary {
  byStatus: Record<string, number>;
  escalated: number;
}

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
    const summary = await this.services.get<Summary>(request, '/cases/summary');
    const body = html`<ul class="tiles">
      <li>
        <a href="/console/cases?status=open"><strong>${summary.byStatus['open'] ?? 0}</strong></a>
      </li>
      <li><strong>${summary.escalated}</strong></li>
    </ul>`;
    answerPage(response, settingOf(request, caller), { title: 'Inicio', screen: 'home', body, live: true });
  }
}
