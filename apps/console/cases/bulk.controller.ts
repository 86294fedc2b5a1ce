import { Post } from '@nestjs/common';
import { Allow, problem } from '@retorno/service';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
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
@ScreenAt('console/cases/bulk')
export class BulkController {
  constructor(private readonly services: Services) {}

  /** Changes nothing. */
  @Post()
  @Allow('operations')
  async show(@Visiting() visit: Visit): Promise<string> {
    const form = (await visit.form(MOST_CHOSEN + 1)) ?? {};
    const action = actionOf(form);
    const chosen = chosenIn(form);
    if (chosen.length === 0) return visit.redirect(CASES);
    const cases = await Promise.all(chosen.map((id) => this.services.get<CaseOfBulk>(visit, `/cases/${id}`)));
    return visit.page(bulkPage(visit, action, chosen.length, stepsOf(action, cases, visit)));
  }

  /** Each by itself: what has changed meanwhile is refused by its service and does not hold up the others. */
  @Post('do')
  @Allow('operations')
  async carryOut(@Visiting() visit: Visit): Promise<string> {
    const form = (await visit.form(MOST_STEPS + 2)) ?? {};
    const action = actionOf(form);
    const steps = stepsIn(form);
    const reason = form['reason'] ? { [action === 'remind' ? 'reason' : 'note']: form['reason'] } : {};
    const done = { taken: 0, refused: 0 };
    for (const { caseId, id } of steps) {
      const path =
        action === 'remind' ? `/cases/${caseId}/referrals/${id}/remind` : `/escalations/${id}/claim`;
      const answer = await this.services.ask(visit, 'POST', path, reason);
      if (isRefused(answer)) done.refused++;
      else done.taken++;
    }
    const ids = [...new Set(steps.map(({ caseId }) => caseId))].join(',');
    const told = `done=${action}&taken=${done.taken}&refused=${done.refused}`;
    return visit.redirect(addressOf(`${queryOf({ ids })}&${told}`));
  }
}

function actionOf(form: Readonly<Record<string, string>>): Action {
  const action = ACTIONS.find((one) => one === form['action']);
  if (!action) throw problem(400, 'unknown-action', 'action must be remind or claim.');
  return action;
}
