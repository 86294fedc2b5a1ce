/** Where each service is found. Agencies are those that have published what they offer: no name is taken from a form. */
import { cataloguesFor } from './agencies/catalogues';
import type { Asking, Services } from './services';
import type { ConsoleSettings } from './settings';

/** Address by the name of the service; behind one port they are all the same. */
export async function placesOf(
  services: Pick<Services, 'get'>,
  settings: ConsoleSettings,
  request: Asking,
): Promise<Map<string, string>> {
  const { COORDINATOR_URL, INTAKE_URL, STATISTICS_URL, PORTAL_URL, AGENCY_URL } = settings;
  const agencies = await cataloguesFor(services, request);
  const named: [name: string, url: string][] = [
    ['coordinator', COORDINATOR_URL],
    ['intake', INTAKE_URL],
    ['statistics', STATISTICS_URL],
    ['portal', PORTAL_URL],
    ...agencies.map(({ slug }): [string, string] => [slug, AGENCY_URL.replace('{agency}', slug)]),
  ];
  return new Map(named.map(([name, url]) => [name, new URL(url).origin]));
}
