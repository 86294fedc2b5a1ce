import { Get, Param, Post, Query } from '@nestjs/common';
import { Allow, problem, ProblemError } from '@retorno/service';
import { KeptCatalogues } from '../agencies/kept-catalogues';
import { actionPage, overPage } from './action-page';
import { ACTIONS, actionsFor, requestOf, type Action } from './actions';
import type { CaseFile, Outlook, ShownCase, ShownDisclosure } from './case';
import { casePage, noCasePage } from './case-page';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { isRefused, Services, type ListPage, type Refused } from '../services';

/** One case, and a form for everything that can be done about it. */
@ScreenAt('console/cases/:number')
export class CaseScreenController {
  constructor(
    private readonly services: Services,
    private readonly catalogues: KeptCatalogues,
  ) {}

  @Get()
  @Allow('operations', 'auditor')
  async show(
    @Visiting() visit: Visit,
    @Param('number') number: string,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const cursor = textOf(query['disclosures']);
    const path = `/cases/${encodeURIComponent(number)}/disclosures?limit=20&cursor=${encodeURIComponent(cursor)}`;
    const found = await orMissing(
      Promise.all([this.fileOf(visit, number), this.services.get<ListPage<ShownDisclosure>>(visit, path)]),
    );
    if (!found) return visit.page(noCasePage(visit), 404);
    const [file, disclosures] = found;
    const view = { done: textOf(query['done']), isWhole: query['timeline'] === 'all', disclosures: cursor };
    return visit.page(casePage(visit, file, disclosures, view));
  }

  @Get('actions/:action')
  @Allow('operations')
  async ask(
    @Visiting() visit: Visit,
    @Param('number') number: string,
    @Param('action') named: string,
    @Query('referral') referral: unknown,
  ): Promise<string> {
    const action = actionOf(named);
    const file = await orMissing(this.fileOf(visit, number));
    if (!file) return visit.page(noCasePage(visit), 404);
    const referralId = textOf(referral) || null;
    if (!actionsFor(visit.caller, file, referralId).includes(action)) {
      return visit.page(overPage(visit, file, action), 409);
    }
    return visit.page(actionPage(visit, file, { action, referralId, fields: {} }));
  }

  @Post('actions/:action')
  @Allow('operations')
  async act(
    @Visiting() visit: Visit,
    @Param('number') number: string,
    @Param('action') named: string,
  ): Promise<string> {
    const action = actionOf(named);
    const form = await visit.form();
    if (!form) throw problem(400, 'bad-form', 'The form could not be read: send it again, with less text.');
    const file = await orMissing(this.fileOf(visit, number));
    if (!file) return visit.page(noCasePage(visit), 404);
    const { referral = '', ...fields } = form;
    const referralId = referral || null;
    const asked = requestOf(action, file, referralId, fields);
    const answer: object | Refused = asked
      ? await this.services.ask(visit, 'POST', asked.path, asked.body)
      : { refused: 'invalid-fields', status: 422, detail: '', errors: [{ pointer: '/code', detail: '' }] };
    if (!isRefused(answer)) {
      return visit.redirect(`/console/cases/${encodeURIComponent(file.shown.number)}?done=${action}`);
    }
    const page = actionPage(visit, file, { action, referralId, fields, refused: answer });
    return visit.page(page, answer.status);
  }

  private async fileOf(visit: Visit, number: string): Promise<CaseFile> {
    const path = `/cases/${encodeURIComponent(number)}`;
    const [shown, outlook, catalogues] = await Promise.all([
      this.services.get<ShownCase>(visit, path),
      this.services.get<Outlook>(visit, `${path}/outlook`),
      this.catalogues.get(visit),
    ]);
    return { shown, outlook, catalogues };
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
