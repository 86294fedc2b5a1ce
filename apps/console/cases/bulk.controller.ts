import { Controller, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, problem, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { isRefused, Services } from '../services';
import {
  ACTIONS,
  bulkPage,
  chosenIn,
  MOST_STEPS,
  stepsIn,
  stepsOf,
  type Action,
  type CaseOfBulk,
} from './bulk';
import { addressOf, CASES, queryOf } from './case-filter';

/** As many as a page of the list has, and the button. */
const MOST_CHOSEN = 50;

/** One thing done to several cases: first shown exactly, then done to what was shown and to nothing else. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/cases/bulk')
export class BulkController {
  constructor(private readonly services: Services) {}

  /** Changes nothing. */
  @Post()
  @Allow('operations')
  async show(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    const form = (await readForm(request, response, MOST_CHOSEN + 1)) ?? {};
    const action = actionOf(form);
    const chosen = chosenIn(form);
    if (chosen.length === 0) return response.redirect(303, CASES);
    const cases = await Promise.all(
      chosen.map((id) => this.services.get<CaseOfBulk>(request, `/cases/${id}`)),
    );
    const setting = settingOf(request, caller);
    answerPage(response, setting, bulkPage(setting, action, chosen.length, stepsOf(action, cases, setting)));
  }

  /** Each by itself: what has changed meanwhile is refused by its service and does not hold up the others. */
  @Post('do')
  @Allow('operations')
  async carryOut(@Req() request: Request, @Res() response: Response): Promise<void> {
    const form = (await readForm(request, response, MOST_STEPS + 2)) ?? {};
    const action = actionOf(form);
    const steps = stepsIn(form);
    const reason = form['reason'] ? { [action === 'remind' ? 'reason' : 'note']: form['reason'] } : {};
    const done = { taken: 0, refused: 0 };
    for (const { caseId, id } of steps) {
      const path =
        action === 'remind' ? `/cases/${caseId}/referrals/${id}/remind` : `/escalations/${id}/claim`;
      const answer = await this.services.ask(request, 'POST', path, reason);
      if (isRefused(answer)) done.refused++;
      else done.taken++;
    }
    const ids = [...new Set(steps.map(({ caseId }) => caseId))].join(',');
    const told = `done=${action}&taken=${done.taken}&refused=${done.refused}`;
    response.redirect(303, addressOf(`${queryOf({ ids })}&${told}`));
  }
}

function actionOf(form: Readonly<Record<string, string>>): Action {
  const action = ACTIONS.find((one) => one === form['action']);
  if (!action) throw problem(400, 'unknown-action', 'action must be remind or claim.');
  return action;
}
