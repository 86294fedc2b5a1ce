import { Controller, Get, Param, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { StandingEvents } from '@retorno/messaging';
import { Allow, problem, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { refusalIn } from '../frame/refusals';
import { answerPage, settingOf } from '../frame/screen';
import { languageOf } from '../frame/texts';
import { isRefused } from '../services';
import { addressOf, PARKED_PATH, parkedPage, type Told } from './parked';
import { ParkedStreams } from './parked-streams';
import { MAX_LENGTH, sequencePage, type Place, type RefusedSkip } from './sequence';

/** So many messages of a sequence are shown. */
const SHOWN = 100;

/** Messages that could not be handled, and what is done about them. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/parked')
export class ParkedScreenController {
  constructor(private readonly streams: ParkedStreams) {}

  @Get()
  @Allow('operations', 'auditor')
  async list(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    const setting = settingOf(request, caller);
    const standing = await this.streams.standing(request);
    answerPage(response, setting, parkedPage(setting, standing, toldBy(query)));
  }

  @Get(':service/:id')
  @Allow('operations', 'auditor')
  async sequence(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('service') service: string,
    @Param('id') id: string,
  ): Promise<void> {
    const setting = settingOf(request, caller);
    const standing = await this.standingAt(request, { service, id });
    answerPage(response, setting, sequencePage(setting, { service, id }, standing));
  }

  /** One stream, or a whole group. */
  @Post('redrive')
  @Allow('operations')
  async redrive(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { group = '', service = '', id = '' } = (await readForm(request, response)) ?? {};
    if (group === '' && (service === '' || id === '')) throw nothingNamed();
    const answer =
      group === ''
        ? await this.streams.redriveOne(request, service, id)
        : await this.streams.redriveGroup(request, group);
    if (!isRefused(answer)) return response.redirect(303, addressAfter({ did: 'redriven', ...answer }));
    if (answer.status === 404) return response.redirect(303, addressAfter({ did: 'gone' }));
    throw problem(answer.status, answer.refused, answer.detail);
  }

  @Post('skip')
  @Allow('operations-lead')
  async skip(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    const { service = '', id = '', reason = '' } = (await readForm(request, response)) ?? {};
    if (service === '' || id === '') throw nothingNamed();
    const again = async (status: number, detail: string): Promise<void> => {
      const place = { service, id };
      const refused: RefusedSkip = { detail, written: reason };
      const setting = { ...settingOf(request, caller), address: addressOf(place) };
      const standing = await this.standingAt(request, place);
      answerPage(response.status(status), setting, sequencePage(setting, place, standing, {}, refused));
    };
    if (reason === '' || reason.length > MAX_LENGTH) return again(422, '');
    const answer = await this.streams.skip(request, service, id, reason);
    if (!isRefused(answer)) return response.redirect(303, addressAfter({ did: 'skipped' }));
    if (answer.status === 404) return response.redirect(303, addressAfter({ did: 'gone' }));
    return again(answer.status, refusalIn(languageOf(request), answer));
  }

  private standingAt(request: Request, { service, id }: Place): Promise<StandingEvents> {
    const path = `/parked/${encodeURIComponent(id)}?limit=${SHOWN}`;
    return this.streams.get<StandingEvents>(request, service, path);
  }
}

function nothingNamed(): Error {
  return problem(400, 'nothing-named', 'The form names no parked message: go back and choose one.');
}

function addressAfter(told: Told): string {
  const set = Object.entries(told).map(([name, value]): [string, string] => [name, String(value)]);
  return `${PARKED_PATH}?${new URLSearchParams(set).toString()}`;
}

function toldBy(query: Record<string, unknown>): Told {
  const { did } = query;
  const count = (name: string): number => (/^\d{1,6}$/.test(String(query[name])) ? Number(query[name]) : 0);
  if (did === 'redriven')
    return { did, handled: count('handled'), failed: count('failed'), remaining: count('remaining') };
  return did === 'skipped' || did === 'gone' ? { did } : {};
}
