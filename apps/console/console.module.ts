import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { AgenciesScreenController } from './agencies/agencies.controller';
import { DeedsController } from './agencies/deeds.controller';
import { OfficesScreenController } from './agencies/offices.controller';
import { KeptCatalogues } from './agencies/kept-catalogues';
import { AuditScreenController } from './audit/audit.controller';
import { AuditTrail } from './audit/trail';
import { AssetsController } from './frame/assets';
import { Issuer } from './login/issuer';
import { LanguageController } from './frame/language.controller';
import { LiveChoiceController } from './frame/live-choice.controller';
import { LiveController } from './frame/live.controller';
import { LinksScreenController } from './links/links.controller';
import { RetentionScreenController } from './retention/retention.controller';
import { LoginController } from './login/login.controller';
import { DuplicatesScreenController } from './duplicates/duplicates.controller';
import { FollowUpsScreenController } from './follow-ups/follow-ups.controller';
import { CaseScreenController } from './case/case.controller';
import { UnmaskingScreenController } from './case/unmasking.controller';
import { BulkController } from './cases/bulk.controller';
import { CasesScreenController } from './cases/cases.controller';
import { EscalationsScreenController } from './escalations/escalations.controller';
import { EditScreenController } from './parked/edit.controller';
import { ParkedScreenController } from './parked/parked.controller';
import { RedrivesScreenController } from './parked/redrives.controller';
import { ParkedStreams } from './parked/parked-streams';
import { HelpController } from './help/help.controller';
import { HomeScreenController } from './home/home.controller';
import { IntakeScreenController } from './intake/intake.controller';
import { ReturneeScreenController } from './intake/returnee.controller';
import { ReferralScreenController } from './worklist/referral.controller';
import { MomentMiddleware } from './frame/moment.middleware';
import { PolicyMiddleware } from './frame/policy.middleware';
import { SavedViews } from './cases/saved-views';
import { Services } from './services';
import { StatisticsScreenController } from './statistics/statistics.controller';
import { SessionMiddleware } from './login/session.middleware';
import { Sessions } from './login/sessions';
import { TourController } from './tour/tour.controller';
import { Tours } from './tour/tours';
import { WorklistScreenController } from './worklist/worklist.controller';

@Module({
  controllers: [
    AssetsController,
    LoginController,
    LanguageController,
    LiveChoiceController,
    LiveController,
    HelpController,
    HomeScreenController,
    StatisticsScreenController,
    BulkController,
    CasesScreenController,
    WorklistScreenController,
    AgenciesScreenController,
    DeedsController,
    OfficesScreenController,
    IntakeScreenController,
    ReturneeScreenController,
    ReferralScreenController,
    CaseScreenController,
    UnmaskingScreenController,
    LinksScreenController,
    RetentionScreenController,
    AuditScreenController,
    DuplicatesScreenController,
    FollowUpsScreenController,
    EscalationsScreenController,
    RedrivesScreenController,
    EditScreenController,
    ParkedScreenController,
    TourController,
  ],
  providers: [AuditTrail, Issuer, KeptCatalogues, ParkedStreams, SavedViews, Services, Sessions, Tours],
})
export class ConsoleModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(PolicyMiddleware, MomentMiddleware, SessionMiddleware).forRoutes('{*path}');
  }
}
