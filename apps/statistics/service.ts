import { CASES_TOPIC } from '@retorno/contracts';
import type { ServiceDefinition } from '@retorno/service';
import { Statistics1765000000000 } from './migrations/1765000000000-statistics';
import { StatisticsModule } from './statistics.module';
import { forgetCases, tallyStore } from './stores';

/** Figures over all cases, kept from what cases.v1 says and nothing else. No personal data arrives here. */
export const statisticsService: ServiceDefinition = {
  name: 'statistics',
  routes: ['/statistics'],
  module: StatisticsModule,
  messaging: () => ({
    stores: [tallyStore],
    subscribes: [CASES_TOPIC],
    loads: (event) => [{ store: tallyStore, key: event.partitionkey }],
    // Figures must be the same as after a rebuild: what a restored coordinator lost counts no more.
    forget: (tx, _topic, keys) => forgetCases(tx, keys),
  }),
  migrations: [Statistics1765000000000],
  // Cases may be older than this service.
  onStart: (messaging) => messaging.readFromTheFirst(CASES_TOPIC),
};
