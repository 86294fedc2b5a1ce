import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Who, type Caller } from '@retorno/service';
import { CaseFacts } from '../casework/case-facts';
import { CaseQueries } from './case-queries';
import { CatalogueShelf } from '../casework/catalogues';
import { consentProof, type ConsentProof, type ProvingFact } from './consent-proof';
import { Sights } from '../masking/sights';
import type { CaseDocument } from '../casework/stores';

@ApiTags('cases')
@Controller('cases')
export class CaseConsentController {
  constructor(
    private readonly queries: CaseQueries,
    private readonly facts: CaseFacts,
    private readonly catalogues: CatalogueShelf,
    private readonly sights: Sights,
  ) {}

  @Get(':id/consent')
  @Allow('operations', 'auditor')
  @ApiOperation({
    summary: 'The consent, how it came about, and which agency has stopped since it was withdrawn',
    description:
      '`withdrawal.complete` is true once every agency that was asked to stop has answered. `kept` are those that had ' +
      'served before: they keep what the law that is named has them keep.',
  })
  async get(@Param('id') idOrNumber: string, @Who() caller: Caller): Promise<ConsentProof> {
    const { id, body } = await this.queries.find(idOrNumber);
    const facts = (await this.facts.of(id)) as unknown as ProvingFact[];
    const { state } = JSON.parse(body) as CaseDocument;
    const { mask } = await this.sights.of(caller, state);
    return mask(consentProof(state, facts, this.catalogues.current()));
  }
}
