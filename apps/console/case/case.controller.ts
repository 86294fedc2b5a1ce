import { Controller, Get, Param, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, problem, ProblemError, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { actionPage, overPage } from './action-page';
import { ACTIONS, actionsFor, requestOf, type Action } from './actions';
import type { CaseFile, Outlook, ShownCase, ShownDisclosure } from './case';
import { casePage, noCasePage } from './case-page';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { isRefused, Services, type ListPage, type Refused } from '../services';

/** One case, and a form for everything that can be done about it. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/cases/:number')
export class CaseScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('operations', 'auditor')
  async show(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('number') number: string,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    const setting = settingOf(request, caller);
    const cursor = textOf(query['disclosures']);
    const path = `/cases/${encodeURIComponent(number)}/disclosures?limit=20&cursor=${encodeURIComponent(cursor)}`;
    const found = await orMissing(
      Promise.all([
        this.fileOf(request, number),
        this.services.get<ListPage<ShownDisclosure>>(request, path),
      ]),
    );
    if (!found) return answerPage(response.status(404), setting, noCasePage(setting));
    const [file, disclosures] = found;
    const view = { done: textOf(query['done']), isWhole: query['timeline'] === 'all', disclosures: cursor };
    answerPage(response, setting, casePage(setting, file, disclosures, view));
  }

  @Get('actions/:action')
  @Allow('operations')
  async ask(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('number') number: string,
    @Param('action') named: string,
    @Query('referral') referral: unknown,
  ): Promise<void> {
    const action = actionOf(named);
    const setting = settingOf(request, caller);
    const file = await orMissing(this.fileOf(request, number));
    if (!file) return answerPage(response.status(404), setting, noCasePage(setting));
    const referralId = textOf(referral) || null;
    if (!actionsFor(caller, file, referralId).includes(action)) {
      return answerPage(response.status(409), setting, overPage(setting, file, action));
    }
    answerPage(response, setting, actionPage(setting, file, { action, referralId, fields: {} }));
  }

  @Post('actions/:action')
  @Allow('operations')
  async act(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('number') number: string,
    @Param('action') named: string,
  ): Promise<void> {
    const action = actionOf(named);
    const form = await readForm(request, response);
    if (!form) throw problem(400, 'bad-form', 'The form could not be read: send it again, with less text.');
    const setting = settingOf(request, caller);
    const file = await orMissing(this.fileOf(request, number));
    if (!file) return answerPage(response.status(404), setting, noCasePage(setting));
    const { referral = '', ...fields } = form;
    const referralId = referral || null;
    const asked = requestOf(action, file, referralId, fields);
    const answer: object | Refused = asked
      ? await this.services.ask(request, 'POST', asked.path, asked.body)
      : { refused: 'invalid-fields', status: 422, detail: '', errors: [{ pointer: '/code', detail: '' }] };
    if (!isRefused(answer)) {
      return response.redirect(303, `/console/cases/${encodeURIComponent(file.shown.number)}?done=${action}`);
    }
    const page = actionPage(setting, file, { action, referralId, fields, refused: answer });
    answerPage(response.status(answer.status), setting, page);
  }

  private async fileOf(request: Request, number: string): Promise<CaseFile> {
    const path = `/cases/${encodeURIComponent(number)}`;
    const [shown, outlook] = await Promise.all([
      this.services.get<ShownCase>(request, path),
      this.services.get<Outlook>(request, `${path}/outlook`),
    ]);
    return { shown, outlook };
  }
}

/** What was asked for; undefined when the service knows no such case. */
async function orMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ProblemError && error.body.status === 404) return undefined;
    throw error;
  }
}

function actionOf(name: string): Action {
  const action = ACTIONS.find((one) => one === name);
  if (!action) throw problem(404, 'not-found', 'There is no such action.');
  return action;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
