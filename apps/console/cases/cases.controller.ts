import { Controller, Get, Param, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { cataloguesFor } from '../agencies/catalogues';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { isRefused, Services, type ListPage } from '../services';
import { doneIn } from './bulk';
import { addressOf, filterOf, keptOf, queryOf, type CaseFilter } from './case-filter';
import { casesPage, type ListedCase, type Sought } from './cases';
import { SavedViews } from './saved-views';

/** As many as can be chosen for something at once. */
const PAGE_SIZE = 50;
const NOBODY = { items: [], next: null };

/** The list of cases: its filters are its address. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/cases')
export class CasesScreenController {
  constructor(
    private readonly services: Services,
    private readonly views: SavedViews,
  ) {}

  @Get()
  @Allow('operations', 'auditor')
  async list(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    const filter = filterOf(query);
    const [page, catalogues, views] = await Promise.all([
      this.page(request, filter),
      cataloguesFor(this.services, request),
      this.views.of(caller),
    ]);
    const setting = settingOf(request, caller);
    const sought = SOUGHT.find((one) => one === query['sought']);
    answerPage(
      response,
      setting,
      casesPage(setting, { filter, page, catalogues, views, sought, done: doneIn(query) }),
    );
  }

  /** A person's case. What was asked is in the form only; the address that it leads to has ids of cases. */
  @Post('find')
  @Allow('operations')
  async find(@Req() request: Request, @Res() response: Response): Promise<void> {
    const form = (await readForm(request, response)) ?? {};
    const asked = Object.fromEntries(
      ['names', 'born', 'document'].flatMap((name) => (form[name] ? [[name, form[name]]] : [])),
    );
    const found = await this.services.ask<Found>(request, 'POST', '/intake/searches', asked);
    if (isRefused(found)) return response.redirect(303, addressOf('sought=too-little'));
    // Cases of one person that became one are listed once.
    const ids = [...new Set(found.items.map(({ caseId }) => caseId))].join(',') || 'none';
    response.redirect(303, addressOf(queryOf({ ids }) + (found.more ? '&sought=too-many' : '')));
  }

  @Post('views')
  @Allow('operations', 'auditor')
  async save(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    const { name = '', shared = '', ...form } = (await readForm(request, response)) ?? {};
    const kept = keptOf(filterOf(form));
    if (name !== '') await this.views.save(caller, name, kept, shared === 'yes');
    response.redirect(303, addressOf(kept));
  }

  @Post('views/:id/forget')
  @Allow('operations', 'auditor')
  async forget(@Res() response: Response, @Who() caller: Caller, @Param('id') id: string): Promise<void> {
    await this.views.forget(caller, id);
    response.redirect(303, addressOf(''));
  }

  private async page(request: Request, filter: CaseFilter): Promise<ListPage<ListedCase>> {
    if (filter.ids === 'none') return NOBODY;
    return this.services.get(request, `/cases?${queryOf(filter)}&limit=${PAGE_SIZE}`);
  }
}

const SOUGHT: readonly Sought[] = ['too-little', 'too-many'];

/** What `POST /intake/searches` answers. */
interface Found {
  readonly items: readonly { readonly caseId: string }[];
  readonly more: boolean;
}
