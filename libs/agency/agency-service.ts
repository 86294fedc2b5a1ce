import { CATALOGUE_TOPIC, RecordsRestored, requestsTopic } from '@retorno/contracts';
import { timerPattern } from '@retorno/messaging';
import type { ServiceDefinition } from '@retorno/service';
import { AgencyTables1763700000000 } from './agency.migration';
import { AgencyModule } from './agency.module';
import { publishCatalogue } from './catalogue';
import type { AgencyDefinition } from './definition';
import { agencyStores, documentsOf, referralStore } from './stores';

/** An agency as a service: to run alone (main.ts), beside the others (apps/local), or in a test. */
export function agencyService(agency: AgencyDefinition): ServiceDefinition {
  return {
    name: agency.slug,
    routes: [`/agencies/${agency.slug}`],
    module: AgencyModule.of(agency),
    messaging: () => ({
      stores: agencyStores,
      subscribes: [requestsTopic(agency.slug)],
      // Few, and whoever begins to read them later needs the stream from its start.
      keeps: [CATALOGUE_TOPIC],
      loads: (event, topic) => {
        if (topic === timerPattern(referralStore.name)) return documentsOf(agency, event.partitionkey);
        if (event.type === RecordsRestored.type) {
          const { referrals } = event.data as RecordsRestored;
          return referrals.map(({ referralId }) => ({ store: referralStore, key: referralId }));
        }
        return documentsOf(agency, (event.data as { referralId: string }).referralId);
      },
    }),
    migrations: [AgencyTables1763700000000],
    async onStart(messaging) {
      await publishCatalogue(agency, messaging);
    },
  };
}
