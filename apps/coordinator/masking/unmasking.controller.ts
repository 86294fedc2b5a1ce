import { Body, Controller, Header, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '@retorno/messaging';
import { Allow, Audit, CLOCK, commitAudit, Text, Who, type Caller } from '@retorno/service';
import { Matches } from 'class-validator';
import type { Request } from 'express';
import { CaseQueries } from '../cases/case-queries';
import { CatalogueShelf } from '../casework/catalogues';
import type { CaseDocument } from '../casework/stores';
import { Sights } from './sights';
import { unmasked, type Unmasked } from './unmasking';

class UnmaskingBody {
  @Text(500)
  @Matches(/(?:\S\s*){10}/, { message: 'reason must say why, with at least 10 letters' })
  reason!: string;
}

/** What is hidden of a case, for a lead who says why; written down before it is answered. */
@ApiTags('cases')
@Controller('cases')
export class UnmaskingController {
  constructor(
    private readonly queries: CaseQueries,
    private readonly catalogues: CatalogueShelf,
    private readonly sights: Sights,
    private readonly audit: Audit,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':id/unmasking')
  @Allow('operations-lead')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Show a lead what is restricted in a case, for 15 minutes, with a reason',
    description:
      'Until then every answer about this case names to this lead what it hides from others. Who, when and why is in the ' +
      'audit before the answer goes out; when it cannot be written, nothing is shown (503). The reason must name no returnee.',
  })
  async unmask(
    @Param('id') idOrNumber: string,
    @Body() { reason }: UnmaskingBody,
    @Req() request: Request,
    @Who() caller: Caller,
  ): Promise<Unmasked & { until: string }> {
    const { body } = await this.queries.find(idOrNumber);
    const shown = unmasked((JSON.parse(body) as CaseDocument).state, this.catalogues.current());
    const about = [`case:${shown.id}`, `case:${shown.number}`];
    await commitAudit(this.audit, this.clock, request, { about, reason });
    const until = await this.sights.unmask(caller, shown.id);
    return { ...shown, until: until.toISOString() };
  }
}
