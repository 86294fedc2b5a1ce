import { Module, type DynamicModule } from '@nestjs/common';
import { AGENCY, AgencyReferrals } from './agency-referrals';
import type { AgencyDefinition } from './definition';
import { holdingsController } from './holdings.controller';
import { ReferralEvents } from './referral-events.controller';
import { OldAnswers } from './old-answers';
import { referralsController } from './referrals.controller';

@Module({})
export class AgencyModule {
  /** The Nest module of one agency. */
  static of(agency: AgencyDefinition): DynamicModule {
    return {
      module: AgencyModule,
      controllers: [ReferralEvents, referralsController(agency.slug), holdingsController(agency.slug)],
      providers: [AgencyReferrals, OldAnswers, { provide: AGENCY, useValue: agency }],
    };
  }
}
