import { Controller, Get, Param, Query, type Type } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Holding } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import { AllowAgency, holdingsPage, holdingsView, PageQuery } from '@retorno/service';
import { OPEN_STATUSES } from './referral';

/** What the agency itself holds, to be compared with what the coordinator thinks it does (`GET /holdings/{agency}`). */
export function holdingsController(slug: string): Type {
  @ApiTags(`agency: ${slug}`)
  @Controller(`agencies/${slug}/holdings`)
  class HoldingsController {
    constructor(private readonly messaging: Messaging) {}

    @Get()
    @AllowAgency(slug, ['integration'], ['operations'])
    @ApiOperation({ operationId: `${slug}.holdings`, summary: 'A digest of the referrals that are held' })
    async digest() {
      return holdingsView(slug, await this.holdings(), this.messaging.clock.now());
    }

    // Which referrals an agency has may say what somebody suffered: operations have the digest.
    @Get(':bucket')
    @AllowAgency(slug, ['integration'])
    @ApiOperation({ operationId: `${slug}.holdingsOf`, summary: 'The referrals of one bucket of the digest' })
    async bucket(@Param('bucket') bucket: string, @Query() query: PageQuery) {
      return holdingsPage(await this.holdings(), bucket, query);
    }

    private holdings(): Promise<Holding[]> {
      return this.messaging.dataSource.query(
        'select key as "referralId", status from referral where status = any($1::text[])',
        [[...OPEN_STATUSES]],
      );
    }
  }
  return HoldingsController;
}
