import { Module } from '@nestjs/common';
import { AgenciesController } from './agencies.controller';
import { CaseEventsController } from './case-events.controller';
import { CaseQueries } from './case-queries';
import { CasesController } from './cases.controller';
import { Casework } from './casework';
import { CatalogueShelf } from './catalogues';
import { EscalationQueries, EscalationsController } from './escalations.controller';
import { LiveFeed } from './live';
import { StatisticsController } from './statistics.controller';

@Module({
  controllers: [
    CaseEventsController,
    CasesController,
    EscalationsController,
    AgenciesController,
    StatisticsController,
  ],
  providers: [Casework, CaseQueries, CatalogueShelf, EscalationQueries, LiveFeed],
})
export class CoordinatorModule {}
