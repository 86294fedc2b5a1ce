/** The agencies as the coordinator answers them: what they offer, what was decided about them, how they keep up. */
import { MASK, type Office, type ServiceOffer } from '@retorno/contracts';
import type { Language } from '../frame/texts';
import type { Asking, ListPage, Services } from '../services';

/** An agency as `GET /agencies` lists it for everybody. Instants are RFC 3339. */
export interface Catalogue {
  readonly slug: string;
  readonly name: string;
  readonly version: number;
  readonly services: readonly ServiceOffer[];
  readonly offices?: readonly Office[];
  readonly contact?: { readonly email?: string; readonly phone?: string };
  /** Which cases it has is listed under `restricted` only. */
  readonly restricted: boolean;
  readonly paused: { readonly since: string; readonly by?: string; readonly reason?: string } | null;
  /** The one that it is in, or the next one. */
  readonly maintenance: { readonly from: string; readonly until: string; readonly note: string } | null;
}

/** What names are taken from. */
export type Named = Pick<Catalogue, 'slug' | 'name' | 'services'>;

/** Seconds, over the newest answers of 7 days. */
export interface Pace {
  readonly median: number;
  readonly p95: number;
  readonly count: number;
}

/** The same with how it keeps up, as `GET /roundtable` lists it for operations and auditors. */
export interface WatchedAgency extends Catalogue {
  /** Open cases that wait for it. */
  readonly casesWaiting: number;
  readonly casesHeld: number;
  readonly heardAt: string | null;
  readonly answeredAt: string | null;
  /** Sent and not received by its service: how many, and since when the oldest. */
  readonly unread: { readonly referrals: number; readonly since: string | null };
  readonly pace: Readonly<Record<'receive' | 'accept' | 'deliver', Pace | null>>;
}

/** `GET /agencies/{slug}/referrals/summary`: what the agency's own service says. */
export interface Standing {
  readonly byStatus: Readonly<Record<string, number>>;
  readonly overdue: number;
  readonly rejections: Readonly<Record<string, number>>;
}

/** `GET /roundtable/{slug}`: with what was decided, newest first. */
export interface OneAgency extends WatchedAgency {
  readonly decided: readonly Decided[];
}

export interface Decided {
  readonly type: 'paused' | 'resumed' | 'maintenance-announced' | 'maintenance-ended' | 'contact-corrected';
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  readonly from?: string;
  readonly until?: string;
}

/** Every agency, by slug. */
export function cataloguesFor(
  services: Pick<Services, 'get'>,
  request: Asking,
): Promise<readonly Catalogue[]> {
  return wholeList(services, request, '/agencies');
}

/** The same with the figures, which have to be counted. */
export function watchedAgencies(
  services: Pick<Services, 'get'>,
  request: Asking,
): Promise<readonly WatchedAgency[]> {
  return wholeList(services, request, '/roundtable');
}

async function wholeList<T>(
  services: Pick<Services, 'get'>,
  request: Asking,
  path: string,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let next: string | null = ''; next !== null;) {
    const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
    const page: ListPage<T> = await services.get(request, `${path}?limit=200${cursor}`);
    all.push(...page.items);
    next = page.next;
  }
  return all;
}

/** A service as people call it. */
export function titleOf(offers: readonly ServiceOffer[], code: string, language: Language): string {
  return offers.find((offer) => offer.code === code)?.title?.[language] ?? code;
}

/** The name under which the list of cases has those of an agency. */
export function listedAs({ slug, restricted }: Pick<Catalogue, 'slug' | 'restricted'>): string {
  return restricted ? MASK : slug;
}
