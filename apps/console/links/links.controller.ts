import { Controller, Get, Param, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, problem, ProblemError, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { noCasePage } from '../case/case-page';
import { ConsoleFilter } from '../frame/console-filter';
import { textsIn } from '../frame/query';
import { answerPage, settingOf } from '../frame/screen';
import { isRefused, Services, type ListPage } from '../services';
import { cardPage, type MadeLink } from './card-page';
import { linksAddress, linksPage, type CaseOfLinks, type GivenLink, type RefusedLink } from './links-page';

/** The returnee's own page: giving them the link to it, and taking it back. The address stands in one answer and nowhere else. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/cases/:number/links')
export class LinksScreenController {
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
    const of = await this.caseAt(request, number);
    if (!of) return answerPage(response.status(404), setting, noCasePage(setting));
    const links = await this.linksOf(request, of, textsIn(query)('cursor'));
    answerPage(response, setting, linksPage(setting, of, links));
  }

  @Post()
  @Allow('operations')
  async give(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('number') number: string,
  ): Promise<void> {
    const typed = await formOf(request, response);
    const setting = settingOf(request, caller);
    const of = await this.caseAt(request, number);
    if (!of) return answerPage(response.status(404), setting, noCasePage(setting));
    const { language = 'es', days = '' } = typed;
    const body = { caseId: of.id, language, days: /^\d{1,4}$/.test(days) ? Number(days) : days };
    const made = await this.services.ask<MadeLink>(request, 'POST', '/portal/links', body);
    if (isRefused(made)) {
      const refused: RefusedLink = { ...made, about: null, typed };
      const page = linksPage(setting, of, await this.linksOf(request, of, ''), refused);
      return answerPage(response.status(made.status), setting, page);
    }
    const names = of.atRisk ? null : await this.namesOf(request, of);
    answerPage(response.status(201), setting, cardPage(setting, of, made, { names, language }));
  }

  @Post(':id/revoke')
  @Allow('operations')
  async revoke(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('number') number: string,
    @Param('id') id: string,
  ): Promise<void> {
    const typed = await formOf(request, response);
    const { reason = '' } = typed;
    const path = `/portal/links/${encodeURIComponent(id)}/revoke`;
    const answer = await this.services.ask(request, 'POST', path, { reason });
    if (!isRefused(answer)) return response.redirect(303, linksAddress(number));
    const setting = settingOf(request, caller);
    const of = await this.caseAt(request, number);
    if (!of) return answerPage(response.status(404), setting, noCasePage(setting));
    const refused: RefusedLink = { ...answer, about: id, typed };
    const page = linksPage(setting, of, await this.linksOf(request, of, ''), refused);
    answerPage(response.status(answer.status), setting, page);
  }

  private async caseAt(request: Request, number: string): Promise<CaseOfLinks | undefined> {
    return orNothing(this.services.get<CaseOfLinks>(request, `/cases/${encodeURIComponent(number)}`));
  }

  private linksOf(request: Request, { id }: CaseOfLinks, cursor: string): Promise<ListPage<GivenLink>> {
    const query = new URLSearchParams({ caseId: id, limit: '20', ...(cursor && { cursor }) });
    return this.services.get<ListPage<GivenLink>>(request, `/portal/links?${query.toString()}`);
  }

  /** Whom the card is for; null when intake does not know. */
  private async namesOf(request: Request, { id }: CaseOfLinks): Promise<string | null> {
    const path = `/intake/returnees?caseId=${encodeURIComponent(id)}`;
    const { items } = await this.services.get<ListPage<{ returneeId: string }>>(request, path);
    const [first] = items;
    if (!first) return null;
    const found = await orNothing(
      this.services.get<{ person: { familyNames: string; givenNames: string } }>(
        request,
        `/intake/returnees/${encodeURIComponent(first.returneeId)}`,
      ),
    );
    return found ? `${found.person.givenNames} ${found.person.familyNames}` : null;
  }
}

async function formOf(request: Request, response: Response): Promise<Readonly<Record<string, string>>> {
  const form = await readForm(request, response);
  if (!form) throw problem(400, 'bad-form', 'The form could not be read: send it again, with less text.');
  return form;
}

/** Undefined where there is no such thing, or no more. */
async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ProblemError && [404, 410].includes(error.body.status)) return undefined;
    throw error;
  }
}
