import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Messaging, type KeyVault, type UnitOfWork } from '@retorno/messaging';
import { Allow, OptionalText, problem, Text, VAULT } from '@retorno/service';
import { hold, obstacle, requestErasure } from './erasure';
import { feedbackStore, NO_FEEDBACK, type CaseFeedback } from './feedback';
import { problemSchema } from './openapi';
import { isUuid } from './uuid';

/** Why; it is kept for good, so it must not say who the returnee is. */
class DecisionBody {
  @Text(500)
  reason!: string;

  @OptionalText(100)
  by?: string;
}

/** How long a returnee's personal data is kept, and its erasure. */
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
    return view(id, feedback ?? NO_FEEDBACK);
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
  erase(@Param('id') id: string, @Body() body: DecisionBody) {
    return this.decide(id, (unit, caseId) => requestErasure(unit, caseId, { ...body }));
  }

  @Post('hold')
  @Allow('operations-lead')
  @HttpCode(200)
  @ApiOperation({ summary: 'Legal hold: nothing is erased until it is released' })
  @ApiResponse({ status: 410, description: 'Erased already', schema: problemSchema })
  hold(@Param('id') id: string, @Body() body: DecisionBody) {
    return this.decide(id, (unit, caseId) => hold(unit, this.vault, caseId, true, { ...body }));
  }

  @Post('release')
  @Allow('operations-lead')
  @HttpCode(200)
  @ApiOperation({ summary: 'End a legal hold' })
  @ApiResponse({ status: 410, description: 'Erased already', schema: problemSchema })
  release(@Param('id') id: string, @Body() body: DecisionBody) {
    return this.decide(id, (unit, caseId) => hold(unit, this.vault, caseId, false, { ...body }));
  }

  private async decide(
    id: string,
    decision: (unit: UnitOfWork, caseId: string) => Promise<CaseFeedback>,
  ): Promise<object> {
    const caseId = await this.caseOf(id);
    const loads = [{ store: feedbackStore, key: caseId }];
    return view(id, await this.messaging.command(loads, (unit) => decision(unit, caseId)));
  }

  private async caseOf(id: string): Promise<string> {
    const rows: { case_id: string }[] = isUuid(id)
      ? await this.messaging.dataSource.query('select case_id from returnee where id = $1', [id])
      : [];
    if (!rows[0]) throw problem(404, 'not-found', 'No returnee has this id.');
    return rows[0].case_id;
  }
}

function view(returneeId: string, feedback: CaseFeedback) {
  const { erasure, held, keptUntil, retention = [] } = feedback;
  return {
    returneeId,
    erased: erasure === 'erased',
    erasure: erasure ?? null,
    held: held ?? false,
    keptUntil: keptUntil ?? null,
    obstacle: erasure ? null : (obstacle(feedback)?.code ?? null),
    record: retention,
  };
}
