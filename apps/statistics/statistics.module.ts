import { Module } from '@nestjs/common';
import { CaseEventsController } from './case-events.controller';
import { RebuildController } from './rebuild.controller';
import { StatisticsController } from './statistics.controller';
import { StatisticsQueries } from './statistics-queries';

@Module({
  controllers: [CaseEventsController, RebuildController, StatisticsController],
  providers: [StatisticsQueries],
})
export class StatisticsModule {}
