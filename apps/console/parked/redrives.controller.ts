import { Get, Param, Post, Query } from '@nestjs/common';
import { Allow, problem } from '@retorno/service';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { isRefused } from '../services';
import { ParkedStreams } from './parked-streams';
import type { Place } from './paths';
import { jobAddress, jobPage, type OpenedJob } from './redrive-page';

/** One redrive of many streams: how far it is, and stopping it. */
@ScreenAt('console/parked/redrives')
export class RedrivesScreenController {
  constructor(private readonly streams: ParkedStreams) {}

  @Get(':service/:id')
  @Allow('operations', 'auditor')
  async open(
    @Visiting() visit: Visit,
    @Param() { service, id }: Place,
    @Query('did') did?: unknown,
  ): Promise<string> {
    const path = `/parked/redrives/${encodeURIComponent(id)}`;
    const job = await this.streams.get<OpenedJob>(visit, service, path);
    return visit.page(jobPage(visit, job, did === 'stopped' || did === 'over' ? did : undefined));
  }

  @Post('stop')
  @Allow('operations')
  async stop(@Visiting() visit: Visit): Promise<string> {
    const { service = '', id = '' } = (await visit.form()) ?? {};
    if (service === '' || id === '') {
      throw problem(400, 'nothing-named', 'The form names no redrive: go back and choose one.');
    }
    const answer = await this.streams.ask(visit, service, `/redrives/${encodeURIComponent(id)}/stop`, {});
    if (isRefused(answer) && answer.status !== 404)
      throw problem(answer.status, answer.refused, answer.detail);
    return visit.redirect(`${jobAddress({ service, id })}?did=${isRefused(answer) ? 'over' : 'stopped'}`);
  }
}
