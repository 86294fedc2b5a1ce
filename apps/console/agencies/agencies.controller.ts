import { Get, Param, Query } from '@nestjs/common';
import { Allow, ProblemError } from '@retorno/service';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { Services, type ListPage } from '../services';
import { agenciesPage, agencyPage, type OfficeLine } from './agencies';
import { watchedAgencies, type OneAgency, type Standing } from './catalogues';

/** Who offers what, and how they keep up. */
@ScreenAt('console/agencies')
export class AgenciesScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('operations', 'auditor')
  async list(@Visiting() visit: Visit): Promise<string> {
    const catalogues = await watchedAgencies(this.services, visit);
    const lines = await Promise.all(
      catalogues.map(async (catalogue) => ({
        catalogue,
        standing: await this.standing(visit, catalogue.slug),
      })),
    );
    return visit.page(agenciesPage(visit, lines));
  }

  @Get(':slug')
  @Allow('operations', 'auditor')
  async show(
    @Visiting() visit: Visit,
    @Param('slug') slug: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    const catalogue = await this.services.get<OneAgency>(visit, `/roundtable/${encodeURIComponent(slug)}`);
    const [standing, offices] = await Promise.all([
      this.standing(visit, slug),
      unlessAway(this.services.get<ListPage<OfficeLine>>(visit, `/agencies/${slug}/offices`)),
    ]);
    const view = { catalogue, standing, offices: offices?.items, isDone: done === 'yes' };
    return visit.page(agencyPage(visit, view));
  }

  private standing(visit: Visit, slug: string): Promise<Standing | undefined> {
    return unlessAway(this.services.get<Standing>(visit, `/agencies/${slug}/referrals/summary`));
  }
}

/** One agency that is away is a line of the page, not the end of it. */
function unlessAway<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (error instanceof ProblemError && error.body.status >= 500) return undefined;
    throw error;
  });
}
