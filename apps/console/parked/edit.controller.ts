import { Controller, Get, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { EditError, ParkedMessage } from '@retorno/messaging';
import { Allow, problem, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { isRefused, type Refused } from '../services';
import { editPage, isReason, readEdit } from './edit-page';
import { editWordsIn } from './edit-words';
import { ParkedStreams } from './parked-streams';
import { editAddress, type Place } from './paths';
import { addressAfter } from './told';

/** Largest form: a message of the size that travels, written in `%`. */
const MOST_BYTES = 3_000_000;

/** What a parked message says, and putting it right. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/parked/:service/:id/edit')
export class EditScreenController {
  constructor(private readonly streams: ParkedStreams) {}

  @Get()
  @Allow('operations-lead')
  async form(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param() place: Place,
  ): Promise<void> {
    const setting = settingOf(request, caller);
    answerPage(response, setting, editPage(setting, place, await this.message(request, place)));
  }

  @Post()
  @Allow('operations-lead')
  async edit(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param() place: Place,
  ): Promise<void> {
    const setting = { ...settingOf(request, caller), address: editAddress(place) };
    const words = editWordsIn(setting.language);
    const form = await readForm(request, response, undefined, MOST_BYTES);
    if (!form) throw problem(413, 'too-large', words.tooLarge);
    const { data = '', reason = '' } = form;
    const again = async (status: number, problems: readonly EditError[]): Promise<void> => {
      const message = await this.message(request, place);
      answerPage(
        response.status(status),
        setting,
        editPage(setting, place, message, { problems, data, reason }),
      );
    };
    const read = readEdit(setting.language, data);
    const problems = [
      ...('problem' in read ? [read.problem] : []),
      ...(isReason(reason) ? [] : [{ pointer: '', detail: words.noReason }]),
    ];
    if ('problem' in read || problems.length > 0) return again(422, problems);
    const asked = { data: read.data, reason };
    const path = `/${encodeURIComponent(place.id)}/edit`;
    const answer = await this.streams.ask<{ handled: number }>(request, place.service, path, asked);
    if (!isRefused(answer)) return response.redirect(303, addressAfter({ did: 'edited', n: answer.handled }));
    if (answer.status === 404) return response.redirect(303, addressAfter({ did: 'gone' }));
    return again(answer.status, problemsOf(setting.language, answer));
  }

  private message(request: Request, { service, id }: Place): Promise<ParkedMessage> {
    return this.streams.get<ParkedMessage>(request, service, `/parked/${encodeURIComponent(id)}/message`);
  }
}

function problemsOf(language: Parameters<typeof editWordsIn>[0], answer: Refused): readonly EditError[] {
  const { errors, detail, members = {} } = answer;
  if (errors.length > 0) {
    return errors.map((error) => ({
      ...error,
      pointer: error.pointer.replace(/^\/data(?=\/|$)/, '') || '/',
    }));
  }
  const { keySeq, cause } = members;
  if (typeof keySeq !== 'number' || typeof cause !== 'string') return [{ pointer: '', detail }];
  return [{ pointer: '', detail: editWordsIn(language).failed(keySeq, cause) }];
}
