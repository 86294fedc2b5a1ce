import { Get, Param, Post, Query } from '@nestjs/common';
import { Allow, problem } from '@retorno/service';
import { noCasePage } from '../case/case-page';
import { textsIn } from '../frame/query';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { personOfCase } from '../person';
import { isRefused, orNothing, Services, type ListPage } from '../services';
import { followedCasePage } from './case-page';
import {
  bodyOf,
  followUpAddress,
  isRecordable,
  MOST_FIELDS,
  type DueFollowUp,
  type FollowedCase,
  type Wave,
} from './follow-ups';
import { followUpFormPage, type RefusedForm } from './form-page';
import { followUpsPage, MONTHS, STATUSES } from './list-page';

/** How returnees fare after the arrival: whom to ask, the questionnaire, and what was said. */
@ScreenAt('console/follow-ups')
export class FollowUpsScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('operations', 'auditor')
  async list(@Visiting() visit: Visit, @Query() query: Record<string, unknown>): Promise<string> {
    const text = textsIn(query);
    const filter = {
      status: STATUSES.find((one) => one === text('status')) ?? '',
      month: MONTHS.find((one) => one === text('month')) ?? '',
      cursor: text('cursor'),
    };
    const set = Object.entries({ ...filter, limit: '50' }).filter(([, value]) => value !== '');
    const path = `/follow-ups?${new URLSearchParams(set).toString()}`;
    return visit.page(
      followUpsPage(visit, filter, await this.services.get<ListPage<DueFollowUp>>(visit, path)),
    );
  }

  @Get(':number')
  @Allow('operations', 'auditor')
  async show(
    @Visiting() visit: Visit,
    @Param('number') number: string,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const followed = await this.followedAt(visit, number);
    if (!followed) return visit.page(noCasePage(visit), 404);
    return visit.page(followedCasePage(visit, followed, textsIn(query)('done')));
  }

  @Get(':number/:month')
  @Allow('operations')
  async ask(
    @Visiting() visit: Visit,
    @Param('number') number: string,
    @Param('month') month: string,
  ): Promise<string> {
    const followed = await this.followedAt(visit, number);
    if (!followed) return visit.page(noCasePage(visit), 404);
    const wave = waveOf(followed, month);
    if (!isRecordable(followed, wave)) return visit.redirect(followUpAddress(followed.caseNumber));
    const person = await personOfCase(this.services, visit, followed.caseId);
    return visit.page(followUpFormPage(visit, followed, wave, { person }));
  }

  @Post(':number/:month')
  @Allow('operations')
  async record(
    @Visiting() visit: Visit,
    @Param('number') number: string,
    @Param('month') month: string,
  ): Promise<string> {
    const typed = await visit.form(MOST_FIELDS);
    if (!typed) throw problem(400, 'bad-form', 'The form could not be read: send it again, with less text.');
    const followed = await this.followedAt(visit, number);
    if (!followed) return visit.page(noCasePage(visit), 404);
    const wave = waveOf(followed, month);
    const path = `/cases/${encodeURIComponent(followed.caseId)}/follow-ups/${wave.month}`;
    const answer = await this.services.ask(visit, 'POST', path, bodyOf(typed));
    if (!isRefused(answer)) return visit.redirect(`${followUpAddress(followed.caseNumber)}?done=${month}`);
    const refused: RefusedForm = { ...answer, typed };
    const person = await personOfCase(this.services, visit, followed.caseId);
    return visit.page(followUpFormPage(visit, followed, wave, { person, refused }), answer.status);
  }

  /** Undefined when there is no such case. */
  private followedAt(visit: Visit, number: string): Promise<FollowedCase | undefined> {
    const path = `/cases/${encodeURIComponent(number)}/follow-ups`;
    return orNothing(this.services.get<FollowedCase>(visit, path));
  }
}

function waveOf({ items }: FollowedCase, month: string): Wave {
  const wave = items.find((one) => String(one.month) === month);
  if (!wave) throw problem(404, 'unknown-follow-up', 'There is no such follow-up.');
  return wave;
}
