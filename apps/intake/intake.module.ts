import { Module } from '@nestjs/common';
import { ConsentController } from './consent.controller';
import { FeedbackController } from './feedback.controller';
import { ManifestController } from './manifest.controller';
import { ManifestImport } from './manifest-import';
import { ManifestQuery } from './manifest-query';
import { ManifestUpload } from './manifest-upload';
import { ReturneeController } from './returnee.controller';
import { ReturneeQuery } from './returnee-query';

@Module({
  controllers: [ConsentController, ManifestController, ReturneeController, FeedbackController],
  providers: [ManifestUpload, ManifestImport, ManifestQuery, ReturneeQuery],
})
export class IntakeModule {}
