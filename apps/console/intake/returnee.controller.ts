import { Get, Post, Query } from '@nestjs/common';
import { Allow, problem } from '@retorno/service';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { isRefused, Services } from '../services';
import { unseenTrouble, withMrz } from './mrz-part';
import { returneeOf, returneePage } from './returnee';
import type { Typed } from './typed';

/** The columns, and a box for each need and vulnerability. */
const MAX_FIELDS = 100;

/** One returnee, by form. */
@ScreenAt('console/intake/returnee')
export class ReturneeScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('intake', 'operations')
  show(@Visiting() visit: Visit, @Query('saved') saved: unknown): string {
    const isNumber = typeof saved === 'string' && /^RT-\d{4}-\d{6,}$/.test(saved);
    const typed = { nationality: 'PE', sending_authority: visit.caller.authority ?? '' };
    return visit.page(returneePage(visit, { typed, errors: [], ...(isNumber ? { saved } : {}) }));
  }

  /** Reads the document's machine-readable zone into the form, and registers nothing. */
  @Post('mrz')
  @Allow('intake', 'operations')
  async readMrz(@Visiting() visit: Visit): Promise<string> {
    const read = withMrz(await typedIn(visit), visit.now);
    return visit.page(returneePage(visit, { ...read, errors: [] }), read.mrz.problems.length > 0 ? 422 : 200);
  }

  @Post()
  @Allow('intake', 'operations')
  async register(@Visiting() visit: Visit): Promise<string> {
    const typed = await typedIn(visit);
    const trouble = unseenTrouble(typed, visit.now);
    if (trouble) return visit.page(returneePage(visit, { ...trouble, errors: [] }), 422);
    const asked = returneeOf(typed);
    const answer = await this.services.ask<{ caseNumber: string }>(visit, 'POST', '/intake/returnees', asked);
    if (!isRefused(answer)) {
      return visit.redirect(`/console/intake/returnee?saved=${answer.caseNumber}`);
    }
    const errors =
      answer.errors.length > 0 ? answer.errors : [{ pointer: '/external_id', detail: answer.detail }];
    return visit.page(returneePage(visit, { typed, errors }), answer.status);
  }
}

async function typedIn(visit: Visit): Promise<Typed> {
  const typed = await visit.form(MAX_FIELDS);
  if (!typed) throw problem(422, 'form-unreadable', 'This form is too long or not whole: send it again.');
  return typed;
}
