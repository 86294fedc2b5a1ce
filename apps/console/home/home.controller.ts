import { Get } from '@nestjs/common';
import { AllowKnown, KeptBriefly, mondayOf, type Caller } from '@retorno/service';
import { KeptCatalogues } from '../agencies/kept-catalogues';
import type { NotificationView } from '../escalations/told-outside';
import { homeOf } from '../frame/page';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import type { Manifest } from '../intake/manifests';
import { ParkedStreams, type Standing } from '../parked/parked-streams';
import { Services, type ListPage } from '../services';
import { Tours } from '../tour/tours';
import { agencyOf } from '../worklist/own-agency';
import type { Happening } from './feed';
import { homePage, type AtHome, type CaseSummary, type EscalationSummary } from './home';
import { staffPage, type AgencyStanding, type StaffHome } from './staff';

/** Happenings that are shown. */
const SHOWN = 20;
/** Manifests that are shown to intake. */
const MANIFESTS = 5;
/** Where services run apart, each one is asked what stands still, ms. */
const PARKED_KEPT_MS = 1_000;

/** What somebody sees first. */
@ScreenAt('console')
export class HomeScreenController {
  private readonly standing = new KeptBriefly<Standing>(PARKED_KEPT_MS);

  constructor(
    private readonly services: Services,
    private readonly catalogues: KeptCatalogues,
    private readonly parked: ParkedStreams,
    private readonly tours: Tours,
  ) {}

  @Get()
  @AllowKnown()
  async home(@Visiting() visit: Visit): Promise<string> {
    const home = homeOf(visit.caller);
    if (home !== '/console') return visit.redirect(home);
    const isWatching = visit.caller.roles.has('operations') || visit.caller.roles.has('auditor');
    const page = isWatching
      ? homePage(visit, {
          ...(await this.atHome(visit)),
          tour: await this.isTourOffered(visit.caller),
        })
      : staffPage(visit, await this.staffHome(visit));
    return visit.page(page);
  }

  private async isTourOffered(caller: Caller): Promise<boolean> {
    return caller.roles.has('operations') && this.tours.isOffered(caller.subject);
  }

  /** Names and what stands still are the same for all who come here: operations and auditors. */
  private async atHome(visit: Visit): Promise<AtHome> {
    const since = mondayOf(visit.now);
    const [cases, escalations, feed, standing, catalogues, notifications] = await Promise.all([
      this.services.get<CaseSummary>(visit, `/cases/summary?since=${since}`),
      this.services.get<EscalationSummary>(visit, `/escalations/summary?since=${since}`),
      this.services.get<ListPage<Happening>>(visit, `/cases/feed?limit=${SHOWN}`),
      this.standing.get(() => this.parked.standing(visit)),
      this.catalogues.get(visit),
      this.services.get<NotificationView>(visit, '/escalations/notifications'),
    ]);
    const count = standing.groups.reduce((sum, { streams }) => sum + streams.length, 0);
    const parked = { count, more: standing.isMore, silent: standing.silent };
    return { cases, escalations, parked, feed: feed.items, catalogues, notifications };
  }

  private async staffHome(visit: Visit): Promise<StaffHome> {
    const [agency, manifests] = await Promise.all([
      visit.caller.roles.has('agency-worker') ? this.agency(visit) : undefined,
      visit.caller.roles.has('intake')
        ? this.services.get<ListPage<Manifest>>(visit, `/intake/manifests?limit=${MANIFESTS}`)
        : undefined,
    ]);
    return { ...(agency && { agency }), ...(manifests && { manifests: manifests.items }) };
  }

  private async agency(visit: Visit): Promise<NonNullable<StaffHome['agency']>> {
    const slug = agencyOf(visit.caller);
    const [standing, catalogues] = await Promise.all([
      this.services.get<AgencyStanding>(visit, `/agencies/${slug}/referrals/summary`),
      this.catalogues.get(visit),
    ]);
    return { name: catalogues.find((one) => one.slug === slug)?.name ?? slug, standing };
  }
}
