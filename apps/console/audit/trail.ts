/** The audit of all services as one list: each has its own, and the console has one of its own too. */
import { Inject, Injectable } from '@nestjs/common';
import {
  Audit,
  auditPage,
  newestFirst,
  page,
  problem,
  ProblemError,
  SETTINGS,
  type AuditQuery,
  type AuditView,
} from '@retorno/service';
import { Services, type Asking, type ListPage } from '../services';
import { placesOf } from '../places';
import { ConsoleSettings } from '../settings';
import { sourceOf, type AuditAsked } from './asked';

/** Rows of a page. */
const SHOWN = 50;
/** Rows that are asked for at once for a download, and most of one. */
const AT_ONCE = 200;
export const MOST_EXPORTED = 10_000;

/** One page of the audit. */
export interface Trail extends ListPage<AuditView> {
  /** Services that did not answer: their rows are missing. */
  readonly silent: readonly string[];
}

@Injectable()
export class AuditTrail {
  constructor(
    private readonly services: Services,
    private readonly own: Audit,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  /** Newest first. */
  async page(request: Asking, asked: AuditAsked, limit = SHOWN): Promise<Trail> {
    const source = sourceOf(asked, await this.namesOf(request, asked.case), limit);
    const places = await this.places(request);
    const found = await Promise.all(
      [...places].map(async ([origin, name]) => ({ name, page: await this.from(request, origin, source) })),
    );
    // One address in front of all services tells of the console as well.
    if (places.size > 1) found.push({ name: this.own.service, page: await this.ownPage(source) });
    const lists = found.flatMap((one) => (one.page ? [one.page] : []));
    const rows = newestFirst(lists.flatMap(({ items }) => items));
    const isMore = rows.length > limit || lists.some(({ next }) => next !== null);
    const shown = rows.slice(0, limit);
    return {
      // One row more than the limit is how a page is told that there are more.
      ...page.of(isMore ? [...shown, ...shown.slice(-1)] : shown, limit, (last) => [last.at, last.id]),
      silent: found.flatMap((one) => (one.page ? [] : [one.name])),
    };
  }

  /** All rows, up to a limit. Throws problem 503 when a service does not answer: half an audit is none. */
  async all(request: Asking, asked: AuditAsked): Promise<AuditView[]> {
    const rows: AuditView[] = [];
    for (let cursor: string | null = ''; cursor !== null && rows.length < MOST_EXPORTED;) {
      const found: Trail = await this.page(request, { ...asked, cursor }, AT_ONCE);
      if (found.silent.length > 0) {
        throw problem(
          503,
          'unavailable',
          `No answer from ${found.silent.join(', ')}: try again in a moment.`,
        );
      }
      rows.push(...found.items);
      cursor = found.next;
    }
    return rows;
  }

  private async from(
    request: Asking,
    origin: string,
    source: string,
  ): Promise<ListPage<AuditView> | undefined> {
    try {
      return await this.services.get<ListPage<AuditView>>(request, `${origin}${source}`);
    } catch (error) {
      if (error instanceof ProblemError && error.body.status === 503) return undefined;
      throw error;
    }
  }

  private ownPage(source: string): Promise<ListPage<AuditView>> {
    const query = Object.fromEntries(new URLSearchParams(source.split('?')[1])) as AuditQuery;
    return auditPage([this.own], query);
  }

  /** Number and id of a case. The list of cases says both without opening one. */
  private async namesOf(request: Asking, given: string): Promise<string[]> {
    if (given === '') return [];
    const path = `/cases?limit=1&q=${encodeURIComponent(given)}`;
    const { items } = await this.services.get<ListPage<{ id: string; number: string }>>(request, path);
    const [found] = items.filter(({ id, number }) =>
      [id, number].some((name) => name.toLowerCase() === given.toLowerCase()),
    );
    return found ? [found.number, found.id] : [given];
  }

  /** Name by address; services behind one address answer together. */
  private async places(request: Asking): Promise<Map<string, string>> {
    const places = await placesOf(this.services, this.settings, request);
    return new Map([...places].map(([name, origin]) => [origin, name]));
  }
}
