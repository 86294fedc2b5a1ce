import { Module } from '@nestjs/common';
import { SETTINGS } from '@retorno/service';
import { DataSource } from 'typeorm';
import { AgenciesController } from './cases/agencies.controller';
import { CaseConsentController } from './cases/case-consent.controller';
import { CaseEventsController } from './casework/case-events.controller';
import { CaseCounting } from './cases/case-counts';
import { CaseFacts } from './casework/case-facts';
import { CaseQueries } from './cases/case-queries';
import { CasesController } from './cases/cases.controller';
import { CaseFigures } from './casework/case-figures';
import { CaseWatch } from './casework/case-watch';
import { Casework } from './casework/casework';
import { CatalogueShelf } from './casework/catalogues';
import { CatchUpSweep } from './casework/catch-up-sweep';
import { Correspondence } from './casework/correspondence';
import { DueFollowUps, DueFollowUpsController } from './follow-ups/due-follow-ups.controller';
import { Duplicates } from './duplicates/duplicates';
import { DuplicatesController } from './duplicates/duplicates.controller';
import { Erasure } from './erasure/erasure';
import { EscalationController } from './escalations/escalation.controller';
import { EscalationQueries } from './escalations/escalation-queries';
import { EscalationsController } from './escalations/escalations.controller';
import { EscalationSummaryController } from './escalations/escalation-summary.controller';
import { Happenings } from './cases/happenings';
import { HappeningsController } from './cases/happenings.controller';
import { HoldingsController } from './restoring/holdings.controller';
import { referencesOf, REFERENCES } from './restoring/installation';
import { FollowUpsController } from './follow-ups/follow-ups.controller';
import { DisclosureQueries, DisclosuresController } from './ledger/disclosures.controller';
import { LedgerSealing } from './ledger/sealing';
import { LiveFeed } from './casework/live';
import { LostCases, LostCasesController } from './restoring/lost-cases.controller';
import { LostFacts } from './restoring/lost-facts';
import { Notifications } from './notifications/notifications';
import { NotificationsController } from './notifications/notifications.controller';
import { OutlookController } from './cases/outlook.controller';
import { RestoringController } from './restoring/restoring.controller';
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
