/** What agencies offer, as they published it. */
import type { Office, ServiceOffer } from '@retorno/contracts';
import type { Request } from 'express';
import type { Language } from '../frame/texts';
import type { ListPage, Services } from '../services';

/** An agency as `GET /agencies` lists it. */
export interface Catalogue {
  readonly slug: string;
  readonly name: string;
  readonly version: number;
  readonly services: readonly ServiceOffer[];
  readonly offices?: readonly Office[];
  readonly contact?: { readonly email?: string; readonly phone?: string };
  /** Open cases that wait for it. */
  readonly casesWaiting: number;
}

/** Every agency, by slug. */
export async function cataloguesFor(services: Services, request: Request): Promise<readonly Catalogue[]> {
  const all: Catalogue[] = [];
  for (let next: string | null = ''; next !== null;) {
    const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
    const page: ListPage<Catalogue> = await services.get(request, `/agencies?limit=200${cursor}`);
    all.push(...page.items);
    next = page.next;
  }
  return all;
}

/** A service as people call it. */
export function titleOf(offers: readonly ServiceOffer[], code: string, language: Language): string {
  return offers.find((offer) => offer.code === code)?.title?.[language] ?? code;
}
