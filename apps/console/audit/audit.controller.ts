import { Get, Inject, Query } from '@nestjs/common';
import type { Clock } from '@retorno/messaging';
import { Allow, Audit, CLOCK, commitAudit } from '@retorno/service';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { askedOf } from './asked';
import { auditCsv, auditPage } from './audit';
import { AuditTrail } from './trail';

/** Who saw and did what. */
@ScreenAt('console/audit')
export class AuditScreenController {
  constructor(
    private readonly trail: AuditTrail,
    private readonly audit: Audit,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Allow('operations-lead', 'auditor')
  async list(@Visiting() visit: Visit, @Query() query: Record<string, unknown>): Promise<string> {
    const { asked, wrong } = askedOf(query);
    // Not the rows of a question that was not asked.
    const found =
      wrong.length > 0 ? { items: [], next: null, silent: [] } : await this.trail.page(visit, asked);
    return visit.page(auditPage(visit, asked, found, wrong), wrong.length > 0 ? 422 : 200);
  }

  @Get('download')
  @Allow('operations-lead', 'auditor')
  async download(@Visiting() visit: Visit, @Query() query: Record<string, unknown>): Promise<string> {
    const { asked } = askedOf(query);
    const rows = await this.trail.all(visit, asked);
    await commitAudit(this.audit, this.clock, visit.request, {
      about: asked.returnee === '' ? [] : [`returnee:${asked.returnee.toLowerCase()}`],
    });
    return visit.csv('retorno-audit.csv', auditCsv(visit.language, rows));
  }
}
