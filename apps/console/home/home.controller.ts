import { Controller, Get, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AllowKnown, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { cataloguesFor, type Catalogue } from '../agencies/catalogues';
import type { NotificationView } from '../escalations/told-outside';
import { ConsoleFilter } from '../frame/console-filter';
import { homeOf, type Setting } from '../frame/page';
import { answerPage, settingOf } from '../frame/screen';
import type { Manifest } from '../intake/manifests';
import { ParkedStreams, type Standing } from '../parked/parked-streams';
import { Services, type ListPage } from '../services';
import { Tours } from '../tour/tours';
import { agencyOf } from '../worklist/own-agency';
import type { Happening } from './feed';
import { homePage, type AtHome, type CaseSummary, type EscalationSummary } from './home';
import { KeptBriefly } from './kept-briefly';
import { staffPage, type AgencyStanding, type StaffHome } from './staff';
import { mondayOf } from './week';

/** Happenings that are shown. */
const SHOWN = 20;
/** Manifests that are shown to intake. */
const MANIFESTS = 5;
/** Where services run apart, each one is asked what stands still, ms. */
const PARKED_KEPT_MS = 1_000;
/** Names change when an agency publishes, ms. */
const NAMES_KEPT_MS = 10_000;

/** What somebody sees first. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console')
export class HomeScreenController {
  private readonly standing = new KeptBriefly<Standing>(PARKED_KEPT_MS);
  private readonly catalogues = new KeptBriefly<readonly Catalogue[]>(NAMES_KEPT_MS);

  constructor(
    private readonly services: Services,
    private readonly parked: ParkedStreams,
    private readonly tours: Tours,
  ) {}

  @Get()
  @AllowKnown()
  async home(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    const home = homeOf(caller);
    if (home !== '/console') return response.redirect(303, home);
    const setting = settingOf(request, caller);
    const isWatching = caller.roles.has('operations') || caller.roles.has('auditor');
    const page = isWatching
      ? homePage(setting, {
          ...(await this.atHome(request, setting)),
          tour: await this.isTourOffered(caller),
        })
      : staffPage(setting, await this.staffHome(request, caller));
    answerPage(response, setting, page);
  }

  private async isTourOffered(caller: Caller): Promise<boolean> {
    return caller.roles.has('operations') && this.tours.isOffered(caller.subject);
  }

  /** Names and what stands still are the same for all who come here: operations and auditors. */
  private async atHome(request: Request, { now }: Setting): Promise<AtHome> {
    const since = mondayOf(now);
    const [cases, escalations, feed, standing, catalogues, notifications] = await Promise.all([
      this.services.get<CaseSummary>(request, `/cases/summary?since=${since}`),
      this.services.get<EscalationSummary>(request, `/escalations/summary?since=${since}`),
      this.services.get<ListPage<Happening>>(request, `/cases/feed?limit=${SHOWN}`),
      this.standing.get(() => this.parked.standing(request)),
      this.catalogues.get(() => cataloguesFor(this.services, request)),
      this.services.get<NotificationView>(request, '/escalations/notifications'),
    ]);
    const count = standing.groups.reduce((sum, { streams }) => sum + streams.length, 0);
    const parked = { count, more: standing.isMore, silent: standing.silent };
    return { cases, escalations, parked, feed: feed.items, catalogues, notifications };
  }

  private async staffHome(request: Request, caller: Caller): Promise<StaffHome> {
    const [agency, manifests] = await Promise.all([
      caller.roles.has('agency-worker') ? this.agency(request, caller) : undefined,
      caller.roles.has('intake')
        ? this.services.get<ListPage<Manifest>>(request, `/intake/manifests?limit=${MANIFESTS}`)
        : undefined,
    ]);
    return { ...(agency && { agency }), ...(manifests && { manifests: manifests.items }) };
  }

  private async agency(request: Request, caller: Caller): Promise<NonNullable<StaffHome['agency']>> {
    const slug = agencyOf(caller);
    const [standing, catalogues] = await Promise.all([
      this.services.get<AgencyStanding>(request, `/agencies/${slug}/referrals/summary`),
      this.catalogues.get(() => cataloguesFor(this.services, request)),
    ]);
    return { name: catalogues.find((one) => one.slug === slug)?.name ?? slug, standing };
  }
}
