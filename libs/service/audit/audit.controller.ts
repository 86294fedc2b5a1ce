import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../access/allow';
import type { Page } from '../page';
import type { Audit } from './audit';
import { auditPage, AuditQuery, type AuditView } from './audit-query';

/** Injection token of the audits of the services in this process. */
export const AUDITS = Symbol('the audits of the services in this process');

@ApiTags('operations')
@Controller('audit')
export class AuditController {
  constructor(@Inject(AUDITS) private readonly audits: () => readonly Audit[]) {}

  @Get()
  @Allow('operations-lead', 'auditor')
  @ApiOperation({
    summary: 'Who saw and did what, and who was refused; newest first',
    description:
      'Changes and openings of one case’s or person’s data by people, and every refusal. `action` is the route, `about` the ids ' +
      'in its address, `times` how many equal ones a row stands for.',
  })
  list(@Query() query: AuditQuery): Promise<Page<AuditView>> {
    return auditPage(this.audits(), query);
  }
}
