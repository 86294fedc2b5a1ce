import { Controller, Inject, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AllowKnown, readForm, SETTINGS } from '@retorno/service';
import type { Request, Response } from 'express';
import { Cookie } from '../login/cookies';
import { ownPath } from '../login/login.controller';
import { ConsoleSettings } from '../settings';
import { ConsoleFilter } from './console-filter';
import { PAUSE_COOKIE } from './screen';

/** Whether pages follow what happens, or stay as they are: until the browser is closed. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/live')
export class LiveChoiceController {
  private readonly cookie: Cookie;

  constructor(@Inject(SETTINGS) settings: ConsoleSettings) {
    this.cookie = new Cookie(PAUSE_COOKIE, settings.PUBLIC_URL);
  }

  @Post()
  @AllowKnown()
  async choose(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { paused, to } = (await readForm(request, response)) ?? {};
    if (paused === 'yes') this.cookie.set(response, 'yes');
    else this.cookie.clear(response);
    response.redirect(303, ownPath(to));
  }
}
