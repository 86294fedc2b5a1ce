import { Module } from '@nestjs/common';
import { SETTINGS } from '@retorno/service';
import { ConsentController } from './consent.controller';
import { ContactController } from './contact.controller';
import { PEPPER } from './duplicates';
import { ErasureController } from './erasure.controller';
import { ExpectedQuery } from './expected-query';
import { FeedbackController } from './feedback.controller';
import { FlightController } from './flight.controller';
import { LikenessController } from './likeness.controller';
import { ManifestController } from './manifest.controller';
import { ManifestImport } from './manifest-import';
import { ManifestQuery } from './manifest-query';
import { ManifestUpload } from './manifest-upload';
import { NoticeController } from './notice.controller';
import { RefusedRows } from './refused-rows-query';
import { RestoringController } from './restoring.controller';
import { ReturneeController } from './returnee.controller';
import { ReturneeQuery } from './returnee-query';
import { SearchController } from './search.controller';
import { IntakeSettings } from './settings';

@Module({
  controllers: [
    ConsentController,
    ContactController,
    ManifestController,
    ReturneeController,
    NoticeController,
    FlightController,
    ErasureController,
    FeedbackController,
    RestoringController,
    SearchController,
    LikenessController,
  ],
  providers: [
    ManifestUpload,
    ManifestImport,
    ManifestQuery,
    RefusedRows,
    ReturneeQuery,
    ExpectedQuery,
    {
      provide: PEPPER,
      inject: [SETTINGS],
      useFactory: (settings: IntakeSettings) => Buffer.from(settings.MATCHING_KEY, 'hex'),
    },
  ],
})
export class IntakeModule {}
