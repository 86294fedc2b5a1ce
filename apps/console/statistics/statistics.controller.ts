import { Get, Query } from '@nestjs/common';
import { Allow, ProblemError } from '@retorno/service';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { Services } from '../services';
import { askedOf, fileNameOf, sourceOf, type Kind } from './asked';
import { overviewPage, type StatisticsSummary } from './overview';
import { tablePage, type NoTable, type StatisticsTable } from './table';

/** Tables of a million cases are counted for up to half a minute the first time, ms. */
const PATIENCE_MS = 60_000;

/** The figures: charts, tables, a map, and all of it to download. */
@ScreenAt('console/statistics')
export class StatisticsScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('statistics', 'operations', 'auditor')
  async overview(@Visiting() visit: Visit): Promise<string> {
    const answer = await this.ask(visit, '/statistics/summary');
    const summary = (await answer.json()) as StatisticsSummary;
    return visit.page(overviewPage(visit, summary));
  }

  @Get('table')
  @Allow('statistics', 'operations', 'auditor')
  table(@Visiting() visit: Visit, @Query() query: Record<string, unknown>): Promise<string> {
    return this.show('table', visit, query);
  }

  @Get('follow-ups')
  @Allow('statistics', 'operations', 'auditor')
  followUps(@Visiting() visit: Visit, @Query() query: Record<string, unknown>): Promise<string> {
    return this.show('follow-ups', visit, query);
  }

  @Get('download')
  @Allow('statistics', 'operations', 'auditor')
  async download(@Visiting() visit: Visit, @Query() query: Record<string, unknown>): Promise<string> {
    const { of } = query;
    const asked = askedOf(of === 'follow-ups' ? of : 'table', query);
    const isDefinitions = of === 'definitions';
    const source = isDefinitions ? '/statistics/definitions' : `${sourceOf(asked)}&format=csv`;
    const answer = await this.ask(visit, source);
    return visit.csv(isDefinitions ? 'retorno-definitions.csv' : fileNameOf(asked), await answer.text());
  }

  private async show(kind: Kind, visit: Visit, query: Record<string, unknown>): Promise<string> {
    const asked = askedOf(kind, query);
    const answer = await this.answerTo(visit, sourceOf(asked));
    return visit.page(tablePage(visit, asked, answer), 'refused' in answer ? 422 : 200);
  }

  private async answerTo(visit: Visit, source: string): Promise<StatisticsTable | NoTable> {
    try {
      return (await (await this.ask(visit, source)).json()) as StatisticsTable;
    } catch (error) {
      if (!(error instanceof ProblemError) || ![400, 422].includes(error.body.status)) throw error;
      const { type, detail } = error.body;
      return { refused: type.split(':').at(-1)!, detail };
    }
  }

  /** An answer that is good. Throws the service's problem. */
  private async ask(visit: Visit, source: string): Promise<Response> {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const answer = await this.services.send(visit, 'GET', source, undefined, {}, patience);
    if (answer.ok) return answer;
    throw new ProblemError((await answer.json()) as ProblemError['body']);
  }
}
