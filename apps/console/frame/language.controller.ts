import { Controller, Inject, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AllowKnown, readForm, SETTINGS } from '@retorno/service';
import type { Request, Response } from 'express';
import { Cookie } from '../login/cookies';
import { ownPath } from '../login/login.controller';
import { ConsoleSettings } from '../settings';
import { ConsoleFilter } from './console-filter';
import { LANGUAGE_COOKIE } from './texts';

const YEAR_MS = 365 * 86_400_000;

/** Which language somebody reads. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/language')
export class LanguageController {
  private readonly cookie: Cookie;

  constructor(@Inject(SETTINGS) settings: ConsoleSettings) {
    this.cookie = new Cookie(LANGUAGE_COOKIE, settings.PUBLIC_URL);
  }

  @Post()
  @AllowKnown()
  async choose(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { language, to } = (await readForm(request, response)) ?? {};
    this.cookie.set(response, language === 'en' ? 'en' : 'es', YEAR_MS);
    response.redirect(303, ownPath(to));
  }
}
