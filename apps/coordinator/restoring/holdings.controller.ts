import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Holding, ReferralStatus } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import {
  AllowAgency,
  holdingsPage,
  holdingsView,
  OwnRows,
  PageQuery,
  problem,
  Who,
  type Caller,
} from '@retorno/service';
import { isSent } from '../saga/case';
import { CatalogueShelf } from '../casework/catalogues';
import { Sights } from '../masking/sights';

/** Which referrals the coordinator thinks that an agency holds. */
@ApiTags('agencies')
@Controller('holdings')
export class HoldingsController {
  constructor(
    private readonly messaging: Messaging,
    private readonly rows: OwnRows,
    private readonly catalogues: CatalogueShelf,
    private readonly sights: Sights,
  ) {}

  @Get(':agency')
  @AllowAgency({ param: 'agency' }, ['integration'], ['operations'])
  @ApiOperation({
    summary: 'A digest of the referrals that the agency is thought to hold, to compare with its own',
  })
  async digest(@Param('agency') agency: string, @Who() caller: Caller) {
    return holdingsView(agency, await this.holdings(agency, caller), this.messaging.clock.now());
  }

  @Get(':agency/:bucket')
  @AllowAgency({ param: 'agency' }, ['integration'], ['operations'])
  @ApiOperation({ summary: 'The referrals of one bucket of the digest' })
  async bucket(
    @Param('agency') agency: string,
    @Param('bucket') bucket: string,
    @Query() query: PageQuery,
    @Who() caller: Caller,
  ) {
    this.sights.mustSee(caller, agency);
    return holdingsPage(await this.holdings(agency, caller), bucket, query);
  }

  private async holdings(agency: string, caller: Caller): Promise<Holding[]> {
    if (!this.catalogues.current().has(agency)) {
      throw problem(404, 'agency-not-found', 'No agency of this name has published a catalogue.');
    }
    // An agency's login sees its own, whichever the address names.
    const whose = caller.roles.has('operations') ? agency : (caller.agency ?? '');
    const rows: { referral_id: string; status: ReferralStatus }[] = await this.rows
      .of(whose)
      .query('select referral_id, status from holding where agency = $1', [agency]);
    return rows.filter(isSent).map(({ referral_id: referralId, status }) => ({ referralId, status }));
  }
}
