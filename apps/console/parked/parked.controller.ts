import { Controller, Get, Param, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, problem, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { refusalIn } from '../frame/refusals';
import { answerPage, settingOf } from '../frame/screen';
import { languageOf } from '../frame/texts';
import { isRefused, type Refused } from '../services';
import { MAX_NOTE } from './claim-part';
import { parkedPage } from './parked';
import { ParkedStreams } from './parked-streams';
import { addressOf, type Place } from './paths';
import { MAX_LENGTH, sequencePage, type RefusedSkip, type SequenceAnswer } from './sequence';
import { addressAfter, toldBy } from './told';

/** So many messages of a sequence are shown at once. */
const SHOWN = 100;
/** Streams a second, unless said otherwise. */
const PACE = 5;

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
    const [standing, jobs] = await Promise.all([this.streams.standing(request), this.streams.jobs(request)]);
    answerPage(response, setting, parkedPage(setting, { ...standing, jobs }, toldBy(query)));
  }

  @Get(':service/:id')
  @Allow('operations', 'auditor')
  async sequence(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param() place: Place,
    @Query('cursor') cursor?: unknown,
  ): Promise<void> {
    const setting = settingOf(request, caller);
    const standing = await this.standingAt(request, place, typeof cursor === 'string' ? cursor : '');
    answerPage(response, setting, sequencePage(setting, place, standing));
  }

  /** One stream, or a whole group. */
  @Post('redrive')
  @Allow('operations')
  async redrive(@Req() request: Request, @Res() response: Response): Promise<void> {
    const form = (await readForm(request, response)) ?? {};
    if (form['group']) return this.redriveGroup(request, response, form['group'], form);
    const { service, id } = placeIn(form);
    const answer = await this.streams.redriveOne(request, service, id);
    if (!isRefused(answer)) return response.redirect(303, addressAfter({ did: 'redriven', ...answer }));
    this.orGone(response, answer);
  }

  @Post('claim')
  @Allow('operations')
  claim(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.look(request, response, true);
  }

  @Post('release')
  @Allow('operations')
  release(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.look(request, response, false);
  }

  @Post('skip')
  @Allow('operations-lead')
  async skip(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    const form = (await readForm(request, response)) ?? {};
    const place = placeIn(form);
    const { reason = '' } = form;
    const again = async (status: number, detail: string): Promise<void> => {
      const refused: RefusedSkip = { detail, written: reason };
      const setting = { ...settingOf(request, caller), address: addressOf(place) };
      const standing = await this.standingAt(request, place);
      answerPage(response.status(status), setting, sequencePage(setting, place, standing, {}, refused));
    };
    if (reason === '' || reason.length > MAX_LENGTH) return again(422, '');
    const answer = await this.streams.skip(request, place.service, place.id, reason);
    if (!isRefused(answer)) return response.redirect(303, addressAfter({ did: 'skipped' }));
    if (answer.status === 404) return response.redirect(303, addressAfter({ did: 'gone' }));
    return again(answer.status, refusalIn(languageOf(request), answer));
  }

  /** Parked messages go one after the other in their service; what a gap misses is asked for here. */
  private async redriveGroup(
    request: Request,
    response: Response,
    id: string,
    form: Readonly<Record<string, string>>,
  ): Promise<void> {
    const group = await this.streams.group(request, id);
    if (!group) return response.redirect(303, addressAfter({ did: 'gone' }));
    if (group.kind !== 'parked') {
      const answer = await this.streams.askAgain(request, group);
      return response.redirect(303, addressAfter({ did: 'redriven', ...answer }));
    }
    const count = form['count'] ? Number(form['count']) : undefined;
    const perSecond = form['perSecond'] ? Number(form['perSecond'].replace(',', '.')) : PACE;
    const isRight = count === undefined || (Number.isInteger(count) && count >= 1 && count <= 10_000);
    if (!isRight || !(perSecond >= 0.1 && perSecond <= 50)) {
      return response.redirect(303, addressAfter({ did: 'wrong' }));
    }
    const n = await this.streams.beginRedrive(request, group, { count, perSecond });
    response.redirect(303, addressAfter(n > 0 ? { did: 'begun', n } : { did: 'nothing' }));
  }

  /** Takes one message or a group to look into it, or lets it go. */
  private async look(request: Request, response: Response, isTaken: boolean): Promise<void> {
    const form = (await readForm(request, response)) ?? {};
    const note = form['note']?.slice(0, MAX_NOTE) || undefined;
    const did = isTaken ? 'taken' : 'released';
    if (form['group']) {
      const group = await this.streams.group(request, form['group']);
      if (!group) return response.redirect(303, addressAfter({ did: 'gone' }));
      const { claimed: n, others } = await this.streams.claimGroup(request, group, note, isTaken);
      return response.redirect(303, addressAfter({ did, n, others }));
    }
    const { service, id } = placeIn(form);
    const asked = isTaken ? { ...(note ? { note } : {}), takeOver: form['takeOver'] === 'yes' } : {};
    const path = `/${encodeURIComponent(id)}/${isTaken ? 'claim' : 'release'}`;
    const answer = await this.streams.ask(request, service, path, asked);
    if (!isRefused(answer)) return response.redirect(303, addressAfter({ did, n: 1, others: 0 }));
    if (answer.status === 409) return response.redirect(303, addressAfter({ did, n: 0, others: 1 }));
    this.orGone(response, answer);
  }

  private orGone(response: Response, answer: Refused): void {
    if (answer.status === 404) return response.redirect(303, addressAfter({ did: 'gone' }));
    throw problem(answer.status, answer.refused, answer.detail);
  }

  private standingAt(request: Request, { service, id }: Place, cursor = ''): Promise<SequenceAnswer> {
    const query = new URLSearchParams({ limit: String(SHOWN), ...(cursor ? { cursor } : {}) });
    const path = `/parked/${encodeURIComponent(id)}?${query.toString()}`;
    return this.streams.get<SequenceAnswer>(request, service, path);
  }
}

function placeIn({ service = '', id = '' }: Readonly<Record<string, string>>): Place {
  if (service !== '' && id !== '') return { service, id };
  throw problem(400, 'nothing-named', 'The form names no parked message: go back and choose one.');
}
