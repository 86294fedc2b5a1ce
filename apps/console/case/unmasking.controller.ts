import { Get, Param, Post } from '@nestjs/common';
import { Allow, problem } from '@retorno/service';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { Services } from '../services';
import { noCasePage } from './case-page';
import { unmaskedPage, unmaskingPage, type RefusedReason, type Unmasked } from './unmasking';

/** What is restricted in a case: asked for with a reason, written down, shown on that one answer. */
@ScreenAt('console/cases/:number/unmasking')
export class UnmaskingScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('operations-lead')
  ask(@Visiting() visit: Visit, @Param('number') number: string): string {
    return visit.page(unmaskingPage(visit, number));
  }

  @Post()
  @Allow('operations-lead')
  async show(@Visiting() visit: Visit, @Param('number') number: string): Promise<string> {
    const { reason = '' } = (await visit.form()) ?? {};
    const path = `/cases/${encodeURIComponent(number)}/unmasking`;
    const answer = await this.services.send(visit, 'POST', path, { reason });
    if (answer.ok) return visit.page(unmaskedPage(visit, (await answer.json()) as Unmasked));
    if (answer.status === 404) return visit.page(noCasePage(visit), 404);
    if (![422, 503].includes(answer.status)) throw problem(answer.status, 'refused', '');
    const refused: RefusedReason = { reason, why: answer.status === 422 ? 'wrong' : 'refused' };
    return visit.page(unmaskingPage(visit, number, refused), answer.status);
  }
}
