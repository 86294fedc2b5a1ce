import { Get, Param, Post } from '@nestjs/common';
import { Allow, problem } from '@retorno/service';
import { noCasePage } from '../case/case-page';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { isRefused, orNothing, Services, type ListPage } from '../services';
import { DECISIONS, retentionAddress, type Retention } from './retention';
import { retentionPage, type RefusedRetention } from './retention-page';

/** A case, and how long the data of its person is kept. */
interface Kept {
  readonly number: string;
  readonly retention: Retention;
}

/** How long a person's data is kept; a lead holds, releases or erases it. */
@ScreenAt('console/cases/:number/retention')
export class RetentionScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('operations')
  async show(@Visiting() visit: Visit, @Param('number') number: string): Promise<string> {
    const kept = await this.keptOf(visit, number);
    if (!kept) return visit.page(noCasePage(visit), 404);
    return visit.page(retentionPage(visit, kept.number, kept.retention));
  }

  @Post()
  @Allow('operations-lead')
  async decide(@Visiting() visit: Visit, @Param('number') number: string): Promise<string> {
    const form = await visit.form();
    const decision = DECISIONS.find((one) => one === form?.['decision']);
    if (!form || !decision) throw problem(400, 'bad-form', 'The form could not be read: send it again.');
    const kept = await this.keptOf(visit, number);
    if (!kept) return visit.page(noCasePage(visit), 404);
    const { reason = '' } = form;
    const path = `/intake/returnees/${encodeURIComponent(kept.retention.returneeId)}/${decision}`;
    const isMeant = decision !== 'erasure' || form['number']?.toUpperCase() === kept.number;
    const answer = isMeant
      ? await this.services.ask(visit, 'POST', path, { reason })
      : { refused: 'number-differs', status: 422, detail: '', errors: [] };
    if (!isRefused(answer)) return visit.redirect(retentionAddress(kept.number));
    const refused: RefusedRetention = { ...answer, decision, reason };
    return visit.page(retentionPage(visit, kept.number, kept.retention, refused), answer.status);
  }

  /** Undefined when there is no such case, or intake knows nobody of it. */
  private async keptOf(visit: Visit, asked: string): Promise<Kept | undefined> {
    const at = `/cases/${encodeURIComponent(asked)}`;
    const found = await orNothing(this.services.get<{ id: string; number: string }>(visit, at));
    if (!found) return undefined;
    const path = `/intake/returnees?caseId=${encodeURIComponent(found.id)}`;
    const { items } = await this.services.get<ListPage<{ returneeId: string }>>(visit, path);
    const [first] = items;
    if (!first) return undefined;
    const of = `/intake/returnees/${encodeURIComponent(first.returneeId)}/retention`;
    const retention = await orNothing(this.services.get<Retention>(visit, of));
    return retention && { number: found.number, retention };
  }
}
