import { Controller, Get, Param, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, problem, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import type { Setting } from '../frame/page';
import { textsIn } from '../frame/query';
import { answerPage, settingOf } from '../frame/screen';
import { ownPath } from '../login/login.controller';
import { isRefused, Services, type ListPage, type Refused } from '../services';
import { escalationPage, type OpenedEscalation } from './escalation';
import { MAX_LENGTH, type Did, type Told } from './parts';
import { addressOf, queuePage, type ListedEscalation, type QueueFilter } from './queue';
import type { NotificationView } from './told-outside';

const GROUP = 'group:';
/** All that whoever looks has claimed. */
const MINE = 'mine';

/** Who asks for a page, and where it is answered. */
interface Visit {
  readonly request: Request;
  readonly response: Response;
  readonly caller: Caller;
}

/** What is asked of the coordinator. */
interface Deed {
  readonly path: 'claim' | 'release' | 'resolve';
  readonly did: Did;
  readonly body: object;
  /** The page to go back to. */
  readonly to: string | undefined;
  readonly written?: string;
}

/** How a command on one escalation or on a group was answered. */
interface Done {
  readonly claimed?: number;
  readonly resolved?: number;
  readonly released?: number;
  readonly skipped: number;
  readonly remaining: number;
}

/** The queue of escalations, one of them opened, and what is done with them. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/escalations')
export class EscalationsScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('operations', 'auditor')
  async queue(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    await this.answerQueue({ request, response, caller }, filterOf(query), toldBy(query));
  }

  @Get(':id')
  @Allow('operations', 'auditor')
  async open(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    await this.answerOpened({ request, response, caller }, id, toldBy(query));
  }

  @Post(':id/claim')
  @Allow('operations')
  async claim(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('id') id: string,
  ): Promise<void> {
    const { note = '', takeOver, to } = (await readForm(request, response)) ?? {};
    if (note.length > MAX_LENGTH) {
      return this.answerRefusal({ request, response, caller }, id, { status: 422, refused: 'note' });
    }
    const body = { ...(note && { note }), ...(takeOver === 'yes' && { takeOver: true }) };
    await this.act({ request, response, caller }, id, { path: 'claim', did: 'claimed', body, to });
  }

  @Post(':id/release')
  @Allow('operations')
  async release(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('id') id: string,
  ): Promise<void> {
    const { note = '', to } = (await readForm(request, response)) ?? {};
    if (note === '' || note.length > MAX_LENGTH) {
      return this.answerRefusal(
        { request, response, caller },
        id,
        { status: 422, refused: 'handOver' },
        note,
      );
    }
    const deed = { path: 'release', did: 'released', body: { note }, to, written: note } as const;
    await this.act({ request, response, caller }, id, deed);
  }

  @Post(':id/resolve')
  @Allow('operations')
  async resolve(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('id') id: string,
  ): Promise<void> {
    const { reason = '', to } = (await readForm(request, response)) ?? {};
    if (reason === '' || reason.length > MAX_LENGTH) {
      const told = { status: 422, refused: 'reason' };
      return this.answerRefusal({ request, response, caller }, id, told, reason);
    }
    const deed = { path: 'resolve', did: 'resolved', body: { reason }, to, written: reason } as const;
    await this.act({ request, response, caller }, id, deed);
  }

  /** Has it done, and goes back to the page that was left; a refusal stands there with what was written. */
  private async act(visit: Visit, id: string, { path, did, body, to, written }: Deed): Promise<void> {
    const { request, response } = visit;
    const address = `/escalations/${encodeURIComponent(id)}/${path}`;
    const answer = await this.services.ask<Done>(request, 'POST', address, body);
    if (isRefused(answer)) return this.answerRefusal(visit, id, answer, written);
    response.redirect(303, telling(ownPath(to), did, answer));
  }

  private async answerQueue(visit: Visit, filter: QueueFilter, told: Told): Promise<void> {
    const { each, ...asked } = filter;
    const grouped = each === '' && filter.group === '' && filter.resolvedSince === '' ? 'true' : 'false';
    const set = Object.entries({ ...asked, grouped, limit: '50' }).filter(([, value]) => value !== '');
    const path = `/escalations?${new URLSearchParams(set).toString()}`;
    const [page, notifications] = await Promise.all([
      this.services.get<ListPage<ListedEscalation>>(visit.request, path),
      this.services.get<NotificationView>(visit.request, '/escalations/notifications'),
    ]);
    const setting = settingFor(visit, told, addressOf(filter));
    answerPage(visit.response, setting, queuePage(setting, filter, page, told, notifications));
  }

  private async answerOpened(visit: Visit, id: string, told: Told): Promise<void> {
    const path = `/escalations/${encodeURIComponent(id)}`;
    const one = await this.services.get<OpenedEscalation>(visit.request, path);
    const setting = settingFor(visit, told, `/console/escalations/${one.id}`);
    answerPage(visit.response, setting, escalationPage(setting, one, told));
  }

  /** The page that the form stood on, with why it was refused and what had been written. */
  private async answerRefusal(
    visit: Visit,
    id: string,
    { status, refused, detail = '' }: Pick<Refused, 'status' | 'refused'> & { detail?: string },
    written = '',
  ): Promise<void> {
    if (status === 403) throw problem(403, refused, detail);
    const told = { refused, detail, written };
    visit.response.status(status);
    if (id === MINE) return this.answerQueue(visit, { ...filterOf({}), owner: 'mine' }, told);
    if (!id.startsWith(GROUP)) return this.answerOpened(visit, id, told);
    return this.answerQueue(visit, { ...filterOf({}), group: id.slice(GROUP.length) }, told);
  }
}

/** After a refusal what is fetched again is the page that is shown, not the form's address. */
function settingFor({ request, caller }: Visit, { refused }: Told, address: string): Setting {
  const setting = settingOf(request, caller);
  return refused === undefined ? setting : { ...setting, address };
}

function filterOf(query: Record<string, unknown>): QueueFilter {
  const text = textsIn(query);
  const owner = text('owner');
  return {
    owner: owner === 'mine' || owner === 'none' ? owner : '',
    reason: text('reason'),
    group: text('group'),
    each: text('each') === 'true' ? 'true' : '',
    resolvedSince: /^\d{4}-\d\d-\d\d$/.exec(text('resolvedSince'))?.[0] ?? '',
    cursor: text('cursor'),
  };
}

const DIDS: readonly Did[] = ['claimed', 'released', 'resolved'];

/** The page to go back to, saying what was done. */
function telling(to: string, did: Did, { claimed, released, resolved, skipped, remaining }: Done): string {
  const url = new URL(to, 'http://console');
  const done = claimed ?? released ?? resolved ?? 0;
  for (const [name, value] of Object.entries({ did, done, skipped, remaining })) {
    url.searchParams.set(name, String(value));
  }
  return url.pathname + url.search;
}

function toldBy(query: Record<string, unknown>): Told {
  const count = (name: string): number => (/^\d{1,6}$/.test(String(query[name])) ? Number(query[name]) : 0);
  const did = DIDS.find((one) => one === query['did']);
  return did ? { did, done: count('done'), skipped: count('skipped'), remaining: count('remaining') } : {};
}
