import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Messaging, type KeyVault, type UnitOfWork } from '@retorno/messaging';
import { Allow, type Caller, problem, Text, VAULT, Who } from '@retorno/service';
import { caseOfPerson, hold, obstacle, registrationsOf, requestErasure } from './erasure';
import { feedbackStore, NO_FEEDBACK, type CaseFeedback } from '../registration/feedback';
import { problemSchema } from '../returnees/openapi';
import { isUuid } from '../fields/uuid';

/** Why; it is kept for good, so it must not say who the returnee is. */
class DecisionBody {
  @Text(500)
  reason!: string;
}

/** How long a returnee's personal data is kept, and its erasure: of all registrations that are one person's. */
@ApiTags('intake')
@Controller('intake/returnees/:id')
@ApiParam({ name: 'id', format: 'uuid' })
export class ErasureController {
  constructor(
    private readonly messaging: Messaging,
    @Inject(VAULT) private readonly vault: KeyVault,
  ) {}

  @Get('retention')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'Until when personal data is kept, holds, and whether it was erased' })
  async status(@Param('id') id: string) {
    const caseId = await this.caseOf(id);
    const rows: { key: string; body: string }[] = await this.messaging.dataSource.query(
      'select key, body from case_feedback where key = $1',
      [caseId],
    );
    const [feedback] = await this.messaging.read(feedbackStore, rows);
    return this.view(id, caseId, feedback ?? NO_FEEDBACK);
  }

  @Post('erasure')
  @Allow('operations-lead')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Erase personal data for good, everywhere',
    description:
      'Within a minute nobody can read it any more, here, at any agency, or in a backup. Statistics stay.',
  })
  @ApiResponse({ status: 409, description: 'Legal hold, or the case is open', schema: problemSchema })
  erase(@Param('id') id: string, @Body() { reason }: DecisionBody, @Who() { name: by }: Caller) {
    return this.decide(id, (unit, caseId) => requestErasure(unit, caseId, { reason, by }));
  }

  @Post('hold')
  @Allow('operations-lead')
  @HttpCode(200)
  @ApiOperation({ summary: 'Legal hold: nothing is erased until it is released' })
  @ApiResponse({ status: 410, description: 'Erased already', schema: problemSchema })
  hold(@Param('id') id: string, @Body() { reason }: DecisionBody, @Who() { name: by }: Caller) {
    return this.decide(id, (unit, caseId) => hold(unit, this.vault, caseId, true, { reason, by }));
  }

  @Post('release')
  @Allow('operations-lead')
  @HttpCode(200)
  @ApiOperation({ summary: 'End a legal hold' })
  @ApiResponse({ status: 410, description: 'Erased already', schema: problemSchema })
  release(@Param('id') id: string, @Body() { reason }: DecisionBody, @Who() { name: by }: Caller) {
    return this.decide(id, (unit, caseId) => hold(unit, this.vault, caseId, false, { reason, by }));
  }

  private async decide(
    id: string,
    decision: (unit: UnitOfWork, caseId: string) => Promise<CaseFeedback>,
  ): Promise<object> {
    const caseId = await this.caseOf(id);
    const loads = [{ store: feedbackStore, key: caseId }];
    const feedback = await this.messaging.command(loads, (unit) => decision(unit, caseId));
    return this.view(id, caseId, feedback);
  }

  private async caseOf(id: string): Promise<string> {
    const caseId = isUuid(id) ? await caseOfPerson(this.messaging.dataSource.manager, id) : undefined;
    if (caseId === undefined) throw problem(404, 'not-found', 'No returnee has this id.');
    return caseId;
  }

  private async view(returneeId: string, caseId: string, feedback: CaseFeedback): Promise<object> {
    const registrations = await registrationsOf(this.messaging.dataSource.manager, caseId);
    return { returneeId, registrations: registrations.map(({ id }) => id), ...retentionOf(feedback) };
  }
}

function retentionOf(feedback: CaseFeedback) {
  const { erasure, held, keptUntil, retention = [] } = feedback;
  return {
    erased: erasure === 'erased',
    erasure: erasure ?? null,
    held: held ?? false,
    keptUntil: keptUntil ?? null,
    obstacle: erasure ? null : (obstacle(feedback)?.code ?? null),
    record: retention,
  };
}
