import { Inject, Post } from '@nestjs/common';
import { AllowKnown, SETTINGS } from '@retorno/service';
import { Cookie } from '../login/cookies';
import { ownPath } from '../login/login.controller';
import { ConsoleSettings } from '../settings';
import { LANGUAGE_COOKIE } from './texts';
import { ScreenAt, Visit, Visiting } from './visit';

const YEAR_MS = 365 * 86_400_000;

/** Which language somebody reads. */
@ScreenAt('console/language')
export class LanguageController {
  private readonly cookie: Cookie;

  constructor(@Inject(SETTINGS) settings: ConsoleSettings) {
    this.cookie = new Cookie(LANGUAGE_COOKIE, settings.PUBLIC_URL);
  }

  @Post()
  @AllowKnown()
  async choose(@Visiting() visit: Visit): Promise<string> {
    const { language, to } = (await visit.form()) ?? {};
    this.cookie.set(visit.response, language === 'en' ? 'en' : 'es', YEAR_MS);
    return visit.redirect(ownPath(to));
  }
}
