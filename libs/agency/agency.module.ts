import { Module, type DynamicModule } from '@nestjs/common';
import { AgencyReferrals } from './agency-referrals';
import type { AgencyDefinition } from './definition';
import { AGENCY, Desk } from './desk';
import { holdingsController } from './holdings.controller';
import { AgencyFeed } from './live';
import { liveController } from './live.controller';
import { ReferralEvents } from './referral-events.controller';
import { OldAnswers } from './old-answers';
import { Offices } from './offices';
import { officesController } from './offices.controller';
import { referralsController } from './referrals.controller';

@Module({})
export class AgencyModule {
  /** The Nest module of one agency. */
  static of(agency: AgencyDefinition): DynamicModule {
    return {
      module: AgencyModule,
      controllers: [
        ReferralEvents,
        referralsController(agency.slug),
        officesController(agency.slug),
        holdingsController(agency.slug),
        liveController(agency.slug),
      ],
      providers: [
        AgencyFeed,
        AgencyReferrals,
        Desk,
        Offices,
        OldAnswers,
        { provide: AGENCY, useValue: agency },
      ],
    };
  }
}
