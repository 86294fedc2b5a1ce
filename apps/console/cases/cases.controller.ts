import { Get, Param, Post, Query } from '@nestjs/common';
import { Allow } from '@retorno/service';
import { cataloguesFor } from '../agencies/catalogues';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { isRefused, Services, type ListPage } from '../services';
import { doneIn } from './bulk';
import { addressOf, filterOf, keptOf, queryOf, type CaseFilter } from './case-filter';
import { casesPage, type ListedCase, type Sought } from './cases';
import { SavedViews } from './saved-views';

/** As many as can be chosen for something at once. */
const PAGE_SIZE = 50;
const NOBODY = { items: [], next: null };

/** The list of cases: its filters are its address. */
@ScreenAt('console/cases')
export class CasesScreenController {
  constructor(
    private readonly services: Services,
    private readonly views: SavedViews,
  ) {}

  @Get()
  @Allow('operations', 'auditor')
  async list(@Visiting() visit: Visit, @Query() query: Record<string, unknown>): Promise<string> {
    const filter = filterOf(query);
    const [page, catalogues, views] = await Promise.all([
      this.page(visit, filter),
      cataloguesFor(this.services, visit),
      this.views.of(visit.caller),
    ]);
    const sought = SOUGHT.find((one) => one === query['sought']);
    return visit.page(casesPage(visit, { filter, page, catalogues, views, sought, done: doneIn(query) }));
  }

  /** A person's case. What was asked is in the form only; the address that it leads to has ids of cases. */
  @Post('find')
  @Allow('operations')
  async find(@Visiting() visit: Visit): Promise<string> {
    const form = (await visit.form()) ?? {};
    const asked = Object.fromEntries(
      ['names', 'born', 'document'].flatMap((name) => (form[name] ? [[name, form[name]]] : [])),
    );
    const found = await this.services.ask<Found>(visit, 'POST', '/intake/searches', asked);
    if (isRefused(found)) return visit.redirect(addressOf('sought=too-little'));
    // Cases of one person that became one are listed once.
    const ids = [...new Set(found.items.map(({ caseId }) => caseId))].join(',') || 'none';
    return visit.redirect(addressOf(queryOf({ ids }) + (found.more ? '&sought=too-many' : '')));
  }

  @Post('views')
  @Allow('operations', 'auditor')
  async save(@Visiting() visit: Visit): Promise<string> {
    const { name = '', shared = '', ...form } = (await visit.form()) ?? {};
    const kept = keptOf(filterOf(form));
    if (name !== '') await this.views.save(visit.caller, name, kept, shared === 'yes');
    return visit.redirect(addressOf(kept));
  }

  @Post('views/:id/forget')
  @Allow('operations', 'auditor')
  async forget(@Visiting() visit: Visit, @Param('id') id: string): Promise<string> {
    await this.views.forget(visit.caller, id);
    return visit.redirect(addressOf(''));
  }

  private async page(visit: Visit, filter: CaseFilter): Promise<ListPage<ListedCase>> {
    if (filter.ids === 'none') return NOBODY;
    return this.services.get(visit, `/cases?${queryOf(filter)}&limit=${PAGE_SIZE}`);
  }
}

const SOUGHT: readonly Sought[] = ['too-little', 'too-many'];

/** What `POST /intake/searches` answers. */
interface Found {
  readonly items: readonly { readonly caseId: string }[];
  readonly more: boolean;
}
