import { randomUUID } from 'node:crypto';
import { Controller, Get, Param, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AllowOwnAgency, problem, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { cataloguesFor, titleOf } from '../agencies/catalogues';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { isRefused, Services, type Refused } from '../services';
import type { NotTaken } from './answer-forms';
import { answerOf, correctionOf, isAction, type Action, type Referral } from './answers';
import { agencyOf } from './own-agency';
import { referralPage } from './referral';

/** A tick for each service of the roundtable that may be missing, and the rest of the form. */
const MAX_FIELDS = 300;

/** One referral of one's own agency, and its answers. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/worklist')
export class ReferralScreenController {
  constructor(private readonly services: Services) {}

  @Get(':rid')
  @AllowOwnAgency('agency-worker')
  async show(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('rid') rid: string,
    @Query('answered') answered: unknown,
  ): Promise<void> {
    const referral = await this.referral(request, caller, rid);
    await this.answerWith(request, response, caller, { referral, isAnswered: answered === 'yes' });
  }

  /** One answer or correction; a refused one is shown beside its form, with what was typed. */
  @Post(':rid')
  @AllowOwnAgency('agency-worker')
  async answer(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('rid') rid: string,
  ): Promise<void> {
    const fields = await readForm(request, response, MAX_FIELDS);
    const action = fields?.['action'] ?? '';
    const referral = await this.referral(request, caller, rid);
    if (!fields || !isAction(action)) {
      throw problem(422, 'form-unreadable', 'This form is incomplete or too long: open the referral again.');
    }
    const refused = await this.send(request, caller, referral, action, fields);
    if (!refused) return response.redirect(303, `/console/worklist/${referral.id}?answered=yes`);
    const notTaken: NotTaken = { ...refused, action, fields };
    // It may have changed meanwhile: the forms are those that are possible now.
    const now = await this.referral(request, caller, rid);
    response.status(refused.status);
    await this.answerWith(request, response, caller, { referral: now, notTaken, isAnswered: false });
  }

  private async send(
    request: Request,
    caller: Caller,
    referral: Referral,
    action: Action,
    fields: Readonly<Record<string, string>>,
  ): Promise<Refused | undefined> {
    const path = `/agencies/${agencyOf(caller)}/referrals/${referral.id}`;
    const key = fields['key'];
    const headers: Record<string, string> = key ? { 'idempotency-key': key } : {};
    const [to, body] =
      action === 'correct'
        ? ['corrections', correctionOf(fields)]
        : ['answers', answerOf(action, fields, referral)];
    const answer = await this.services.ask(request, 'POST', `${path}/${to}`, body, headers);
    return isRefused(answer) ? answer : undefined;
  }

  private referral(request: Request, caller: Caller, rid: string): Promise<Referral> {
    return this.services.get(request, `/agencies/${agencyOf(caller)}/referrals/${encodeURIComponent(rid)}`);
  }

  private async answerWith(
    request: Request,
    response: Response,
    caller: Caller,
    view: { referral: Referral; notTaken?: NotTaken; isAnswered: boolean },
  ): Promise<void> {
    const catalogues = await cataloguesFor(this.services, request);
    const setting = settingOf(request, caller);
    const own = catalogues.find(({ slug }) => slug === caller.agency);
    const offered = { services: own?.services ?? [], offices: own?.offices ?? [] };
    const services = catalogues.flatMap((catalogue) =>
      catalogue.services.map(
        ({ code }) => [code, titleOf(catalogue.services, code, setting.language)] as const,
      ),
    );
    answerPage(response, setting, referralPage(setting, { ...view, offered, services, newKey: randomUUID }));
  }
}
