import {
  agencyOfAnswers,
  ALL_ANSWERS,
  CASES_TOPIC,
  CATALOGUE_TOPIC,
  requestsTopic,
  RETURNEES_TOPIC,
  topicsOf,
} from '@retorno/contracts';
import type { ServiceDefinition } from '@retorno/service';
import { CoordinatorModule } from './coordinator.module';
import { ledgerStore } from './ledger/ledger.store';
import { Cases1763800000000 } from './migrations/1763800000000-cases';
import { Ledger1766000000000 } from './migrations/1766000000000-ledger';
import { Notifications1769300000000 } from './migrations/1769300000000-notifications';
import { Agencies1770000000000 } from './migrations/1770000000000-agencies';
import { OwnRows1770200000000 } from './migrations/1770200000000-own-rows';
import { Unmasking1771000000000 } from './migrations/1771000000000-unmasking';
import { pairwise } from './casework/pairwise';
import { standingStore } from './roundtable/standing-store';
import { CoordinatorSettings } from './settings';
import { caseStore, catalogueStore, personStore } from './casework/stores';

/** The saga: plans a case from what agencies publish, tracks it, and tells somebody when an answer is missing. */
export const coordinatorService: ServiceDefinition<CoordinatorSettings> = {
  name: 'coordinator',
  routes: [
    '/cases',
    '/follow-ups',
    '/escalations',
    '/agencies',
    '/roundtable',
    '/agreement',
    '/disclosures',
    '/holdings',
    '/live',
  ],
  module: CoordinatorModule,
  messaging: (settings) => {
    const references = pairwise(Buffer.from(settings.PAIRWISE_KEY, 'hex'));
    return {
      stores: [catalogueStore, standingStore, caseStore, personStore, ledgerStore],
      subscribes: [CATALOGUE_TOPIC, RETURNEES_TOPIC, ALL_ANSWERS],
      // The facts of a case are its timeline.
      keeps: [CASES_TOPIC],
      // Also of agencies that were first asked since the backup that its database was restored from.
      writes: async (tx) => {
        const agencies: { key: string }[] = await tx.query('select key from catalogue');
        return [...topicsOf('coordinator'), ...agencies.map(({ key }) => requestsTopic(key))];
      },
      loads: (event, topic) => {
        if (topic === CATALOGUE_TOPIC) return [{ store: catalogueStore, key: event.partitionkey }];
        const agency = agencyOfAnswers(topic);
        const key =
          agency === undefined ? event.partitionkey : references.caseIdOf(agency, event.partitionkey);
        return [
          { store: caseStore, key },
          { store: personStore, key },
          { store: ledgerStore, key },
        ];
      },
    };
  },
  migrations: [
    Cases1763800000000,
    Ledger1766000000000,
    Notifications1769300000000,
    Agencies1770000000000,
    OwnRows1770200000000,
    Unmasking1771000000000,
  ],
  settings: CoordinatorSettings,
  poolSize: 6,
};
