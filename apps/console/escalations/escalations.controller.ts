import { Get, Param, Post, Query } from '@nestjs/common';
import { Allow, problem } from '@retorno/service';
import { textsIn } from '../frame/query';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { KeptCatalogues } from '../agencies/kept-catalogues';
import { ownPath } from '../login/login.controller';
import { isRefused, Services, type ListPage, type Refused } from '../services';
import { escalationPage, type OpenedEscalation } from './escalation';
import { MAX_LENGTH, type Did, type Told } from './parts';
import { addressOf, queuePage, type ListedEscalation, type QueueFilter } from './queue';
import type { NotificationView } from './told-outside';

const GROUP = 'group:';
/** All that whoever looks has claimed. */
const MINE = 'mine';

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
@ScreenAt('console/escalations')
export class EscalationsScreenController {
  constructor(
    private readonly services: Services,
    private readonly catalogues: KeptCatalogues,
  ) {}

  @Get()
  @Allow('operations', 'auditor')
  async queue(@Visiting() visit: Visit, @Query() query: Record<string, unknown>): Promise<string> {
    return this.answerQueue(visit, filterOf(query), toldBy(query));
  }

  @Get(':id')
  @Allow('operations', 'auditor')
  async open(
    @Visiting() visit: Visit,
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    return this.answerOpened(visit, id, toldBy(query));
  }

  @Post(':id/claim')
  @Allow('operations')
  async claim(@Visiting() visit: Visit, @Param('id') id: string): Promise<string> {
    const { note = '', takeOver, to } = (await visit.form()) ?? {};
    if (note.length > MAX_LENGTH) {
      return this.answerRefusal(visit, id, { status: 422, refused: 'note' });
    }
    const body = { ...(note && { note }), ...(takeOver === 'yes' && { takeOver: true }) };
    return this.act(visit, id, { path: 'claim', did: 'claimed', body, to });
  }

  @Post(':id/release')
  @Allow('operations')
  async release(@Visiting() visit: Visit, @Param('id') id: string): Promise<string> {
    const { note = '', to } = (await visit.form()) ?? {};
    if (note === '' || note.length > MAX_LENGTH) {
      return this.answerRefusal(visit, id, { status: 422, refused: 'handOver' }, note);
    }
    const deed = { path: 'release', did: 'released', body: { note }, to, written: note } as const;
    return this.act(visit, id, deed);
  }

  @Post(':id/resolve')
  @Allow('operations')
  async resolve(@Visiting() visit: Visit, @Param('id') id: string): Promise<string> {
    const { reason = '', to } = (await visit.form()) ?? {};
    if (reason === '' || reason.length > MAX_LENGTH) {
      const told = { status: 422, refused: 'reason' };
      return this.answerRefusal(visit, id, told, reason);
    }
    const deed = { path: 'resolve', did: 'resolved', body: { reason }, to, written: reason } as const;
    return this.act(visit, id, deed);
  }

  /** Has it done, and goes back to the page that was left; a refusal stands there with what was written. */
  private async act(visit: Visit, id: string, { path, did, body, to, written }: Deed): Promise<string> {
    const address = `/escalations/${encodeURIComponent(id)}/${path}`;
    const answer = await this.services.ask<Done>(visit, 'POST', address, body);
    if (isRefused(answer)) return this.answerRefusal(visit, id, answer, written);
    return visit.redirect(telling(ownPath(to), did, answer));
  }

  private async answerQueue(visit: Visit, filter: QueueFilter, told: Told): Promise<string> {
    const { each, ...asked } = filter;
    const grouped = each === '' && filter.group === '' && filter.resolvedSince === '' ? 'true' : 'false';
    const set = Object.entries({ ...asked, grouped, limit: '50' }).filter(([, value]) => value !== '');
    const path = `/escalations?${new URLSearchParams(set).toString()}`;
    const [page, notifications, catalogues] = await Promise.all([
      this.services.get<ListPage<ListedEscalation>>(visit, path),
      this.services.get<NotificationView>(visit, '/escalations/notifications'),
      this.catalogues.get(visit),
    ]);
    const here = visitFor(visit, told, addressOf(filter));
    return here.page(queuePage(here, filter, page, told, notifications, catalogues), told.status);
  }

  private async answerOpened(visit: Visit, id: string, told: Told): Promise<string> {
    const path = `/escalations/${encodeURIComponent(id)}`;
    const [one, catalogues] = await Promise.all([
      this.services.get<OpenedEscalation>(visit, path),
      this.catalogues.get(visit),
    ]);
    const here = visitFor(visit, told, `/console/escalations/${one.id}`);
    return here.page(escalationPage(here, one, told, catalogues), told.status);
  }

  /** The page that the form stood on, with why it was refused and what had been written. */
  private async answerRefusal(
    visit: Visit,
    id: string,
    { status, refused, detail = '' }: Pick<Refused, 'status' | 'refused'> & { detail?: string },
    written = '',
  ): Promise<string> {
    if (status === 403) throw problem(403, refused, detail);
    const told = { refused, status, detail, written };
    if (id === MINE) return this.answerQueue(visit, { ...filterOf({}), owner: 'mine' }, told);
    if (!id.startsWith(GROUP)) return this.answerOpened(visit, id, told);
    return this.answerQueue(visit, { ...filterOf({}), group: id.slice(GROUP.length) }, told);
  }
}

/** After a refusal what is fetched again is the page that is shown, not the form's address. */
function visitFor(visit: Visit, { refused }: Told, address: string): Visit {
  return refused === undefined ? visit : visit.at(address);
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
