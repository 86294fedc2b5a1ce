/** What every screen has in common: who looks, in which language, and how a page is answered. */
import { type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { momentOf } from './moment.middleware';
import { pageOf, sendPage, type Page, type Setting } from './page';
import { languageOf } from './texts';

/** Cookie of whoever wants pages to stay as they are. */
export const PAUSE_COOKIE = 'retorno-paused';

/** What a page for this request is made with. */
export function settingOf(request: Request, caller: Caller): Setting {
  return {
    language: languageOf(request),
    caller,
    address: request.originalUrl,
    now: momentOf(request),
    isPaused: new RegExp(`(?:^|; *)(?:__Host-)?${PAUSE_COOKIE}=yes`).test(request.headers.cookie ?? ''),
  };
}

/** Answers with a page of the menu. */
export function answerPage(response: Response, setting: Setting, page: Page): void {
  sendPage(response, pageOf(setting, page));
}
