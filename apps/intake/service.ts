import { FEEDBACK_TOPIC } from '@retorno/contracts';
import type { ServiceDefinition } from '@retorno/service';
import { feedbackStore } from './registration/feedback';
import { IntakeModule } from './intake.module';
import { IntakeTables1764000000000 } from './migrations/1764000000000-intake-tables';
import { ExpectedReturns1764100000000 } from './migrations/1764100000000-expected-returns';
import { OwnRows1764200000000 } from './migrations/1764200000000-own-rows';
import { IntakeSettings } from './settings';

/** Who came back: people, households, consent, manifests. */
export const intakeService: ServiceDefinition<IntakeSettings> = {
  name: 'intake',
  routes: ['/intake'],
  module: IntakeModule,
  messaging: () => ({
    stores: [feedbackStore],
    subscribes: [FEEDBACK_TOPIC],
    loads: (event) => [{ store: feedbackStore, key: event.partitionkey }],
  }),
  migrations: [IntakeTables1764000000000, ExpectedReturns1764100000000, OwnRows1764200000000],
  settings: IntakeSettings,
};
