import { Get, Param, Post } from '@nestjs/common';
import { Allow, problem, type Caller } from '@retorno/service';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { isRefused, Services } from '../services';
import type { OneAgency } from './catalogues';
import { deedPage, type AskedDeed } from './deed-page';
import { isDeed, isPossible, mayDo, requestFor, type Deed } from './deeds';

/** Pausing an agency, its maintenance, its contact: each a form of its own, with a reason. */
@ScreenAt('console/agencies/:slug')
export class DeedsController {
  constructor(private readonly services: Services) {}

  @Get(':deed')
  @Allow('operations')
  async ask(
    @Visiting() visit: Visit,
    @Param('slug') slug: string,
    @Param('deed') name: string,
  ): Promise<string> {
    const deed = this.deedFor(visit.caller, name);
    const agency = await this.agencyAt(visit, slug);
    if (!isPossible(agency, deed)) return visit.redirect(`/console/agencies/${slug}`);
    return this.answer(visit, agency, { deed, typed: {} });
  }

  @Post(':deed')
  @Allow('operations')
  async decide(
    @Visiting() visit: Visit,
    @Param('slug') slug: string,
    @Param('deed') name: string,
  ): Promise<string> {
    const deed = this.deedFor(visit.caller, name);
    const typed = (await visit.form()) ?? {};
    const { method, path, body } = requestFor(slug, deed, typed);
    const answer = await this.services.ask(visit, method, path, body);
    if (!isRefused(answer)) return visit.redirect(`/console/agencies/${slug}?done=yes`);
    const agency = await this.agencyAt(visit, slug);
    return this.answer(visit, agency, { deed, typed, refused: answer });
  }

  private deedFor(caller: Caller, name: string): Deed {
    if (!isDeed(name)) throw problem(404, 'not-found', 'There is no such page.');
    if (!mayDo(caller, name)) throw problem(403, 'forbidden', 'This is for the roles: operations-lead.');
    return name;
  }

  private agencyAt(visit: Visit, slug: string): Promise<OneAgency> {
    return this.services.get<OneAgency>(visit, `/roundtable/${encodeURIComponent(slug)}`);
  }

  private answer(visit: Visit, agency: OneAgency, asked: AskedDeed): string {
    const here = visit.at(`/console/agencies/${agency.slug}/${asked.deed}`);
    return here.page(deedPage(here, agency, asked), asked.refused?.status);
  }
}
