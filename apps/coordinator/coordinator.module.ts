import { Module } from '@nestjs/common';
import { SETTINGS } from '@retorno/service';
import { DataSource } from 'typeorm';
import { AgenciesController } from './agencies.controller';
import { CaseConsentController } from './case-consent.controller';
import { CaseEventsController } from './case-events.controller';
import { CaseCounting } from './case-counts';
import { CaseFacts } from './case-facts';
import { CaseQueries } from './case-queries';
import { CasesController } from './cases.controller';
import { CaseFigures } from './case-figures';
import { CaseWatch } from './case-watch';
import { Casework } from './casework';
import { CatalogueShelf } from './catalogues';
import { CatchUpSweep } from './catch-up-sweep';
import { Correspondence } from './correspondence';
import { DueFollowUps, DueFollowUpsController } from './due-follow-ups.controller';
import { Duplicates } from './duplicates';
import { DuplicatesController } from './duplicates.controller';
import { Erasure } from './erasure';
import { EscalationController } from './escalation.controller';
import { EscalationQueries } from './escalation-queries';
import { EscalationsController } from './escalations.controller';
import { EscalationSummaryController } from './escalation-summary.controller';
import { Happenings } from './happenings';
import { HappeningsController } from './happenings.controller';
import { HoldingsController } from './holdings.controller';
import { referencesOf, REFERENCES } from './installation';
import { FollowUpsController } from './follow-ups.controller';
import { DisclosureQueries, DisclosuresController } from './ledger/disclosures.controller';
import { LedgerSealing } from './ledger/sealing';
import { LiveFeed } from './live';
import { LostCases, LostCasesController } from './lost-cases.controller';
import { LostFacts } from './lost-facts';
import { Notifications } from './notifications/notifications';
import { NotificationsController } from './notifications/notifications.controller';
import { OutlookController } from './outlook.controller';
import { RestoringController } from './restoring.controller';
import { AgencyQueries } from './roundtable/agency-queries';
import { AgencyPace } from './roundtable/pace';
import { RoundtableController } from './roundtable/roundtable.controller';
import { StandingShelf } from './roundtable/standings';
import { CoordinatorSettings } from './settings';
import { Sights } from './masking/sights';
import { UnmaskingController } from './masking/unmasking.controller';

@Module({
  controllers: [
    CaseEventsController,
    // Before the cases whose ids would be `feed` and `lost`.
    HappeningsController,
    LostCasesController,
    CasesController,
    FollowUpsController,
    DueFollowUpsController,
    CaseConsentController,
    OutlookController,
    UnmaskingController,
    DuplicatesController,
    EscalationsController,
    // Before the escalation whose id would be `summary`.
    EscalationSummaryController,
    NotificationsController,
    EscalationController,
    AgenciesController,
    RoundtableController,
    HoldingsController,
    RestoringController,
    DisclosuresController,
  ],
  providers: [
    AgencyPace,
    AgencyQueries,
    Casework,
    CaseCounting,
    CaseFacts,
    CaseFigures,
    CaseQueries,
    CaseWatch,
    CatalogueShelf,
    CatchUpSweep,
    Correspondence,
    DisclosureQueries,
    DueFollowUps,
    Duplicates,
    Erasure,
    EscalationQueries,
    Happenings,
    LedgerSealing,
    LiveFeed,
    LostCases,
    LostFacts,
    Sights,
    StandingShelf,
    Notifications,
    {
      // Made before anything is subscribed: with a wrong key no event may be taken in.
      provide: REFERENCES,
      inject: [DataSource, SETTINGS],
      useFactory: (dataSource: DataSource, settings: CoordinatorSettings) =>
        referencesOf(dataSource, settings.PAIRWISE_KEY),
    },
  ],
})
export class CoordinatorModule {}
