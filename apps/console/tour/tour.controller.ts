import { Get, Post } from '@nestjs/common';
import { Allow, AllowKnown } from '@retorno/service';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { ParkedStreams } from '../parked/parked-streams';
import { isRefused, Services, type ListPage } from '../services';
import { staffTourPage, tourPage, VISITED, type Seen } from './tour';
import { Tours, type Noted, type Tour } from './tours';

/** The document of the demonstration's person whose case is late: apps/local/demonstration/returnees.ts. */
const WHO_WAITS = 'SC900101';
/** Names the fault of the demonstration in the cause of what stands still: apps/local/demonstration/breakdown.ts. */
const BREAKDOWN = 'SimulatedBreakdown';

/** What somebody new can do on the demonstration, and what of it is done. */
@ScreenAt('console/tour')
export class TourController {
  constructor(
    private readonly services: Services,
    private readonly streams: ParkedStreams,
    private readonly tours: Tours,
  ) {}

  @Get()
  @AllowKnown()
  async tour(@Visiting() visit: Visit): Promise<string> {
    const nothing: Noted = { caseNumber: null, hadParked: false };
    if (!visit.caller.roles.has('operations')) {
      const isStaff = visit.caller.roles.has('agency-worker');
      if (isStaff) await this.tours.note(visit.caller, visit.now, nothing);
      const page = isStaff ? staffTourPage(visit) : tourPage(visit, nothing, NOTHING_SEEN);
      return visit.page(page);
    }
    const parked = await this.parked(visit);
    const known = await this.tours.find(visit.caller.subject);
    const caseNumber = known?.caseNumber ?? (await this.lateCase(visit));
    await this.tours.note(visit.caller, visit.now, { caseNumber, hadParked: parked > 0 });
    const tour = (await this.tours.find(visit.caller.subject))!;
    return visit.page(tourPage(visit, tour, await this.seen(visit, tour, parked)));
  }

  @Post('dismiss')
  @Allow('operations')
  async dismiss(@Visiting() visit: Visit): Promise<string> {
    await this.tours.dismiss(visit.caller, visit.now);
    return visit.redirect('/console');
  }

  private async seen(visit: Visit, { caseNumber, beganAt }: Tour, parked: number): Promise<Seen> {
    const [late, manifests, visited] = await Promise.all([
      caseNumber === null
        ? undefined
        : this.services.get<Required<Seen>['late']>(visit, `/cases/${caseNumber}`),
      this.services.get<ListPage<{ receivedAt: string }>>(visit, '/intake/manifests?limit=1'),
      this.tours.wasVisitedBy(VISITED, beganAt),
    ]);
    const imported = manifests.items.some(({ receivedAt }) => new Date(receivedAt) >= beganAt);
    return { ...(late && { late }), parked, imported, visited };
  }

  private async parked(visit: Visit): Promise<number> {
    const { groups } = await this.streams.standing(visit);
    return groups
      .filter(({ cause }) => cause.includes(BREAKDOWN))
      .reduce((sum, { streams }) => sum + streams.length, 0);
  }

  private async lateCase(visit: Visit): Promise<string | null> {
    const found = await this.services.ask<{ items: { caseNumber: string }[] }>(
      visit,
      'POST',
      '/intake/searches',
      { document: WHO_WAITS },
    );
    return isRefused(found) ? null : (found.items[0]?.caseNumber ?? null);
  }
}

const NOTHING_SEEN: Seen = { parked: 0, imported: false, visited: false };
