import { Get, Param } from '@nestjs/common';
import { AllowKnown } from '@retorno/service';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { helpListPage, helpPage, missingHelpPage } from './help';

/** How each task of staff is done, in the language of the page. */
@ScreenAt('console/help')
export class HelpController {
  @Get()
  @AllowKnown()
  list(@Visiting() visit: Visit): string {
    return visit.page(helpListPage(visit));
  }

  @Get(':page')
  @AllowKnown()
  page(@Visiting() visit: Visit, @Param('page') name: string): string {
    const page = helpPage(visit, name);
    return page ? visit.page(page) : visit.page(missingHelpPage(visit), 404);
  }
}
