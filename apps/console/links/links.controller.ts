import { Get, Param, Post, Query } from '@nestjs/common';
import { Allow, problem } from '@retorno/service';
import { noCasePage } from '../case/case-page';
import { textsIn } from '../frame/query';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { personOfCase } from '../person';
import { isRefused, orNothing, Services, type ListPage } from '../services';
import { cardPage, type MadeLink } from './card-page';
import { linksAddress, linksPage, type CaseOfLinks, type GivenLink, type RefusedLink } from './links-page';

/** The returnee's own page: giving them the link to it, and taking it back. The address stands in one answer and nowhere else. */
@ScreenAt('console/cases/:number/links')
export class LinksScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('operations', 'auditor')
  async show(
    @Visiting() visit: Visit,
    @Param('number') number: string,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const of = await this.caseAt(visit, number);
    if (!of) return visit.page(noCasePage(visit), 404);
    const links = await this.linksOf(visit, of, textsIn(query)('cursor'));
    return visit.page(linksPage(visit, of, links));
  }

  @Post()
  @Allow('operations')
  async give(@Visiting() visit: Visit, @Param('number') number: string): Promise<string> {
    const typed = await formOf(visit);
    const of = await this.caseAt(visit, number);
    if (!of) return visit.page(noCasePage(visit), 404);
    const { language = 'es', days = '' } = typed;
    const body = { caseId: of.id, language, days: /^\d{1,4}$/.test(days) ? Number(days) : days };
    // Asked for first: an address that was made and could not be shown would be lost.
    const whose = typed['named'] === 'yes' ? { names: await this.namesOf(visit, of) } : null;
    const made = await this.services.ask<MadeLink>(visit, 'POST', '/portal/links', body);
    if (isRefused(made)) {
      const refused: RefusedLink = { ...made, about: null, typed };
      const page = linksPage(visit, of, await this.linksOf(visit, of, ''), refused);
      return visit.page(page, made.status);
    }
    return visit.page(cardPage(visit, of, made, { whose, language }), 201);
  }

  @Post(':id/revoke')
  @Allow('operations')
  async revoke(
    @Visiting() visit: Visit,
    @Param('number') number: string,
    @Param('id') id: string,
  ): Promise<string> {
    const typed = await formOf(visit);
    const { reason = '' } = typed;
    const path = `/portal/links/${encodeURIComponent(id)}/revoke`;
    const answer = await this.services.ask(visit, 'POST', path, { reason });
    if (!isRefused(answer)) return visit.redirect(linksAddress(number));
    const of = await this.caseAt(visit, number);
    if (!of) return visit.page(noCasePage(visit), 404);
    const refused: RefusedLink = { ...answer, about: id, typed };
    const page = linksPage(visit, of, await this.linksOf(visit, of, ''), refused);
    return visit.page(page, answer.status);
  }

  private async caseAt(visit: Visit, number: string): Promise<CaseOfLinks | undefined> {
    return orNothing(this.services.get<CaseOfLinks>(visit, `/cases/${encodeURIComponent(number)}`));
  }

  private linksOf(visit: Visit, { id }: CaseOfLinks, cursor: string): Promise<ListPage<GivenLink>> {
    const query = new URLSearchParams({ caseId: id, limit: '20', ...(cursor && { cursor }) });
    return this.services.get<ListPage<GivenLink>>(visit, `/portal/links?${query.toString()}`);
  }

  /** Whom the card is for; null when intake does not know. */
  private async namesOf(visit: Visit, { id }: CaseOfLinks): Promise<string | null> {
    const found = await personOfCase(this.services, visit, id);
    return found ? `${found.person.givenNames} ${found.person.familyNames}` : null;
  }
}

async function formOf(visit: Visit): Promise<Readonly<Record<string, string>>> {
  const form = await visit.form();
  if (!form) throw problem(400, 'bad-form', 'The form could not be read: send it again, with less text.');
  return form;
}
