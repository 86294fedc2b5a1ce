/** Where each service is found. Agencies are those that have published what they offer: no name is taken from a form. */
import type { Request } from 'express';
import type { ListPage, Services } from './services';
import type { ConsoleSettings } from './settings';

/** Address by the name of the service; behind one port they are all the same. */
export async function placesOf(
  services: Pick<Services, 'get'>,
  settings: ConsoleSettings,
  request: Request,
): Promise<Map<string, string>> {
  const { COORDINATOR_URL, INTAKE_URL, STATISTICS_URL, PORTAL_URL, AGENCY_URL } = settings;
  const { items } = await services.get<ListPage<{ slug: string }>>(request, '/agencies?limit=200');
  const named: [name: string, url: string][] = [
    ['coordinator', COORDINATOR_URL],
    ['intake', INTAKE_URL],
    ['statistics', STATISTICS_URL],
    ['portal', PORTAL_URL],
    ...items.map(({ slug }): [string, string] => [slug, AGENCY_URL.replace('{agency}', slug)]),
  ];
  return new Map(named.map(([name, url]) => [name, new URL(url).origin]));
}
