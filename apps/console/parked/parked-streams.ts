/** Where streams stand still, over all services: each tells only of its own. */
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Claimed, ParkedStream, RedriveJob } from '@retorno/messaging';
import { problem, SETTINGS } from '@retorno/service';
import { isRefused, Services, type Asking, type ListPage, type Refused } from '../services';
import { placesOf } from '../places';
import { ConsoleSettings } from '../settings';

/** So many of each service are looked at; who has more standing still needs no longer list. */
const MOST_OF_EACH = 200;
/** So many of a group one request goes through. */
const AT_ONCE = 50;

/** Streams that stand still for one cause. */
export interface ParkedGroup {
  /** Short and the same each time: part of an address. */
  readonly id: string;
  readonly kind: ParkedStream['kind'];
  readonly cause: string;
  /** Longest standing first. */
  readonly streams: readonly ParkedStream[];
}

/** Everything that stands still. */
export interface Standing {
  readonly groups: readonly ParkedGroup[];
  /** Whether a service had more than is listed. */
  readonly isMore: boolean;
  /** Services that did not answer. */
  readonly silent: readonly string[];
}

/** How a redrive of one or several streams ended. */
export interface Redriven {
  /** Events that were handled. */
  readonly handled: number;
  /** Streams that still stand. */
  readonly failed: number;
  /** Streams of the group that were not tried yet. */
  readonly remaining: number;
}

@Injectable()
export class ParkedStreams {
  constructor(
    private readonly services: Services,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  async standing(request: Asking): Promise<Standing> {
    const names = await this.names(request);
    const asked = await Promise.all(
      [...names].map(async ([address, name]) => ({
        name,
        page: await this.unlessAway<ListPage<ParkedStream>>(
          request,
          `${address}/parked?limit=${MOST_OF_EACH}`,
        ),
      })),
    );
    return {
      groups: groupsOf(asked.flatMap(({ page }) => page?.items ?? [])),
      isMore: asked.some(({ page }) => page !== undefined && page.next !== null),
      silent: asked.flatMap(({ name, page }) => (page === undefined ? [name] : [])),
    };
  }

  /** Redrives of many streams, of all services that answer. */
  async jobs(request: Asking): Promise<RedriveJob[]> {
    const lists = await Promise.all(
      [...(await this.names(request)).keys()].map((address) =>
        this.unlessAway<ListPage<RedriveJob>>(request, `${address}/parked/redrives`),
      ),
    );
    return lists.flatMap((list) => list?.items ?? []);
  }

  /** Asks a service about one of its streams. Throws problem 404 when there is no such service. */
  async get<T>(request: Asking, service: string, path: string): Promise<T> {
    return this.services.get<T>(request, `${await this.addressOf(request, service)}${path}`);
  }

  async redriveOne(request: Asking, service: string, id: string): Promise<Redriven | Refused> {
    const answer = await this.redrive(request, service, id);
    if (isRefused(answer)) return answer;
    return { handled: answer.handled, failed: answer.failed === null ? 0 : 1, remaining: 0 };
  }

  /** Begins to handle a group of parked messages again: so many, at such a pace. Gives how many streams it is. */
  async beginRedrive(
    request: Asking,
    group: ParkedGroup,
    { count, perSecond }: { count?: number | undefined; perSecond: number },
  ): Promise<number> {
    let begun = 0;
    for (const service of servicesOf(group)) {
      const left = count === undefined ? {} : { count: count - begun };
      if (left.count === 0) break;
      const order = { service, cause: group.cause, perSecond, ...left };
      const job = await this.ask<RedriveJob>(request, service, '/redrives', order);
      // Nothing is left of it there, or it waits in another one.
      if (!isRefused(job)) begun += job.total;
      else if (job.status !== 409 && job.status !== 404) throw problem(job.status, job.refused, job.detail);
    }
    return begun;
  }

  /** Asks the writers of what a group misses for it again, the longest standing first. */
  async askAgain(request: Asking, { streams }: ParkedGroup): Promise<Redriven> {
    let [handled, failed] = [0, 0];
    for (const { service, id } of streams.slice(0, AT_ONCE)) {
      const answer = await this.redrive(request, service, id);
      // Handled meanwhile is what was wanted.
      if (isRefused(answer) && answer.status === 404) continue;
      if (isRefused(answer) || answer.failed !== null) failed++;
      if (!isRefused(answer)) handled += answer.handled;
    }
    return { handled, failed, remaining: Math.max(0, streams.length - AT_ONCE) };
  }

  /** The group of this id, unless nothing of it stands any more. */
  async group(request: Asking, groupId: string): Promise<ParkedGroup | undefined> {
    return (await this.standing(request)).groups.find(({ id }) => id === groupId);
  }

  /** Takes a group to look into it, as far as it is free, or lets it go. */
  async claimGroup(
    request: Asking,
    group: ParkedGroup,
    note: string | undefined,
    isTaken: boolean,
  ): Promise<Claimed> {
    let [claimed, others] = [0, 0];
    for (const service of servicesOf(group)) {
      const asked = { service, cause: group.cause, ...(isTaken && note ? { note } : {}) };
      const path = isTaken ? '/claims' : '/releases';
      const answer = await this.ask<Claimed>(request, service, path, asked);
      if (isRefused(answer)) throw problem(answer.status, answer.refused, answer.detail);
      claimed += answer.claimed;
      others += answer.others;
    }
    return { claimed, others };
  }

  async skip(request: Asking, service: string, id: string, reason: string): Promise<object | Refused> {
    return this.ask(request, service, `/${encodeURIComponent(id)}/skip`, { reason });
  }

  /** Asks a service to do something about what is parked at it: `path` is below /parked. */
  async ask<T extends object>(
    request: Asking,
    service: string,
    path: string,
    body: object,
  ): Promise<T | Refused> {
    const address = await this.addressOf(request, service);
    return this.services.ask<T>(request, 'POST', `${address}/parked${path}`, body);
  }

  private redrive(
    request: Asking,
    service: string,
    id: string,
  ): Promise<{ handled: number; failed: string | null } | Refused> {
    return this.ask(request, service, `/${encodeURIComponent(id)}/redrive`, {});
  }

  /** Undefined when the service does not answer. */
  private unlessAway<T>(request: Asking, path: string): Promise<T | undefined> {
    return this.services.get<T>(request, path).catch((error: unknown) => {
      if (isAway(error)) return undefined;
      throw error;
    });
  }

  private async addressOf(request: Asking, service: string): Promise<string> {
    return addressIn(await this.addresses(request), service);
  }

  /** One name by address: services behind one address answer together. */
  private async names(request: Asking): Promise<Map<string, string>> {
    return new Map([...(await this.addresses(request))].map(([name, address]) => [address, name]));
  }

  private addresses(request: Asking): Promise<Map<string, string>> {
    return placesOf(this.services, this.settings, request);
  }
}

function addressIn(addresses: ReadonlyMap<string, string>, service: string): string {
  const [only, ...others] = new Set(addresses.values());
  const found = addresses.get(service) ?? (others.length === 0 ? only : undefined);
  if (found === undefined) throw problem(404, 'not-found', 'There is no such service.');
  return found;
}

function isAway(error: unknown): boolean {
  return (error as { body?: { status?: number } }).body?.status === 503;
}

function servicesOf({ streams }: ParkedGroup): string[] {
  return [...new Set(streams.map(({ service }) => service))];
}

/** By cause, the largest group first. What a gap misses differs with each, and it is one cause. */
export function groupsOf(streams: readonly ParkedStream[]): ParkedGroup[] {
  const byCause = new Map<string, ParkedStream[]>();
  for (const stream of streams) {
    const cause = stream.kind === 'gap' ? '' : stream.cause;
    const key = JSON.stringify([stream.kind, cause]);
    byCause.set(key, [...(byCause.get(key) ?? []), stream]);
  }
  return [...byCause]
    .map(([key, found]): ParkedGroup => {
      const [kind, cause] = JSON.parse(key) as [ParkedStream['kind'], string];
      const id = createHash('sha256').update(key).digest('hex').slice(0, 16);
      return { id, kind, cause, streams: found.toSorted((a, b) => (a.since < b.since ? -1 : 1)) };
    })
    .toSorted((a, b) => b.streams.length - a.streams.length || (a.id < b.id ? -1 : 1));
}
