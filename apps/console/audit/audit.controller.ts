import { Controller, Get, Inject, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Clock } from '@retorno/messaging';
import { Allow, Audit, CLOCK, commitAudit, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { languageOf } from '../frame/texts';
import { askedOf } from './asked';
import { auditCsv, auditPage } from './audit';
import { AuditTrail } from './trail';

/** Who saw and did what. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/audit')
export class AuditScreenController {
  constructor(
    private readonly trail: AuditTrail,
    private readonly audit: Audit,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Allow('operations-lead', 'auditor')
  async list(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    const setting = settingOf(request, caller);
    const { asked, wrong } = askedOf(query);
    // Not the rows of a question that was not asked.
    const found =
      wrong.length > 0 ? { items: [], next: null, silent: [] } : await this.trail.page(request, asked);
    answerPage(
      response.status(wrong.length > 0 ? 422 : 200),
      setting,
      auditPage(setting, asked, found, wrong),
    );
  }

  @Get('download')
  @Allow('operations-lead', 'auditor')
  async download(
    @Req() request: Request,
    @Res() response: Response,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    const { asked } = askedOf(query);
    const rows = await this.trail.all(request, asked);
    await commitAudit(this.audit, this.clock, request, {
      about: asked.returnee === '' ? [] : [`returnee:${asked.returnee.toLowerCase()}`],
    });
    response
      .set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
      .type('text/csv; charset=utf-8')
      .attachment('retorno-audit.csv')
      .send(auditCsv(languageOf(request), rows));
  }
}
