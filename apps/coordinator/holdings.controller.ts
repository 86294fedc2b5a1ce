import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Holding } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import {
  AllowAgency,
  holdingsPage,
  holdingsView,
  PageQuery,
  problem,
  Who,
  type Caller,
} from '@retorno/service';
import { isSent } from './case';
import { CatalogueShelf } from './catalogues';
import { Sights } from './masking/sights';
import type { CaseDocument } from './stores';

/** Cases read at a time. */
const AT_ONCE = 500;

/** Which referrals the coordinator thinks that an agency holds. */
@ApiTags('agencies')
@Controller('holdings')
export class HoldingsController {
  constructor(
    private readonly messaging: Messaging,
    private readonly catalogues: CatalogueShelf,
    private readonly sights: Sights,
  ) {}

  @Get(':agency')
  @AllowAgency({ param: 'agency' }, ['integration'], ['operations'])
  @ApiOperation({
    summary: 'A digest of the referrals that the agency is thought to hold, to compare with its own',
  })
  async digest(@Param('agency') agency: string) {
    return holdingsView(agency, await this.holdings(agency), this.messaging.clock.now());
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
    return holdingsPage(await this.holdings(agency), bucket, query);
  }

  private async holdings(agency: string): Promise<Holding[]> {
    if (!this.catalogues.current().has(agency)) {
      throw problem(404, 'agency-not-found', 'No agency of this name has published a catalogue.');
    }
    const found: Holding[] = [];
    for (let after = ''; ;) {
      const rows: { key: string; body: string }[] = await this.messaging.dataSource.query(
        `select f.key, f.body from open_case o join case_file f on f.key = o.key
         where o.agencies @> array[$1]::text[] and o.key > $2 order by o.key limit $3`,
        [agency, after, AT_ONCE],
      );
      for (const { body } of rows) {
        const { state } = JSON.parse(body) as CaseDocument;
        const held = state.referrals.filter((referral) => referral.agency === agency && isSent(referral));
        found.push(...held.map(({ id, status }) => ({ referralId: id, status })));
      }
      if (rows.length < AT_ONCE) return found;
      after = rows.at(-1)!.key;
    }
  }
}
