import { randomUUID } from 'node:crypto';
import { Get, Post, Query } from '@nestjs/common';
import { AllowOwnAgency } from '@retorno/service';
import { cataloguesFor } from '../agencies/catalogues';
import { textsIn } from '../frame/query';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { isRefused, Services, type ListPage } from '../services';
import type { WorklistItem } from './answers';
import { agencyOf } from './own-agency';
import { worklistPage, type Accepted, type WorklistFilter } from './worklist';

const PAGE_SIZE = 50;
/** As many as the service gives at once. */
const PRINTED = 200;

/** The worklist of whoever works for an agency: of their own one, which their login names. */
@ScreenAt('console/worklist')
export class WorklistScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @AllowOwnAgency('agency-worker')
  async list(@Visiting() visit: Visit, @Query() query: Record<string, unknown>): Promise<string> {
    const slug = agencyOf(visit.caller);
    const filter = filterOf(query);
    const print = query['print'] === 'true';
    const asked = askedOf(filter, print ? PRINTED : PAGE_SIZE);
    const [page, catalogues] = await Promise.all([
      this.services.get<ListPage<WorklistItem>>(visit, `/agencies/${slug}/referrals?${asked}`),
      cataloguesFor(this.services, visit),
    ]);
    const own = catalogues.find((catalogue) => catalogue.slug === slug);
    const offered = { services: own?.services ?? [], offices: own?.offices ?? [] };
    const accepted = acceptedIn(query);
    const view = { filter, page, offered, print, accepted, newKey: randomUUID };
    return visit.page(worklistPage(visit, view));
  }

  /** Accepts each one that was chosen. What has changed meanwhile is refused by its service, and the others are not held up. */
  @Post('accept')
  @AllowOwnAgency('agency-worker')
  async accept(@Visiting() visit: Visit): Promise<string> {
    const slug = agencyOf(visit.caller);
    const form = (await visit.form(PAGE_SIZE)) ?? {};
    const chosen = Object.entries(form).flatMap(([name, key]) => {
      const [, id] = /^accept\.([\w-]{1,64})$/.exec(name) ?? [];
      return id === undefined ? [] : [{ id, key }];
    });
    const done = { taken: 0, refused: 0 };
    for (const { id, key } of chosen) {
      const path = `/agencies/${slug}/referrals/${id}/answers`;
      const headers = { 'idempotency-key': key };
      const answer = await this.services.ask(visit, 'POST', path, { status: 'accepted' }, headers);
      if (isRefused(answer)) done.refused++;
      else done.taken++;
    }
    return visit.redirect(`/console/worklist?accepted=${done.taken}&refused=${done.refused}`);
  }
}

function filterOf(query: Record<string, unknown>): WorklistFilter {
  const text = textsIn(query);
  return {
    status: text('status') || 'open',
    service: text('service'),
    priority: text('priority'),
    office: text('office'),
    overdue: text('overdue') === 'true' ? 'true' : '',
    cursor: text('cursor'),
  };
}

function askedOf({ status, ...rest }: WorklistFilter, limit: number): string {
  const which = status === 'open' ? { open: 'true' } : status === 'all' ? {} : { status };
  const asked = Object.entries({ ...rest, ...which, limit: String(limit) }).filter(
    ([, value]) => value !== '',
  );
  return new URLSearchParams(asked).toString();
}

function acceptedIn(query: Record<string, unknown>): Accepted | undefined {
  if (query['accepted'] === undefined) return undefined;
  const count = (name: string) => Number(/^\d{1,3}$/.exec(String(query[name]))?.[0] ?? 0);
  return { taken: count('accepted'), refused: count('refused') };
}
