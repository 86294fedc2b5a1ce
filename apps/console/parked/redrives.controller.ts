import { Controller, Get, Param, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, problem, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { isRefused } from '../services';
import { ParkedStreams } from './parked-streams';
import type { Place } from './paths';
import { jobAddress, jobPage, type OpenedJob } from './redrive-page';

/** One redrive of many streams: how far it is, and stopping it. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/parked/redrives')
export class RedrivesScreenController {
  constructor(private readonly streams: ParkedStreams) {}

  @Get(':service/:id')
  @Allow('operations', 'auditor')
  async open(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param() { service, id }: Place,
    @Query('did') did?: unknown,
  ): Promise<void> {
    const setting = settingOf(request, caller);
    const path = `/parked/redrives/${encodeURIComponent(id)}`;
    const job = await this.streams.get<OpenedJob>(request, service, path);
    answerPage(
      response,
      setting,
      jobPage(setting, job, did === 'stopped' || did === 'over' ? did : undefined),
    );
  }

  @Post('stop')
  @Allow('operations')
  async stop(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { service = '', id = '' } = (await readForm(request, response)) ?? {};
    if (service === '' || id === '') {
      throw problem(400, 'nothing-named', 'The form names no redrive: go back and choose one.');
    }
    const answer = await this.streams.ask(request, service, `/redrives/${encodeURIComponent(id)}/stop`, {});
    if (isRefused(answer) && answer.status !== 404)
      throw problem(answer.status, answer.refused, answer.detail);
    response.redirect(303, `${jobAddress({ service, id })}?did=${isRefused(answer) ? 'over' : 'stopped'}`);
  }
}
