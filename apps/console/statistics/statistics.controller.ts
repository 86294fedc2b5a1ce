import { Controller, Get, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, ProblemError, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { Services } from '../services';
import { askedOf, fileNameOf, sourceOf, type Kind } from './asked';
import { overviewPage, type StatisticsSummary } from './overview';
import { tablePage, type NoTable, type StatisticsTable } from './table';

/** Tables of a million cases are counted for up to half a minute the first time, ms. */
const PATIENCE_MS = 60_000;

/** The figures: charts, tables, a map, and all of it to download. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/statistics')
export class StatisticsScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('statistics', 'operations', 'auditor')
  async overview(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    const answer = await this.ask(request, '/statistics/summary');
    const summary = (await answer.json()) as StatisticsSummary;
    const setting = settingOf(request, caller);
    answerPage(response, setting, overviewPage(setting, summary));
  }

  @Get('table')
  @Allow('statistics', 'operations', 'auditor')
  table(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    return this.show('table', request, response, caller, query);
  }

  @Get('follow-ups')
  @Allow('statistics', 'operations', 'auditor')
  followUps(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    return this.show('follow-ups', request, response, caller, query);
  }

  @Get('download')
  @Allow('statistics', 'operations', 'auditor')
  async download(
    @Req() request: Request,
    @Res() response: Response,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    const { of } = query;
    const asked = askedOf(of === 'follow-ups' ? of : 'table', query);
    const isDefinitions = of === 'definitions';
    const source = isDefinitions ? '/statistics/definitions' : `${sourceOf(asked)}&format=csv`;
    const answer = await this.ask(request, source);
    response
      .set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
      .type('text/csv; charset=utf-8')
      .attachment(isDefinitions ? 'retorno-definitions.csv' : fileNameOf(asked))
      .send(await answer.text());
  }

  private async show(
    kind: Kind,
    request: Request,
    response: Response,
    caller: Caller,
    query: Record<string, unknown>,
  ): Promise<void> {
    const asked = askedOf(kind, query);
    const answer = await this.answerTo(request, sourceOf(asked));
    const setting = settingOf(request, caller);
    if ('refused' in answer) response.status(422);
    answerPage(response, setting, tablePage(setting, asked, answer));
  }

  private async answerTo(request: Request, source: string): Promise<StatisticsTable | NoTable> {
    try {
      return (await (await this.ask(request, source)).json()) as StatisticsTable;
    } catch (error) {
      if (!(error instanceof ProblemError) || ![400, 422].includes(error.body.status)) throw error;
      const { type, detail } = error.body;
      return { refused: type.split(':').at(-1)!, detail };
    }
  }

  /** An answer that is good. Throws the service's problem. */
  private async ask(request: Request, source: string): Promise<globalThis.Response> {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const answer = await this.services.send(request, 'GET', source, undefined, {}, patience);
    if (answer.ok) return answer;
    throw new ProblemError((await answer.json()) as ProblemError['body']);
  }
}
