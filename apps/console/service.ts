import type { ServiceDefinition } from '@retorno/service';
import { ConsoleModule } from './console.module';
import { Sessions1769000000000 } from './migrations/1769000000000-sessions';
import { SavedViews1769100000000 } from './migrations/1769100000000-saved-views';
import { Tours1769650000000 } from './migrations/1769650000000-tours';
import { ConsoleSettings } from './settings';

/** The operations pages. They keep logins and nothing of cases; what they show and do goes through the interfaces of others. */
export const consoleService: ServiceDefinition<ConsoleSettings> = {
  name: 'console',
  routes: ['/console'],
  module: ConsoleModule,
  messaging: () => ({ stores: [], subscribes: [], loads: () => [] }),
  migrations: [Sessions1769000000000, SavedViews1769100000000, Tours1769650000000],
  settings: ConsoleSettings,
  forms: true,
  // What people see and do here they ask of other services, which write it down.
  audits: 'refusals',
};
