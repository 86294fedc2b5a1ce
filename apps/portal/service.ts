import type { ServiceDefinition } from '@retorno/service';
import { Links1768000000000 } from './migrations/1768000000000-links';
import { PortalModule } from './portal.module';
import { PortalSettings } from './settings';

/** The returnee's own page. It keeps links and nothing of the person; what it shows and does goes through the interfaces of others. */
export const portalService: ServiceDefinition<PortalSettings> = {
  name: 'portal',
  routes: ['/portal'],
  module: PortalModule,
  messaging: () => ({ stores: [], subscribes: [], loads: () => [] }),
  migrations: [Links1768000000000],
  settings: PortalSettings,
  forms: true,
};
