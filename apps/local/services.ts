/** Which services there are: the coordinator, every agency found, statistics, the portal, the console, intake; in the order in which they come up. */
import { join } from 'node:path';
import { agencyService, type AgencyDefinition } from '@retorno/agency';
import { coordinatorService } from '../coordinator/service';
import { consoleService } from '../console/service';
import { intakeService } from '../intake/service';
import { portalService } from '../portal/service';
import { statisticsService } from '../statistics/service';

export interface ServiceEntry {
  name: string;
  /** Address prefixes that it answers. */
  routes: readonly string[];
  /** Path of its main below dist. */
  main: string;
}

/** The service that plans: the only one that is given the key of the pairwise references. */
export const COORDINATOR = coordinatorService.name;
export const INTAKE = intakeService.name;
export const STATISTICS = statisticsService.name;
/** The returnees' pages: told where the interfaces of the others are. */
export const PORTAL = portalService.name;

/** The operations pages. */
export const CONSOLE = consoleService.name;

export function servicesWith(agencies: readonly AgencyDefinition[]): ServiceEntry[] {
  const main = (...folder: string[]): string => join('apps', ...folder, 'main.js');
  return [
    { name: COORDINATOR, routes: coordinatorService.routes, main: main('coordinator') },
    ...agencies.map((agency) => {
      const { name, routes } = agencyService(agency);
      return { name, routes, main: main('agencies', name) };
    }),
    { name: STATISTICS, routes: statisticsService.routes, main: main('statistics') },
    { name: PORTAL, routes: portalService.routes, main: main('portal') },
    { name: CONSOLE, routes: consoleService.routes, main: main('console') },
    { name: INTAKE, routes: intakeService.routes, main: main('intake') },
  ];
}
