import { randomUUID } from 'node:crypto';
import { Controller, Get, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AllowOwnAgency, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { cataloguesFor } from '../agencies/catalogues';
import { ConsoleFilter } from '../frame/console-filter';
import { textsIn } from '../frame/query';
import { answerPage, settingOf } from '../frame/screen';
import { isRefused, Services, type ListPage } from '../services';
import type { WorklistItem } from './answers';
import { agencyOf } from './own-agency';
import { worklistPage, type Accepted, type WorklistFilter } from './worklist';

const PAGE_SIZE = 50;
/** As many as the service gives at once. */
const PRINTED = 200;

/** The worklist of whoever works for an agency: of their own one, which their login names. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/worklist')
export class WorklistScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @AllowOwnAgency('agency-worker')
  async list(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    const slug = agencyOf(caller);
    const filter = filterOf(query);
    const print = query['print'] === 'true';
    const asked = askedOf(filter, print ? PRINTED : PAGE_SIZE);
    const [page, catalogues] = await Promise.all([
      this.services.get<ListPage<WorklistItem>>(request, `/agencies/${slug}/referrals?${asked}`),
      cataloguesFor(this.services, request),
    ]);
    const own = catalogues.find((catalogue) => catalogue.slug === slug);
    const offered = { services: own?.services ?? [], offices: own?.offices ?? [] };
    const setting = settingOf(request, caller);
    const accepted = acceptedIn(query);
    const view = { filter, page, offered, print, accepted, newKey: randomUUID };
    answerPage(response, setting, worklistPage(setting, view));
  }

  /** Accepts each one that was chosen. What has changed meanwhile is refused by its service, and the others are not held up. */
  @Post('accept')
  @AllowOwnAgency('agency-worker')
  async accept(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    const slug = agencyOf(caller);
    const form = (await readForm(request, response, PAGE_SIZE)) ?? {};
    const chosen = Object.entries(form).flatMap(([name, key]) => {
      const [, id] = /^accept\.([\w-]{1,64})$/.exec(name) ?? [];
      return id === undefined ? [] : [{ id, key }];
    });
    const done = { taken: 0, refused: 0 };
    for (const { id, key } of chosen) {
      const path = `/agencies/${slug}/referrals/${id}/answers`;
      const headers = { 'idempotency-key': key };
      const answer = await this.services.ask(request, 'POST', path, { status: 'accepted' }, headers);
      if (isRefused(answer)) done.refused++;
      else done.taken++;
    }
    response.redirect(303, `/console/worklist?accepted=${done.taken}&refused=${done.refused}`);
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
