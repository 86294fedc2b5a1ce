/** Where streams stand still, over all services: each tells only of its own. */
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ParkedStream } from '@retorno/messaging';
import { problem, SETTINGS } from '@retorno/service';
import type { Request } from 'express';
import { isRefused, Services, type ListPage, type Refused } from '../services';
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

  async standing(request: Request): Promise<Standing> {
    // Services behind one address answer together.
    const names = new Map([...(await this.addresses(request))].map(([name, address]) => [address, name]));
    const asked = await Promise.all(
      [...names].map(async ([address, name]) => ({
        name,
        page: await this.services
          .get<ListPage<ParkedStream>>(request, `${address}/parked?limit=${MOST_OF_EACH}`)
          .catch((error: unknown) => {
            if (isAway(error)) return undefined;
            throw error;
          }),
      })),
    );
    return {
      groups: groupsOf(asked.flatMap(({ page }) => page?.items ?? [])),
      isMore: asked.some(({ page }) => page !== undefined && page.next !== null),
      silent: asked.flatMap(({ name, page }) => (page === undefined ? [name] : [])),
    };
  }

  /** Asks a service about one of its streams. Throws problem 404 when there is no such service. */
  async get<T>(request: Request, service: string, path: string): Promise<T> {
    return this.services.get<T>(request, `${await this.addressOf(request, service)}${path}`);
  }

  async redriveOne(request: Request, service: string, id: string): Promise<Redriven | Refused> {
    const address = await this.addressOf(request, service);
    const answer = await this.redrive(request, address, id);
    if (isRefused(answer)) return answer;
    return { handled: answer.handled, failed: answer.failed === null ? 0 : 1, remaining: 0 };
  }

  /** Handles the streams of a group again, one after the other, the longest standing first. */
  async redriveGroup(request: Request, groupId: string): Promise<Redriven> {
    const { groups } = await this.standing(request);
    const streams = groups.find(({ id }) => id === groupId)?.streams ?? [];
    const addresses = await this.addresses(request);
    let [handled, failed] = [0, 0];
    for (const { service, id } of streams.slice(0, AT_ONCE)) {
      const answer = await this.redrive(request, addressIn(addresses, service), id);
      // Handled meanwhile is what was wanted.
      if (isRefused(answer) && answer.status === 404) continue;
      if (isRefused(answer) || answer.failed !== null) failed++;
      if (!isRefused(answer)) handled += answer.handled;
    }
    return { handled, failed, remaining: Math.max(0, streams.length - AT_ONCE) };
  }

  async skip(request: Request, service: string, id: string, reason: string): Promise<object | Refused> {
    const address = await this.addressOf(request, service);
    return this.services.ask(request, 'POST', `${address}/parked/${encodeURIComponent(id)}/skip`, { reason });
  }

  private redrive(
    request: Request,
    address: string,
    id: string,
  ): Promise<{ handled: number; failed: string | null } | Refused> {
    return this.services.ask(request, 'POST', `${address}/parked/${encodeURIComponent(id)}/redrive`, {});
  }

  private async addressOf(request: Request, service: string): Promise<string> {
    return addressIn(await this.addresses(request), service);
  }

  private addresses(request: Request): Promise<Map<string, string>> {
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
