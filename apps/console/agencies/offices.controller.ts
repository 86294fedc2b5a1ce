import { Get, Param, Post, Query } from '@nestjs/common';
import { AllowOwnAgency, problem } from '@retorno/service';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { isRefused, Services, type ListPage } from '../services';
import { agencyOf } from '../worklist/own-agency';
import type { OfficeLine } from './agencies';
import { cataloguesFor } from './catalogues';
import { officesPage, type BadLimit } from './offices';

/** How many referrals each office of one's own agency takes at once. */
@ScreenAt('console/offices')
export class OfficesScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @AllowOwnAgency('agency-worker')
  async show(@Visiting() visit: Visit, @Query('saved') saved: unknown): Promise<string> {
    return this.answerWith(visit, { isSaved: saved === 'yes' });
  }

  @Post(':code')
  @AllowOwnAgency('agency-worker')
  async limit(@Visiting() visit: Visit, @Param('code') code: string): Promise<string> {
    const { service = '', capacity: typed = '' } = (await visit.form()) ?? {};
    const capacity = typed === '' ? null : /^\d{1,7}$/.test(typed) ? Number(typed) : Number.NaN;
    const path = `/agencies/${agencyOf(visit.caller)}/offices/${encodeURIComponent(code)}/capacity`;
    const answer = Number.isNaN(capacity)
      ? undefined
      : await this.services.ask(visit, 'PUT', path, { service, capacity });
    if (answer && !isRefused(answer)) return visit.redirect('/console/offices?saved=yes');
    if (answer?.status === 404) throw problem(404, 'not-found', 'Your agency has no office with this code.');
    return this.answerWith(visit, { isSaved: false, bad: { office: code, service, typed } });
  }

  private async answerWith(visit: Visit, view: { isSaved: boolean; bad?: BadLimit }): Promise<string> {
    const slug = agencyOf(visit.caller);
    const [catalogues, offices] = await Promise.all([
      cataloguesFor(this.services, visit),
      this.services.get<ListPage<OfficeLine>>(visit, `/agencies/${slug}/offices`),
    ]);
    const catalogue = catalogues.find((one) => one.slug === slug);
    const page = officesPage(visit, { ...view, catalogue, offices: offices.items });
    return visit.page(page, view.bad && 422);
  }
}
