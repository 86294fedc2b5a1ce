import { Module } from '@nestjs/common';
import { Links } from './links';
import { LinksController } from './links.controller';
import { PageController } from './page.controller';
import { Roundtable } from './roundtable';

@Module({
  controllers: [LinksController, PageController],
  providers: [Links, Roundtable],
})
export class PortalModule {}
