import { Inject, Post } from '@nestjs/common';
import { AllowKnown, SETTINGS } from '@retorno/service';
import { Cookie } from '../login/cookies';
import { ownPath } from '../login/login.controller';
import { ConsoleSettings } from '../settings';
import { PAUSE_COOKIE, ScreenAt, Visit, Visiting } from './visit';

/** Whether pages follow what happens, or stay as they are: until the browser is closed. */
@ScreenAt('console/live')
export class LiveChoiceController {
  private readonly cookie: Cookie;

  constructor(@Inject(SETTINGS) settings: ConsoleSettings) {
    this.cookie = new Cookie(PAUSE_COOKIE, settings.PUBLIC_URL);
  }

  @Post()
  @AllowKnown()
  async choose(@Visiting() visit: Visit): Promise<string> {
    const { paused, to } = (await visit.form()) ?? {};
    if (paused === 'yes') this.cookie.set(visit.response, 'yes');
    else this.cookie.clear(visit.response);
    return visit.redirect(ownPath(to));
  }
}
