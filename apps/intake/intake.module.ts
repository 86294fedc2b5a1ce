import { Module } from '@nestjs/common';
import { SETTINGS } from '@retorno/service';
import { ConsentController } from './consent/consent.controller';
import { ContactController } from './returnees/contact.controller';
import { PEPPER } from './duplicates/duplicates';
import { ErasureController } from './erasure/erasure.controller';
import { ExpectedQuery } from './expected/expected-query';
import { FeedbackController } from './registration/feedback.controller';
import { FlightController } from './expected/flight.controller';
import { LikenessController } from './duplicates/likeness.controller';
import { ManifestController } from './manifests/manifest.controller';
import { ManifestImport } from './manifests/manifest-import';
import { ManifestQuery } from './manifests/manifest-query';
import { ManifestUpload } from './manifests/manifest-upload';
import { NoticeController } from './expected/notice.controller';
import { RefusedRows } from './manifests/refused-rows-query';
import { RestoringController } from './restoring/restoring.controller';
import { ReturneeController } from './returnees/returnee.controller';
import { ReturneeQuery } from './returnees/returnee-query';
import { SearchController } from './search/search.controller';
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
